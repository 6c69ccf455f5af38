// What the documents show can be typed, and does what they say: every command of every document is run, or is known to be run elsewhere.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { documents, isSynopsis, readDocument, root } from '../documents.ts';
import type { Command } from '../documents.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';
import { project, type, useReader } from './typing.ts';
import type { Reader, Typing } from './typing.ts';

/** Commands that are run by another test, for this one cannot: its file, and its title or the call in it. */
const elsewhere: Readonly<Record<string, readonly [file: string, text: string]>> = {
  'scripts/demo': ['test/scenarios/demo.test.ts', 'the demo must end well'],
  'scripts/test': ['.github/workflows/test.yml', 'scripts/test'],
  'scripts/test --here': ['.github/workflows/test.yml', 'scripts/test --here'],
  'scripts/test test/scenarios/names.test.ts': ['.github/workflows/test.yml', 'scripts/test'],
  'test/engines/engine': ['scripts/test', 'test/engines/engine start'],
  'npm run check': ['scripts/test', 'scripts/check'],
  'scripts/unit': ['scripts/test', 'scripts/unit'],
  'npm ci': ['scripts/setup', 'npm ci'],
  'scripts/install': ['test/cli/install.test.ts', 'an installation must be complete in itself, and go without a trace'],
  'scripts/uninstall': ['test/cli/install.test.ts', 'must remove what is left of an installation'],
  'npm install -g ./docker-netexec-0.2.0.tgz ./docker-netexec-linux-x64-0.2.0.tgz': [
    'test/cli/package.test.ts',
    "npm(folder, 'install', '--global'",
  ],
  'docker-netexec --install': ['test/cli/package.test.ts', 'it must install, be found by docker, and be removed'],
  'docker-netexec --install --system': ['test/cli/package.test.ts', 'with --system'],
  'docker-netexec --uninstall': ['test/cli/package.test.ts', 'it must install, be found by docker, and be removed'],
  'npm uninstall -g docker-netexec docker-netexec-linux-x64': [
    'test/cli/package.test.ts',
    "npm(folder, 'uninstall', '--global'",
  ],
  ...Object.fromEntries(
    ['install -D docker-netexec-linux-x64 ~/.docker/cli-plugins/docker-netexec', 'docker netexec --uninstall'].map(
      (line) => [line, ['test/cli/single-file.test.ts', line] as const],
    ),
  ),
  'docker netexec -- npm test': ['test/scenarios/preset.test.ts', 'COMMAND must run where the Compose file says'],
  'docker netexec --stand-in --replace web -- npx vite': [
    'test/scenarios/vite.test.ts',
    'what is saved must reach clients of Vite in another container',
  ],
  'docker netexec --man': ['test/cli/single-file.test.ts', 'it must print its man page'],
  'sudo install -D docker-netexec-linux-x64 /usr/local/lib/docker/cli-plugins/docker-netexec': [
    'test/cli/single-file.test.ts',
    'install -D docker-netexec-linux-x64 /usr/local/lib/docker/cli-plugins/docker-netexec',
  ],
  'docker --context staging netexec --forward 15432:postgres:5432 web': [
    'test/scenarios/elsewhere.test.ts',
    "'--forward', '0:postgres:5432'",
  ],
  ...Object.fromEntries(
    [
      "docker --context staging netexec web -- psql -h postgres -U app -tAc 'select 1'",
      'docker --context staging netexec web -- psql -h postgres -U app',
    ].map((line) => [line, ['test/scenarios/tunnelled.ts', "psql -h postgres -U app -tAc 'select 1'"] as const]),
  ),
  'docker --context staging netexec --proxy 1080 web': ['test/scenarios/elsewhere.test.ts', "'--proxy', '0', 'web'"],
  'docker --context staging netexec --reverse 9003 web -- php sum.php': [
    'test/scenarios/tunnel-reverse.test.ts',
    "'--reverse', `9003:${port}`",
  ],
  'docker --context staging netexec --on backend -- psql -h postgres -U app': [
    'test/scenarios/tunnel-stand-in.test.ts',
    "'--on', 'backend', '--'",
  ],
  'docker --context staging netexec --stand-in --replace web -- npm run dev': [
    'test/scenarios/tunnel-stand-in.test.ts',
    "'--stand-in', '--replace', 'web'",
  ],
  'scripts/release': ['test/cli/release.test.ts', 'it must make these files'],
  'node scripts/platform-table.ts': [
    'test/unit/checkout/platforms.test.ts',
    'node scripts/platform-table.ts writes it',
  ],
  'test/engines/with-podman': ['test/scenarios/podman-of-trixie.test.ts', 'podman'],
  'node scripts/reference-options.ts': [
    'test/unit/checkout/reference.test.ts',
    'node scripts/reference-options.ts writes it',
  ],
  'sha256sum --check --ignore-missing SHA256SUMS': [
    'test/cli/release.test.ts',
    'the sums must be right, and of every file',
  ],
};

