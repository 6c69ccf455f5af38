// Stays with a run until it ends: tells the life of it (src/core/entry/lifecycle.ts) what happens, and does what that says.
import { fail } from '../../core/failure/failure.ts';
import type { Failure, Result } from '../../core/failure/failure.ts';
import { begin, next } from '../../core/entry/lifecycle.ts';
import type { Effect, Event, State, Step } from '../../core/entry/lifecycle.ts';
import type { OnContainerEnd } from '../../core/entry/container-end.ts';
import { entersNetwork } from '../../core/entry/stays-on-host.ts';
import type { EntryPlan, Target } from '../../core/entry/plan.ts';
import { enter } from './enter.ts';
import type { EntryHandle } from './enter.ts';
import { isEnding, startTime } from '../observe/prove-process.ts';
import { say } from '../terminal/say.ts';
import { listenForSignals } from './signals.ts';
import { followStops } from './stops.ts';
import type { Watch } from './watch.ts';

export interface Run {
  readonly onContainerEnd: OnContainerEnd;
  /**
   * By number: signals that the caller has set to be ignored. Neither netexec nor COMMAND heeds them. Undefined for what runs
   * beside a COMMAND, and ends with netexec: that what is signalled is no matter of its.
   */
  readonly ignoredSignals: readonly number[] | undefined;
  /** Called before each entry. @returns why it may not begin */
  readonly beforeEntry?: (plan: EntryPlan, again: boolean) => Failure | undefined | Promise<Failure | undefined>;
  /** Called once COMMAND is on its way: what the stage was to find is found by then. */
  readonly started?: () => void;
  /** What watches while COMMAND runs, in place of what watches over its network. */
  readonly watch?: (stopping: AbortSignal) => Promise<void>;
  /** Makes the plan anew, for a COMMAND that is to start again. */
  readonly prepare?: () => Promise<Result<EntryPlan>>;
}

/**
 * @param first the plan, or why there is none
 * @returns COMMAND's exit status, 128+n where signal n ended it; a failure where COMMAND was never started
 */
export async function supervise(first: Result<EntryPlan>, run: Run): Promise<Result<number>> {
  let stopListening: (() => void) | undefined;
  const ended = new Promise<Result<number>>((resolve, reject) => {
    let state!: State;
    const take = (step: Step): void => {
      if (step.state.kind !== state?.kind) stopWaiting();
      state = step.state;
      // What is signalled may have ended in this moment. What else does not fail as a value is a bug.
      for (const effect of step.effects) act(effect).catch(effect.do === 'signal' ? () => {} : reject);
      if (state.kind === 'ended') resolve(state.status);
    };
    const tell = (event: Event): void => take(next(state, event));
    const { act, stopWaiting } = makeActor(run, tell);
    take(begin(first, run.onContainerEnd));
    // The entry is on its way by now.
    if (run.ignoredSignals !== undefined) stopListening = listenForSignals(run.ignoredSignals, tell);
  });
  return ended.finally(() => stopListening?.());
}

function makeActor({ beforeEntry, prepare, started, watch }: Run, tell: (event: Event) => void) {
  let entry: EntryHandle | undefined;
  let network: Watch | undefined;
  let timer: NodeJS.Timeout | undefined;
  const entered = (begun: EntryHandle): void => {
    entry = begun;
    tell({ kind: 'entered' });
  };
  const enterOnce = async (plan: EntryPlan, again: boolean): Promise<void> => {
    const containerEnded = !entersNetwork(plan) ? () => false : endOf(plan.target);
    const stopping = new AbortController();
    network = { plan, since: Date.now() / 1000, containerEnded, stopping, tell };
    const before = beforeEntry?.(plan, again);
    // Most is done at once: the entry is then on its way before anything else is.
    const failure = before instanceof Promise ? await before : before;
    if (failure !== undefined)
      return tell({ kind: 'entry-ended', exit: fail(failure), containerEnded: containerEnded() });
    // What it does is not for the terminal to stop.
    const stopFollowing = plan.streams === undefined ? undefined : followStops((signal) => entry?.signal(signal));
    const exit = await enter(plan, { entered, tell, started });
    stopFollowing?.();
    stopping.abort();
    tell({ kind: 'entry-ended', exit, containerEnded: containerEnded() });
  };
  const act = async (effect: Effect): Promise<void> => {
    switch (effect.do) {
      case 'say':
        return say(effect.text);
      case 'enter':
        return enterOnce(effect.plan, effect.again);
      case 'watch':
        return network && watchLater(network, watch);
      case 'signal':
        return entry?.signal(effect.signal, effect.group);
      case 'kill':
        return entry?.kill();
      case 'ask':
        return network && tell(await (await import('./watch.ts')).askHowItEnded(network));
      case 'prepare':
        return prepare && tell({ kind: 'prepared', plan: await prepare() });
      case 'wait':
        timer = setTimeout(() => tell({ kind: 'time-is-up' }), effect.milliseconds);
    }
  };
  return { act, stopWaiting: () => clearTimeout(timer) };
}

/** Short commands, which are most, are not worth a watch: what happened meanwhile is told once it begins. */
const watchAfter = { milliseconds: 1000 };

function watchLater(network: Watch, other: Run['watch']): void {
  const { signal } = network.stopping;
  const watch = async (): Promise<void> => {
    if (signal.aborted) return;
    await (other === undefined ? (await import('./watch.ts')).watchNetwork(network) : other(signal));
  };
  const look = async (): Promise<void> => {
    const { plan, stopping } = network;
    if (!stopping.signal.aborted) await (await import('./watch-listening.ts')).watchListening(plan, stopping.signal);
  };
  const watchAll = (): void => {
    watch().catch(() => {});
    const { intercepts, target } = network.plan;
    // Of another machine's there is nothing to see.
    if (!entersNetwork(network.plan)) return;
    if (intercepts.length > 0 || target.own?.ports !== undefined) look().catch(() => {});
  };
  setTimeout(watchAll, watchAfter.milliseconds).unref();
}

/** @returns whether the container's process, or that of the one whose network it shares, is not there any more */
function endOf({ container, owner }: Target): () => boolean {
  const pids = [...new Set([container.pid, owner.pid])];
  const born = pids.map((pid) => startTime(pid));
  return () =>
    pids.some((pid, index) => born[index] !== undefined && (startTime(pid) !== born[index] || isEnding(pid)));
}
