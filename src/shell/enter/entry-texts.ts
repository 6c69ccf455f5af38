// The shell texts that a run of root's has no need of: they are loaded by those that have.
import type { StagePart } from '../../core/entry/stage-parts.ts';
import held from './stage/held.sh';
import intercept from './stage/intercept.sh';
import limits from './stage/limits.sh';
import near from './stage/near.sh';
import processesEnter from './stage/processes-enter.sh';
import processes from './stage/processes.sh';
import release from './stage/release.sh';
import startGuard from './stage/start-guard.sh';
import streams from './stage/streams.sh';
import viewFar from './stage/view-far.sh';
import wait from './stage/wait.sh';
import type { stage as usual } from './stage-texts.ts';

export { default as entry } from './entry.sh';
export { default as interceptor } from './interceptor.sh';
export { default as waiter } from './waiter.sh';

export const stage: Readonly<Record<Exclude<StagePart, keyof typeof usual>, string>> = {
  streams,
  'start-guard': startGuard,
  processes,
  held,
  intercept,
  near,
  'view-far': viewFar,
  limits,
  wait,
  release,
  'processes-enter': processesEnter,
};
