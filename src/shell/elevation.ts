// Looks at the ways to privilege: who calls, whose user namespace the container is in, and what sudo and doas say.
import { readFileSync } from 'node:fs';
import type { Elevate } from '../core/arguments/option-values.ts';
import type { Identity } from '../core/plan.ts';
import type { ContainerUsers, WayFacts } from '../core/ways.ts';
import { caller } from './caller.ts';

/**
 * Looks only at what the choice may depend on: sudo writes a line into the log whenever it is asked.
 * @param pid the container's first process
 */
export async function observeWays(elevate: Elevate, other: Identity | undefined, pid: number): Promise<WayFacts> {
  const { identity, restraints } = caller();
  const containerUsers = observeUsers(pid, identity.uid);
  const isRoot = identity.uid === 0 && restraints.effective.includes('sys_admin');
  const enters = isRoot || (containerUsers === "caller's" && (other?.uid ?? identity.uid) === identity.uid);
  // Under no_new_privs they could become nobody else.
  const wanted = !restraints.noNewPrivileges && (elevate === 'sudo' || (elevate === 'auto' && !enters));
  const facts = { caller: identity, restraints, other, containerUsers };
  if (enters && elevate !== 'sudo' && elevate !== 'docker')
    return { ...facts, confinement: undefined, elevators: [], terminal: false };
  const { confinement, hasTerminal, observeElevators } = await import('./elevators.ts');
  return {
    ...facts,
    confinement: confinement(),
    elevators: wanted ? await observeElevators() : [],
    terminal: elevate === 'sudo' && hasTerminal(),
  };
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
    const [inside, outside] = theirs.trim().split(/\s+/).map(Number);
    return inside === 0 && outside === uid && uid !== 0 ? "caller's" : 'other';
  } catch {
    return 'other';
  }
}
