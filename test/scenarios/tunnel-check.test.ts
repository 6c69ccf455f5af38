// --check, --wait and --all where the network is not of this kernel, or is taken to be by --elevate tunnel: a helper container
// looks from inside, and what it sees is what would be seen here.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { beside, check, inNetwork, serve } from './checks.ts';
import type { Checked } from './checks.ts';
import { isLeft } from './far-commands.ts';
import { farEngine } from './far-engine.ts';
import type { FarEngine } from './far-engine.ts';
import { begin } from './forwarded.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';
import { engineMember as member, helpersOf, ordinaryUser } from './tunnelled.ts';

const asked = ['--elevate', 'tunnel'];

/** A line tells of it, once. */
const sendImage = (s: Scenario, words: readonly string[], options?: RunOptions): Promise<unknown> =>
  must(s.netexec([...words, '--check', 'web', 'localhost:8080'], options));

/** Whose process listens, and how long it takes, is not the same. */
const comparable = ({ Steps: steps, ...verdict }: Checked) => ({
  ...verdict,
  What: withoutTimes(verdict.What),
  Steps: steps.map(({ Step, Mark, Seen }) => `${Step} ${Mark} ${withoutTimes(Seen)}`),
});

const withoutTimes = (text: string): string =>
  text
    .replaceAll(/[\w-]+ \(pid \d+\) on /g, '')
    .replaceAll(/ in (?:less than )?[\d.]+ m?s\b/g, '')
    .replaceAll(/\(Up [^)]*\)+/g, '');

scenario('by a helper container --check must see what it sees here', { project: 'check' }, async (s) => {
  await sendImage(s, asked);
  await serve(s, 'silent', 9001);
  const address = await s.address('redis', 'front');
  const nobody = `${address.replace(/\d+$/, '251')}:80`;
  const well = ['postgres', 'redis:6379', 'http://api:8080/none', 'localhost:8080', `${address}:6379`, 'idle:9001'];
  const names = ['posgres:5432', 'nobody.invalid:80', 'vault:6379', 'sidecar:8080', 'moved:6379'];
  const ports = ['shy', 'modern:6379', 'redis:6380', 'localhost:6379', 'postgres:25432', 'https://api:8080/', nobody];
  const endpoints = [...well, ...names, ...ports];
  const here = await check(s, ['web', ...endpoints]);
  assert.ok(new Set(here.map(({ Cause }) => Cause)).size > 8, JSON.stringify(here.map(({ Cause }) => Cause)));
  for (const [name, options] of [
    ['root', {}],
    ['a user', await member(s)],
  ] as const)
    await s.subtest(name, async () => {
      const there = await check(s, [...asked, 'web', ...endpoints], options);
      assert.deepEqual(there.map(comparable), here.map(comparable));
      await s.eventually(async () => assert.deepEqual(await helpersOf(s), []));
    });
});

