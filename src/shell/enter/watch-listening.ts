// Of --intercept and --stand-in: looks who listens in the network, and says what others will not reach.
import { setTimeout as pause } from 'node:timers/promises';
import type { EntryPlan } from '../../core/entry/plan.ts';
import { idleNote, reachNotes } from '../../core/relay/intercept-notes.ts';
import { observeListeningSockets } from '../check/listening-sockets.ts';
import { warn } from '../terminal/say.ts';

const betweenLooks = { milliseconds: 500 };

/** Until COMMAND listens on each port that is to be its, or has ended. */
export async function watchListening({ intercepts, target }: EntryPlan, stopping: AbortSignal): Promise<void> {
  const { compose, name, pid } = target.container;
  if (intercepts.length > 0) {
    const idle = idleNote(intercepts, observeListeningSockets(pid) ?? [], compose?.service ?? name);
    if (idle !== undefined) warn(idle);
  }
  let awaited: readonly number[] = [...intercepts.map(({ here }) => here), ...(target.own?.ports ?? [])];
  while (awaited.length > 0 && !stopping.aborted) {
    const listeners = observeListeningSockets(pid);
    // The container has ended.
    if (listeners === undefined) return;
    const seen = reachNotes(awaited, listeners);
    seen.notes.forEach(warn);
    ({ awaited } = seen);
    await pause(betweenLooks.milliseconds, undefined, { ref: false });
  }
}
