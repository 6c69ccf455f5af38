// What keeps a connection from getting as far as the server: names, DNS, routes. One row a situation.
import type { Asker, EndpointFacts } from '../../src/core/check/check-facts.ts';
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

const back = { network: 'shop_back', key: 'back', internal: false, addresses: ['172.21.0.3'] };
const inside = { ...front('172.20.0.2'), internal: true };
const lost = { said: "app shares vpn's network, and vpn has restarted since: restart app", cure: 'restart app' };
const long = 'x'.repeat(70);
const redis70 = { network: 'shop_front', addresses: ['172.20.0.3'], services: ['redis'], containers: ['shop-redis-1'] };
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
    'a name that nobody has',
    'name-unknown',
    facts({ endpoint: endpoint('kafka:9092'), name: nameless, names: unresolved('ENOTFOUND') }),
    /"kafka" on web's networks \(front\)/,
    /--list-names web/,
  ],
  [
    'a name that is misspelt',
    'name-unknown',
    facts({ endpoint: endpoint('postgre:5432'), name: nameless, names: unresolved('ENOTFOUND') }),
    /"postgre"/,
    /did you mean postgres\?/,
  ],
  [
    'a name that is unknown where DNS is dead, too',
    'name-unknown',
    facts({ endpoint: endpoint('kafka:9092'), name: nameless, names: silent }),
    /"kafka"/,
    /list-names/,
  ],
  [
    'the name of the host, which Linux does not know',
    'name-unknown',
    facts({ endpoint: endpoint('host.docker.internal:80'), name: nameless, names: silent }),
    /host\.docker\.internal/,
    /services\.web\.extra_hosts: \["host.docker.internal:host-gateway"\]/,
  ],
  [
    'a name that DNS does not carry',
    'no-dns-name',
    facts({ endpoint: endpoint(`${long}:6379`), name: { ...known, meant: { ...redis70, name: long } } }),
    /^"x{70}" has 70 characters, DNS allows 63$/,
    /^use redis$/,
  ],
  [
    'a name that DNS does not carry, and that nobody has',
    'no-dns-name',
    facts({ endpoint: endpoint(`${long}:6379`), name: nameless }),
    /has 70 characters, DNS allows 63/,
    /--list-names web/,
  ],
  [
    'a name that is read as an address',
    'no-dns-name',
    facts({ endpoint: endpoint('10.1:6379') }),
    /^"10\.1" is read as the address 10\.0\.0\.1$/,
    /^use redis$/,
  ],
  [
    'an alias of elsewhere',
    'name-unknown',
    facts({ endpoint: endpoint('cache:6379'), name: { ...known, meant: undefined }, names: unresolved('ENOTFOUND') }),
    /cache is no name on front, where redis is/,
    /services\.redis\.networks\.front\.aliases: \[cache\]/,
  ],
  [
    'a service on another network',
    'other-network',
    facts({ name: { ...known, meant: undefined, candidates: [{ ...redis, networks: [back] }] } }),
    /redis and web have no network in common/,
    /services\.web\.networks: \[front, back\]/,
  ],
  [
    'a container on another network, asked from one without Compose',
    'other-network',
    facts({
      asker: { ...asker, compose: undefined },
      name: { ...known, meant: undefined, candidates: [{ ...redis, networks: [back] }] },
    }),
    /no network in common/,
    /docker network connect shop_back shop-web-1/,
  ],
  [
    "a service, asked for from the host's network",
    'other-network',
    facts({
      asker: { ...asker, networks: [{ ...front(''), network: 'host', key: 'host' }] },
      name: { ...known, meant: undefined },
    }),
    /no network in common/,
    /publish a port of redis .* take away services\.web\.network_mode: host/,
  ],
  [
    'a service, asked for from no network',
    'other-network',
    facts({
      asker: { ...asker, networks: [{ ...front(''), network: 'none', key: 'none' }] },
      name: { ...known, meant: undefined },
    }),
    /no network in common/,
    /take away services\.web\.network_mode: none/,
  ],
  [
    'a service in the network of another',
    'shares-network',
    facts({ name: { ...known, meant: undefined, candidates: [{ ...redis, networks: [], sharesWith: 'api' }] } }),
    /in that of api/,
    /use api/,
  ],
  [
    "a service in the asker's own network",
    'shares-network',
    facts({ name: { ...known, meant: undefined, candidates: [{ ...redis, networks: [], sharesWith: 'web' }] } }),
    /in that of web/,
    /use localhost/,
  ],
  [
    'a service without a container',
    'not-started',
    facts({ name: { ...nameless, declared: true } }),
    /has no container/,
    /docker compose -p shop up -d redis/,
  ],
  [
    'a service that has ended',
    'not-running',
    facts({
      name: {
        ...known,
        meant: undefined,
        candidates: [{ ...redis, state: 'exited', status: 'Exited (1) 5 seconds ago' }],
      },
    }),
    /exited \(Exited \(1\) 5 seconds ago\)/,
    /logs --tail 20 redis; start it: .* up -d redis/,
  ],
  [
    'a service that had no memory left',
    'not-running',
    facts({ name: { ...known, meant: undefined, candidates: [{ ...redis, state: 'exited', outOfMemory: true }] } }),
    /OOM/,
    /logs/,
  ],
  [
    'a paused service',
    'paused',
    facts({ name: { ...known, candidates: [{ ...redis, state: 'paused' }] } }),
    /redis is paused/,
    /unpause redis/,
  ],
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
    /NAT rules .* are gone from web's network/,
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
    /the servers that it asks for others do not/,
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
    /the servers that it asks for others have none for example\.org \(SERVFAIL\)/,
    /services\.web\.dns/,
  ],
  [
    'a foreign DNS server that cannot answer',
    'dns-dead',
    facts({ names: unresolved('ESERVFAIL'), machine: { ...machine, nameservers: ['192.0.2.1'] } }),
    /192\.0\.2\.1: it answers that it cannot \(SERVFAIL\)/,
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
    'an address that is not the one the engine says',
    'stale-address',
    facts({ names: { ...resolved, program: { addresses: ['10.0.0.9'], error: null } } }),
    /10\.0\.0\.9; by the engine it is at 172\.20\.0\.3/,
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
    /no way out of front/,
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
    /172\.20\.0\.99 cannot be reached/,
    /is the address right/,
  ],
  ...(['TIMEOUT', 'EHOSTUNREACH', 'ENETUNREACH'] as const).map((error): Row => [
    `a machine outside, in the subnet of a network, ${error}`,
    'no-route',
    stray(error, 'shop_front', asker),
    /^172\.20\.0\.99 cannot be reached: it is in front's own subnet, where no container has it \(172\.20\.0\.0\/24\)$/,
    /is the address right\? For a machine outside that has it, set another subnet: networks\.front\.ipam\.config$/,
  ]),
  [
    'a machine outside, in the subnet of an internal network',
    'no-route',
    stray('TIMEOUT', 'shop_front', { ...asker, networks: [inside] }),
    /in front's own subnet, where no container has it/,
    /networks\.front\.ipam\.config/,
  ],
  [
    "a machine outside, in the subnet of a network that is not the project's",
    'no-route',
    stray('TIMEOUT', 'shared', { ...asker, networks: [{ ...front('172.20.0.2'), network: 'shared', key: 'shared' }] }),
    /in shared's own subnet, where no container has it/,
    /make shared anew with another --subnet$/,
  ],
  [
    'a machine outside, in the subnet of a network that the service is not on',
    'no-route',
    stray('TIMEOUT', 'other_default', asker),
    /in the subnet of other_default, a network of this engine's, where no container has it/,
    /make other_default anew with another --subnet$/,
  ],
];
