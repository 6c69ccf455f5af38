// Signals, and netexec's own end: whichever way COMMAND got in, they reach it, and nothing is left.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { everyCaller, everyRow, kindsOfCallers, useCallers } from './callers.ts';
import type { Caller } from './callers.ts';
import {
  commandLineOf,
  isNetexec,
  descendantsOf,
  isAlive,
  parentOf,
  processesOfGroup,
  processNumbered,
  recorder,
  recorderStatus,
  startAlone,
} from './command-process.ts';
import type { Process, Recorder } from './command-process.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario, Started } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);

interface Running {
  readonly started: Started;
  readonly docker: Process;
  readonly netexec: Process;
  readonly command: Process;
}

async function run(s: Scenario, caller: Caller, command: Recorder, options: readonly string[] = []): Promise<Running> {
  const words = ['docker', 'netexec', ...options, 'web', '--', ...command.argv];
  const started = await startAlone(s, words, callers.step(s, caller, options.length > 0 ? { cwd: '/' } : {}));
  const process = await command.running();
  const netexec = netexecOf(started);
  return { started, command: process, netexec, docker: parentOf(netexec) };
}

/** Below the step's process; sudo may have put it into a session of its own, and COMMAND may be the engine's child. */
function netexecOf({ pid }: Started): Process {
  const found = descendantsOf(pid).find(isNetexec);
  if (found === undefined) throw new Error('netexec does not run');
  return found;
}

const send = ({ pid }: Process, signal: NodeJS.Signals): boolean => process.kill(pid, signal);

/** Neither COMMAND nor anything that was started on its way. */
const nothingLeft = (s: Scenario, started: Started, others: readonly Process[], what = ''): Promise<void> =>
  s.eventually(() => {
    assert.deepEqual(processesOfGroup(started.pid), [], what);
    assert.deepEqual(others.filter(isAlive), [], what);
  });

const all = ({ docker, netexec, command }: Running): readonly Process[] => [docker, netexec, command];

const handedOn = [
  { name: 'SIGTERM to docker', signal: 'SIGTERM', to: 'docker', arrives: 'TERM' },
  { name: 'SIGTERM to netexec', signal: 'SIGTERM', to: 'netexec', arrives: 'TERM' },
  { name: 'SIGHUP to netexec', signal: 'SIGHUP', to: 'netexec', arrives: 'HUP' },
  { name: 'SIGINT to netexec', signal: 'SIGINT', to: 'netexec', arrives: 'INT' },
] as const;

everyRow(
  'a signal must reach COMMAND once, and the status be the one COMMAND then ends with',
  { project, rows: handedOn },
  async (s, caller, { signal, to, arrives }) => {
    const command = recorder(s);
    const running = await run(s, caller, command);
    send(running[to], signal);
    const ended = await running.started.ended;
    assert.deepEqual([ended.status, ended.stderr, command.signals()], [recorderStatus[arrives], '', [arrives]]);
    await nothingLeft(s, running.started, all(running));
  },
);

everyCaller('a signal that COMMAND outlives must leave everything running', { project }, async (s, caller) => {
  const command = recorder(s, ['TERM']);
  const running = await run(s, caller, command);
  const sent = ['USR1', 'USR2', 'HUP', 'INT', 'QUIT'] as const;
  for (const [index, name] of sent.entries()) {
    send(running.netexec, `SIG${name}`);
    await s.eventually(() => assert.deepEqual(command.signals(), sent.slice(0, index + 1)));
  }
  send(running.netexec, 'SIGTERM');
  assert.equal((await running.started.ended).status, recorderStatus.TERM);
});

everyCaller("docker's end must reach COMMAND as SIGTERM, and leave nothing", { project }, async (s, caller) => {
  const command = recorder(s);
  const running = await run(s, caller, command);
  send(running.docker, 'SIGKILL');
  await nothingLeft(s, running.started, all(running));
  assert.deepEqual(command.signals(), ['TERM']);
});

everyCaller('kill -9 of netexec must end COMMAND at once and leave nothing', { project }, async (s, caller) => {
  const command = recorder(s, []);
  const running = await run(s, caller, command);
  send(running.netexec, 'SIGKILL');
  await nothingLeft(s, running.started, all(running));
  assert.deepEqual(command.signals(), []);
  await s.eventually(async () => assert.deepEqual(await traces(s, caller), []));
});

