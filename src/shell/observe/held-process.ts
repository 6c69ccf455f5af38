// A process, held by its folder in /proc: that stays this one process's, and is empty once it has ended, whoever has its number then.
import { closeSync, openSync } from 'node:fs';

/**
 * Throws, as opening does, where there is no such process or it may not be looked at.
 * @param look is given where its folder is found meanwhile
 */
export function holdingProcess<Seen>(pid: number, look: (folder: string) => Seen): Seen {
  const descriptor = openSync(`/proc/${pid}`, 'r');
  try {
    return look(`/proc/self/fd/${descriptor}`);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * The same of the parent: nobody else has its number for as long as it is the parent.
 * @returns undefined where it has ended, and another is the parent since
 */
export function holdingParent<Seen>(look: (folder: string) => Seen): Seen | undefined {
  const parent = process.ppid;
  return holdingProcess(parent, (folder) => (process.ppid === parent ? look(folder) : undefined));
}
