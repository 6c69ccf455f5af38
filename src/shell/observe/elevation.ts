// Looks at the ways to privilege: who calls, whose user namespace the container is in, and what else the choice depends on.
import { readFileSync, readlinkSync } from 'node:fs';
import { furtherLooks } from '../../core/ways/choose-way.ts';
import type { ContainerUsers, WayFacts } from '../../core/ways/objections.ts';
import { asksTunnel } from '../../core/ways/ways.ts';
import type { Elevate } from '../../core/ways/ways.ts';
import { caller } from './caller.ts';

/** What a run asks for that the choice depends on. */
export type Wanted = Pick<WayFacts, 'other' | 'outside' | 'remoteEngine' | 'keepsCapabilities'>;

/**
 * @param pid the container's first process; netexec's own where none is entered
 * @param apart whether what is run has a session of its own
 */
export async function observeWays(elevate: Elevate, wanted: Wanted, pid: number, apart = false): Promise<WayFacts> {
  const { identity, restraints } = caller();
  const tunnels = wanted.remoteEngine === true || asksTunnel(elevate);
  const deviceRefusal = tunnels ? (await import('./tunnel-device.ts')).deviceRefusal() : undefined;
  const containerUsers = observeUsers(pid, identity.uid);
  const ownNetwork = containerUsers === "caller's" && isInOwnNetwork(pid);
  const seen = { ...wanted, deviceRefusal, caller: identity, restraints, containerUsers, ownNetwork };
  const further = furtherLooks(elevate, seen);
  if (further === undefined) return { ...seen, confinement: undefined, elevators: [], terminal: false };
  const { confinement, hasTerminal, observeElevators } = await import('./elevators.ts');
  const elevators = await observeElevators(further.programs, apart);
  const isLetThrough = elevators.some(({ program, refusal }) => program !== undefined && refusal === undefined);
  const tries = further.namespace && !isLetThrough;
  return {
    ...seen,
    confinement: further.confinement ? confinement() : undefined,
    elevators,
    namespaceRefusal: tries ? (await import('./user-namespace.ts')).namespaceRefusal() : undefined,
    terminal: further.terminal && hasTerminal(),
  };
}

function isInOwnNetwork(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync('/proc/self/ns/net');
  } catch {
    return false;
  }
}

function isRootOf(map: string, uid: number): boolean {
  const [inside, outside] = map.trim().split(/\s+/).map(Number);
  return inside === 0 && outside === uid && uid !== 0;
}

/**
 * A rootless engine maps root, inside, to the user that it runs as (user_namespaces(7)). Whoever made a user
 * namespace may enter it; who that was the kernel does not tell without privilege, but nobody else could map so. Its root has
 * every right in those below, as Podman's `--userns keep-id` makes one: the container's parent, conmon, is in the engine's own.
 * @param folder of the container's process in /proc
 * @returns that of a process that is in the engine's user namespace; undefined where it is not this caller's
 */
export function folderOfEngineUsers(folder: string, uid: number): string | undefined {
  if (isRootOf(readFileSync(`${folder}/uid_map`, 'utf8'), uid)) return folder;
  const parent = `/proc/${/^PPid:\s*(\d+)$/m.exec(readFileSync(`${folder}/status`, 'utf8'))?.[1]}`;
  return isRootOf(readFileSync(`${parent}/uid_map`, 'utf8'), uid) ? parent : undefined;
}

function observeUsers(pid: number, uid: number): ContainerUsers {
  try {
    const [theirs = '', own = ''] = [pid, 'self'].map((process) => readFileSync(`/proc/${process}/uid_map`, 'utf8'));
    // The machine's own maps every number to itself.
    const isOfItsOwn = !/^\s*0\s+0\s+4294967295\s*$/.test(own);
    if (theirs === own && !(isOfItsOwn && pid === process.pid)) return 'same';
    if (isOfItsOwn) return 'unrelated';
    return folderOfEngineUsers(`/proc/${pid}`, uid) === undefined ? 'other' : "caller's";
  } catch {
    return 'other';
  }
}
