// The ways in as --pid's scenarios try them, and the processes of this machine that such a run consists of.
import { readdirSync } from 'node:fs';
import { commandLineOf, isNetexec, isAlive, processNumbered, processesOfGroup, startAlone } from './command-process.ts';
import type { Process, Recorder } from './command-process.ts';
import type { SudoUser } from './sudo-user.ts';
import { must } from './scenario.ts';
import type { RunOptions, Scenario, Started } from './scenario.ts';

export interface Way {
  readonly name: string;
  /** The user that COMMAND runs as. */
  /** The words in front of the service, --pid among them. */
  readonly options: readonly string[];
  readonly step: RunOptions;
}

/** As root; as a user by sudo; as a user by the engine alone. */
export function ways(s: Scenario, user: SudoUser): readonly Way[] {
  const project = ['-p', s.projectName, '--pid'];
  return [
    { name: 'root', options: project, step: {} },
    { name: 'sudo', options: project, step: user.step(s) },
    { name: 'the engine', options: [...project, '--elevate', 'docker'], step: user.step(s) },
  ];
}

export interface Running {
  readonly started: Started;
  readonly netexec: Process;
  readonly command: Process;
}

/** Starts a recorder, which cannot tell its number: inside it has another. */
export async function startRecorder(
  s: Scenario,
  { options, step }: Way,
  command: Recorder,
  service = 'web',
): Promise<Running> {
  const argv = ['docker', 'netexec', ...options, service, '--', ...command.argv];
  const started = await startAlone(s, argv, step);
  await s.eventually(() => command.isReady());
  const found = running(`${command.argv.join('\0')}\0`);
  if (found === undefined) throw new Error('no recorder');
  s.t.after(() => isAlive(found) && process.kill(found.pid, 'SIGKILL'));
  const netexec = processesOfGroup(started.pid).find(isNetexec);
  if (netexec === undefined) throw new Error('no netexec');
  return { started, netexec, command: found };
}

/** The one with exactly this command line; its first word may be the file that it was found as. */
function running(commandLine: string): Process | undefined {
  const pid = readdirSync('/proc').find(
    (name) => /^\d+$/.test(name) && commandLineOf({ pid: Number(name) }).replace(/^[^\0]*\//, '') === commandLine,
  );
  return pid === undefined ? undefined : processNumbered(Number(pid));
}

/** The command lines of all in a service's process namespace, as the engine sees them from outside. */
export async function processesOf(s: Scenario, service: string): Promise<readonly string[]> {
  const { Id } = await s.inspect(service);
  const { stdout } = await must(s.docker(['exec', Id, 'ps', '-o', 'args']));
  return stdout.split('\n').filter((line) => !/^(COMMAND|ps -o args)/.test(line));
}
