// Carries out a plan: starts the one command, stands by as its parent, and answers with its exit status.
import { closeSync, readSync } from 'node:fs';
import { constants } from 'node:os';
import { descriptors } from '../../core/entry/descriptors.ts';
import { entryArgv } from '../../core/entry/entry-argv.ts';
import { loaders, withoutRuntimes } from '../../core/entry/environment.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { longestEntry } from '../../core/entry/lifecycle.ts';
import type { Event, Exit } from '../../core/entry/lifecycle.ts';
import { lifelinePaths } from '../../core/entry/lifelines.ts';
import type { Lifelines, Numbers } from '../../core/entry/lifelines.ts';
import type { EntryPlan } from '../../core/entry/plan.ts';
import { joinsProcesses } from '../../core/entry/processes.ts';
import { isOwnChild, ways } from '../../core/ways/ways.ts';
import { launchWords } from '../../roles.ts';
import guard from './guard.sh';
import { startGuard } from './start-guard.ts';
import type { Guard } from './start-guard.ts';
import { holdContainer } from '../observe/held-container.ts';
import type { LifelineFiles } from './lifeline-files.ts';
import { startTime } from '../observe/prove-process.ts';
import reader from './reader.sh';
import { stage } from './stage-texts.ts';
import { begin, entries } from '../process/trace.ts';
import type { StartedCommand } from '../process/trace.ts';

/** What can be done to an entry, and to COMMAND, once it has begun. */
export interface EntryHandle {
  /** @param group all of COMMAND's process group, where it leads one; COMMAND alone where it is netexec's own child */
  signal(signal: NodeJS.Signals, group?: boolean): void;
  /** Ends it, and all that it has started. */
  kill(): void;
}

/** Is handed an entry once there is something to signal, and told what happens to it. */
export interface EntryCallbacks {
  readonly entered: (entry: EntryHandle) => void;
  readonly tell: (event: Event) => void;
  /** Called when the stage has said that COMMAND starts, where somebody wants to know. */
  readonly started?: (() => void) | undefined;
}

export async function enter(plan: EntryPlan, callbacks: EntryCallbacks): Promise<Result<Exit>> {
  const container = holdContainer(plan);
  if (!container.ok) return container;
  try {
    return await enterHeld(plan, container.value.numbers, callbacks);
  } finally {
    container.value.close();
  }
}

async function enterHeld(
  plan: EntryPlan,
  container: Readonly<Numbers>,
  callbacks: EntryCallbacks,
): Promise<Result<Exit>> {
  const { opened } = plan.lifelines;
  const { parent, starter } = ways[plan.way.kind];
  const byEngine = starter === 'engine' ? await (await import('./helper-container.ts')).openEngineWay(plan) : undefined;
  const restored = parent === 'daemon' ? await import('./restored-state.ts') : undefined;
  const priorities = restored?.prioritiesFor(plan);
  const files = opened.some((each) => !(each in container))
    ? (await import('./lifeline-files.ts')).openLifelineFiles(plan.lifelines, plan)
    : success(undefined);
  if (!files.ok) return files;
  const numbers = { ...container, ...files.value?.numbers };
  const lifelines: Lifelines = {
    supervisor: process.pid,
    started: startTime('self') ?? '',
    executable: process.execPath,
    paths: lifelinePaths(plan, process.pid, numbers),
    ...(await priorities),
  };
  let goBack: (() => void) | undefined;
  try {
    goBack = restored?.enterFolder(plan.workdir);
    const own = isOwnChild(plan.way);
    const isUsual = own && !joinsProcesses(plan) && plan.intercepts.length === 0 && plan.tunnel === undefined;
    const rare = isUsual ? { entry: '', waiter: '', interceptor: '', stage: {} } : await import('./entry-texts.ts');
    const texts = { ...rare, stage: { ...stage, ...rare.stage }, reader, guard, launch: launchWords };
    if (byEngine && files.value) return await byEngine(texts, lifelines, files.value, callbacks);
    const argv = entryArgv(plan, texts, lifelines);
    return await start(plan, argv, stdio(plan, numbers), files.value, callbacks);
  } finally {
    goBack?.();
    if (numbers.held !== undefined) await files.value?.letGo();
    files.value?.close();
  }
}

