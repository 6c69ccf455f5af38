// Carries a plan out and stays with it: says when the container takes its network away.
import { constants } from 'node:os';
import type { Failure, Result } from '../core/failure.ts';
import type { EntryPlan } from '../core/plan.ts';
import { enter } from './enter.ts';
import type { Entered } from './enter.ts';
import { isEnding, startTime } from './proof.ts';
import { say } from './say.ts';

/** Short commands, which are most, are not worth a watch: what happened meanwhile is told once it begins. */
const watchAfter = { milliseconds: 1000 };
/** As `docker stop` gives. */
const grace = { milliseconds: 10_000 };

export interface Outcome {
  readonly status: Result<number>;
  /** When netexec learned that the network had ended, as Date.now() has it; undefined where it has not. */
  readonly endedAt: number | undefined;
}

/** @param restart whether COMMAND is to end when its network does, to be started again */
export async function supervise(plan: EntryPlan, restart: boolean): Promise<Outcome> {
  const since = Date.now() / 1000;
  const hasEnded = endOf(plan);
  let told: number | undefined;
  let over = false;
  const accompany = (entered: Entered): (() => void) => {
    const releases: (() => void)[] = [];
    const watch = async (): Promise<void> => {
      const { watchNetwork } = await import('./watch.ts');
      const { describeEvent } = await import('../core/network-events.ts');
      if (over) return;
      const stop = watchNetwork(plan, since, hasEnded, (event) => {
        if (event.kind === 'ended') told = Date.now();
        // The kernel then ends COMMAND, and that is what is told.
        if (event.kind === 'ended' && endsCommand(plan, event.container)) return;
        say(describeEvent(event, restart));
        if (event.kind !== 'ended') return;
        if (restart) releases.push(endGently(entered));
      });
      releases.push(stop);
    };
    const timer = setTimeout(() => void watch().catch(() => {}), watchAfter.milliseconds).unref();
    return () => {
      over = true;
      clearTimeout(timer);
      for (const release of releases) release();
    };
  };
  const entered = await enter(plan, accompany);
  const hasGone = !entered.ok && endsEntry(entered.failure, hasEnded);
  const status = hasGone ? await (await import('./watch.ts')).tellHowItEnded(plan, since) : entered;
  // A COMMAND that cannot do without its network may have seen the end before netexec did.
  const endedAt = told ?? (hasGone || hasEnded() ? Date.now() : undefined);
  const killed = status.ok && status.value === 128 + constants.signals.SIGKILL;
  if (endedAt !== undefined && killed && endsCommand(plan, plan.target.container.name))
    say(`${plan.target.container.name} has ended, and COMMAND with it`);
  return { status, endedAt };
}

/**
 * Whether it is the container's end that kept COMMAND from being started. With --pid the entry comes upon it wherever it is,
 * and by the engine no container can join the network of one that does not run: each engine says so in other words.
 */
const endsEntry = ({ kind }: Failure, hasEnded: () => boolean): boolean =>
  kind === 'container-ended' || (upsets.includes(kind) && hasEnded());

const upsets: readonly Failure['kind'][] = ['stage-failed', 'engine-refused', 'runtime-fails'];

/** Whether the kernel ends COMMAND when this container ends. */
const endsCommand = (plan: EntryPlan, container: string): boolean =>
  plan.processes?.endTogether === true && container === plan.target.container.name;

/** @returns whether the container's process, or that of the one whose network it shares, is not there any more */
function endOf({ target }: EntryPlan): () => boolean {
  const pids = [...new Set([target.container.pid, target.owner.pid])];
  const born = pids.map((pid) => startTime(pid));
  return () =>
    pids.some((pid, index) => born[index] !== undefined && (startTime(pid) !== born[index] || isEnding(pid)));
}

/** @returns what takes back the second, harder request */
function endGently(entered: Entered): () => void {
  entered.signal('SIGTERM');
  const timer = setTimeout(() => entered.signal('SIGKILL'), grace.milliseconds);
  return () => clearTimeout(timer);
}
