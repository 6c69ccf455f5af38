// --on and --stand-in through a tunnel: the container of netexec's own is a remote engine's, and COMMAND is in it all the same.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { descendantsOf, isNetexec } from './command-process.ts';
import { farEngine } from './far-engine.ts';
import type { FarEngine } from './far-engine.ts';
import { isLeft } from './far-commands.ts';
import { begin } from './forwarded.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario, Started } from './scenario.ts';
import { engineMember as member, ordinaryUser } from './tunnelled.ts';

const project = 'article';

/** Of the project that is up, and one service more, whose image nobody can build; nothing is published by number. */
const withLater = `services:
  web:
    image: netexec/servers:1
    pull_policy: never
    dns: 127.0.0.1
    command: [serve-http, '8080']
    environment: { GREETING: hello }
    ports: ['8321']
    networks: [backend, cache]
  later:
    build: ./nowhere
    hostname: front
    expose: ['8321']
    environment: { GREETING: "it's later" }
    secrets: [token]
    networks:
      backend: { aliases: [soon] }
secrets:
  token: { file: ./token }
networks:
  backend:
    internal: true
  cache:
`;

scenario('on a remote engine, too, COMMAND must be on networks, and in place of a service', { project }, async (s) => {
  const engine = await farEngine(s);
  await must(s.compose(['up', '-d', '--wait'], engine.by.unix));
  writeFileSync(join(s.folder, 'page'), 'from here', { mode: 0o644 });
  const user = await ordinaryUser(s, engine.by.tcp);
  const callers = { 'root by ssh': ofRoot(s, engine.by.ssh), 'a user by tcp': user };
  for (const [name, options] of Object.entries(callers)) {
    writeFileSync(join(options.cwd ?? '', 'compose.yaml'), withLater, { mode: 0o644 });
    writeFileSync(join(options.cwd ?? '', 'token'), 'seen\n', { mode: 0o644 });
    await s.subtest(`--on, of ${name}`, () => on(s, engine, options));
    await s.subtest(`--stand-in, of ${name}`, () => standIn(s, engine, options));
    await s.subtest(`--replace, of ${name}`, () => replaced(s, engine, options));
  }
  await s.subtest('the connection lost', () => lost(s, engine, user));
  await s.subtest('ports of --on without COMMAND', () => ports(s, engine));
  await s.subtest('what would run', () => planned(s, engine, callers['root by ssh']));
});

scenario('by a tunnel --on and --stand-in must do the same on this machine', { project }, async (s) => {
  const asked = ['--elevate', 'tunnel'];
  writeFileSync(join(s.folder, 'page'), 'from here', { mode: 0o644 });
  for (const [name, { env, ...given }] of Object.entries({ root: ofRoot(s, {}), 'a user': await member(s) }))
    await s.subtest(name, async () => {
      const options = { ...given, env: { COMPOSE_PROJECT_NAME: s.projectName, ...env } };
      writeFileSync(join(options.cwd ?? '', 'compose.yaml'), withLater, { mode: 0o644 });
      const query = ['psql', '-h', 'db', '-U', 'app', '-tAc', 'select 1'];
      assert.equal((await must(s.netexec([...asked, '--on', 'backend', '--', ...query], options))).stdout, '1');
      const started = await serve(s, [...asked, '--stand-in', 'later'], options);
      const health = ['inspect', '-f', '{{.State.Health.Status}}', `${s.projectName}-later-1`];
      await s.eventually(async () => assert.equal((await s.docker(health)).stdout, 'healthy'));
      const get = ['exec', '-T', 'web', 'wget', '-qO-', 'http://soon:8321/page'];
      assert.equal((await must(s.compose(get))).stdout, 'from here');
      started.kill('SIGTERM');
      await started.ended;
      await hidden(s, [...asked, '--stand-in', 'later'], options);
      await s.eventually(() => assert.deepEqual(s.processes(), []));
      const own = [
        'ps',
        '-aq',
        '--filter',
        'label=docker-netexec.supervisor',
        '--filter',
        `network=${s.projectName}_backend`,
      ];
      await s.eventually(async () => assert.equal((await s.docker(own)).stdout, ''));
    });
});

