// The first way of using it: a backend developer in the docker group, without sudo, in bash.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callerNamed, useCallers } from './callers.ts';
import { must, scenario } from './scenario.ts';
import { bash, project, walker } from './walk.ts';
import type { Typed } from './walk.ts';

const callers = useCallers(project, 'shared');
const backend = callerNamed('netexec-docker');
const profile = [
  /"admin" .* belongs to profile tools/,
  /hint: start it: docker compose --profile tools up -d admin$/m,
] as const;
const hint = (line: string): RegExp =>
  new RegExp(`hint: .*${line.replaceAll(/[.*+?^$()[\]{}|]/g, String.raw`\$&`)}$`, 'm');

const firstSteps: readonly Typed[] = [
  {
    line: 'docker netexec',
    status: 125,
    shows: [
      /no SERVICE given; running in project "netexec-test-shop": api, db, redis, web, worker/,
      /hint: docker netexec /,
    ],
  },
  { line: 'docker netexec --help', shows: [/^Examples:$/m, /^Exit status: /m] },
  { line: "docker netexec web -- psql -h postgres -U app -tAc 'select 1'", shows: [/^1$/m] },
  { line: 'docker netexec web curl -s http://api:8080/', shows: [/^[0-9a-f]{12}$/m] },
  { line: "docker netexec --service-env api -- psql -tAc 'select 2'", shows: [/^2$/m] },
  { line: 'docker netexec --index 2 worker -- getent hosts redis', shows: [/redis/] },
  { line: 'docker netexec --all worker -- echo here', shows: [/^worker-1 {2}\| here$/m, /^worker-2 {2}\| here$/m] },
  { line: 'docker netexec --wait db:5432 web -- echo ready', shows: [/^ready$/m], hides: /waiting/ },
  {
    line: 'docker netexec --wait api:9999 --timeout 1 web -- true',
    status: 125,
    shows: [/netexec: api:9999 is not ready after 1 s: api listens on 8080, not on 9999/, /hint: use api:8080/],
  },
  { line: 'docker netexec --on back -- getent hosts db', shows: [/db/] },
  { line: 'docker netexec --print-env api >api.env' },
  { line: 'docker netexec --env-file api.env web -- sh -c \'echo "$SECRET"\'', shows: [/^it is \$5, not less$/m] },
  { line: 'docker netexec -it web id -un', shows: [/^netexec-docker$/m] },
  { line: 'docker netexec -u root web id -un', shows: [/^root$/m] },
];

