// What /proc tells of a container's processes: their numbers inside, their user.
import { readFileSync } from 'node:fs';
import type { ProcessFacts } from '../../core/entry/processes.ts';

/** @param pid the container's first process */
export function observeProcesses(pid: number): ProcessFacts {
  const status = read(`/proc/${pid}/status`);
  const uid = field(status, 'Uid')[1];
  const scope = read('/proc/sys/kernel/yama/ptrace_scope');
  return { numbers: field(status, 'NSpid'), uid, ptraceScope: Number(scope ?? 0) };
}

const field = (status: string | undefined, name: string): readonly number[] =>
  (new RegExp(`^${name}:(.*)$`, 'm').exec(status ?? '')?.[1] ?? '').trim().split(/\s+/).filter(Boolean).map(Number);

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