/** A folder of its own. */
function ofRoot(s: Scenario, { env }: RunOptions): RunOptions {
  const cwd = join(s.folder, 'root');
  mkdirSync(cwd);
  return { cwd, env: { COMPOSE_PROJECT_NAME: s.projectName, ...env } };
}

/** That others do not reach COMMAND is said. */
async function hidden(s: Scenario, words: readonly string[], options: RunOptions): Promise<void> {
  const server = ['/usr/bin/python3', '-u', '-m', 'http.server', '--bind', '127.0.0.1', '8321'];
  const started = await s.start(['docker', 'netexec', ...words, '--', ...server], options);
  await s.eventually(() => assert.match(started.stderr(), /^netexec: warning: port 8321 is open on localhost only, /m));
  started.kill('SIGTERM');
  await started.ended;
}

async function on(s: Scenario, engine: FarEngine, options: RunOptions): Promise<void> {
  const asked = `
    getent hosts web >/dev/null && echo web
    psql -h db -U app -tAc 'select 1'
    echo "$NETEXEC_PROJECT $NETEXEC_NETWORKS $NETEXEC_SERVICE$NETEXEC_CONTAINER"
    getent hosts redis
    exit 7`;
  const run = await s.netexec(['--on', 'backend', '--', 'sh', '-c', asked], options);
  const told = `web\n1\n${s.projectName} ${s.projectName}_backend`;
  assert.deepEqual([run.status, run.stdout.trim()], [7, told], run.stderr);
  const waited = await s.netexec(['--on', 'backend', '--wait', 'db:5432', '--', 'true'], options);
  assert.equal(waited.status, 0, waited.stderr);
  const missing = await s.netexec(['--on', 'all', '--', './no-such-program'], options);
  assert.equal(missing.status, 127, missing.stderr);
  await s.eventually(async () => assert.equal(await isLeft(engine), false));
}

async function serve(s: Scenario, words: readonly string[], options: RunOptions): Promise<Started> {
  const server = `/usr/bin/python3 -u -m http.server --directory ${s.folder} 8321`;
  const script = `echo "$GREETING"; cat /run/secrets/token 2>&1; exec ${server}`;
  const started = await s.start(['docker', 'netexec', ...words, '--', 'sh', '-c', script], options);
  await started.says('Serving');
  return started;
}

/** What other containers get from there. */
async function served(s: Scenario, engine: FarEngine, place: string, network = `${s.projectName}_backend`) {
  const words = ['run', '--rm', '--network', network, '--pull', 'never', 'netexec/servers:1', 'wget', '-qO-'];
  await s.eventually(async () =>
    assert.equal((await s.docker([...words, `http://${place}/page`], engine.by.unix)).stdout, 'from here', place),
  );
}

const state = (s: Scenario, engine: FarEngine, container: string, of = '.State.Status') =>
  s.docker(['inspect', '-f', `{{${of}}}`, container], engine.by.unix).then(({ stdout }) => stdout);

async function killNetexec(s: Scenario, engine: FarEngine, { ended }: Started): Promise<void> {
  const own = (): readonly string[] => s.processes().filter((line) => /docker-netexec:|http\.server/.test(line));
  assert.ok(own().some((line) => line.includes('http.server')));
  for (const line of own())
    if (line.includes('docker-netexec:main')) process.kill(Number.parseInt(line, 10), 'SIGKILL');
  await s.eventually(() => assert.deepEqual(own(), []));
  await s.eventually(async () => assert.equal(await isLeft(engine), false));
  await ended;
}