/** What others call a port that leads inside, and the line that does it. */
const ports: readonly Typed[] = [
  ...['--publish', '--expose', '--port', '-L', '-p'].map((option) => ({
    line: `docker netexec ${option} 5432:5432 db`,
    status: 125,
    shows: [hint('docker netexec --forward 5432:5432 db')],
  })),
  { line: 'docker netexec --forward 0:db:5432 web', until: /^127\.0\.0\.1:\d+ → db:5432$/m, status: 130 },
  { line: 'docker netexec --proxy 0 web', until: /^127\.0\.0\.1:\d+ → proxy into web's network$/m, status: 130 },
  {
    line: 'docker netexec --reverse 9003 web -- true',
    shows: [/^localhost:9003 in web → localhost:9003 on this machine$/m],
  },
  {
    line: 'docker netexec --stand-in api -- getent hosts db',
    status: 125,
    shows: [/service "api" is running/, hint('docker netexec --stand-in --replace api -- getent hosts db')],
  },
  {
    line: 'docker netexec --stand-in --replace api -- getent hosts db',
    shows: [/netexec-test-shop-api-1 is stopped, and starts again when COMMAND exits/, /db/],
  },
];

/** The beginning of an id is entered only where it cannot be a slip. */
const ids: readonly Typed[] = [
  { line: 'id=$(docker compose ps -q db)' },
  ...['5d', 'a', '5'].map((word) => ({
    line: `docker netexec ${word} curl`,
    status: 125,
    shows: [new RegExp(`no service "${word}" in project "netexec-test-shop"`)],
  })),
  {
    line: '(cd /; docker netexec ${id:0:2} true)',
    status: 125,
    shows: [/no Compose project in \/ or above, and no container is named/],
  },
  {
    line: '(cd /; docker netexec ${id:0:12} echo in)',
    shows: [/netexec: warning: no project here; using container netexec-test-shop-db-1/, /^in$/m],
  },
  { line: '(cd /; docker netexec web)', status: 125, shows: [/hint: "web" runs in .*: docker netexec -p \S+ web$/m] },
  {
    line: '(cd /; docker netexec --list-names)',
    status: 125,
    shows: [/hint: running projects: .*netexec-test-shop.*docker netexec -p \S+ --list-names$/m],
  },
  {
    line: '(cd /; docker netexec --check)',
    status: 125,
    shows: [/hint: running projects: .*netexec-test-shop.*docker netexec -p \S+ --check$/m],
    hides: /SERVICE/,
  },
];

const warned: readonly Typed[] = [
  {
    line: 'docker netexec db psql -U app',
    status: 2,
    shows: [/psql connects to this machine's own socket when no host is given; use -h localhost to reach db/],
  },
  { line: "docker netexec db psql -h localhost -U app -tAc 'select 3'", shows: [/^3$/m], hides: /warning/ },
  { line: 'docker netexec web tcpdump -i any -c 1', status: 1, shows: [/without a capability: --cap-add NET_RAW$/m] },
  {
    line: 'http_proxy=http://localhost:3128 docker netexec web true',
    shows: [/http_proxy points to localhost:3128, which is web's own localhost .* -e http_proxy= to run without it$/m],
  },
  // Nothing is warned of for a service that is not there.
  {
    line: 'http_proxy=http://localhost:3128 docker netexec wbe psql',
    status: 125,
    shows: [hint('docker netexec web psql')],
    hides: /warning/,
  },
  {
    line: 'docker netexec --forward 0.0.0.0:0:80 --forward 80 wbe',
    status: 125,
    shows: [hint('docker netexec --forward 0.0.0.0:0:80 --forward 80 web')],
    hides: /warning/,
  },
  { line: 'docker netexec web serve-redis', status: 127, shows: [hint('exec web serve-redis')] },
  {
    line: 'docker netexec --pid web -- strace -p 1',
    status: 1,
    shows: [/warning: strace: uid \d+ may not trace processes of uid 0: use -u root, or --cap-add SYS_PTRACE$/m],
  },
];

const reports: readonly Typed[] = [
  { line: 'docker netexec --list-networks', shows: [/^NETWORK +KEY +/m, /^netexec-test-shop_back +back/m] },
  { line: 'docker netexec --list-names', shows: [/^NAMES +NETWORK +/m, /^db, postgres, /m], hides: /, [0-9a-f]{12}\b/ },
  { line: 'docker netexec --list-names web', shows: [/^redis, netexec/m] },
  { line: 'docker netexec --list-names web -q', shows: [/^postgres$/m] },
  { line: 'docker netexec web --check redis:6379', shows: [/^ {2}✓ answer {3}Redis: PONG$/m] },
  { line: 'docker netexec --check web', shows: [/^db +back +5432 /m] },
  { line: 'docker netexec --check', shows: [/^FROM +SERVICE +/m, /^web +redis +6379 /m] },
  { line: 'docker netexec --check web db 5432', status: 125, shows: [hint('docker netexec --check web db:5432')] },
  { line: 'docker netexec --check web x:80 --format json', status: 1, shows: [/^\{"Endpoint":"x:80",.*\}$/m] },
  {
    line: 'docker netexec --check web worker:80',
    status: 1,
    shows: [/^ {2}cause: nothing in worker listens on any TCP port$/m, /docker logs --tail 20 \S+$/m],
  },
  { line: 'docker netexec admin true', status: 125, shows: profile },
  { line: 'docker netexec --check admin db', status: 125, shows: profile },
  { line: 'docker netexec --list-names admin', status: 125, shows: profile },
  {
    line: 'docker netexec --check web admin:8080',
    status: 1,
    shows: [/cause: admin has no container: it belongs to profile tools/],
  },
  { line: 'docker netexec --doctor', shows: [/^docker netexec works on this machine\.$/m] },
  {
    line: 'DOCKER_HOST=unix:///nosuch.sock docker netexec --doctor',
    status: 1,
    shows: [/^1 thing to fix: engine: /m],
  },
  { line: 'DOCKER_HOST=unix:///nosuch.sock docker netexec web', status: 125, shows: [/hint: .* unset DOCKER_HOST$/m] },
  { line: 'DOCKER_HOST=ssh://x@y docker netexec web', status: 125, shows: [/hint: .* unset DOCKER_HOST$/m] },
  {
    line: 'docker netexec --dry-run web -- psql -h db',
    shows: [
      /^psql would run in the network of web .*, entered with a helper container:$/m,
      /^command +psql -h db {2}# /m,
    ],
  },
  { line: 'docker netexec --dry-run --format json web -- true', shows: [/^\{"Step":"command","What":"true",/m] },
];

/** What is typed, and the line that is offered. */
const slips: readonly (readonly [line: string, offered: string, status?: number])[] = [
  ['-check web redis:6379', 'docker netexec --check web redis:6379'],
  ['-pid web true', 'docker netexec --pid web true'],
  ['-v', 'docker netexec --version'],
  ['--service web id', 'docker netexec web id'],
  ['--replace api true', 'docker netexec --stand-in --replace api true'],
  ['--check web redis -u root', 'docker netexec --check web redis'],
  ['--elevate suod web id', 'docker netexec --elevate sudo web id'],
  ['wbe true', 'docker netexec web true'],
  ['worker-2 true', 'docker netexec --index 2 worker true'],
  ['web cd /tmp', 'to start COMMAND in another directory', 127],
  ['web exec id', 'docker netexec web id', 127],
  ['web import.py', 'docker netexec web ./import.py', 127],
  ['web pqsl -h db', 'docker netexec web psql -h db', 127],
  ['web "curl http://api:8080/"', 'docker netexec web curl http://api:8080/', 127],
  ['web api:8080', 'docker netexec --check web api:8080', 127],
  ['web http://api:8080/', 'docker netexec --check web http://api:8080/', 127],
  ['web -e A=1 env', 'docker netexec -e A=1 web env', 127],
  ['--rm web id', 'docker netexec web id'],
  ['--name shop web id', 'omit it'],
  ['-d web sleep 1', 'docker netexec web sleep 1 &'],
  ['exec web id', 'docker netexec web id'],
  ['-w /app web id', '--workdir takes a directory on this machine, not in the container'],
  ['--network bakc web id', 'docker netexec --network back web id'],
  ['--on back psql -h db', 'docker netexec --on back -- psql -h db'],
  ['doctor', 'docker netexec --doctor'],
  ['port-forward svc/db 5432:5432', 'docker netexec --forward 5432:5432 db'],
];

scenario('a backend developer in the docker group must get along in bash', { project }, async (s) => {
  const { types, terminal, completes, cwd, step } = await walker(s, callers, backend, bash);
  mkdirSync(join(cwd, 'api'));
  writeFileSync(join(cwd, 'import.py'), 'print(1)\n');
  await must(s.run(['chown', '-R', `--reference=${callers.home(backend)}`, cwd]));
  await types(firstSteps);
  // COMMAND's words are COMMAND's, those of netexec's own runtime too.
  await types([
    { line: 'docker netexec -w api web echo --env-file=.env server.js', shows: [/^--env-file=\.env server\.js$/m] },
  ]);
  await s.subtest('a shell', async () => {
    await terminal.begin();
    await terminal.type('docker netexec web');
    await terminal.shows(/^web · netexec-test-shop · back, front$/m);
    await terminal.type('echo "$NETEXEC_SERVICE:$USER"; exit');
    await terminal.shows(/^web:/m);
    await terminal.atPrompt();
  });
  await types([...ports, ...ids, ...warned, ...reports]);
  await types(
    slips.map(([words, offered, status = 125]) => ({
      line: `docker netexec ${words}`,
      status,
      shows: [hint(offered)],
    })),
  );
  await s.subtest('with TAB', async () => {
    await must(s.run(['sh', '-c', 'docker completion bash >completion'], step));
    await terminal.begin();
    await terminal.type('. /usr/share/bash-completion/bash_completion; . ./completion');
    await completes('docker netexec w', /^web +\(.*\)\nworker +\(.* 2 containers\)$/m);
  });
});
