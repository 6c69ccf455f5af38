// The container ends while COMMAND runs in its network: netexec says so at once, and with --restart starts COMMAND again.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { openTerminal } from './command-terminal.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario, Started } from './scenario.ts';

const project = 'ends';

/** Says "up" and where it is, and ends when its input does. */
const untilInputEnds = ['sh', '-c', 'echo up; cat; echo done'];
/** Says "up" and the service's address, and ends when it is asked to. */
const untilAsked = [
  'sh',
  '-c',
  'trap "echo asked; exit 9" TERM; echo "up $(getent hosts web)"; while :; do sleep 0.1; done',
];

async function begin(s: Scenario, args: readonly string[], options?: RunOptions): Promise<Started> {
  const started = await s.start(['docker', 'netexec', ...args], options);
  await started.says('up');
  return started;
}

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');
const times = (text: string, word: string): number => text.split(word).length - 1;

/** Brings the project back to what the next scenario supposes. */
const bringBack = (s: Scenario): void =>
  s.t.after(async () => {
    await must(s.compose(['up', '-d', '--wait'], { timeout: 600_000 }));
  });

/** Right after a restart of its own Compose finds it ended now and then. */
const untilUp = (s: Scenario) => s.eventually(() => must(s.compose(['up', '-d', '--wait', 'web'])));

const web = 'netexec-test-ends-web-1';
const gone = (status: string): RegExp =>
  new RegExp(`^netexec: ${web} exited with status ${status}, and its network is gone: COMMAND continues`);

const ends: readonly (readonly [title: string, end: (s: Scenario) => Promise<unknown>, status: string])[] = [
  ['stopped', (s) => must(s.compose(['stop', 'web'])), '137'],
  ['restarted', (s) => must(s.compose(['restart', 'web'])), '137'],
  ['recreated', (s) => must(s.compose(['up', '-d', '--force-recreate', '--no-deps', 'web'])), '137'],
  ['killed', (s) => must(s.docker(['kill', '--signal', 'KILL', web])), '137'],
  ['removed', (s) => must(s.compose(['rm', '-sf', 'web'])), '137'],
];

for (const [title, end, status] of ends) {
  scenario(
    `when the container is ${title} that must be said in one line, and COMMAND live on`,
    { project },
    async (s) => {
      bringBack(s);
      const started = await begin(s, ['web', '--', ...untilInputEnds]);
      await end(s);
      await s.eventually(() => started.stderr() !== '');
      // Whatever else would be said of it would be said now.
      await untilUp(s);
      started.closeInput();
      const run = await started.ended;
      assert.deepEqual([run.stdout, run.status], ['up\ndone', 0]);
      assert.equal(lines(run.stderr).length, 1, run.stderr);
      assert.match(run.stderr, gone(status));
    },
  );
}

