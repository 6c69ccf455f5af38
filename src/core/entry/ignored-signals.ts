// Which signals a process ignores, as the kernel tells it; and which of those are its caller's.

/** @param stat a /proc/PID/stat (proc(5)): the 31st field behind the name, in parentheses, is a mask */
export function ignoredBy(stat: string): readonly number[] {
  const mask = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[30]);
  return Array.from({ length: 31 }, (_, index) => index + 1).filter((signal) => (mask >> (signal - 1)) & 1);
}

/** By number: SIGPIPE and SIGXFSZ, which the runtime ignores for itself. */
const ofRuntime: readonly number[] = [13, 25];
/** And SIGCHLD, which a shell handles. */
const ofLauncher: readonly number[] = [...ofRuntime, 17];

/**
 * @param now what netexec ignores
 * @param before what the shell in front of it ignored; undefined where there was none. bash and busybox ignore SIGQUIT for
 *   themselves, and give it back to what they become: of most signals netexec knows better
 */
export const callersOf = (now: readonly number[], before: readonly number[] | undefined): readonly number[] =>
  before === undefined
    ? now.filter((signal) => !ofRuntime.includes(signal))
    : [
        ...now.filter((signal) => !ofLauncher.includes(signal)),
        ...before.filter((signal) => ofLauncher.includes(signal)),
      ];
