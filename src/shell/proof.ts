// Is the process that the engine named really this container, on this machine? Looked at before anything is started;
// the privileged stage looks again from within, where it counts.
import { existsSync, readFileSync } from 'node:fs';
import type { Container } from '../core/engine-state.ts';
import { proofOf } from '../core/proof.ts';

export type ProcessFound = 'container' | 'no-process' | 'another-process' | 'unreadable';

/** An engine in a virtual machine, or behind a network, names processes of another kernel. */
export function proveProcess(container: Container): ProcessFound {
  const { cgroup, mount } = proofOf(container);
  const cgroups = read(`/proc/${container.pid}/cgroup`);
  if (cgroups !== undefined && new RegExp(cgroup, 'm').test(cgroups)) return 'container';
  const mounts = read(`/proc/${container.pid}/mountinfo`);
  if (mounts !== undefined && new RegExp(mount, 'm').test(mounts)) return 'container';
  const texts = [cgroups, mounts];
  // Where /proc hides others' processes (hidepid, proc(5)) not even the machine's first one is there.
  if (texts.every((text) => text === undefined)) return existsSync('/proc/1') ? 'no-process' : 'unreadable';
  // Another user's mountinfo cannot be read, and the cgroup of a rootless engine's container tells nothing.
  return texts.includes('') ? 'unreadable' : 'another-process';
}

/**
 * What tells a process from all others that may have its number later: proc(5), field starttime.
 * @returns in the clock's ticks since the machine started; undefined where there is no such process
 */
export function startTime(pid: number | string): string | undefined {
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
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ESRCH' ? undefined : '';
  }
}
