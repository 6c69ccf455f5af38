// What does not run, or not as it should: a name alone tells it. One row a situation.
import type { Candidate } from '../../../../src/core/check/check-facts.ts';
import type { CauseKind } from '../../../../src/core/check/check-verdict.ts';
import type { Row } from './check-samples.ts';
import { facts, known, redis, unresolved } from './check-samples.ts';

const inState = (
  situation: string,
  given: Partial<Candidate>,
  what: RegExp,
  hint: RegExp,
  kind: CauseKind = 'not-running',
): Row => [
  situation,
  kind,
  facts({
    name: { ...known, meant: undefined, candidates: [{ ...redis, ...given }] },
    names: unresolved('ENOTFOUND'),
  }),
  what,
  hint,
];

const restarting = { state: 'restarting', status: 'Restarting (3) 5 seconds ago' };
const foreign = { ...restarting, service: 'other/redis', container: 'other-redis-1' };

export const stateRows: readonly Row[] = [
  inState(
    'a service that keeps restarting',
    { ...restarting, restarts: 7 },
    /^redis keeps restarting \(status 3, 7 times\)$/,
    /^see why: docker compose -p shop logs redis$/,
  ),
  inState(
    'a service that has restarted once, and keeps doing so',
    { ...restarting, restarts: 1 },
    /^redis keeps restarting \(status 3, once\)$/,
    /logs redis$/,
  ),
  inState(
    'a service that keeps restarting for want of memory',
    { ...restarting, status: 'Restarting (137) 5 seconds ago', restarts: 2, outOfMemory: true },
    /^redis keeps restarting \(status 137, 2 times\), the last time out of memory \(OOM\)$/,
    /logs redis$/,
  ),
  inState(
    'a service that keeps restarting, in a moment in which it runs and its name is not known yet',
    { ...restarting, state: 'running', restarts: 7 },
    /^redis keeps restarting \(status 3, 7 times\)$/,
    /logs redis$/,
  ),
  inState(
    "another project's service that keeps restarting",
    { ...foreign, restarts: 7 },
    /^other\/redis keeps restarting \(status 3, 7 times\)$/,
    /^see why: docker logs other-redis-1$/,
  ),
];
