// Which netexec a container of netexec's own is for, and whether that one has ended: the value of its label.

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
