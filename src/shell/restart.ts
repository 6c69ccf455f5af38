// --restart: COMMAND again, in the new network, whenever the container has ended and is back.
import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { describeRestarts } from '../core/ending.ts';
import { fail, success } from '../core/failure.ts';
import type { Failure, Result } from '../core/failure.ts';
import type { EntryPlan } from '../core/plan.ts';
import { say } from './say.ts';
import { onAskedToEnd } from './signals.ts';
import { supervise } from './supervise.ts';

/**
 * @param again makes the plan anew
 * @returns the exit status
 */
export async function superviseAgain(
  plan: EntryPlan,
  again: () => Promise<Result<EntryPlan>>,
): Promise<Result<number>> {
  const requests = listenForEnd(plan.ignoredSignals);
  try {
    for (let next = success(plan); ;) {
      if (!next.ok) return next;
      const { status, endedAt } = await supervise(next.value, true);
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

/**
 * A container that keeps restarting may be in the pause between two starts: COMMAND then begins with the next.
 * @param again makes the plan
 * @param start carries it out
 * @returns the exit status
 */
export async function awaitStart(
  failure: Failure,
  ignoredSignals: readonly number[],
  again: () => Promise<Result<EntryPlan>>,
  start: (plan: EntryPlan) => Promise<Result<number>>,
): Promise<Result<number>> {
  const looping = whoRestarts(failure);
  if (looping === undefined) return fail(failure);
  const requests = listenForEnd(ignoredSignals);
  say(`waiting for ${looping}`);
  const plan = await untilBack(again, () => requests.since(0) !== undefined).finally(() => requests.release());
  const asked = requests.since(0);
  if (asked !== undefined) return success(128 + constants.signals[asked]);
  if (!plan.ok) return plan;
  say(`${plan.value.target.container.name} is there: COMMAND starts`);
  return start(plan.value);
}

/** @returns `web, which keeps restarting (status 3, 7 times)` */
function whoRestarts(failure: Failure): string | undefined {
  const [called, restarting] =
    failure.kind === 'service-not-running'
      ? [failure.service, failure.containers.find(({ state }) => state === 'restarting')]
      : failure.kind === 'container-not-running' && failure.state === 'restarting'
        ? [failure.container, failure]
        : [];
  if (called === undefined || restarting === undefined) return undefined;
  return `${called}, which keeps restarting${restarting.ending ? describeRestarts(restarting.ending) : ''}`;
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

async function untilBack(again: () => Promise<Result<EntryPlan>>, isOver: () => boolean): Promise<Result<EntryPlan>> {
  let lookedAt = 0;
  for (;;) {
    const plan = await again();
    const lost = plan.ok ? plan.value.target.lost : undefined;
    if ((plan.ok ? lost === undefined : !mayPass.includes(plan.failure.kind)) || isOver()) return plan;
    lookedAt += 1;
    // Compose starts what shares a network right after the one whose it is.
    if (lost !== undefined && lookedAt === 10) say(`${lost.said} (${lost.cure})`);
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
