// The hosts file of --host-network: made by netexec, covered over /etc/hosts by the stage, and renewed in its place while COMMAND runs.
import { closeSync, fchmodSync, openSync, readFileSync, writeSync } from 'node:fs';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { hostsText } from '../../core/names/host-view.ts';
import type { HostName } from '../../core/names/host-view.ts';
import { makeOwnFolder, removeForgottenFolders, temporaryBase } from '../files/own-folder.ts';

export interface NamesFile {
  readonly file: { readonly path: string; readonly descriptor: number };
  /** Takes its name away, once it is mounted. */
  readonly forget: () => void;
  readonly renew: (names: readonly HostName[]) => void;
  readonly close: () => void;
}

export function openNamesFile(names: readonly HostName[]): Result<NamesFile> {
  const base = temporaryBase();
  try {
    return success(make(base, names));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return fail({ kind: 'runtime-folder-unusable', folder: base, reason: code ?? String(error) });
  } finally {
    removeForgottenFolders(base);
  }
}

function make(base: string, names: readonly HostName[]): NamesFile {
  const folder = makeOwnFolder(base, 'hosts');
  let named = true;
  let written = '';
  let length = 0;
  const forget = (): void => {
    if (named) folder.remove();
    named = false;
  };
  try {
    const descriptor = openSync(folder.file, 'wx+', 0o644);
    // Whoever COMMAND is may read it, whatever the caller's umask.
    fchmodSync(descriptor, 0o644);
    const renew = (all: readonly HostName[]): void => {
      const text = hostsText(all, ownHosts());
      if (text === written) return;
      written = text;
      const bytes = Buffer.from(text, 'latin1');
      // At once, and never shorter: who reads it meanwhile finds whole lines, and none of before behind them.
      length = Math.max(length, bytes.length);
      writeSync(descriptor, Buffer.concat([bytes, Buffer.alloc(length - bytes.length, '\n')]), 0, length, 0);
    };
    renew(names);
    return {
      file: { path: folder.file, descriptor },
      forget,
      renew,
      close: () => {
        forget();
        closeSync(descriptor);
      },
    };
  } catch (error) {
    forget();
    throw error;
  }
}

function ownHosts(): string {
  try {
    return readFileSync('/etc/hosts', 'latin1');
  } catch {
    return '';
  }
}
