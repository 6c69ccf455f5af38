// --pid: the container's processes for COMMAND, and what the kernel will not let it do with them.
import { basename } from 'node:path/posix';
import type { EntryPlan, Identity } from './plan.ts';

/** Of the container's first process, as proc(5) has it. */
export interface ProcessFacts {
  /** Its number in every process namespace that it is in, from this machine's to its own. */
  readonly numbers: readonly number[];
  /** Its user; undefined where that may not be seen. */
  readonly uid: number | undefined;
  /** kernel.yama.ptrace_scope; 0 where there is no Yama. */
  readonly ptraceScope: number;
}

/** What COMMAND sees of the container's processes. */
export interface ProcessView {
  /** False: they are among this machine's (`pid: host`), and there is nothing to enter. */
  readonly own: boolean;
  /** The container's first process is the first of their namespace: when that ends, the kernel kills all others in there. */
  readonly endTogether: boolean;
  /** The container's file system, by way of its first process. */
  readonly root: string;
}

export function viewProcesses({ numbers }: ProcessFacts, pid: number): ProcessView {
  const own = numbers.length !== 1;
  // /proc may hide the numbers from the caller; an engine makes a container's first process the first of all.
  const inside = own ? (numbers.at(-1) ?? 1) : pid;
  return { own, endTogether: own && inside === 1, root: `/proc/${inside}/root` };
}

export const joinsProcesses = ({ processes }: Pick<EntryPlan, 'processes'>): boolean => processes?.own === true;

/** Programs that are of no use without ptrace(2). */
const tracers = /^(strace|ltrace|gdb|gdbserver|gcore|pstack|lldb(-\d+)?|py-spy|rbspy|reptyr)$/;

/**
 * What ptrace(2) asks for, where COMMAND is a tracer that will not get it: the kernel itself says no more than
 * "Operation not permitted".
 */
export function tracingNotes(
  facts: ProcessFacts,
  file: string,
  user: Identity,
  mapped: boolean,
  capabilities: readonly string[],
): readonly string[] {
  const program = basename(file);
  if (!tracers.test(program)) return [];
  const privileged = capabilities.includes('sys_ptrace') || (user.uid === 0 && !mapped);
  if (facts.ptraceScope >= 3) return [`${program}: tracing is disabled: kernel.yama.ptrace_scope is 3`];
  if (privileged) return [];
  const add = mapped ? 'use --cap-add SYS_PTRACE' : 'use -u root, or --cap-add SYS_PTRACE';
  if (facts.uid !== undefined && facts.uid !== user.uid)
    return [`${program}: uid ${user.uid} may not trace processes of uid ${facts.uid}: ${add}`];
  if (facts.ptraceScope > 0)
    return [
      `${program}: kernel.yama.ptrace_scope is ${facts.ptraceScope}, and the processes are not its children: ${add}`,
    ];
  return mapped
    ? [`${program}: COMMAND is in its own user namespace, and may not trace processes outside it: ${add}`]
    : [];
}
