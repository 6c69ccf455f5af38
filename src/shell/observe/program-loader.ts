// What a program's file tells of itself: its loader, from the ELF header (elf(5)), and whether it takes on another's rights. Only
// HOSTALIASES depend on it.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { ProgramFacts } from '../../core/names/alias-limits.ts';
import { pathOf } from '../process/raw-words.ts';

export function observeProgram(file: string): ProgramFacts {
  const nothing = { loader: undefined, setId: false };
  try {
    const setId = (statSync(pathOf(file)).mode & 0o6000) !== 0;
    return { loader: readLoader(file), setId };
  } catch {
    return nothing;
  }
}

const interpreterEntry = 3;

/** @returns the PT_INTERP of a 64-bit little-endian program, '' where it has none, undefined for anything else */
function readLoader(file: string): string | undefined {
  const descriptor = openSync(pathOf(file), 'r');
  try {
    const head = Buffer.alloc(4096);
    const length = readSync(descriptor, head, 0, head.length, 0);
    if (length < 64 || head.toString('latin1', 0, 4) !== '\u007fELF' || head[4] !== 2 || head[5] !== 1)
      return undefined;
    const entriesAt = Number(head.readBigUInt64LE(32));
    const entrySize = head.readUInt16LE(54);
    for (let index = 0; index < head.readUInt16LE(56); index++) {
      const at = entriesAt + index * entrySize;
      if (at + 56 > length || head.readUInt32LE(at) !== interpreterEntry) continue;
      const path = Buffer.alloc(Math.min(Number(head.readBigUInt64LE(at + 32)), 256));
      readSync(descriptor, path, 0, path.length, Number(head.readBigUInt64LE(at + 8)));
      return path.toString('utf8').replace(/\0.*$/s, '');
    }
    return '';
  } finally {
    closeSync(descriptor);
  }
}