/** Commands that no test runs, and what they have left: they take an hour, a network, or a machine that is not there. */
const byHand: Readonly<Record<string, readonly [file: string, text: string]>> = {
  'scripts/reliability': ['docs/reliability.md', 'Written by `scripts/reliability`'],
  'test/engines/with-docker': ['scripts/test', 'test/engines/with-docker'],
  'test/engines/with-engine': ['test/engines/engines', 'test/engines/with-engine'],
  'test/engines/with-engine testing node --test test/scenarios/names.test.ts': [
    'test/engines/engines',
    'test/engines/with-engine',
  ],
  'scripts/recording': ['docs/demo/recording.svg', '<svg'],
  'scripts/bench': ['docs/benchmarks.md', 'Written by `scripts/bench`'],
  'scripts/unit --update': ['test/goldens.ts', 'scripts/unit --update'],
  'docker debug': ['docs/comparison.md', 'it comes with Docker Desktop'],
};

/** Commands that a sentence only speaks of: what shows that there is such a thing. */
const spokenOf: Readonly<Record<string, readonly [line: string, shows: RegExp]>> = {
  docker: ['docker --version', /^Docker version /],
  'sudo docker': ['sudo docker --version', /^Docker version /],
  'docker-netexec': ['docker-netexec --version', /^docker-netexec version /],
  'docker netexec': ['docker netexec --version', /^docker-netexec version /],
  'sudo docker netexec': ['sudo -E docker netexec --version', /^docker-netexec version /],
  'sudo docker --config ~/.docker netexec': [
    'sudo docker --config "$DOCKER_CONFIG" netexec --version',
    /^docker-netexec version /,
  ],
  'docker exec': ['docker exec --help', /docker exec \[OPTIONS\] CONTAINER COMMAND/],
  'docker run': ['docker run --help', /docker run \[OPTIONS\] IMAGE/],
  'docker inspect': ['docker inspect --help', /docker inspect \[OPTIONS\]/],
  'docker image rm': ['docker image rm --help', /docker image rm \[OPTIONS\]/],
  'docker system dial-stdio': ['docker system dial-stdio --help', /docker system dial-stdio/],
  'docker compose': ['docker compose --help', /docker compose \[OPTIONS\] COMMAND/],
  'docker compose -p': ['docker compose --help', / -p, --project-name /],
  'docker compose -f': ['docker compose --help', / -f, --file /],
  'docker compose exec': ['docker compose exec --help', /docker compose exec \[OPTIONS\] SERVICE COMMAND/],
  'test/engines/engine': ['test/engines/engine --help', /^Usage: scripts\/engine COMMAND/],
};

/** What a fault looks like: one is made for it. */
const faultShown = 'docker netexec --check web redis:6379';

/** The proxy that other commands take. */
const proxyShown = 'docker netexec --proxy 1080 web';

