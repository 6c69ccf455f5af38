// Is the process that the engine named really this container, on this machine? Looked at before anything is started;
// the privileged stage looks again from within, where it counts.
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import type { Container } from '../../core/engine/containers.ts';
import { proofOf } from '../../core/entry/proof.ts';
import { holdingProcess } from './held-process.ts';
import { isLinux } from '../process/system.ts';

export type ProcessFound = 'container' | 'no-process' | 'another-process' | 'own-namespace' | 'unreadable';

/** An engine in a virtual machine, or behind a network, names processes of another kernel. */
export function proveProcess(container: Container): ProcessFound {
  if (!isLinux) return 'no-process';
  if (seesOtherNumbers()) return 'own-namespace';
  const texts = readHeld(container.pid);
  if (isContainer(texts, container)) return 'container';
  // Where /proc hides others' processes (hidepid, proc(5)) not even the machine's first one is there.
  if (texts.every((text) => text === undefined))
    return existsSync('/proc/1') || !isThere(container.pid) ? 'no-process' : 'unreadable';
  // Another user's mountinfo cannot be read, and the cgroup of a rootless engine's container tells nothing.
  return texts.includes('') ? 'unreadable' : 'another-process';
}

/** @param texts of its cgroup and mountinfo (proc(5)) */
function isContainer([cgroups, mounts]: readonly (string | undefined)[], container: Container): boolean {
  const { cgroup, mount } = proofOf(container);
  return new RegExp(cgroup, 'm').test(cgroups ?? '') || new RegExp(mount, 'm').test(mounts ?? '');
}

/** Both of one and the same process. */
function readHeld(pid: number): readonly (string | undefined)[] {
  try {
    return holdingProcess(pid, (folder) => ['cgroup', 'mountinfo'].map((name) => read(`${folder}/${name}`)));
  } catch (error) {
    const text = isGone(error) ? undefined : '';
    return [text, text];
  }
}

/**
 * Whether netexec's numbers are others than those of /proc: in a process namespace of its own, below that of /proc, it has one
 * in each (proc(5), NSpid), and within /proc of a namespace that it is not in it has none.
 */
export function seesOtherNumbers(): boolean {
  const status = read('/proc/self/status');
  if (status === undefined) return existsSync('/proc/stat');
  return /^NSpid:\s*\d+\s+\d/m.test(status) || readlinkSync('/proc/self') !== `${process.pid}`;
}

/** Whether a process has that number: the kernel tells, also where /proc hides it. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/**
 * What tells a process from all others that may have its number later: proc(5), field starttime.
 * @returns in the clock's ticks since the machine started; undefined where there is no such process; elsewhere than on Linux 0 where there is one
 */
export function startTime(pid: number | string): string | undefined {
  if (!isLinux) return pid === 'self' || isThere(Number(pid)) ? '0' : undefined;
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/**
 * Whether it is gone, or about to be: the first process of a process namespace has the kernel kill all others in there
 * before it is gone itself, and the end of those may be known earlier.
 */
export function isEnding(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  const [state = '', , , , , , flags = ''] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return stat === undefined || ['Z', 'X'].includes(state) || (Number(flags) & exiting) !== 0;
}

/** PF_EXITING (linux/sched.h). */
const exiting = 4;

/** @returns undefined where there is no such process, '' where it may not be read */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return isGone(error) ? undefined : '';
  }
}

const isGone = (error: unknown): boolean => ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');
