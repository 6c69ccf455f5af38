// Has the kernel end a program when netexec has ended, however that is (prctl(2), PR_SET_PDEATHSIG).
import { findTrusted, isBusybox } from '../observe/program.ts';

/** @returns the words in front of its own; undefined where this machine has nothing for it */
export function tie(): readonly [string, ...string[]] | undefined {
  const setpriv = findTrusted('setpriv');
  // That of busybox knows no --pdeathsig.
  return setpriv === undefined || isBusybox(setpriv) ? undefined : [setpriv, '--pdeathsig', 'TERM', '--'];
}
