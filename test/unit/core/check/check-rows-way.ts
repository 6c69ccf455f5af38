// What keeps a connection from getting as far as the server, once its name is there: DNS, routes. One row a situation.
import type { Asker, EndpointFacts } from '../../../../src/core/check/check-facts.ts';
import type { Row } from './check-samples.ts';
import {
  asker,
  connected,
  endpoint,
  facts,
  failing,
  front,
  known,
  machine,
  nameless,
  redis,
  resolved,
  unresolved,
} from './check-samples.ts';

const inside = { ...front('172.20.0.2'), internal: true };
const lost = { said: "app shares vpn's network, and vpn has restarted since: restart app", cure: 'restart app' };
const silent = unresolved('ETIMEOUT');
const outside = { endpoint: endpoint('192.0.2.7:80'), name: nameless, names: undefined, words: undefined };

const stray = (error: string, network: string, from: Asker): EndpointFacts =>
  facts({
    ...outside,
    endpoint: endpoint('172.20.0.99:80'),
    asker: from,
    connections: [{ ...connected, address: '172.20.0.99', error }],
    strays: [{ address: '172.20.0.99', network, subnet: '172.20.0.0/24' }],
  });

export const wayRows: readonly Row[] = [
  [
    'DNS that does not answer',
    'dns-dead',
    facts({ names: silent, connections: [], words: undefined }),
    /engine's DNS server does not answer/,
    /docker compose -p shop restart web/,
  ],
  [
    'a foreign DNS server that does not answer',
    'dns-dead',
    facts({ names: silent, machine: { ...machine, nameservers: ['192.0.2.1'] } }),
    /192\.0\.2\.1: no answer within 3 s/,
    /services\.web\.dns/,
  ],
  [
    'NAT rules that are gone',
    'dns-rules-gone',
    facts({
      names: unresolved('ECONNREFUSED'),
      machine: { ...machine, enginesDnsKnows: false, enginesDnsAnswers: true },
    }),
    /NAT rules .* are missing from web's network/,
    /restart web/,
  ],
  [
    'servers outside that do not answer',
    'dns-upstream',
    facts({
      endpoint: endpoint('example.org:80'),
      name: nameless,
      names: silent,
      machine: { ...machine, enginesDnsKnows: true },
    }),
    /the servers that it asks for other names do not/,
    /services\.web\.dns/,
  ],
  [
    'servers outside that do not answer, which the engine says',
    'dns-upstream',
    facts({
      endpoint: endpoint('example.org:80'),
      name: nameless,
      names: unresolved('ESERVFAIL'),
      machine: { ...machine, enginesDnsKnows: true },
    }),
    /the servers that it asks for other names fail for example\.org \(SERVFAIL\)/,
    /services\.web\.dns/,
  ],
  [
    'a foreign DNS server that cannot answer',
    'dns-dead',
    facts({ names: unresolved('ESERVFAIL'), machine: { ...machine, nameservers: ['192.0.2.1'] } }),
    /192\.0\.2\.1: it reports a failure \(SERVFAIL\)/,
    /services\.web\.dns/,
  ],
  [
    'a name that the engine lists and does not answer',
    'dns-disagrees',
    facts({ names: unresolved('ENOTFOUND') }),
    /172\.20\.0\.3/,
    /Try again/,
  ],
  [
    'a name that the engine knows, and that the server in a changed resolv.conf does not',
    'resolv-conf-changed',
    facts({ names: unresolved('ENOTFOUND'), machine: { ...machine, nameservers: ['127.0.0.1'] } }),
    /^\/etc\/resolv\.conf of web was changed: it names 127\.0\.0\.1, not the engine's 127\.0\.0\.11$/,
    /must keep "nameserver 127\.0\.0\.11"/,
  ],
  [
    'a server in a changed resolv.conf that does not answer',
    'dns-dead',
    facts({ names: silent, machine: { ...machine, nameservers: ['192.0.2.1'] } }),
    /192\.0\.2\.1: no answer/,
    /^\/etc\/resolv\.conf of web was changed: the engine's own 127\.0\.0\.11 knows redis; can web reach/,
  ],
  [
    'an address that is not the one the engine says',
    'stale-address',
    facts({ names: { ...resolved, program: { addresses: ['10.0.0.9'], error: null } } }),
    /10\.0\.0\.9, but the engine has it at 172\.20\.0\.3/,
    /resolv\.conf/,
  ],
  [
    'a line of the hosts file that holds no more',
    'stale-address',
    facts({ names: { ...resolved, hosts: ['10.0.0.9'] } }),
    /10\.0\.0\.9 in web's hosts file; redis is at 172\.20\.0\.3/,
    /services\.web\.extra_hosts/,
  ],
  [
    'a network that was shared with a container that has restarted',
    'network-lost',
    facts({ asker: { ...asker, networks: [], lost } }),
    /vpn has restarted since/,
    /^restart app$/,
  ],
  [
    'localhost, where the server is in the network that was lost',
    'network-lost',
    facts({
      endpoint: endpoint('localhost:6379'),
      asker: { ...asker, networks: [], lost },
      name: { ...known, candidates: [{ ...redis, service: 'web', container: 'shop-web-1', listeners: [] }] },
      connections: [{ ...connected, address: '127.0.0.1', error: 'ECONNREFUSED' }],
    }),
    /vpn has restarted since/,
    /^restart app$/,
  ],
  [
    'a service that has lost the network that it shared',
    'network-lost',
    facts({
      name: {
        ...nameless,
        candidates: [{ ...redis, networks: [], lost }],
      },
    }),
    /vpn has restarted since/,
    /^restart app$/,
  ],
  [
    'an interface that is down',
    'interface-down',
    { ...failing('EHOSTUNREACH', redis.listeners), machine: { ...machine, addresses: [] } },
    /172\.20\.0\.2, its address on front/,
    /restart web/,
  ],
  [
    'an address outside, from an internal network',
    'internal-network',
    facts({
      ...outside,
      asker: { ...asker, networks: [inside] },
      machine: { ...machine, gateway: false },
      connections: [{ ...connected, address: '192.0.2.7', error: 'ENETUNREACH' }],
    }),
    /cannot reach 192\.0\.2\.7, or anything else outside front/,
    /internal: true/,
  ],
  [
    'a name outside, from an internal network',
    'internal-network',
    facts({
      endpoint: endpoint('example.org:80'),
      asker: { ...asker, networks: [inside] },
      name: nameless,
      names: unresolved('ESERVFAIL'),
    }),
    /these networks are internal/,
    /services\.web\.networks/,
  ],
  [
    'an address that nobody has',
    'no-route',
    facts({
      ...outside,
      endpoint: endpoint('172.20.0.99:80'),
      connections: [{ ...connected, address: '172.20.0.99', error: 'EHOSTUNREACH' }],
    }),
    /cannot reach 172\.20\.0\.99 /,
    /is the address right/,
  ],
  ...(['TIMEOUT', 'EHOSTUNREACH', 'ENETUNREACH'] as const).map((error): Row => [
    `a machine outside, in the subnet of a network, ${error}`,
    'no-route',
    stray(error, 'shop_front', asker),
    /^cannot reach 172\.20\.0\.99: it is in front's own subnet, and no container has it \(172\.20\.0\.0\/24\)$/,
    /is the address right\? If a host outside has it, set another subnet: networks\.front\.ipam\.config$/,
  ]),
  [
    'a machine outside, in the subnet of an internal network',
    'no-route',
    stray('TIMEOUT', 'shop_front', { ...asker, networks: [inside] }),
    /in front's own subnet, and no container has it/,
    /networks\.front\.ipam\.config/,
  ],
  [
    "a machine outside, in the subnet of a network that is not the project's",
    'no-route',
    stray('TIMEOUT', 'shared', { ...asker, networks: [{ ...front('172.20.0.2'), network: 'shared', key: 'shared' }] }),
    /in shared's own subnet, and no container has it/,
    /recreate shared with another --subnet$/,
  ],
  [
    'a machine outside, in the subnet of a network that the service is not on',
    'no-route',
    stray('TIMEOUT', 'other_default', asker),
    /in the subnet of other_default, a network of this engine, and no container has it/,
    /recreate other_default with another --subnet$/,
  ],
];
