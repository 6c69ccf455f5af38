// Programs of this machine: where they are, and whose.
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path/posix';
import type { Tool } from '../../core/tools/tool-table.ts';
import { pathOf } from '../process/raw-words.ts';

// Root never runs what happens to be first on the caller's PATH. The last is where NixOS keeps its programs.
export const trustedPath = '/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin:/run/current-system/sw/bin';

/** A program that root may run, by its absolute path. */
export const findTrusted = (name: Tool): string | undefined =>
  trustedPath
    .split(':')
    .map((folder) => join(folder, name))
    .find(isExecutable);

export function isExecutable(file: string): boolean {
  try {
    accessSync(pathOf(file), constants.X_OK);
    return statSync(pathOf(file)).isFile();
  } catch {
    return false;
  }
}

/** Its setpriv drops capabilities and nothing else; all its other tools do. They are links to the one program. */
export const isBusybox = (file: string): boolean => /^busybox\b/.test(basename(realpathSync(file)));