scenario('a container that ends by itself must be told with its status, at whatever moment', { project }, async (s) => {
  const name = `${s.projectName}-short`;
  const network = `${s.projectName}_back`;
  const options = ['--rm', '--name', name, '--network', network, 'netexec/busybox:1', 'sh', '-c'];
  const told = new RegExp(`^netexec: ${name} exited with status 7\\b`);
  const isGone = () => s.eventually(async () => assert.notEqual((await s.docker(['inspect', name])).status, 0));
  s.t.after(async () => await s.docker(['rm', '-f', name]));

  // While COMMAND runs, however long it took to start: it ends when its input does.
  const container = await s.start(['docker', 'run', '-i', ...options, 'echo up; cat; exit 7']);
  await container.says('up');
  const started = await begin(s, ['--container', name, '--', ...untilInputEnds]);
  container.closeInput();
  await s.eventually(() => started.stderr() !== '');
  started.closeInput();
  assert.match((await started.ended).stderr, told);
  await isGone();

  // While COMMAND is being started, or before, or after: a machine that has much to do is slow.
  for (const life of ['0.3', '0.6', '2']) {
    await must(s.docker(['run', '-d', ...options, `sleep ${life}; exit 7`]));
    const run = await s.start(['docker', 'netexec', '--container', name, '--', ...untilInputEnds]);
    await s.eventually(() => run.stderr() !== '');
    run.closeInput();
    const { stdout, stderr, status } = await run.ended;
    if (stdout === '')
      assert.deepEqual([status, stderr.startsWith('netexec: ')], [125, true], `after ${life} s: ${stderr}`);
    else assert.match(stderr, told, `after ${life} s`);
    assert.doesNotMatch(stderr, /nsenter:|\/proc\//, `after ${life} s`);
    await isGone();
  }
});

scenario(
  'a container that ends while it is entered must be told with its status, and no more',
  { project },
  async (s) => {
    const name = `${s.projectName}-entered`;
    s.t.after(async () => await s.docker(['rm', '-f', name]));
    const run = ['run', '-d', '--name', name, '--network', `${s.projectName}_back`, 'netexec/busybox:1', 'sh', '-c'];
    await must(s.docker([...run, 'trap "exit 7" TERM; while :; do sleep 0.05; done']));
    // The way by the engine takes long enough to be met in the middle: the helper is made (or another run's), then started.
    const made = ['--filter', 'event=create', '--format', '{{.Actor.Attributes.name}}'];
    // docker may take longer to listen than netexec to have one made.
    const events = await s.start(['docker', 'events', '--since', `${Math.floor(Date.now() / 1000)}`, ...made]);
    for (let round = 0; round < 5; round++) {
      await must(s.docker(['start', name]));
      const words = ['--elevate', 'docker', '--container', name, '--', 'cat'];
      const started = await s.start([...(await standalone(s)), ...words]);
      // Others make such containers, too.
      await s.eventually(() =>
        assert.match(events.stdout(), new RegExp(`^docker-netexec-${started.pid}-`, 'm'), started.stderr()),
      );
      await must(s.docker(['kill', '--signal', 'TERM', name]));
      started.closeInput();
      const { status, stderr } = await started.ended;
      if (status !== 0) assert.equal(status, 125);
      if (status !== 0 || stderr !== '')
        assert.match(stderr, new RegExp(`^netexec: (${name} exited with status 7\\b|.* \\(exit code 7\\)$)`, 'm'));
      assert.doesNotMatch(stderr, /cannot open|No such/);
    }
    events.kill('SIGTERM');
  },
);

scenario('the end of the container whose network another shares must be said, too', { project }, async (s) => {
  bringBack(s);
  const started = await begin(s, ['sidecar', '--', ...untilInputEnds]);
  await must(s.docker(['kill', '--signal', 'KILL', 'netexec-test-ends-db-1']));
  await s.eventually(() => started.stderr() !== '');
  started.closeInput();
  assert.match((await started.ended).stderr, /^netexec: netexec-test-ends-db-1 exited with status 137/);
});

scenario('a network that the container leaves, and is on again, must be said', { project }, async (s) => {
  const network = `${s.projectName}_front`;
  const said = [`netexec: ${web} has left network ${network}`, `netexec: ${web} is on network ${network} again`];
  const started = await begin(s, ['web', '--', ...untilInputEnds]);
  await must(s.docker(['network', 'disconnect', network, web]));
  await s.eventually(() => started.stderr() === `${said[0]}\n`);
  await must(s.docker(['network', 'connect', network, web]));
  await s.eventually(() => started.stderr() === `${said.join('\n')}\n`);
  started.closeInput();
  const run = await started.ended;
  assert.deepEqual([run.stderr, run.status], [said.join('\n'), 0]);
});

scenario('--restart must start COMMAND again in the new network, as often as it takes', { project }, async (s) => {
  bringBack(s);
  const started = await begin(s, ['--restart', 'web', '--', ...untilAsked]);
  let count = 1;
  for (const [title, end] of ends) {
    await s.subtest(title, async () => {
      await end(s);
      await untilUp(s);
      count += 1;
      await s.eventually(() => times(started.stdout(), 'up') === count);
      assert.equal(times(started.stdout(), 'asked'), count - 1, 'COMMAND is asked to end first');
      const last = lines(started.stdout()).at(-1) ?? '';
      assert.match(last, /^up 172\.|^up \d+\.\d+\.\d+\.\d+ /);
      const addresses = Object.values((await s.inspect('web')).NetworkSettings.Networks).map((each) => each.IPAddress);
      assert.ok(addresses.includes(last.split(' ')[1] ?? ''), `${last}: not one of ${addresses.join(', ')}`);
    });
  }
  const said = lines(started.stderr()).filter(
    (line) => !/^netexec: (waiting for web|.* is running again: restarting COMMAND)$/.test(line),
  );
  assert.equal(said.length, ends.length, started.stderr());
  started.kill('SIGTERM');
  const run = await started.ended;
  assert.equal(run.status, 9, 'what ends netexec ends COMMAND, and nothing starts again');
});

scenario('--restart must find the project again whatever --workdir says, by the engine too', { project }, async (s) => {
  bringBack(s);
  for (const elevate of ['auto', 'docker']) {
    const options = ['--restart', '--elevate', elevate, '-w', '/tmp'];
    const started = await begin(s, [...options, 'web', '--', 'sh', '-c', 'pwd; echo up; exec sleep 1000']);
    await must(s.compose(['restart', 'web']));
    await s.eventually(() => assert.equal(times(started.stdout(), '/tmp\nup'), 2, started.stderr()));
    started.kill('SIGTERM');
    await started.ended;
  }
});

scenario('with --restart the end of COMMAND itself must be the end', { project }, async (s) => {
  for (const status of [0, 3]) {
    const run = await s.netexec(['--restart', 'web', '--', 'sh', '-c', `exit ${status}`]);
    assert.deepEqual([run.status, run.stdout, run.stderr], [status, '', '']);
  }
});

scenario('a COMMAND that does not end when asked must be ended by --restart', { project }, async (s) => {
  const stubborn = ['sh', '-c', 'trap "" TERM; echo up; while :; do sleep 0.1; done'];
  const started = await begin(s, ['--restart', 'web', '--', ...stubborn]);
  await must(s.compose(['restart', 'web']));
  await s.eventually(() => times(started.stdout(), 'up') === 2);
});

for (const [signal, status] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const) {
  scenario(`${signal} must end a netexec that waits for the service`, { project }, async (s) => {
    bringBack(s);
    const started = await s.start([...(await standalone(s)), '--restart', 'web', '--', ...untilAsked]);
    await started.says('up');
    await must(s.compose(['stop', 'web']));
    await s.eventually(() => started.stderr().includes('netexec: waiting for web'));
    started.kill(signal);
    const run = await started.ended;
    assert.equal(run.status, status, run.stderr);
    assert.deepEqual(s.processes(), []);
  });
}

scenario('a COMMAND that lives through a Ctrl-C must still be started again', { project }, async (s) => {
  bringBack(s);
  const terminal = await openTerminal(s);
  const file = join(s.folder, 'out');
  const said = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  const script = join(s.folder, 'script');
  writeFileSync(script, 'trap "echo int" INT\ntrap "echo asked; exit" TERM\necho up\nwhile :; do sleep 0.1; done\n');
  // docker, whose output goes to a file, hangs up at a Ctrl-C.
  await terminal.type(`docker netexec --restart web -- sh ${script} >${file}`);
  await s.eventually(() => said().includes('up'));
  await terminal.press('C-c');
  await s.eventually(() => said().includes('int'));
  await must(s.compose(['restart', 'web']));
  await s.eventually(() => times(said(), 'up') === 2);
  assert.equal(times(said(), 'asked'), 1);
});

/** Signals that are sent to docker are another matter. */
const standalone = async (s: Scenario): Promise<readonly string[]> => {
  const { DOCKER_CONFIG: config = '' } = await s.environment();
  return [join(config, 'cli-plugins/docker-netexec')];
};

scenario('an engine that goes away and comes back must be listened to again', { project }, async (s) => {
  bringBack(s);
  const between = await proxy(s);
  const started = await begin(s, ['web', '--', ...untilInputEnds], {
    env: { DOCKER_HOST: `unix://${between.socket}` },
  });
  await s.eventually(() => between.connections() > 0 && between.asked().includes('GET /events'));
  between.cut();
  await s.eventually(() => between.asked().split('GET /events').length > 2);
  await must(s.docker(['kill', '--signal', 'KILL', web]));
  await s.eventually(() => started.stderr() !== '');
  started.closeInput();
  assert.match((await started.ended).stderr, gone('137'));
});

/** A socket between netexec and the engine. */
async function proxy(s: Scenario): Promise<{ socket: string; cut(): void; connections(): number; asked(): string }> {
  const socket = join(s.folder, 'engine.sock');
  const open = new Set<Socket>();
  let asked = '';
  const server = createServer((near) => {
    const far = connect({ path: process.env['DOCKER_HOST']?.replace(/^unix:\/\//, '') ?? '/var/run/docker.sock' });
    open.add(near);
    near.on('data', (data) => (asked += data.toString('latin1')));
    near.pipe(far).pipe(near);
    for (const end of [near, far]) {
      end.on('error', () => {});
      end.on('close', () => {
        near.destroy();
        far.destroy();
        open.delete(near);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  s.t.after(() => {
    server.close();
    for (const near of open) near.destroy();
    rmSync(socket, { force: true });
  });
  return {
    socket,
    cut: () => {
      for (const near of open) near.destroy();
    },
    connections: () => open.size,
    asked: () => asked,
  };
}
