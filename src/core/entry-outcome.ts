// The status with which the entry, or COMMAND, has ended → what it is to netexec's caller.
import { fail, success } from './failure.ts';
import type { Result } from './failure.ts';
import type { EntryPlan } from './plan.ts';

/**
 * @param status of a stage that does not start COMMAND: 124 where the container has ended, 125 where it has said why
 * @param started whether the stage has said that COMMAND starts
 * @param signalled whether netexec has sent a signal on: that may be what has ended it
 */
export function entryOutcome(plan: EntryPlan, status: number, started: boolean, signalled: boolean): Result<number> {
  if (!started && status === 124)
    return fail({ kind: 'container-ended', container: plan.target.container.name, status: undefined });
  if (started || signalled || status === 125) return success(status);
  return fail({ kind: 'stage-failed', status, way: plan.way.kind, reason: undefined });
}