/** How those are typed that want input or Ctrl-C, and how it is seen that they do what they are for. */
const typings: Readonly<Record<string, Typing>> = {
  [faultShown]: { status: 1 },
  'docker netexec --check web postgress:5432': { status: 1 },
  'docker netexec --list-networks --format mermaid': { shows: /^flowchart LR$/m },
  'docker netexec web': { input: 'echo "in $NETEXEC_SERVICE"', shows: /^in web$/ },
  'docker netexec web -- psql -h postgres -U app': { input: 'select 6 * 7 as answer', shows: /^ +answer\n-+\n +42\n/ },
  'docker netexec --on backend -- psql -h postgres -U app': { input: 'select 6 * 7', shows: /^ +42$/m },
  'docker netexec --on backend --forward 15432:postgres:5432': {
    interrupted: true,
    shows: /^127\.0\.0\.1:15432 → postgres:5432$/m,
  },
  'docker netexec --service-env web -- psql': { input: 'select current_user', shows: /^ app$/m },
  'docker netexec web -- .venv/bin/python import.py': { shows: /^42$/ },
  // It has none.
  'docker netexec --service-env --service-files web -- .venv/bin/python import.py': { shows: /^42$/m },
  'docker netexec --wait postgres:5432 --service-env web -- npm test': { shows: /^# pass 1$/m },
  'docker netexec --pid -u root web -- strace -f -p 1': { interrupted: true, shows: /Process 1 attached/ },
  "docker netexec --pid -u root web -- sh -c 'ls $NETEXEC_ROOT'": { shows: /^var$/m },
  'docker netexec --pid web -- htop': { interrupted: true, terminal: true, shows: /sleep/ },
  'docker netexec --restart web -- npm run dev': { interrupted: true, shows: /ready in web/ },
  'docker netexec --forward 15432:postgres:5432 web': {
    interrupted: true,
    shows: /^127\.0\.0\.1:15432 → postgres:5432$/m,
  },
  [proxyShown]: { interrupted: true, shows: /^127\.0\.0\.1:1080 → proxy into web's network$/m },
  'curl -sx http://localhost:1080 http://api:8080/health': { beside: proxyShown },
  'curl -s --socks5-hostname localhost:1080 http://api:8080/health': { beside: proxyShown },
  'git -c http.proxy=http://localhost:1080 ls-remote http://api:8080/shop.git': { beside: proxyShown },
  'docker netexec --service-env --forward 5678 web -- python3 -m debugpy --listen 5678 --wait-for-client import.py': {
    meanwhile: 'python3 bin/debuggers.py attach 5678',
    // It may have come too early, which netexec says.
    shows: /^127\.0\.0\.1:5678 → localhost:5678 in web\n[^]*^42$/m,
  },
  'docker netexec --reverse 9003 web -- php -d xdebug.mode=debug -d xdebug.start_with_request=yes sum.php': {
    meanwhile: 'python3 bin/debuggers.py listen 9003',
  },
  'docker netexec --reverse 9003 web -- php sum.php': { shows: /^42$/m },
  // A plain client in the container stands for its PHP.
  'docker netexec --intercept 8080:3000 --reverse 3000 api': {
    meanwhile: 'echo here >page; python3 -u -m http.server --bind 127.0.0.1 3000 2>&1 | sed -u s/^Serving.*/ready/',
    input: 'docker netexec web -- curl -s http://api:8080/page',
    shows: /^here$/m,
  },
  'docker netexec --reverse 9003 web': {
    meanwhile: 'python3 bin/debuggers.py listen 9003',
    input: "printf '<init' | docker compose exec -T web nc localhost 9003",
    shows: /run -i 1/,
  },
  'docker netexec --index 2 web -- getent hosts redis': { shows: /^\d+[\d.]+ +redis/ },
  'docker netexec -p shop web -- dig postgres': { shows: /^postgres\.\s+\d+\s+IN\s+A\s+\d/m },
  'docker netexec --container some-nginx -- curl -s localhost': { shows: /^[0-9a-f]{12}$/ },
  'docker netexec --cap-add NET_RAW --cap-add NET_ADMIN web -- tcpdump -ni any': {
    interrupted: true,
    shows: / IP \d+.* > /,
  },
  'docker netexec --dry-run web -- psql': {
    shows:
      /^psql would run in the network of web \(container \S+\), entered .*:\n(?:.*\n)*namespace .*\n(?:.*\n)*command +psql +# \/usr\/bin\/psql, found on PATH$/m,
  },
  'docker netexec --list-networks': { shows: /^shop_backend +backend +bridge +\S+ +true +.*postgres, web$/m },
  'docker netexec --list-names web': { shows: /^redis, shop-redis-1 +shop_cache +\S+ +redis$/m },
  'docker netexec --check web postgres:5432': { shows: /^ {2}✓ connect .*\n {2}✓ answer +PostgreSQL$/m },
  'docker netexec --doctor': { shows: /^docker netexec works on this machine\.$/m },
  'docker netexec --version': { shows: /^docker-netexec version \d/ },
  'docker netexec --help': { shows: /^Usage: {2}docker netexec \[OPTIONS\] SERVICE/ },
  'docker --help': { shows: /^ +netexec\* +Run programs from this machine/m },
  'docker netexec --hostaliases': { shows: /^shop_backend +\/.*shop_backend\.hostaliases +.*postgres/m },
  [`docker netexec --list-names --format '{{.Name}} {{join .Address ","}}'`]: { shows: /^postgres \d+(?:\.\d+){3}$/m },
  'NETEXEC_TRACE=2 docker netexec web -- true': { shows: drawing() },
  'docker completion bash': { shows: /__start_docker docker$/m },
  'docker info': { shows: /^ {2}netexec: Run programs from this machine/m },
  'docker context ls': { shows: /^default/m },
  'docker compose ls': { shows: /^shop +running/m },
  'docker ps': { shows: /shop-web-1$/m },
};

const makeReader = useReader();
let reader: Reader | undefined;

for (const file of documents) {
  const shown = readDocument(file).commands.filter(({ line }) => !isSynopsis(line));
  const commands = shown.filter(
    ({ line }, at) =>
      shown.findIndex((each) => each.line === line) === at &&
      elsewhere[line] === undefined &&
      byHand[line] === undefined,
  );
  if (commands.length === 0) continue;
  scenario(`${file}: what it shows must work as it stands there`, { project }, async (s) => {
    reader ??= await settle(s);
    for (const command of commands) {
      await s.subtest(command.line, () => tryCommand(s, command, reader ?? assert.fail()));
    }
  });
}

/** The rows of docs/performance.md's drawing, in their order. */
function drawing(): RegExp {
  const [{ text } = assert.fail()] = readDocument('docs/performance.md').files;
  // `true` may have ended by the time that netexec is told of its start.
  const rows = [...text.matchAll(/█ {2,}(\w.*)$/gm)].flatMap(([, row = '']) => (row === 'COMMAND' ? [] : [row]));
  assert.ok(rows.length >= 10);
  return new RegExp(`^netexec: [\\d.]+ ms since netexec started.*\n${rows.map((row) => `[^]*${row}`).join('\n')}`);
}

/** What the documents suppose, beside what the recipes make. */
async function settle(s: Scenario): Promise<Reader> {
  const settled = await makeReader(s);
  const file = join(settled.cwd, 'package.json');
  const written = JSON.parse(readFileSync(file, 'utf8')) as { scripts: Record<string, string> };
  written.scripts['dev'] = 'echo "ready in $NETEXEC_SERVICE"; exec sleep 60';
  writeFileSync(file, JSON.stringify(written));
  const venv = readDocument('docs/recipes.md').commands.find(({ line }) => line.startsWith('python3 -m venv'));
  await type(s, venv ?? assert.fail(), settled);
  const table =
    "create table guest (id int, name text); insert into guest values (1, 'Ada'), (2, 'Grace'), (3, 'Edsger')";
  await must(s.compose(['exec', '-T', 'postgres', 'psql', '-U', 'app', '-h', '127.0.0.1', '-c', table]));
  return { ...settled, env: { ...settled.env, DATABASE_URL: 'postgres://app@postgres/app', TERM: 'xterm' } };
}

async function tryCommand(s: Scenario, command: Command, by: Reader): Promise<void> {
  const { line } = command;
  const [instead, shows] = spokenOf[line] ?? [];
  if (instead !== undefined && shows !== undefined)
    return type(s, { ...command, line: instead }, placeOf(line, by), { shows });
  const typed = (): Promise<void> => type(s, command, placeOf(line, by), typings[line]);
  return line === faultShown ? withRedisBroken(s, typed) : typed();
}

function placeOf(line: string, { through, ...asRoot }: Reader): RunOptions {
  if (line.startsWith('scripts/')) return { ...asRoot, cwd: root };
  // What it shows of a process is for root to see; with sudo the drawing has no row for COMMAND.
  if (line === faultShown || line.startsWith('NETEXEC_TRACE=')) return asRoot;
  // The project's file is the checkout's, which may be where only root can enter.
  if (line.includes(' --service-files ')) return asRoot;
  // From any folder.
  return { ...asRoot, ...(through && { through }), ...(line.includes(' -p shop ') && { cwd: '/' }) };
}

async function withRedisBroken(s: Scenario, typed: () => Promise<void>): Promise<void> {
  const listenOn = (addresses: string): Promise<unknown> =>
    must(s.compose(['exec', '-T', 'redis', 'redis-cli', 'config', 'set', 'bind', addresses]));
  await listenOn('127.0.0.1');
  await typed();
  await listenOn('* -::*');
}

test('each command that another test runs, or somebody by hand, must be found where it is said to be', () => {
  for (const [file, text] of [elsewhere, byHand].flatMap(Object.values) as (readonly [string, string])[])
    assert.ok(readFileSync(join(root, file), 'utf8').includes(text), `${file} has no ${text}`);
});

test('each command that is run in a way of its own must stand in a document', () => {
  const lines = documents.flatMap((file) => readDocument(file).commands.map(({ line }) => line));
  for (const line of [elsewhere, byHand, spokenOf, typings].flatMap(Object.keys)) assert.ok(lines.includes(line), line);
});
