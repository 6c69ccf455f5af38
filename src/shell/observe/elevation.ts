// Looks at the ways to privilege: who calls, whose user namespace the container is in, and what else the choice depends on.
import { readFileSync } from 'node:fs';
import { furtherLooks } from '../../core/ways/choose-way.ts';
import type { ContainerUsers, WayFacts } from '../../core/ways/objections.ts';
import type { Identity } from '../../core/entry/plan.ts';
import type { Elevate } from '../../core/ways/ways.ts';
import { caller } from './caller.ts';

/**
 * @param pid the container's first process
 * @param apart whether what is run has a session of its own
 */
export async function observeWays(
  elevate: Elevate,
  other: Identity | undefined,
  pid: number,
  apart = false,
): Promise<WayFacts> {
  const { identity, restraints } = caller();
  const seen = { caller: identity, restraints, other, containerUsers: observeUsers(pid, identity.uid) };
  const further = furtherLooks(elevate, seen);
  if (further === undefined) return { ...seen, confinement: undefined, elevators: [], terminal: false };
  const { confinement, hasTerminal, observeElevators } = await import('./elevators.ts');
  return {
    ...seen,
    confinement: further.confinement ? confinement() : undefined,
    elevators: await observeElevators(further.programs, apart),
    terminal: further.terminal && hasTerminal(),
  };
}

function isRootOf(map: string, uid: number): boolean {
  const [inside, outside] = map.trim().split(/\s+/).map(Number);
  return inside === 0 && outside === uid && uid !== 0;
}

/**
 * A rootless engine maps root, inside, to the user that it runs as (user_namespaces(7)). Whoever made a user
 * namespace may enter it; who that was the kernel does not tell without privilege, but nobody else could map so.
 */
function observeUsers(pid: number, uid: number): ContainerUsers {
  try {
    const [theirs = '', own = ''] = [pid, 'self'].map((process) => readFileSync(`/proc/${process}/uid_map`, 'utf8'));
    if (theirs === own) return 'same';
    // The machine's own maps every number to itself.
    if (!/^\s*0\s+0\s+4294967295\s*$/.test(own)) return 'unrelated';
    if (isRootOf(theirs, uid)) return "caller's";
    // Podman's conmon is its parent, and in the engine's own.
    const parent = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return isRootOf(readFileSync(`/proc/${parent}/uid_map`, 'utf8'), uid) ? "below the caller's" : 'other';
  } catch {
    return 'other';
  }
}
