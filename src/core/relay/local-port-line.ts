// The caller's own line, with another --forward or --proxy in the place of one that leads nowhere.
import type { Target } from '../entry/plan.ts';
import { lineWithValue } from '../failure/corrected-line.ts';
import { nearestOf } from '../failure/explanation.ts';
import type { Called } from '../failure/explanation.ts';
import { namedByList, networkNames } from '../names/names.ts';
import { describeFailure, valueOf } from './local-port-text.ts';
import { readForward, readProxy } from './local-ports.ts';
import type { Forward, LocalPort } from './local-ports.ts';

export function lineWithPort(called: Called, wrong: LocalPort, right: Partial<Forward>): string {
  const isIt = (value: string): boolean => {
    const read = wrong.kind === 'proxy' ? readProxy(value) : readForward(value);
    return typeof read !== 'string' && valueOf(read) === valueOf(wrong);
  };
  return lineWithValue(called, `--${wrong.kind}`, isIt, valueOf({ ...wrong, ...right } as LocalPort));
}

/** Names that can be looked up before anyone connects. */
export const namesIn = (localPorts: readonly LocalPort[]): readonly string[] => [
  ...new Set(localPorts.flatMap((each) => (each.kind === 'forward' && each.host !== undefined ? [each.host] : []))),
];

/** What is said where nobody has such a name, with the nearest that somebody has. */
export function describeNameless(called: Called, forward: Forward, service: string, target: Target): string {
  const { owner, neighbours } = target;
  const containers = [owner, ...neighbours.map(namedByList)];
  const networks = owner.endpoints.map(({ network }) => network);
  const names = networkNames(undefined, containers, networks).map(({ name }) => name);
  const host = nearestOf(forward.host ?? '', names);
  const hint = host === undefined ? '' : `; did you mean ${host}? ${lineWithPort(called, forward, { host })}`;
  return `${describeFailure(forward, service, 'ENOTFOUND')}${hint}`;
}
