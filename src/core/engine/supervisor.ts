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
 * @returns undefined where that cannot be told from here: another boot is one before this, or another machine's
 */
function hasEnded(
  text: string,
  { boot, namespace }: Machine,
  startOf: (pid: string) => string | undefined,
): boolean | undefined {
  const [pid = '', started, itsBoot = boot, itsNamespace] = text.split(' ');
  if (itsBoot !== boot) return undefined;
  if (startOf(pid) === started) return false;
  return itsNamespace === namespace ? true : undefined;
}

/**
 * Of a container that never starts, whose state tells nothing.
 * @param created in seconds since 1970
 * @param since when this machine has started; undefined where the engine is another machine's, whose boots are not known here
 */
export function hasEndedBefore(
  { supervisor, created }: { readonly supervisor: string; readonly created: number },
  since: number | undefined,
  machine: Machine,
  startOf: (pid: string) => string | undefined,
): boolean {
  const boot = supervisor.split(' ')[2] ?? machine.boot;
  return hasEnded(supervisor, machine, startOf) ?? (boot !== machine.boot && since !== undefined && created < since);
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
  return (
    hasEnded(label, machine, startOf) ??
    (['created', 'exited', 'dead'].includes(state) && now - created > longestMaking)
  );
}
