// --forward and --proxy when something ends: the run as it begins, the container, the relay itself.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { closes, end, outcome } from './forwarded.ts';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario, Started } from './scenario.ts';

const project = 'article';

const own = `services:
  web:
    image: netexec/servers:1
    pull_policy: never
    command: [serve-http, '8080']
    stop_grace_period: 0s
`;

/** @returns the number of netexec's process of that role, once it is there */
async function seen(s: Scenario, role: 'main' | 'relay'): Promise<number> {
  for (;;) {
    const line = s.processes().find((each) => each.includes(`docker-netexec:${role}`));
    if (line !== undefined) return Number.parseInt(line, 10);
    await pause(1);
  }
}

const told = (started: Started): readonly number[] =>
  [...started.stderr().matchAll(/^127\.0\.0\.1:(\d+) → /gm)].map(([, port]) => Number(port));

scenario('what ends netexec before COMMAND starts must end it, and COMMAND never run', { project }, async (s) => {
  for (const [signal, status] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    await s.subtest(signal, async () => {
      for (let tried = 1; ; tried += 1) {
        const started = await s.start(['docker', 'netexec', '--forward', '0:8080', 'web', '--', 'echo', 'up']);
        // Held, it takes no port; or it was ready before.
        process.kill(await seen(s, 'relay'), 'SIGSTOP');
        process.kill(await seen(s, 'main'), signal);
        const run = await started.ended;
        await s.eventually(() => s.processes().length === 0);
        if (told(started).length > 0 && tried < 20) continue;
        assert.deepEqual([run.status, run.stdout, run.stderr], [status, '', '']);
        break;
      }
    });
  }
});

scenario('more ports than files may be open must be refused, and none be led', { project }, async (s) => {
  const temporary = join(s.folder, 'temporary');
  mkdirSync(temporary);
  const env = { TMPDIR: temporary, XDG_RUNTIME_DIR: undefined };
  const ports = Array.from({ length: 20 }, (_, index) => ['--forward', '0:8080', '--reverse', `${9100 + index}`]);
  const said = 'netexec: the limit on open files is too low for this many ports';
  const hint = 'hint: ulimit -n shows it in this shell, and raises it';
  let refused = 0;
  // How many are enough depends on whether there is IPv6, on either side.
  for (let limit = 66; limit < 130; limit += 4) {
    const through = (argv: readonly string[]) => ['prlimit', `--nofile=${limit}:${limit}`, '--', ...argv];
    const run = await s.netexec([...ports.flat(), 'web', '--', 'echo', 'up'], { env, through });
    assert.ok(
      run.status === 0 ? run.stdout === 'up' : run.status === 125 && run.stdout === '',
      `${limit}: ${run.stderr}`,
    );
    if (run.stderr === `${said}\n${hint}`) refused += 1;
    await s.eventually(() => s.processes().length === 0);
    assert.deepEqual(readdirSync(temporary), []);
  }
  assert.ok(refused > 0);
});

scenario('ports must be told once they lead on, however late that is', { project }, async (s) => {
  const options = await bringUp(s, 'netexec-test-forward-ends', own);
  const started = await s.start(['docker', 'netexec', '--restart', '--forward', '0:8080', 'web'], options);
  const relay = await seen(s, 'relay');
  process.kill(relay, 'SIGSTOP');
  await must(s.compose(['stop', 'web'], options));
  process.kill(relay, 'SIGKILL');
  await s.eventually(() => started.stderr().includes('waiting for web'));
  assert.deepEqual(told(started), []);
  await must(s.compose(['start', 'web'], options));
  await s.eventually(() => told(started).length === 1);
  const [port] = told(started);
  await s.eventually(async () => (await s.run(['curl', '-sSf', `http://127.0.0.1:${port}/`])).status === 0);
  // And no more than once.
  await must(s.compose(['restart', 'web'], options));
  await s.eventually(() => started.stderr().match(/is running again/g)?.length === 2);
  await s.eventually(async () => (await s.run(['curl', '-sSf', `http://127.0.0.1:${port}/`])).status === 0);
  assert.equal(told(started).length, 1);
  assert.equal((await end(s, { started, ports: told(started) })).status, 143);
  await closes(s, port);
});

scenario(
  'with --restart clients must wait while the container is away, and COMMAND be served',
  { project },
  async (s) => {
    const options = await bringUp(s, 'netexec-test-forward-ends', own);
    const words = ['--restart', '--forward', '0:8080', 'web', '--', 'sh', '-c', 'echo up; exec sleep 600'];
    const started = await s.start(['docker', 'netexec', ...words], options);
    await started.says('up');
    const [port = 0] = told(started);
    const get = ['curl', '-sSf', '--max-time', '60', `http://127.0.0.1:${port}/`];
    await must(s.run(get));
    await must(s.compose(['stop', 'web'], options));
    await s.eventually(() => started.stderr().includes('waiting for web'));
    await s.eventually(() => !s.processes().some((line) => line.includes('docker-netexec:relay')));
    const waits = s.run(get);
    await must(s.compose(['start', 'web'], options));
    await must(waits);

    await s.subtest('without its relay they must be refused, until COMMAND starts again', async () => {
      const said = 'netexec: warning: the relay exited with status 137: no ports are forwarded until COMMAND restarts';
      process.kill(await seen(s, 'relay'), 'SIGKILL');
      await s.eventually(() => started.stderr().includes(said));
      assert.equal(await outcome(port), 'ECONNREFUSED');
      await must(s.compose(['restart', 'web'], options));
      await s.eventually(() => started.stdout() === 'up\nup\nup\n');
      await must(s.run(get));
    });
    assert.equal((await end(s, { started, ports: [port] })).status, 143);
    assert.equal(told(started).length, 1);
  },
);