scenario('the tables of --check must be the same by helper containers', { project: 'check' }, async (s) => {
  await sendImage(s, asked);
  for (const words of [['--check', 'web'], ['--check']]) {
    const rows = async (...more: readonly string[]): Promise<string> => {
      const run = await s.netexec([...more, '--format', 'json', ...words]);
      assert.deepEqual([run.status, run.stderr], [0, '']);
      return run.stdout.replaceAll(/ \((?!loopback)[\w-]+\)"/g, '"');
    };
    assert.equal(await rows(...asked), await rows());
  }
  await s.eventually(async () => assert.deepEqual(await helpersOf(s), []));
});

scenario('what a helper container cannot see must be left out', { project: 'check' }, async (s) => {
  await sendImage(s, asked);
  const server = await beside(s, 'walled', ['serve-redis']);
  const rules =
    'add table inet guard; add chain inet guard in { type filter hook input priority 0; }; add rule inet guard in tcp dport 6379 drop';
  await inNetwork(s, server, ['nft', rules]);
  const [verdict] = await check(s, [...asked, 'web', `${server}:6379`]);
  assert.equal(verdict?.Cause, 'dropped', JSON.stringify(verdict));
  assert.doesNotMatch(JSON.stringify(verdict), /guard|pid \d/);
  assert.match(verdict.Hint, /^something drops the packets: /);
});

/** Of a network: port 9001 is 2329 there. */
const connections = (pid: number): string =>
  ['tcp', 'tcp6'].map((table) => readFileSync(`/proc/${pid}/net/${table}`, 'latin1')).join('');

scenario('a --check that is ended must leave no helper container', { project: 'check' }, async (s) => {
  await serve(s, 'silent', 9001);
  const server = (await s.inspect('idle')).State.Pid;
  for (const [signal, status] of [
    ['SIGTERM', 143],
    ['SIGKILL', undefined],
  ] as const) {
    const words = [...asked, '--timeout', '300', '--check', 'web', 'http://idle:9001/?token=secret'];
    const started = await s.start(['docker', 'netexec', ...words]);
    // One that is only made has no standard input whose end it could hear: those that look who listens are gone by then.
    await s.eventually(() => assert.match(connections(server), /:2329 \S+ 01 /));
    await s.eventually(async () => assert.deepEqual([(await helpersOf(s)).length, await helpersThatRun(s)], [1, 1]));
    // What it is asked for is nobody else's.
    const [helper = ''] = await helpersOf(s);
    assert.doesNotMatch((await must(s.docker(['inspect', helper]))).stdout, /idle|secret/);
    if (signal === 'SIGTERM') started.kill(signal);
    else
      for (const line of s.processes().filter((each) => /docker-netexec:main.* --check /.test(each)))
        process.kill(Number.parseInt(line, 10), signal);
    const run = await started.ended;
    if (status !== undefined) assert.equal(run.status, status, run.stderr);
    await s.eventually(async () => assert.deepEqual(await helpersOf(s), []));
  }
});

scenario('a remote engine must do for --check, --wait and --all as well', { project: 'article' }, async (s) => {
  const engine = await farEngine(s);
  await must(s.compose(['up', '-d', '--wait', '--scale', 'web=2'], engine.by.unix));
  await sendImage(s, [], engine.by.tcp);
  const user = await ordinaryUser(s, engine.by.tcp);
  for (const [name, options] of [
    ['tcp', engine.by.tcp],
    ['ssh', engine.by.ssh],
    ['a user', user],
    ['without namespaces', { env: { ...engine.by.tcp.env, NETEXEC_NO_NAMESPACES: '1' } }],
  ] as const)
    await s.subtest(`--check by ${name}`, () => checked(s, engine, options));
  for (const [name, options, port] of [
    ['tcp', engine.by.tcp, '7070'],
    ['a user', user, '7080'],
  ] as const) {
    await s.subtest(`--wait by ${name}`, () => waited(s, engine, options, port));
    await s.subtest(`--all by ${name}`, () => inAll(s, engine, options));
  }
  await s.subtest('ports that wait', () => waitingPorts(s, engine));
});

async function helpersThatRun(s: Scenario): Promise<number> {
  const format = ['inspect', '--format', '{{.State.Running}}'];
  const states = await Promise.all((await helpersOf(s)).map((id) => s.docker([...format, id])));
  return states.filter(({ stdout }) => stdout.trim() === 'true').length;
}

async function checked(s: Scenario, engine: FarEngine, options: RunOptions): Promise<void> {
  const [well, shut, misspelt] = await check(s, ['web', 'postgres', 'redis:6380', 'posgres:5432'], options);
  assert.deepEqual(
    well?.Steps.map(({ Step }) => Step),
    ['name', 'dns', 'route', 'listens', 'connect', 'answer'],
  );
  assert.match(well?.Steps.map(({ Seen }) => Seen).join('\n') ?? '', /^0\.0\.0\.0:5432[^]*^PostgreSQL/m);
  assert.deepEqual([shut?.Cause, shut?.Hint], ['wrong-port', 'use redis:6379, or make it listen on 6380']);
  assert.equal(misspelt?.Cause, 'name-unknown');
  const table = await must(s.netexec(['--check', 'web'], options));
  assert.match(table.stdout, /^postgres +backend +5432 +0\.0\.0\.0, :: +listens$/m);
  assert.match((await must(s.netexec(['--check'], options))).stdout, /^postgres +web +backend +8080 +:: +listens$/m);
  await s.eventually(async () => assert.equal(await isLeft(engine), false));
}

async function waited(s: Scenario, engine: FarEngine, options: RunOptions, port: string): Promise<void> {
  const words = ['--wait', `redis:${port}`, 'web', '--', 'sh', '-c', 'echo started'];
  const started = await s.start(['docker', 'netexec', ...words], options);
  await s.eventually(() =>
    assert.match(started.stderr(), /^netexec: waiting for redis:\d+, at most 60 s: redis listens/),
  );
  assert.equal(started.stdout(), '');
  await must(s.compose(['exec', '-T', '-d', 'redis', 'serve-http', port], engine.by.unix));
  const run = await started.ended;
  assert.deepEqual([run.status, run.stdout], [0, 'started'], run.stderr);
  const late = await s.netexec(['--timeout', '1', '--wait', 'redis:7071', 'web', '--', 'true'], options);
  assert.equal(late.status, 125);
  assert.match(late.stderr, /^netexec: redis:7071 is not ready after 1 s: redis listens on 6379/m);
}

async function inAll(s: Scenario, engine: FarEngine, options: RunOptions): Promise<void> {
  const script = `
    printf '%s\\n' "$(curl -sS --noproxy '*' -m 20 http://localhost:8080/)"
    psql -h postgres -U app -tAc 'select 1'
    exit "\${NETEXEC_CONTAINER##*-}"`;
  const run = await s.netexec(['--all', 'web', '--', 'sh', '-c', script], options);
  assert.equal(run.status, 2, run.stderr);
  for (const number of [1, 2]) {
    // Each on its own localhost, which tells its name.
    const own = await engine.docker('inspect', '-f', '{{.Config.Hostname}}', `${s.projectName}-web-${number}`);
    const said = run.stdout.split('\n').flatMap((line) => line.split(`web-${number}  | `)[1] ?? []);
    assert.deepEqual(said, [own, '1']);
  }
  await s.eventually(async () => assert.equal(await isLeft(engine), false));
}

async function waitingPorts(s: Scenario, engine: FarEngine): Promise<void> {
  const words = ['--wait', 'redis:6379', '--forward', '0:redis:6379', 'web'];
  const { started } = await begin(s, words, engine.by.tcp);
  started.kill('SIGTERM');
  assert.equal((await started.ended).status, 143);
  const late = await s.netexec(['--timeout', '1', '--wait', 'redis:7071', '--forward', '0:8080', 'web'], engine.by.tcp);
  assert.equal(late.status, 125);
  assert.match(late.stderr, /^netexec: redis:7071 is not ready after 1 s: /m);
}
