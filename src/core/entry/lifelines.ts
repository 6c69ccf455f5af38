// What ties an entry to netexec: what netexec holds open for it, with which descriptors it starts, how it tells that COMMAND
// starts, and who hears a signal. A value of the plan; src/shell/enter/enter.ts carries it out.
import { descriptors } from './descriptors.ts';
import { held, heldBy, inheritedAs } from './held-paths.ts';
import { entersNetwork } from './stays-on-host.ts';
import type { EntryPlan } from './plan.ts';
import { joinsProcesses } from './processes.ts';
import { required } from '../tools/tools.ts';
import type { RequiredTool } from '../tools/tools.ts';
import { ways } from '../ways/ways.ts';

export interface LifelinePlan {
  /** What netexec opens, and holds until the entry has ended. */
  readonly opened: readonly Lifeline[];
  /** Programs that these, and a guard of the stage's, take. */
  readonly tools: readonly RequiredTool[];
  /** The descriptors above 2 with which the entry starts, by number: the caller's own, netexec's, or one end of a pipe. */
  readonly handed: readonly { readonly number: number; readonly holds: 'caller' | 'pipe' | Lifeline }[];
  /** By what the stage tells that COMMAND starts. */
  readonly ready: 'pipe' | 'file';
  /** Who starts the guard, and whether that waits until COMMAND is there, a child of what the entry becomes. */
  readonly guard: { readonly by: 'netexec' | 'stage'; readonly waits: boolean };
  /** Whom a signal is sent to: COMMAND, or the guard, which hands it on. */
  readonly signals: 'COMMAND' | 'guard';
}

/**
 * The folder of the container's process in /proc, its network and user namespaces; a file with COMMAND's environment; one
 * with what is in those of --service-files; one that is told that COMMAND starts; a pipe that ends with netexec, for a guard
 * that the stage starts, and one for --intercept.
 */
export type Lifeline = 'process' | 'network' | 'users' | 'environment' | 'files' | 'ready' | 'alive' | 'held';

/** @param callers the descriptors above 2 that are the caller's */
export function planLifelines(
  plan: Pick<EntryPlan, 'way' | 'process' | 'carriage' | 'processes' | 'intercepts' | 'files' | 'openFiles' | 'target'>,
  callers: readonly number[],
): LifelinePlan {
  const { parent, arrivesAs } = ways[plan.way.kind];
  const own = parent === 'netexec';
  // From within a rootless engine's namespace netexec's files are out of reach: what is needed there is inherited.
  const inherits = arrivesAs === 'mapped root';
  const joins = joinsProcesses(plan);
  const passed = parent === 'daemon' ? [] : callers.filter((number) => canBePassed(number, plan.openFiles));
  const free = inherits || !passed.includes(descriptors.stage.ready);
  const ready = own && !joins && free ? 'pipe' : 'file';
  const enters = entersNetwork(plan);
  const opened: readonly Lifeline[] = [
    ...(own && enters ? (['process'] as const) : []),
    ...(own && enters && !(inherits && plan.process.ownNetwork) ? (['network'] as const) : []),
    ...(inherits && enters ? (['users'] as const) : []),
    ...(plan.carriage.kind === 'file' ? (['environment'] as const) : []),
    ...(plan.files.length > 0 ? (['files'] as const) : []),
    ...(ready === 'file' ? (['ready'] as const) : []),
    ...(own ? [] : (['alive'] as const)),
    ...(plan.intercepts.length > 0 ? (['held'] as const) : []),
  ];
  return {
    opened,
    tools: [...new Set([...(own ? [] : required.guarded), ...(plan.intercepts.length > 0 ? required.intercept : [])])],
    handed: handOut(passed, inherits ? opened : [], ready),
    ready,
    guard: { by: own ? 'netexec' : 'stage', waits: joins },
    signals: own && !joins ? 'COMMAND' : 'guard',
  };
}

/** What the stage needs takes the place of what the caller has there. */
function handOut(
  callers: readonly number[],
  inherited: readonly Lifeline[],
  ready: LifelinePlan['ready'],
): LifelinePlan['handed'] {
  const handed = new Map<number, LifelinePlan['handed'][number]['holds']>(callers.map((number) => [number, 'caller']));
  for (const each of ['environment', 'files', 'ready', 'held'] as const)
    if (inherited.includes(each)) handed.set(descriptors.stage[each], each);
  if (ready === 'pipe') handed.set(descriptors.stage.ready, 'pipe');
  return Array.from(handed, ([number, holds]) => ({ number, holds }));
}

/** How many descriptors Bun may want above those that it hands on. */
const spare = 12;

/**
 * Bun puts each aside above them all for a moment: one whose number the limit allowed once, and does not allow any more, is
 * out of its reach.
 * @param limit of open files; undefined where it is not known
 */
const canBePassed = (number: number, limit: string | undefined): boolean => !(number + spare > Number(limit));

/** What netexec has opened, each with its number. */
export type Numbers = { [Each in Lifeline]?: number };

/** Where those who enter find it; undefined where there is none, or it is not by its path that they do. */
export type LifelinePaths = { readonly [Each in Lifeline]: string | undefined };

/** @param supervisor netexec's process */
export function lifelinePaths(
  { way, process }: EntryPlan,
  supervisor: number,
  numbers: Readonly<Numbers>,
): LifelinePaths {
  const { arrivesAs, parent } = ways[way.kind];
  const inherits = arrivesAs === 'mapped root';
  const path = (each: Lifeline): string | undefined => {
    const number = numbers[each];
    return number === undefined ? undefined : heldBy(way, supervisor, number);
  };
  const inheritedPath = (each: keyof typeof inheritedAs): string | undefined =>
    inherits && numbers[each] !== undefined ? inheritedAs[each] : path(each);
  return {
    // The stage takes hold of it anew, where it cannot reach netexec's.
    process: inherits ? `/proc/${process.pid}` : parent === 'netexec' ? path('process') : held.process,
    network: parent === 'netexec' ? path('network') : held.network,
    users: path('users'),
    environment: inheritedPath('environment'),
    files: inheritedPath('files'),
    ready: inheritedPath('ready'),
    alive: path('alive'),
    held: inheritedPath('held'),
  };
}

/** What exists only while netexec runs: itself, and what it holds open for the stage to take up. */
export interface Lifelines {
  readonly supervisor: number;
  /** When it started, as proc(5) has it: its number may be another's later. */
  readonly started: string;
  /** The executable, which restores the environment. COMMAND's user may not be able to reach it by its path. */
  readonly executable: string;
  /** Of what is held open. */
  readonly paths: LifelinePaths;
  /** Paths of what COMMAND's descriptors 0, 1 and 2 are to be, where they are not what it inherits. */
  readonly reopened?: readonly [string | undefined, string | undefined, string | undefined];
  /** Of the caller's, as setpriv(1) takes them, where COMMAND does not come by them itself. */
  readonly securebits?: readonly string[];
  /** The caller's nice value, likewise. */
  readonly nice?: string;
  /** Words that run COMMAND with the caller's priorities, likewise. */
  readonly priorities?: readonly string[];
  /** Of COMMAND's terminal, where it is not the caller's: `rows 24 cols 80`. */
  readonly terminalSize?: string | undefined;
}