async function standIn(s: Scenario, engine: FarEngine, options: RunOptions): Promise<void> {
  const container = `${s.projectName}-later-1`;
  const words = ['--stand-in', '--service-env', '--service-files', 'later'];
  const started = await serve(s, words, options);
  assert.match(started.stdout(), /^it's later\nseen\n/);
  for (const place of ['later', 'soon', container]) await served(s, engine, `${place}:8321`);
  await s.eventually(async () => assert.equal(await state(s, engine, container, '.State.Health.Status'), 'healthy'));
  const ps = await must(s.compose(['ps', '--format', '{{.Service}} {{.State}}', 'later'], options));
  assert.equal(ps.stdout, 'later running');
  const second = await s.netexec(['--stand-in', 'later', '--', 'true'], options);
  assert.equal(second.status, 125);
  assert.match(second.stderr, /^netexec: netexec \(pid \d+\) is already standing in for service "later"\n/);
  await killNetexec(s, engine, started);
  assert.equal(await state(s, engine, container), '');
}

async function replaced(s: Scenario, engine: FarEngine, options: RunOptions): Promise<void> {
  const container = `${s.projectName}-web-1`;
  await must(s.compose(['up', '-d', '--no-build', 'web'], { ...options, timeout: 120_000 }));
  const begun = () => serve(s, ['--stand-in', '--replace', 'web'], options);
  const published = (of: string) => engine.docker('port', of, '8321');
  const before = await published(container);
  const ended = await begun();
  assert.match(
    ended.stderr(),
    new RegExp(`^netexec: ${container} is stopped, and starts again when COMMAND exits$`, 'm'),
  );
  assert.equal(await state(s, engine, container), 'exited');
  for (const place of ['web', container]) await served(s, engine, `${place}:8321`);
  const [place = ''] = before.split('\n');
  await served(s, engine, place, 'host');
  process.kill(descendantsOf(ended.pid).find(isNetexec)?.pid ?? 0, 'SIGTERM');
  assert.equal((await ended.ended).status, 143);
  assert.equal(await state(s, engine, container), 'running');
  await s.eventually(async () => assert.equal(await isLeft(engine), false));
  await killNetexec(s, engine, await begun());
  await s.eventually(async () => assert.equal(await state(s, engine, container), 'running'));
}

/** It takes the container along: what was stopped for it runs again. */
async function lost(s: Scenario, engine: FarEngine, options: RunOptions): Promise<void> {
  const started = await serve(s, ['--stand-in', '--replace', 'web'], options);
  engine.cut();
  const run = await started.ended;
  assert.equal(run.status, 143, run.stderr);
  assert.match(run.stderr, /^netexec: \S+ exited with status 0: stopping COMMAND$/m);
  await s.eventually(async () => assert.equal(await state(s, engine, `${s.projectName}-web-1`), 'running'));
  await s.eventually(async () => assert.equal(await isLeft(engine), false));
}

async function ports(s: Scenario, engine: FarEngine): Promise<void> {
  const { started, ports: opened } = await begin(s, ['--on', 'backend', '--forward', '0:db:5432'], engine.by.tcp);
  const query = ['/usr/bin/psql', '-h', '127.0.0.1', '-p', `${opened[0]}`, '-U', 'app', '-tAc', 'select 1'];
  assert.equal((await must(s.run(query))).stdout, '1');
  started.kill('SIGTERM');
  assert.equal((await started.ended).status, 143);
  await s.eventually(async () => assert.equal(await isLeft(engine), false));
  const cut = await begin(s, ['--on', 'backend', '--forward', '0:db:5432'], engine.by.tcp);
  engine.cut();
  const run = await cut.started.ended;
  assert.equal(run.status, 125);
  assert.match(run.stderr, /^netexec: container docker-netexec-\S+ ended when the connection to the engine was lost/m);
  await s.eventually(async () => assert.equal(await isLeft(engine), false));
}

async function planned(s: Scenario, engine: FarEngine, options: RunOptions): Promise<void> {
  const { stdout: joined } = await must(s.netexec(['--on', 'backend', '--dry-run', '--', 'true'], engine.by.tcp));
  assert.match(joined, /^true would run in its own network, with connections into the network backend /);
  assert.match(joined, /^container +a helper container on \S+_backend +# --on$/m);
  const replacing = ['--stand-in', '--replace', '--dry-run', 'web', '--', 'true'];
  const { stdout } = await must(s.netexec(replacing, { ...options, env: { ...options.env, ...engine.by.tcp.env } }));
  assert.match(stdout, /^true would run in its own network, with connections into the place of web /);
  assert.match(stdout, /^container .*# --stand-in, for web; stopped until the end: netexec-test-article-web-1$/m);
  const other = await s.netexec(['--elevate', 'sudo', '--on', 'backend', '--', 'true'], options);
  assert.match(other.stderr, /^netexec: --elevate sudo needs an engine that runs on this machine's kernel, /);
  const missing = ['--stand-in', '--replace', 'web', '--', './no-such-program'];
  assert.equal((await s.netexec(missing, options)).status, 127);
  assert.equal(await state(s, engine, `${s.projectName}-web-1`), 'running');
  assert.equal(await isLeft(engine), false);
}
