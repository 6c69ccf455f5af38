// --wait: COMMAND starts when the service can connect.
import assert from 'node:assert/strict';
import { everyCaller, kindsOfCallers, useCallers } from './callers.ts';
import type { Caller } from './callers.ts';
import { descendantsOf, isNetexec, processesOfGroup, startAlone } from './command-process.ts';
import { openTerminal } from './command-terminal.ts';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario, Started } from './scenario.ts';

const project = 'documents';
const callers = useCallers(project);

const portOf = (caller: Caller): string => String(9500 + kindsOfCallers.indexOf(caller));

/** On the caller's engine, until the container ends. */
const serve = (s: Scenario, service: string, port: string, { env }: RunOptions) => {
  const { DOCKER_HOST: host } = env ?? {};
  const line = ['docker', 'exec', '-d', `${s.projectName}-${service}-1`, 'serve-http', port];
  return must(s.run(line, host === undefined ? {} : { env: { DOCKER_HOST: host } }));
};

const saysOnStderr = (s: Scenario, started: Started, text: string): Promise<void> =>
  s.eventually(() => assert.ok(started.stderr().includes(text), started.stderr()));

everyCaller('COMMAND must start when the service can connect, and not before', { project }, async (s, caller) => {
  const endpoint = `api:${portOf(caller)}`;
  const step = callers.step(s, caller);
  const line = ['--wait', endpoint, '--wait', 'redis:6379', 'web', '--', 'curl', '-sf', `http://${endpoint}/`];
  const started = await s.start(['docker', 'netexec', ...line], step);
  await saysOnStderr(s, started, `netexec: waiting for ${endpoint}, at most 60 s: `);
  assert.equal(started.stdout(), '');
  await serve(s, 'api', portOf(caller), step);
  const { status, stdout, stderr } = await started.ended;
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^[0-9a-f]{12}$/);
  assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
});

everyCaller('where time is up the cause must be told, and COMMAND must not start', { project }, async (s, caller) => {
  const line = ['--wait', 'postgres:5432', '--wait', 'api:9600', '--timeout', '1', 'web', '--', 'echo', 'started'];
  const run = await s.netexec(line, callers.step(s, caller));
  assert.deepEqual([run.status, run.stdout], [125, '']);
  // A look may take as long as that: then there is nothing more to wait for.
  const [what, hint] = run.stderr.split('\n').slice(-2);
  assert.match(run.stderr, /^(netexec: waiting for api:9600, at most 1 s: .*\n)?netexec: .*\nhint: .*$/);
  assert.match(what ?? '', /^netexec: api:9600 is not ready after 1 s: (api listens on|.*refused)/);
  assert.match(hint ?? '', /^hint: ./);
});

scenario('with --restart COMMAND must wait each time that it starts', { project }, async (s) => {
  const server = {
    image: 'netexec/servers:1',
    pull_policy: 'never',
    stop_signal: 'SIGKILL',
    command: ['sleep', 'infinity'],
  };
  const options = await bringUp(s, 'netexec-test-again', JSON.stringify({ services: { web: server, api: server } }));
  const serving = () => must(s.compose(['exec', '-d', 'api', 'serve-http', '8080'], options));
  const command = ['sh', '-c', 'echo started; exec sleep 300'];
  const started = await s.start(
    ['docker', 'netexec', '--restart', '--wait', 'api:8080', 'web', '--', ...command],
    options,
  );
  const times = (pattern: RegExp, text: string): number => Array.from(text.matchAll(pattern)).length;
  const waits = (count: number) =>
    s.eventually(() => assert.equal(times(/waiting for api:8080/g, started.stderr()), count, started.stderr()));
  const starts = (count: number) => s.eventually(() => assert.equal(times(/started/g, started.stdout()), count));
  await waits(1);
  await serving();
  await starts(1);
  await must(s.compose(['restart', '-t', '0', 'api', 'web'], options));
  await waits(2);
  assert.equal(times(/started/g, started.stdout()), 1);
  await serving();
  await starts(2);
  started.kill('SIGTERM');
  assert.equal((await started.ended).status, 143);
  await s.eventually(() => assert.deepEqual(s.processes(), []));
});

