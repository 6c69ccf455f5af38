// What /proc tells of a container's processes: their numbers inside, their user.
import type { ProcessFacts } from '../../core/entry/processes.ts';
import { readText } from '../files/attempt.ts';

/** @param pid the container's first process */
export function observeProcesses(pid: number): ProcessFacts {
  const status = readText(`/proc/${pid}/status`);
  const uid = field(status, 'Uid')[1];
  const scope = readText('/proc/sys/kernel/yama/ptrace_scope');
  return { numbers: field(status, 'NSpid'), uid, ptraceScope: Number(scope ?? 0) };
}

const field = (status: string | undefined, name: string): readonly number[] =>
  (new RegExp(`^${name}:(.*)$`, 'm').exec(status ?? '')?.[1] ?? '').trim().split(/\s+/).filter(Boolean).map(Number);
