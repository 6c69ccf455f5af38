// Which signals a process ignores, as the kernel tells it.

/** @param stat a /proc/PID/stat (proc(5)): the 31st field behind the name, in parentheses, is a mask */
export function ignoredBy(stat: string): readonly number[] {
  const mask = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[30]);
  return Array.from({ length: 31 }, (_, index) => index + 1).filter((signal) => (mask >> (signal - 1)) & 1);
}
