// Ports that lead from this machine's own network back into it: each connection would make the next.
import type { Target } from '../../core/entry/plan.ts';
import type { Failure } from '../../core/failure/failure.ts';
import { findLoop } from '../../core/relay/reverses.ts';
import { proveProcess } from '../observe/prove-process.ts';
import type { Ports } from './outer.ts';

/** Of a way by a far end, which may be on this machine or on another. */
export function ownLoop({ container, owner }: Target, { localPorts, reverses }: Ports): Failure | undefined {
  if (owner.networkMode !== 'host' || proveProcess(container) !== 'container') return undefined;
  const port = findLoop(localPorts, reverses);
  return port === undefined
    ? undefined
    : { kind: 'network-is-own', service: container.compose?.service ?? container.name, port };
}
