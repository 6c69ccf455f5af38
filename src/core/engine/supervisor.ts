// Which netexec a container of netexec's own is for, and whether that one has ended: the value of its label.
import type { ListedHelper } from './helper-specification.ts';

/** What makes a process's number mean something. */
export interface Machine {
  /** Of this start of the machine (/proc/sys/kernel/random/boot_id). */
  readonly boot: string;
  /** The process namespace, as /proc/self/ns/pid has it. */
  readonly namespace: string;
}

/** @param started as proc(5) has it: the number may be another's later */
export const supervisorText = (pid: number, started: string, { boot, namespace }: Machine): string =>
  `${pid} ${started} ${boot} ${namespace}`;

/** @returns its process number, where it runs in the same process namespace */
export const supervisorPid = (text: string): string => text.split(' ')[0] ?? '';

/**
 * @param startOf when the process of a number has started, here; undefined where there is none
 * @returns undefined where that cannot be told from here
 */
export function hasEnded(
  text: string,
  { boot, namespace }: Machine,
  startOf: (pid: string) => string | undefined,
): boolean | undefined {
  const [pid = '', started, itsBoot, itsNamespace] = text.split(' ');
  if (itsBoot !== undefined && itsBoot !== boot) return true;
  if (startOf(pid) === started) return false;
  return itsNamespace === namespace ? true : undefined;
}

/** In seconds: one that is just being made may be of a netexec that cannot be seen from here. */
const longestMaking = 60;

/**
 * Whether nobody will remove it but this netexec. No container outlives its machine: one that runs and is of another boot
 * is of another machine's netexec, which has the same engine.
 * @param now in seconds since 1970
 */
export function isForgotten(
  { label, state, created }: ListedHelper,
  now: number,
  machine: Machine,
  startOf: (pid: string) => string | undefined,
): boolean {
  const isElsewhere = (label.split(' ')[2] ?? machine.boot) !== machine.boot;
  const ended = isElsewhere ? undefined : hasEnded(label, machine, startOf);
  return ended ?? (['created', 'exited', 'dead'].includes(state) && now - created > longestMaking);
}
