// Carries a plan out and stays with it: says when the container takes its network away, and with --restart starts over.
import { setTimeout as pause } from 'node:timers/promises';
import { constants } from 'node:os';
import { success } from '../core/failure.ts';
import type { Failure, Result } from '../core/failure.ts';
import type { EntryPlan } from '../core/plan.ts';
import { joinsProcesses } from '../core/processes.ts';
import { printable } from '../core/printable.ts';
import { enter } from './enter.ts';
import type { Entered } from './enter.ts';
import { isEnding, startTime } from './proof.ts';
import { onAskedToEnd } from './signals.ts';

/** Short commands, which are most, are not worth a watch: what happened meanwhile is told once it begins. */
const watchAfter = { milliseconds: 1000 };
/** As `docker stop` gives. */
const grace = { milliseconds: 10_000 };

/**
 * @param again makes the plan anew, for --restart; undefined: COMMAND is run once
 * @returns the exit status
 */
export async function supervise(
  plan: EntryPlan,
  again: (() => Promise<Result<EntryPlan>>) | undefined,
): Promise<Result<number>> {
  if (again === undefined) return (await runOnce(plan, false)).status;
  const requests = listenForEnd(plan.ignoredSignals);
  try {
    for (let next = success(plan); ;) {
      if (!next.ok) return next;
      const { status, endedAt } = await runOnce(next.value, true);
      // A container that ends while it is entered has the entry fail.
      if (endedAt === undefined || requests.since(endedAt) !== undefined) return status;
      say(`waiting for ${plan.target.container.compose?.service ?? plan.target.container.name}`);
      next = await untilBack(again, () => requests.since(endedAt) !== undefined);
      const asked = requests.since(endedAt);
      if (asked !== undefined) return success(128 + constants.signals[asked]);
      if (next.ok) say(`${next.value.target.container.name} is there: COMMAND starts again`);
    }
  } finally {
    requests.release();
  }
}

interface Requests {
  /** What asked netexec to end, then or later. SIGTERM and SIGHUP count whenever they came; psql, say, lives through a Ctrl-C. */
  since(moment: number): NodeJS.Signals | undefined;
  release(): void;
}

function listenForEnd(ignored: readonly number[]): Requests {
  let last: { readonly signal: NodeJS.Signals; readonly at: number } | undefined;
  const release = onAskedToEnd((signal) => {
    if (!ignored.includes(constants.signals[signal])) last = { signal, at: Date.now() };
  });
  const since = (moment: number): NodeJS.Signals | undefined => {
    if (last === undefined) return undefined;
    const lasting = last.signal === 'SIGTERM' || last.signal === 'SIGHUP';
    return lasting || last.at >= moment ? last.signal : undefined;
  };
  return { since, release };
}

interface Outcome {
  readonly status: Result<number>;
  /** When netexec learned that the network had ended, as Date.now() has it; undefined where it has not. */
  readonly endedAt: number | undefined;
}

async function runOnce(plan: EntryPlan, restart: boolean): Promise<Outcome> {
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
      const stop = watchNetwork(plan.endpoint, plan.target, since, hasEnded, (event) => {
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
  const status = await enter(plan, accompany);
  // A COMMAND that cannot do without its network may have seen the end before netexec did.
  const endedAt = told ?? (hasEnded() ? Date.now() : undefined);
  const killed = status.ok && status.value === 128 + constants.signals.SIGKILL;
  if (endedAt !== undefined && killed && endsCommand(plan, plan.target.container.name))
    say(`${plan.target.container.name} has ended, and COMMAND with it`);
  return { status, endedAt };
}

/** Whether the kernel ends COMMAND when this container ends: the first process of a namespace takes all in it along. */
const endsCommand = (plan: EntryPlan, container: string): boolean =>
  joinsProcesses(plan) && plan.processes?.root === '/proc/1/root' && container === plan.target.container.name;

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

async function untilBack(again: () => Promise<Result<EntryPlan>>, isOver: () => boolean): Promise<Result<EntryPlan>> {
  for (;;) {
    const plan = await again();
    if (plan.ok || !mayPass.includes(plan.failure.kind) || isOver()) return plan;
    await pause(500);
    if (isOver()) return plan;
  }
}

/** What a service that is being stopped, made anew or started again looks like from outside. */
const mayPass: readonly Failure['kind'][] = [
  'service-not-running',
  'service-unknown',
  'project-empty',
  'no-project',
  'replica-unknown',
  'container-unknown',
  'container-not-running',
  'container-not-here',
  'engine-unreachable',
  'engine-silent',
  'engine-nonsense',
  'engine-refused',
];

const say = (text: string): void => void process.stderr.write(`netexec: ${printable(text)}\n`);
