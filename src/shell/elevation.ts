// Looks at the ways to privilege: who calls, whose user namespace the container is in, and what sudo and doas say.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Elevate } from '../core/arguments/argv.ts';
import type { Identity } from '../core/plan.ts';
import type { ContainerUsers, Elevator, WayFacts } from '../core/ways.ts';
import { caller } from './caller.ts';
import { findTrusted } from './program.ts';

/**
 * Looks only at what the choice may depend on: sudo writes a line into the log whenever it is asked.
 * @param pid the container's first process
 */
export function observeWays(elevate: Elevate, other: Identity | undefined, pid: number): WayFacts {
  const { identity, restraints } = caller();
  const containerUsers = observeUsers(pid, identity.uid);
  const isRoot = identity.uid === 0 && restraints.effective.includes('sys_admin');
  const enters = isRoot || (containerUsers === "caller's" && (other?.uid ?? identity.uid) === identity.uid);
  // Under no_new_privs they could become nobody else.
  const wanted = !restraints.noNewPrivileges && (elevate === 'sudo' || (elevate === 'auto' && !enters));
  const elevators = wanted ? observeElevators() : [];
  const terminal = elevate === 'sudo' && hasTerminal();
  return { caller: identity, restraints, other, containerUsers, elevators, terminal };
}

/** sudo and, where that does not work, doas. */
function observeElevators(): readonly Elevator[] {
  const sudo = observeElevator('sudo');
  return sudo.program !== undefined && sudo.refusal === undefined ? [sudo] : [sudo, observeElevator('doas')];
}

/** Something that does nothing tells whether it would ask for a password; a rule for nsenter alone is enough. */
export function observeElevator(name: Elevator['name']): Elevator {
  const program = findTrusted(name);
  const nsenter = findTrusted('nsenter');
  if (program === undefined || nsenter === undefined) return { name, program, refusal: undefined };
  const { status, stderr, error } = spawnSync(program, ['-n', '--', nsenter, '--version'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    // What it asks for a user's rights may be elsewhere, and not answer.
    timeout: 10_000,
  });
  if (status === 0) return { name, program, refusal: undefined };
  const said = stderr
    .trim()
    .split('\n')
    .at(-1)
    ?.replace(/^(sudo|doas): /, '');
  return { name, program, refusal: error?.message ?? (said || `it ended with status ${status}`) };
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

/** Whether a password could be asked for. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r+'));
    return true;
  } catch {
    return false;
  }
}
