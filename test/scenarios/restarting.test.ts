// Containers that do not stay up: whoever wants in is told why, and --restart waits for those that come back.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustFind } from './checks.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'restarts';

/** Starts a service of the profile, and takes it away again. */
async function begin(s: Scenario, service: string): Promise<void> {
  s.t.after(() => s.compose(['rm', '-fs', service]));
  await s.compose(['up', '-d', service]);
}

const stateOf = async (s: Scenario, service: string): Promise<string> => (await s.inspect(service)).State.Status;

/** Begins a pause between two starts that lasts longer than what is tried in it. */
async function pause(s: Scenario): Promise<void> {
  await begin(s, 'loop');
  const restarts = async (): Promise<number> =>
    Number((await s.docker(['inspect', '--format', '{{.RestartCount}}', `${s.projectName}-loop-1`])).stdout);
  await s.eventually(async () => (await restarts()) >= 7, 60);
  await s.eventually(async () => (await stateOf(s, 'loop')) === 'restarting', 60);
}

const told = 'loop keeps restarting \\(status 3, \\d+ times\\)';
const hint = 'see why: docker compose -p netexec-test-restarts logs loop';

scenario('a service that keeps restarting must be told from one that was stopped', { project }, async (s) => {
  await pause(s);
  const sentence = `netexec: ${told}: container netexec-test-restarts-loop-1 of project "netexec-test-restarts"`;
  for (const words of [
    ['loop', '--', 'true'],
    ['--check', 'loop', 'web:80'],
    ['--check', 'loop'],
  ]) {
    await s.subtest(words.join(' '), async () => {
      const run = await s.netexec(words);
      assert.deepEqual([run.status, run.stdout], [125, '']);
      assert.match(run.stderr, new RegExp(`^${sentence}\nhint: ${hint}$`));
    });
  }
  await s.subtest('by the name of its container', async () => {
    const name = 'netexec-test-restarts-loop-1';
    const run = await s.netexec(['--container', name, '--', 'true']);
    assert.match(
      run.stderr,
      new RegExp(`^netexec: ${name} keeps restarting \\(status 3, .*\nhint: see why: docker logs ${name}$`),
    );
  });
  await s.subtest('as the other end', () =>
    mustFind(s, ['web', 'loop:80'], 'not-running', new RegExp(`^${told}$`), new RegExp(`^${hint}$`)),
  );
  await s.subtest('by a TAB', async () => {
    const { stdout } = await must(s.docker(['__complete', 'netexec', 'lo']));
    assert.match(stdout, /^loop\t.*Restarting \(3\)/m);
  });
});

scenario('--restart begun in the pause between two starts must wait for the next', { project }, async (s) => {
  await pause(s);
  const words = ['--restart', 'loop', '--', 'sh', '-c', 'echo up; exec sleep 1000'];
  const started = await s.start(['docker', 'netexec', ...words]);
  await s.eventually(() => started.stderr() !== '');
  const waiting = 'netexec: waiting for loop, which keeps restarting \\(status 3, \\d+ times\\)\n';
  assert.match(started.stderr(), new RegExp(`^${waiting}$`));
  const ported = await s.start(['docker', 'netexec', '--forward', '0:80', ...words]);
  await s.eventually(() => assert.match(ported.stderr(), new RegExp(`^${waiting}$`)));
  await s.subtest('unless it is ended', async () => {
    const other = await s.start(['docker', 'netexec', ...words]);
    await s.eventually(() => other.stderr() !== '');
    other.kill('SIGTERM');
    const run = await other.ended;
    assert.deepEqual([run.status, run.stdout], [143, '']);
  });
  const mended = join(s.folder, 'mended');
  writeFileSync(mended, '');
  await must(s.docker(['cp', mended, `${s.projectName}-loop-1:/mended`]));
  await started.says('up');
  const there = 'netexec: netexec-test-restarts-loop-1 is running: starting COMMAND';
  assert.match(started.stderr(), new RegExp(`^${waiting}${there}\n$`));
  started.kill('SIGTERM');
  await started.ended;
  await ported.says('up');
  assert.match(ported.stderr(), new RegExp(`^${waiting}${there}\n127.0.0.1:\\d+ → localhost:80 in loop\n$`));
  ported.kill('SIGTERM');
  await ported.ended;
});

scenario('one that does not come back must not be waited for', { project }, async (s) => {
  await begin(s, 'unable');
  const run = await s.netexec(['--restart', 'unable', '--', 'true']);
  assert.equal(run.status, 125);
  assert.match(
    run.stderr,
    /^netexec: service "unable" of project ".*" is not running: .* was created but never started: .*no-such-program/,
  );
});

/** Whether the engine says that the container ended for want of memory: it may hear of that after the end, or never. */
async function endedForMemory(s: Scenario, service: string): Promise<boolean> {
  const asked = ['inspect', '--format', '{{.State.OOMKilled}}', `${s.projectName}-${service}-1`];
  return (await must(s.docker(asked))).stdout === 'true';
}

scenario('how a service has ended must be told where starting it once more does not help', { project }, async (s) => {
  const compose = 'docker compose -p netexec-test-restarts';
  for (const [service, what] of [
    ['tired', / exited with status 4, .*, after 2 restarts$/m],
    ['greedy', / exited with status 137, /m],
  ] as const) {
    await s.subtest(service, async () => {
      await begin(s, service);
      await s.eventually(async () => assert.equal(await stateOf(s, service), 'exited'), 60);
      const before = await endedForMemory(s, service);
      const run = await s.netexec([service, '--', 'true']);
      assert.match(run.stderr, what);
      if (before !== (await endedForMemory(s, service))) return;
      assert.equal(run.stderr.includes(', out of memory (OOM)'), before, run.stderr);
      const why = service === 'tired' || before ? `see why: ${compose} logs ${service}; ` : '';
      assert.ok(run.stderr.endsWith(`\nhint: ${why}start it: ${compose} start ${service}`), run.stderr);
    });
  }
});
