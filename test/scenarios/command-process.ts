// Processes of this machine as a test sees them, and a COMMAND that writes down the signals it gets.
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from './scenario.ts';
import type { RunOptions, Started } from './steps.ts';

/** A process by number and start time: a number alone may become another's. */
export interface Process {
  readonly pid: number;
  readonly started: string;
}

/** How long a whole process group may last that a test has started: longer than `eventually` waits for its end. */
const longest = 180_000;

/**
 * Starts a program in a session of its own, so without a terminal. Its process group is killed at the test's end, and
 * when it takes too long: a COMMAND that outlived docker would hold docker's pipes open for good.
 */
export async function startAlone(s: Scenario, argv: readonly string[], options?: RunOptions): Promise<Started> {
  // A new child leads no process group, so setsid(1) need not fork: the number is the program's own.
  const started = await s.start(['setsid', ...argv], { input: '', ...options });
  const kill = (): void => signalGroup(started.pid, 'SIGKILL');
  const timer = setTimeout(kill, longest);
  s.t.after(() => {
    clearTimeout(timer);
    kill();
  });
  return started;
}

/** Until setsid(1) has made the group of `startAlone`, a signal to it meets nobody. */
export const groupIsThere = async (s: Scenario, { pid }: Started): Promise<void> =>
  void (await s.eventually(() => processesOfGroup(pid).length > 0));

/** Sends to every process of a group, if there still is one. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // All of it has ended.
  }
}

/** Those that are alive. */
export function processesOfGroup(group: number): readonly Process[] {
  return readdirSync('/proc').flatMap((name) => {
    const fields = /^\d+$/.test(name) ? statFields(Number(name)) : undefined;
    const process = { pid: Number(name), started: fields?.[19] ?? '' };
    return fields?.[2] === String(group) && isAlive(process) ? [process] : [];
  });
}

/** All that it has started, directly or not, and that is alive. */
export function descendantsOf(pid: number): readonly Process[] {
  const parents = readdirSync('/proc').flatMap((name) => {
    const parent = /^\d+$/.test(name) ? statFields(Number(name))?.[1] : undefined;
    return parent === undefined ? [] : [{ pid: Number(name), parent: Number(parent) }];
  });
  const below = (above: number): readonly number[] =>
    parents.filter(({ parent }) => parent === above).flatMap((child) => [child.pid, ...below(child.pid)]);
  return below(pid)
    .map((each) => ({ pid: each, started: statFields(each)?.[19] ?? '' }))
    .filter(isAlive);
}

/** netexec itself: the executable that the launcher has become. */
export const isNetexec = (process: Pick<Process, 'pid'>): boolean =>
  /\0docker-netexec:main\0/.test(commandLineOf(process));

/** Its words end with \0; it has none once it has ended. */
export const commandLineOf = ({ pid }: Pick<Process, 'pid'>): string => readIfThere(`/proc/${pid}/cmdline`) ?? '';

/** Throws where there is no such process. */
export function processNumbered(pid: number): Process {
  const started = statFields(pid)?.[19];
  if (started === undefined) throw new Error(`there is no process ${pid}`);
  return { pid, started };
}

export const parentOf = ({ pid }: Process): Process => processNumbered(Number(statFields(pid)?.[1]));

/** A zombie has ended: whoever should have waited for it is somebody else's matter. */
export function isAlive({ pid, started }: Process): boolean {
  const fields = statFields(pid);
  return fields !== undefined && fields[19] === started && !['Z', 'X'].includes(fields[0] ?? '');
}

/** T: stopped, as by Ctrl-Z. */
export const stateOf = ({ pid }: Process): string | undefined => statFields(pid)?.[0];

/** Fields of /proc/PID/stat behind the name, which may hold anything (proc(5)): state, parent, group … start time. */
function statFields(pid: number): readonly string[] | undefined {
  const text = readIfThere(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** The command lines with this word in them among those of all processes, looked at again and again until `until` is there. */
export async function commandLinesWith(secret: string, until: Promise<unknown>): Promise<readonly string[]> {
  const seen = new Set<string>();
  const state = { over: false };
  void until.finally(() => (state.over = true));
  while (!state.over) {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      const line = commandLineOf({ pid: Number(pid) });
      if (line.includes(secret)) seen.add(line.replaceAll('\0', ' '));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until;
  return [...seen];
}

/** A COMMAND that writes down which signals it gets, and ends by some of them with statuses of its own. */
export interface Recorder {
  readonly argv: readonly string[];
  /** Waits until it runs. */
  running(): Promise<Process>;
  /** Whether it runs, for one whose number is not this machine's. */
  isReady(): boolean;
  /** The names of the signals so far, without SIG. */
  signals(): readonly string[];
}

/** What a recorder ends with; signals that are not here are written down only. */
export const recorderStatus = { TERM: 5, INT: 6, HUP: 7, QUIT: 8 } as const;

type Ending = keyof typeof recorderStatus;

/** @param ends the signals that end it */
export function recorder(s: Scenario, ends: readonly Ending[] = ['TERM', 'INT', 'HUP', 'QUIT']): Recorder {
  const numbers = Array.from({ length: 100 }, (_, number) => join(s.folder, `recorder-${number}`));
  const folder = numbers.find((name) => !existsSync(name)) ?? '';
  mkdirSync(folder);
  // It may run as any user.
  chmodSync(folder, 0o777);
  const traps = ['HUP', 'INT', 'QUIT', 'TERM', 'USR1', 'USR2'].map((name) => {
    const end = ends.find((ending) => ending === name);
    return `trap 'echo ${name} >>"$1/signals"${end === undefined ? '' : `; exit ${recorderStatus[end]}`}' ${name}`;
  });
  const script = join(folder, 'script');
  // Waits without a child: one that is stopped between fork and exec would hold its parent fast.
  const lines = [
    'mkfifo "$1/silence" && exec 3<>"$1/silence"',
    ...traps,
    'echo $$ >"$1/next" && mv "$1/next" "$1/pid"',
    'while :; do read -rt 0.05 -u 3; done',
  ];
  writeFileSync(script, lines.join('\n'));
  chmodSync(script, 0o755);
  return {
    argv: ['bash', script, folder],
    running: async () => {
      const command = await s.eventually(() => processNumbered(Number(readFileSync(join(folder, 'pid'), 'utf8'))));
      s.t.after(() => isAlive(command) && process.kill(command.pid, 'SIGKILL'));
      return command;
    },
    isReady: () => existsSync(join(folder, 'pid')),
    signals: () => (readIfThere(join(folder, 'signals')) ?? '').split('\n').filter((name) => name !== ''),
  };
}