everyCaller('a signal must end the waiting, and leave nothing behind', { project }, async (s, caller) => {
  for (const [signal, status] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    const line = ['docker', 'netexec', '--wait', 'api:9601', 'web', '--', 'echo', 'started'];
    const started = await startAlone(s, line, callers.step(s, caller));
    await saysOnStderr(s, started, 'waiting for api:9601');
    const netexec = descendantsOf(started.pid).find(isNetexec);
    assert.ok(netexec !== undefined);
    process.kill(netexec.pid, signal);
    const run = await started.ended;
    assert.deepEqual([run.status, run.stdout], [status, '']);
    await s.eventually(() => assert.deepEqual(processesOfGroup(started.pid), []));
  }
});

everyCaller('Ctrl-C must end the waiting', { project }, async (s, caller) => {
  const terminal = await openTerminal(s, callers.step(s, caller));
  await terminal.type('docker netexec --wait api:9601 web -- echo started');
  await terminal.shows(/waiting for api:9601/);
  await terminal.press('C-c');
  await terminal.atPrompt();
  assert.equal(await terminal.status(), 130);
  assert.doesNotMatch(await terminal.screen(), /^started/m);
});

scenario("docker's end must be the waiting's", { project }, async (s) => {
  const started = await s.start(['docker', 'netexec', '--wait', 'api:9601', 'web', '--', 'echo', 'started']);
  await saysOnStderr(s, started, 'waiting for api:9601');
  started.kill('SIGTERM');
  const run = await started.ended;
  assert.deepEqual([run.status, run.stdout], [143, '']);
  await s.eventually(() => assert.deepEqual(s.processes(), []));
});

scenario('what connects at once must be no word worth', { project }, async (s) => {
  const line = [
    '--wait',
    'redis://redis',
    '--wait',
    'postgres',
    '--wait',
    'http://api:8080/',
    'web',
    '--',
    'echo',
    'there',
  ];
  const run = await s.netexec(line);
  assert.deepEqual([run.status, run.stdout, run.stderr], [0, 'there', '']);
});

scenario('COMMAND must wait until the healthcheck is content', { project }, async (s) => {
  const server = { image: 'netexec/servers:1', pull_policy: 'never', stop_signal: 'SIGKILL' };
  const healthcheck = { test: ['CMD', 'test', '-e', '/tmp/well'], interval: '200ms', retries: 1 };
  const command = ['sh', '-c', 'touch /tmp/well; exec serve-http 8080'];
  const services = { web: { ...server, command: ['sleep', 'infinity'] }, api: { ...server, command, healthcheck } };
  const options = await bringUp(s, 'netexec-test-health', JSON.stringify({ services }));
  const inApi = (...words: readonly string[]) => must(s.compose(['exec', '-T', 'api', ...words], options));
  await inApi('rm', '/tmp/well');
  await s.eventually(async () => assert.match((await s.compose(['ps', 'api'], options)).stdout, /unhealthy/));

  const over = await s.netexec(['--wait', 'api:8080', '--timeout', '1', 'web', '--', 'echo', 'started'], options);
  assert.deepEqual([over.status, over.stdout], [125, '']);
  assert.match(over.stderr, /^netexec: api:8080 is not ready after 1 s: it connects, but api is unhealthy\nhint: /m);

  const started = await s.start(['docker', 'netexec', '--wait', 'api:8080', 'web', '--', 'echo', 'started'], options);
  await saysOnStderr(s, started, 'it connects, but api is unhealthy');
  await inApi('touch', '/tmp/well');
  const run = await started.ended;
  assert.deepEqual([run.status, run.stdout], [0, 'started']);
});