async function start(
  plan: EntryPlan,
  [program, ...args]: readonly [string, ...string[]],
  streams: Stdio[],
  files: LifelineFiles | undefined,
  callbacks: EntryCallbacks,
): Promise<Result<Exit>> {
  const kept = Object.entries(withoutRuntimes(process.env)).filter(([name]) => !loaders.includes(name));
  let child: Bun.Subprocess | undefined;
  try {
    const begun = begin('start the entry');
    child = Bun.spawn([program, ...args], {
      stdio: streams,
      // What is on the way needs nothing of COMMAND's, and takes nothing of the container's: it has a file with all of it.
      env: plan.carriage.kind === 'file' ? Object.fromEntries(kept) : plan.environment,
      // In a session of its own it has no terminal, which sudo would take for its own. To ask for a password it needs one.
      detached: plan.streams !== undefined && plan.way.program?.asks !== true,
      // Who comes back from elsewhere comes to netexec's own.
      ...(plan.workdir === undefined || ways[plan.way.kind].parent === 'daemon' ? {} : { cwd: plan.workdir }),
    });
    begun();
    const { guard: planned, ready } = plan.lifelines;
    const awaited = planned.waits ? files?.numbers.ready : undefined;
    const guarding = planned.by === 'netexec' ? startGuard(plan.tools.sh, child, awaited) : undefined;
    const told = ready === 'pipe' ? child.stdio[descriptors.stage.ready] : undefined;
    return await awaitExit(child, plan, readiness(told), files, guarding, callbacks);
  } catch (error) {
    // More words than the kernel takes, say. Without a guard nothing goes on.
    child?.kill('SIGKILL');
    const { code, message } = error as NodeJS.ErrnoException;
    return fail({ kind: 'stage-failed', status: 0, way: plan.way.kind, reason: code ?? message });
  }
}

async function awaitExit(
  child: Bun.Subprocess,
  plan: EntryPlan,
  ready: Readiness,
  files: LifelineFiles | undefined,
  guarding: Guard | undefined,
  { entered, tell, started: onStart }: EntryCallbacks,
): Promise<Result<Exit>> {
  const hasStarted = (): boolean => ready.isTold() || files?.isReady() === true;
  if (entries.hasSubscribers) entries.publish({ hasStarted, exited: child.exited } satisfies StartedCommand);
  // Where the child is root's, it is not for its caller to signal; and with --pid COMMAND is not the child. The guard does it,
  // and reaches what the container has stopped.
  const isCommand = plan.lifelines.signals === 'COMMAND';
  entered({
    signal: (signal, group) => (isCommand ? child.kill(signal) : (guarding ?? files)?.signal(signal, group)),
    kill: () => (isCommand ? child.kill('SIGKILL') : (guarding ?? files)?.close()),
  });
  const look = (): void => (hasStarted() ? undefined : tell({ kind: 'entry-late' }));
  const limit = setTimeout(look, longestEntry.seconds * 1000);
  const stopAsking = onStart === undefined ? undefined : whenever(hasStarted, onStart);
  await child.exited;
  stopAsking?.();
  const started = hasStarted();
  clearTimeout(limit);
  guarding?.end();
  ready.close();
  const status = child.exitCode ?? 128 + (child.signalCode === null ? 0 : constants.signals[child.signalCode]);
  return success({ status, started });
}

/** Asks every few milliseconds. @returns what has it ask no more */
export function whenever(hasStarted: () => boolean, onStart: () => void): () => void {
  const asking = setInterval(() => {
    if (!hasStarted()) return;
    clearInterval(asking);
    onStart();
  }, 5);
  return () => clearInterval(asking);
}

/** Whether the stage has said by a pipe that COMMAND starts. */
interface Readiness {
  isTold(): boolean;
  close(): void;
}

/** @param descriptor netexec's end, where there is that pipe */
function readiness(descriptor: number | null | undefined): Readiness {
  if (typeof descriptor !== 'number') return { isTold: () => false, close: () => {} };
  let told = false;
  let open = true;
  return {
    isTold: () => (told ||= open && holdsData(descriptor)),
    close: () => {
      open = false;
      closeSync(descriptor);
    },
  };
}

function holdsData(descriptor: number): boolean {
  try {
    return readSync(descriptor, new Uint8Array(64)) > 0;
  } catch {
    // Nothing yet: it does not wait.
    return false;
  }
}

type Stdio = 'inherit' | 'ignore' | 'pipe' | number;

/** The caller's descriptors are each at its number: `psql -f <(generate)` is /dev/fd/63, and must be that for psql too. */
function stdio({ streams: own, lifelines }: EntryPlan, numbers: Readonly<Numbers>): Stdio[] {
  const named = { nothing: 'ignore', caller: 'inherit' } as const;
  const streams = (own ?? (['caller', 'caller', 'caller'] as const)).map((each): Stdio =>
    typeof each === 'number' ? each : named[each],
  );
  for (const { number, holds } of lifelines.handed)
    streams[number] = holds === 'caller' ? number : holds === 'pipe' ? 'pipe' : (numbers[holds] ?? 'ignore');
  return Array.from(streams, (each) => each ?? 'ignore');
}
