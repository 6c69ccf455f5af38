// What a run through sudo holds open: files without a name, which are gone with the process however it ends.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path/posix';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';

export interface LifelineFiles {
  /** Below /proc, where the privileged stage opens them while netexec lives. */
  readonly paths: { readonly environment: string; readonly alive: string; readonly ready: string };
  /** What the stage wrote: COMMAND's process number, or '' before. */
  readReady(): string;
  close(): void;
}

/** @param environment COMMAND's: written to a file that only its owner may read and that has lost its name before anyone else runs */
export function openLifelineFiles(environment: Readonly<Record<string, string>>): Result<LifelineFiles> {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const base = runtime !== undefined && ownFolder(runtime) ? runtime : tmpdir();
  let folder;
  try {
    // mkdtemp makes it for its owner alone, under a name nobody can have prepared.
    folder = mkdtempSync(join(base, 'docker-netexec-'));
    return success(makeFiles(folder, environment));
  } catch (error) {
    return fail({
      kind: 'runtime-folder-unusable',
      folder: base,
      reason: error instanceof Error ? error.message : String(error),
    });
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function makeFiles(folder: string, environment: Readonly<Record<string, string>>): LifelineFiles {
  const file = (name: string): string => join(folder, name);
  execFileSync('mkfifo', ['-m', '600', file('alive')]);
  const alive = openSync(file('alive'), constants.O_RDWR | constants.O_NONBLOCK);
  const ready = openSync(file('ready'), 'wx+', 0o600);
  const carrier = openSync(file('environment'), 'wx+', 0o600);
  const entries = Object.entries(environment).map(([name, value]) => `${name}=${value}\0`);
  writeAll(carrier, Buffer.from(entries.join('')));
  const path = (descriptor: number): string => `/proc/${process.pid}/fd/${descriptor}`;
  return {
    paths: { environment: path(carrier), alive: path(alive), ready: path(ready) },
    readReady: () => readFileSync(path(ready), 'utf8'),
    close: () => [alive, ready, carrier].forEach((descriptor) => closeSync(descriptor)),
  };
}

function writeAll(descriptor: number, data: Buffer): void {
  for (let written = 0; written < data.length;) written += writeSync(descriptor, data, written);
}

function ownFolder(folder: string): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  return stat !== undefined && stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0;
}