everyCaller('a run that ends by itself must leave nothing', { project }, async (s, caller) => {
  const tmp = join(callers.home(caller), 'tmp');
  await must(s.run(['mkdir', '-p', tmp], callers.step(s, caller)));
  const inside = await must(
    s.netexec(['web', '--', 'find', tmp, '-mindepth', '1'], callers.step(s, caller, { env: { TMPDIR: tmp } })),
  );
  assert.deepEqual([inside.stdout, readdirSync(tmp)], ['', []]);
  await s.eventually(async () => assert.deepEqual(await traces(s, caller), []));
});

/** What a run might leave on the machine and with the engine. */
async function traces(s: Scenario, caller: Caller): Promise<readonly string[]> {
  const label = 'docker-netexec.supervisor';
  // One that was never started is for a later run to remove, and may be another test's.
  const states = ['running', 'exited', 'dead'].flatMap((state) => ['--filter', `status=${state}`]);
  const listed = ['docker', 'ps', '-a', ...states, '--filter', `label=${label}`, '--format', `{{.Label "${label}"}}`];
  const { stdout } = await must(s.run(listed, callers.step(s, caller)));
  // Other tests' have a netexec that lives.
  const helpers = stdout.split('\n').filter((line) => line !== '' && !existsSync(`/proc/${line.split(' ')[0]}`));
  const mounts = readFileSync(callers.path('/proc/self/mountinfo'), 'utf8').split('\n');
  return [...helpers, ...mounts.filter((line) => / - \w+ netexec /.test(line))];
}

scenario('kill -9 of netexec must end a COMMAND of another user as well', { project }, async (s) => {
  for (const caller of kindsOfCallers.filter(({ way }) => way !== 'rootless')) {
    for (const user of ['nobody', 'root']) {
      await s.subtest(`${caller.name}: ${user}`, async () => {
        const running = await run(s, caller, recorder(s, []), ['-u', user]);
        send(running.netexec, 'SIGKILL');
        await nothingLeft(s, running.started, all(running));
      });
    }
  }
});

scenario(
  "what COMMAND leaves running must be COMMAND's to leave, but with the helper container",
  { project },
  async (s) => {
    const line = 'setsid sleep 1000 >/dev/null 2>&1 & echo $!; exit 3';
    for (const caller of kindsOfCallers) {
      await s.subtest(caller.name, async () => {
        const done = await s.netexec(['web', '--', 'bash', '-c', line], callers.step(s, caller));
        assert.equal(done.status, 3, done.stderr);
        if (caller.way === 'docker') return s.eventually(() => assert.ok(!existsSync(`/proc/${done.stdout}/exe`)));
        const left = processNumbered(Number(done.stdout));
        assert.ok(isAlive(left));
        send(left, 'SIGKILL');
      });
    }
  },
);

everyCaller('whenever docker or netexec is ended, all must end', { project }, async (s, caller) => {
  for (let moment = 0; moment < 400; moment += 50) {
    const started = await startAlone(
      s,
      ['docker', 'netexec', 'web', '--', 'sleep', `1000.${caller.user.length}`],
      callers.step(s, caller),
    );
    const docker = await s.eventually(() => dockerOf(started));
    await pause(moment);
    const begun = descendantsOf(started.pid);
    const netexec = begun.find(isNetexec);
    const signal = netexec === undefined || moment % 100 === 0 ? 'SIGTERM' : 'SIGKILL';
    send(netexec !== undefined && signal === 'SIGKILL' ? netexec : docker, signal);
    await nothingLeft(s, started, begun, `${signal} after ${moment} ms`);
    await s.eventually(() => assert.deepEqual(sleepers(caller), [], `${signal} after ${moment} ms`));
  }
});

/** A sudo in front of docker may end of a signal, and leave docker running, in the moment in which it starts it. */
function dockerOf({ pid }: Started): Process {
  const begun = [processNumbered(pid), ...descendantsOf(pid)];
  const docker = begun.find((each) => commandLineOf(each).startsWith('docker\0netexec\0'));
  if (docker === undefined) throw new Error('docker does not run');
  return docker;
}

/** COMMANDs of this caller, wherever they hang. */
const sleepers = (caller: Caller): readonly string[] =>
  readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && commandLineOf({ pid: Number(pid) }) === `sleep\x001000.${caller.user.length}\0`,
  );
