// Gives back, while COMMAND runs, the memory of code that only starting needed: some 28 MB, two thirds of what netexec takes.
import { readFileSync } from 'node:fs';
import { unmapPages } from '../process/libc.ts';

/**
 * The kernel brings a page back from its cache when it is run again. Only what nobody has written to is given back: it is as
 * it is in the file.
 */
export function releaseCode(): void {
  try {
    for (const { from, to } of ownCode(readFileSync('/proc/self/smaps', 'utf8'), process.execPath))
      unmapPages(from, to);
  } catch {
    // Where the C library may not be called it keeps its memory.
  }
}

interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

/** Of smaps, as proc(5) has it. */
function ownCode(smaps: string, file: string): readonly Range[] {
  return smaps.split(/^(?=[\da-f]+-[\da-f]+ )/m).flatMap((mapping) => {
    const [, from, to] = /^([\da-f]+)-([\da-f]+) r-xp /.exec(mapping) ?? [];
    const isClean = /^Private_Dirty: +0 kB$/m.test(mapping);
    const isOwn = mapping.slice(0, mapping.indexOf('\n')).endsWith(` ${file}`);
    return from !== undefined && isClean && isOwn ? [{ from: BigInt(`0x${from}`), to: BigInt(`0x${to}`) }] : [];
  });
}