scenario('--dry-run must say what is waited for, and not wait', { project }, async (s) => {
  const { stdout, stderr } = await must(s.netexec(['--dry-run', '--wait', 'api:9601', 'web', '--', 'true']));
  assert.match(stdout, /^wait +api:9601 +# --wait: /m);
  assert.equal(stderr, '');
});

scenario('ports must be forwarded when the service can connect, and not before', { project }, async (s) => {
  const line = ['docker', 'netexec', '--wait', 'api:9700', '--forward', '0:api:9700', 'web'];
  const started = await s.start(line);
  await saysOnStderr(s, started, 'waiting for api:9700');
  assert.doesNotMatch(started.stderr(), /→/);
  await serve(s, 'api', '9700', {});
  await saysOnStderr(s, started, '→ api:9700');
  const [, port] = /:(\d+) → api:9700/.exec(started.stderr()) ?? [];
  const { stdout } = await must(s.run(['curl', '-sf', `http://127.0.0.1:${port}/`]));
  assert.match(stdout, /^[0-9a-f]{12}$/);
});

scenario('what is no endpoint must be refused', { project }, async (s) => {
  for (const [given, expected] of [
    ['api:port', /^netexec: invalid value "api:port" for --wait: expected HOST, HOST:PORT .*\nhint: /],
    ['', /^netexec: invalid value "" for --wait/],
  ] as const) {
    const run = await s.netexec(['--wait', given, 'web', '--', 'echo', 'started']);
    assert.deepEqual([run.status, run.stdout], [125, '']);
    assert.match(run.stderr, expected);
  }
});

scenario('a place on networks, and a stand-in, must wait for what they reach', { project }, async (s) => {
  const file = `services:
  db: &server
    image: netexec/servers:1
    pull_policy: never
    dns: 127.0.0.1
    stop_grace_period: 0s
    command: [sleep, infinity]
    networks: [backend]
  far:
    <<: *server
    networks: [other]
  later:
    image: netexec/nowhere
    networks: [backend]
networks: { backend: , other: }
`;
  const options = await bringUp(s, 'netexec-test-wait-places', file, {}, ['db', 'far']);
  const get = ['curl', '-sSf', '-o', '/dev/null', 'http://db:8080/'];
  const places = [
    ['--on', 'backend', '--'],
    ['--stand-in', 'later', '--'],
  ];
  await s.subtest('no longer than they are told', async () => {
    for (const words of places) {
      const run = await s.netexec(['--wait', 'db:8080', '--timeout', '1', ...words, 'echo', 'started'], options);
      assert.deepEqual([run.status, run.stdout], [125, '']);
      assert.match(run.stderr, /^netexec: db:8080 is not ready after 1 s: nothing in db listens on /m);
    }
  });
  await s.subtest('and what is elsewhere must be told so', async () => {
    const run = await s.netexec(['--wait', 'far:80', '--timeout', '1', '--on', 'backend', '--', 'true'], options);
    assert.match(
      run.stderr,
      /^netexec: far:80 is not ready after 1 s: far and COMMAND have no network in common\nhint: see who is on which network: docker netexec --list-networks$/m,
    );
  });
  await s.subtest('until it is there', async () => {
    const started = await Promise.all(
      places.map((words) => s.start(['docker', 'netexec', '--wait', 'db:8080', ...words, ...get], options)),
    );
    for (const each of started) await saysOnStderr(s, each, 'netexec: waiting for db:8080, at most 60 s: ');
    await must(s.compose(['exec', '-d', 'db', 'serve-http', '8080'], options));
    for (const { ended } of started) assert.equal((await ended).status, 0);
  });
  await s.subtest('and end at once where their container ends', async () => {
    const started = await s.start(['docker', 'netexec', '--wait', 'db:9090', '--stand-in', 'later', 'true'], options);
    await saysOnStderr(s, started, 'netexec: waiting for db:9090');
    await must(s.docker(['rm', '-f', 'netexec-test-wait-places-later-1'], options));
    assert.equal((await started.ended).status, 125);
  });
});
