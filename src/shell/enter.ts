// Carries out a plan: starts the one command, stands by as its parent, and answers with its exit status.
import { closeSync, readSync, readdirSync, readlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { entryArgv } from '../core/entry-argv.ts';
import type { ContainerPaths, Lifelines } from '../core/entry-argv.ts';
import { loaders, withoutRuntimes } from '../core/environment.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { longestEntry } from '../core/lifecycle.ts';
import type { Event, Exit } from '../core/lifecycle.ts';
import type { EntryPlan } from '../core/plan.ts';
import { joinsProcesses } from '../core/processes.ts';
import { isOwnChild, ways } from '../core/ways.ts';
import { launchWords } from '../roles.ts';
import guard from './guard.sh';
import { startGuard } from './guard.ts';
import type { Guard } from './guard.ts';
import { holdContainer } from './held-container.ts';
import type { LifelineFiles } from './lifelines.ts';
import { startTime } from './proof.ts';
import reader from './reader.sh';
import { begin, entries } from './trace.ts';
import type { Entry } from './trace.ts';
import stage from './stage.sh';

/** How many descriptors Bun may want above those that it hands on. */
const spare = 12;
/** The descriptor on which the stage tells that COMMAND starts, unless it tells a file. */
const readyDescriptor = 9;
/** Those on which it finds what it would otherwise open by a path, where that is out of its reach. */
const handed = { environment: 8, ready: readyDescriptor } as const;

/** What can be done to an entry, and to COMMAND, once it has begun. */
export interface EntryHandle {
  signal(signal: NodeJS.Signals): void;
  /** Ends it, and all that it has started. */
  kill(): void;
}

/** Is handed an entry once there is something to signal, and told what happens to it. */
export interface EntryListener {
  readonly entered: (entry: EntryHandle) => void;
  readonly tell: (event: Event) => void;
}

export async function enter(plan: EntryPlan, listener: EntryListener): Promise<Result<Exit>> {
  const inherited = inheritedDescriptors(Number(plan.openFiles));
  const container = holdContainer(plan);
  if (!container.ok) return container;
  try {
    return await enterHeld(plan, container.value.paths, inherited, listener);
  } finally {
    container.value.close();
  }
}

async function enterHeld(
  plan: EntryPlan,
  container: ContainerPaths | undefined,
  inherited: readonly number[],
  listener: EntryListener,
): Promise<Result<Exit>> {
  // From within a rootless engine's namespace netexec's files are out of reach: what is needed there is inherited.
  const { arrivesAs, starter } = ways[plan.way.kind];
  const inherits = arrivesAs === 'mapped root';
  const byFile = plan.carriage.kind === 'file';
  const own = isOwnChild(plan.way);
  const byEngine = starter === 'engine' ? await (await import('./helper-container.ts')).openEngineWay(plan) : undefined;
  const readyByFile = !own || joinsProcesses(plan) || (!inherits && inherited.includes(readyDescriptor));
  const files =
    byFile || readyByFile
      ? (await import('./lifelines.ts')).openLifelineFiles(plan.environment, !own)
      : success(undefined);
  if (!files.ok) return files;
  const paths = inherits ? handedPaths : files.value?.paths(plan.way);
  const lifelines: Lifelines = {
    environment: undefined,
    alive: undefined,
    supervisor: process.pid,
    started: startTime('self') ?? '',
    executable: process.execPath,
    container,
    ...paths,
    ready: readyByFile ? paths?.ready : undefined,
  };
  const needed = new Map<number, Stdio>([
    ...(inherits && files.value !== undefined ? handedDown(files.value) : []),
    ...(readyByFile ? [] : [[readyDescriptor, 'pipe'] as const]),
  ]);
  try {
    const rare = own && !joinsProcesses(plan) ? { entry: '', waiter: '' } : await import('./entry-texts.ts');
    const texts = { ...rare, stage, reader, guard, launch: launchWords };
    if (byEngine && files.value) return await byEngine(texts, lifelines, files.value, listener);
    const argv = entryArgv(plan, texts, lifelines);
    return await start(plan, argv, stdio(inherited, needed), files.value, listener);
  } finally {
    files.value?.close();
  }
}

async function start(
  plan: EntryPlan,
  [program, ...args]: readonly [string, ...string[]],
  descriptors: Stdio[],
  files: LifelineFiles | undefined,
  listener: EntryListener,
): Promise<Result<Exit>> {
  const kept = Object.entries(withoutRuntimes(process.env)).filter(([name]) => !loaders.includes(name));
  let child: Bun.Subprocess | undefined;
  try {
    const begun = begin('the entry is started');
    child = Bun.spawn([program, ...args], {
      stdio: descriptors,
      // What is on the way needs nothing of COMMAND's, and takes nothing of the container's: it has a file with all of it.
      env: plan.carriage.kind === 'file' ? Object.fromEntries(kept) : plan.environment,
      ...(plan.workdir === undefined ? {} : { cwd: plan.workdir }),
    });
    begun();
    const ready = joinsProcesses(plan) ? files?.descriptors.ready : undefined;
    const guarding = isOwnChild(plan.way) ? startGuard(plan.tools.sh, child, ready) : undefined;
    const told = descriptors[readyDescriptor] === 'pipe' ? child.stdio[readyDescriptor] : undefined;
    return await awaitExit(child, plan, readiness(told), files, guarding, listener);
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
  { entered, tell }: EntryListener,
): Promise<Result<Exit>> {
  const hasStarted = (): boolean => ready.isTold() || files?.isReady() === true;
  if (entries.hasSubscribers) entries.publish({ hasStarted, exited: child.exited } satisfies Entry);
  // Where the child is root's, it is not for its caller to signal; and with --pid COMMAND is not the child. The guard does it,
  // and reaches what the container has stopped.
  const isCommand = isOwnChild(plan.way) && !joinsProcesses(plan);
  entered({
    signal: (signal) => (isCommand ? child.kill(signal) : (guarding ?? files)?.signal(signal)),
    kill: () => (isCommand ? child.kill('SIGKILL') : (guarding ?? files)?.close()),
  });
  const look = (): void => (hasStarted() ? undefined : tell({ kind: 'entry-late' }));
  const limit = setTimeout(look, longestEntry.seconds * 1000);
  await child.exited;
  const started = hasStarted();
  clearTimeout(limit);
  guarding?.end();
  ready.close();
  const status = child.exitCode ?? 128 + (child.signalCode === null ? 0 : constants.signals[child.signalCode]);
  return success({ status, started });
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

const handedPaths = {
  alive: undefined,
  environment: `/proc/self/fd/${handed.environment}`,
  ready: `/proc/self/fd/${handed.ready}`,
};

const handedDown = ({ descriptors }: LifelineFiles): readonly (readonly [number, number])[] => [
  [handed.environment, descriptors.environment],
  [handed.ready, descriptors.ready],
];

type Stdio = 'inherit' | 'ignore' | 'pipe' | number;

/** The caller's descriptors, each at its number: `psql -f <(generate)` is /dev/fd/63, and must be that for psql too. */
function stdio(inherited: readonly number[], own: ReadonlyMap<number, Stdio>): Stdio[] {
  const highest = Math.max(2, ...inherited, ...own.keys());
  return Array.from({ length: highest + 1 }, (_, number): Stdio => {
    if (number < 3) return 'inherit';
    return own.get(number) ?? (inherited.includes(number) ? number : 'ignore');
  });
}

/**
 * Descriptors above 2 that came from docker, or from the shell: those that the parent holds under the same number.
 * @param limit of open files; not a number where there is none. Bun puts each aside above them all for a moment, and one
 *   whose number the limit allowed once, and does not allow any more, is out of its reach
 */
function inheritedDescriptors(limit: number): readonly number[] {
  const target = (owner: string, descriptor: string): string | undefined => {
    try {
      return readlinkSync(`/proc/${owner}/fd/${descriptor}`);
    } catch {
      return undefined;
    }
  };
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    if (Number(descriptor) < 3 || Number(descriptor) + spare > limit) return [];
    const own = target('self', descriptor);
    // Those of the kernel's own making are all called alike: the runtime's, and those of a parent that has some as well.
    const isOne = own !== undefined && !own.startsWith('anon_inode:');
    return isOne && own === target(String(process.ppid), descriptor) ? [Number(descriptor)] : [];
  });
}
