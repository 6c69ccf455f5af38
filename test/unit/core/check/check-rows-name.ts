// What keeps a name from meaning a service that runs and can be reached. One row a situation.
import type { Row } from './check-samples.ts';
import { asker, endpoint, facts, front, known, nameless, redis, resolved, unresolved } from './check-samples.ts';

const back = { network: 'shop_back', key: 'back', internal: false, addresses: ['172.21.0.3'] };
const long = 'x'.repeat(70);
const redis70 = { network: 'shop_front', addresses: ['172.20.0.3'], services: ['redis'], containers: ['shop-redis-1'] };
const silent = unresolved('ETIMEOUT');

export const nameRows: readonly Row[] = [
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
    /services\.web\.extra_hosts: \["host.docker.internal:host-gateway"\]\nor: reach this machine's localhost: docker netexec -p shop --reverse 80 web$/,
  ],
  [
    'a name that DNS does not carry',
    'no-dns-name',
    facts({ endpoint: endpoint(`${long}:6379`), name: { ...known, meant: { ...redis70, name: long } } }),
    /^"x{70}" has 70 characters, but DNS allows 63$/,
    /^use redis$/,
  ],
  [
    'a name that DNS does not carry, and that nobody has',
    'no-dns-name',
    facts({ endpoint: endpoint(`${long}:6379`), name: nameless }),
    /has 70 characters, but DNS allows 63/,
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
    /redis is on front, but not under the name cache/,
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
    /publish a port of redis .* remove services\.web\.network_mode: host/,
  ],
  [
    'a service, asked for from no network',
    'other-network',
    facts({
      asker: { ...asker, networks: [{ ...front(''), network: 'none', key: 'none' }] },
      name: { ...known, meant: undefined },
    }),
    /no network in common/,
    /remove services\.web\.network_mode: none/,
  ],
  [
    'a service in the network of another',
    'shares-network',
    facts({ name: { ...known, meant: undefined, candidates: [{ ...redis, networks: [], sharesWith: 'api' }] } }),
    /uses the network of api/,
    /use api/,
  ],
  [
    "a service in the asker's own network",
    'shares-network',
    facts({ name: { ...known, meant: undefined, candidates: [{ ...redis, networks: [], sharesWith: 'web' }] } }),
    /uses the network of web/,
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
    /exited with status 1, 5 seconds ago/,
    /logs --tail 20 redis; start it: .* start redis/,
  ],
  [
    'a service that has ended, and for which a stranger answers',
    'not-running',
    facts({
      name: { ...known, meant: undefined, candidates: [{ ...redis, state: 'exited' }] },
      names: { ...resolved, longer: 'redis.corp.test', program: { addresses: ['192.0.2.80'], error: null } },
    }),
    /^redis is not running: .*; redis\.corp\.test answers instead, at 192\.0\.2\.80$/,
    /start redis/,
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
    /compose .*unpause redis/,
  ],
  [
    'a paused service of a stack, of which Compose knows nothing',
    'paused',
    facts({
      asker: {
        ...asker,
        compose: {
          project: 'shop',
          service: 'web',
          task: { id: 'x', service: 'shop_web', name: 'shop_web.1' },
        },
      },
      name: { ...known, candidates: [{ ...redis, state: 'paused' }] },
    }),
    /redis is paused/,
    /^resume it: docker unpause shop-redis-1$/,
  ],
];
