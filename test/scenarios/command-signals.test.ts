// Signals without a terminal: what is sent to docker or to netexec reaches COMMAND, and COMMAND never outlives them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  isNetexec,
  groupIsThere,
  isAlive,
  parentOf,
  processNumbered,
  processesOfGroup,
  recorder,
  recorderStatus,
  signalGroup,
  startAlone,
} from './command-process.ts';
import type { Process, Recorder } from './command-process.ts';
import { installedPlugin } from './grounds.ts';
import { scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import type { Run, Started } from './steps.ts';

const project = 'command';

interface Running {
  readonly docker: Process;
  readonly netexec: Process;
  readonly command: Process;
  readonly started: Started;
  readonly ended: Promise<Run>;
}

async function runThroughDocker(s: Scenario, command: Recorder, prefix: readonly string[] = []): Promise<Running> {
  const started = await startAlone(s, [...prefix, 'docker', 'netexec', 'web', '--', ...command.argv]);
  const process = await command.running();
  const netexec = parentOf(process);
  return { started, ended: started.ended, command: process, netexec, docker: parentOf(netexec) };
}

const send = ({ pid }: Process, signal: NodeJS.Signals): boolean => process.kill(pid, signal);

/** Well before `startAlone` would see to it. */
const goneAll = (s: Scenario, ...processes: readonly Process[]): Promise<boolean> =>
  s.eventually(() => !processes.some(isAlive));

/** While docker lives, or has been told to end, its status is COMMAND's. */
const handedOn = [
  { signal: 'SIGTERM', to: 'docker', arrives: 'TERM' },
  { signal: 'SIGTERM', to: 'netexec', arrives: 'TERM' },
  { signal: 'SIGHUP', to: 'netexec', arrives: 'HUP' },
  { signal: 'SIGINT', to: 'netexec', arrives: 'INT' },
  { signal: 'SIGQUIT', to: 'netexec', arrives: 'QUIT' },
  // docker does not say which signal it got.
  { signal: 'SIGINT', to: 'docker', arrives: 'TERM' },
] as const;

scenario(
  'a signal must reach COMMAND once, and the status be the one COMMAND then ends with',
  { project },
  async (s) => {
    for (const { signal, to, arrives } of handedOn) {
      await s.subtest(`${signal} to ${to}`, async () => {
        const command = recorder(s);
        const running = await runThroughDocker(s, command);
        send(running[to], signal);
        const run = await running.ended;
        assert.deepEqual([run.status, run.signal, run.stderr], [recorderStatus[arrives], undefined, '']);
        assert.deepEqual(command.signals(), [arrives]);
        await goneAll(s, running.command, running.netexec);
      });
    }
  },
);

scenario('a signal that COMMAND outlives must leave everything running', { project }, async (s) => {
  const command = recorder(s, ['TERM']);
  const running = await runThroughDocker(s, command);
  const sent = ['USR1', 'USR2', 'HUP', 'INT', 'QUIT'] as const;
  for (const [index, name] of sent.entries()) {
    send(running.netexec, `SIG${name}`);
    await s.eventually(() => assert.deepEqual(command.signals(), sent.slice(0, index + 1)));
  }
  assert.deepEqual([running.docker, running.netexec, running.command].map(isAlive), [true, true, true]);
  send(running.netexec, 'SIGTERM');
  assert.equal((await running.ended).status, recorderStatus.TERM);
});

scenario('a SIGTERM to docker right behind a SIGINT to netexec must reach COMMAND', { project }, async (s) => {
  const command = recorder(s, ['TERM']);
  const running = await runThroughDocker(s, command);
  send(running.netexec, 'SIGINT');
  await s.eventually(() => assert.deepEqual(command.signals(), ['INT']));
  send(running.docker, 'SIGTERM');
  await s.eventually(() => assert.deepEqual(command.signals(), ['INT', 'TERM']));
  assert.equal((await running.ended).status, recorderStatus.TERM);
});

scenario('signals must reach COMMAND when netexec is called directly', { project }, async (s) => {
  const plugin = join(await installedPlugin(), 'cli-plugins/docker-netexec');
  for (const name of ['TERM', 'HUP', 'INT', 'QUIT'] as const) {
    await s.subtest(`SIG${name}`, async () => {
      const command = recorder(s);
      const started = await startAlone(s, [plugin, 'web', '--', ...command.argv]);
      assert.equal(parentOf(await command.running()).pid, started.pid);
      started.kill(`SIG${name}`);
      const run = await started.ended;
      assert.deepEqual([run.status, run.stderr, command.signals()], [recorderStatus[name], '', [name]]);
    });
  }
});

scenario(
  "a COMMAND without handlers must end by the signal, docker's status being 128 and its number",
  { project },
  async (s) => {
    for (const to of ['docker', 'netexec'] as const) {
      const started = await startAlone(s, ['docker', 'netexec', 'web', '--', 'sh', '-c', 'echo $$; exec sleep 1000']);
      const command = await s.eventually(() => processNumbered(Number(started.stdout())));
      const netexec = parentOf(command);
      send(to === 'netexec' ? netexec : parentOf(netexec), 'SIGTERM');
      assert.equal((await started.ended).status, 143);
    }
  },
);

scenario("docker's own end, whatever its cause, must reach COMMAND as SIGTERM", { project }, async (s) => {
  for (const signal of ['SIGKILL', 'SIGHUP', 'SIGQUIT', 'SIGABRT'] as const) {
    await s.subtest(signal, async () => {
      const command = recorder(s);
      const running = await runThroughDocker(s, command);
      send(running.docker, signal);
      await goneAll(s, running.docker, running.netexec, running.command);
      assert.deepEqual(command.signals(), ['TERM']);
    });
  }
});

scenario(
  'a COMMAND that lives through SIGTERM must be let live, and end when docker ends netexec',
  { project },
  async (s) => {
    const command = recorder(s, []);
    const running = await runThroughDocker(s, command);
    send(running.docker, 'SIGTERM');
    await s.eventually(() => assert.deepEqual(command.signals(), ['TERM']));
    send(running.docker, 'SIGTERM');
    send(running.netexec, 'SIGUSR1');
    await s.eventually(() => assert.deepEqual(command.signals(), ['TERM', 'USR1']));
    assert.ok(isAlive(running.netexec));
    // The third makes docker kill netexec.
    send(running.docker, 'SIGTERM');
    await goneAll(s, running.docker, running.netexec, running.command);
    assert.deepEqual([(await running.ended).status, command.signals()], [1, ['TERM', 'USR1']]);
  },
);

scenario('kill -9 of netexec must end COMMAND, even one that ignores every signal', { project }, async (s) => {
  const command = recorder(s, []);
  const running = await runThroughDocker(s, command);
  send(running.netexec, 'SIGKILL');
  await goneAll(s, running.docker, running.netexec, running.command);
  assert.deepEqual(command.signals(), []);
});

scenario('kill -9 of netexec must end COMMAND for another user as well', { project }, async (s) => {
  const command = recorder(s, []);
  const started = await startAlone(s, ['docker', 'netexec', '-u', 'nobody', 'web', '--', ...command.argv]);
  const process = await command.running();
  const netexec = parentOf(process);
  send(netexec, 'SIGKILL');
  await goneAll(s, netexec, process);
  await started.ended;
});

/** From before netexec has read its arguments until after COMMAND has started. */
const moments = Array.from({ length: 14 }, (_, index) => index * 13);

scenario('whenever netexec is killed, COMMAND and its mounts must be gone with it', { project }, async (s) => {
  // The stage's mounts bear this name; others on the machine may come and go.
  const mounts = (): readonly string[] =>
    readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((line) => / - \w+ netexec /.test(line));
  for (const moment of moments) {
    const started = await startAlone(s, ['docker', 'netexec', 'web', '--', 'sleep', '1000']);
    await groupIsThere(s, started);
    await pause(moment);
    const netexec = processesOfGroup(started.pid).find(isNetexec);
    if (netexec === undefined) signalGroup(started.pid, 'SIGKILL');
    else send(netexec, 'SIGKILL');
    await s.eventually(() => assert.deepEqual(processesOfGroup(started.pid), [], `killed after ${moment} ms`));
  }
  assert.deepEqual(mounts(), []);
});

scenario('whenever docker gets SIGTERM, all must end', { project }, async (s) => {
  for (const moment of moments) {
    const started = await startAlone(s, ['docker', 'netexec', 'web', '--', 'sleep', '1000']);
    await pause(moment);
    started.kill('SIGTERM');
    await s.eventually(() => assert.deepEqual(processesOfGroup(started.pid), [], `SIGTERM after ${moment} ms`));
    const run = await started.ended;
    // Until docker has taken signals over, SIGTERM simply ends it.
    assert.deepEqual([run.status ?? run.signal, run.stderr], [run.signal ?? 143, '']);
  }
});

scenario('timeout(1) must end COMMAND, docker and netexec', { project }, async (s) => {
  // Of its own accord timeout signals its whole process group, itself included; in the foreground, docker alone.
  const rows = [
    { options: ['2'], end: [124, undefined] },
    { options: ['-s', 'KILL', '2'], end: [undefined, 'SIGKILL'] },
    { options: ['--foreground', '2'], end: [124, undefined] },
  ];
  for (const { options, end } of rows) {
    await s.subtest(`timeout ${options.join(' ')}`, async () => {
      const command = recorder(s);
      const running = await runThroughDocker(s, command, ['timeout', ...options]);
      const run = await running.ended;
      assert.deepEqual([run.status, run.signal], end);
      await goneAll(s, running.docker, running.netexec, running.command);
    });
  }
});

scenario('signals that the caller ignores must be ignored by COMMAND', { project }, async (s) => {
  const show = 'grep SigIgn /proc/self/status';
  const plugin = join(await installedPlugin(), 'cli-plugins/docker-netexec');
  // docker itself handles all but SIGHUP, and so unlearns that they were ignored.
  const rows: readonly (readonly [name: string, before: string, netexec: string, after: string])[] = [
    ['none, through docker', '', 'docker netexec', ''],
    ['none, called directly', '', plugin, ''],
    ['nohup, through docker', 'nohup ', 'docker netexec', ' 2>&1 | cat'],
    ['SIGHUP, through docker', "trap '' HUP; ", 'docker netexec', ''],
    ['several, called directly', "trap '' HUP INT QUIT USR1; ", plugin, ''],
    ['in the background of a script, called directly', '', plugin, ' & wait'],
  ];
  for (const [name, before, netexec, after] of rows) {
    await s.subtest(name, async () => {
      const outside = await s.run(['bash', '-c', `${before}${show}${after}`]);
      assert.match(outside.stdout, /SigIgn/);
      const inside = await s.run(['bash', '-c', `${before}${netexec} web -- ${show}${after}`]);
      assert.equal(inside.stdout, outside.stdout);
    });
  }
});

scenario('a COMMAND under nohup must go on when its shell ends and its terminal hangs up', { project }, async (s) => {
  const command = recorder(s, ['TERM']);
  const line = 'nohup docker netexec web -- "$@" >/dev/null 2>&1 & exit 4';
  const shell = await startAlone(s, ['bash', '-c', line, 'bash', ...command.argv]);
  const running = await command.running();
  const netexec = parentOf(running);
  assert.equal((await shell.ended).status, 4);
  signalGroup(shell.pid, 'SIGHUP');
  // Told after the hang-up, so answered after it.
  send(running, 'SIGUSR1');
  await s.eventually(() => assert.deepEqual(command.signals(), ['USR1']));
  assert.deepEqual([running, netexec].map(isAlive), [true, true]);
  send(netexec, 'SIGTERM');
  await goneAll(s, running, netexec);
  assert.deepEqual(command.signals(), ['USR1', 'TERM']);
});
