// What netexec holds open for the stage and the guard, wherever COMMAND is not simply its child: files without a name, gone with it.
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path/posix';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { findTrusted } from './program.ts';

export interface LifelineFiles {
  /** Below /proc, where the privileged stage opens them while netexec lives. */
  readonly paths: { readonly environment: string; readonly alive: string; readonly ready: string };
  /** The same as descriptors, for a stage that has no way to the paths. */
  readonly descriptors: { readonly environment: number; readonly alive: number; readonly ready: number };
  /** Whether the stage has said that COMMAND starts. */
  isReady(): boolean;
  /** Has the guard signal COMMAND. */
  signal(signal: NodeJS.Signals): void;
  close(): void;
}

/**
 * @param environment COMMAND's: written to a file that only its owner may read, and that has no name
 * @param guarded whether a guard waits for netexec's end
 */
export function openLifelineFiles(
  environment: Readonly<Record<string, string>>,
  guarded: boolean,
): Result<LifelineFiles> {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const base = runtime !== undefined && ownFolder(runtime) ? runtime : tmpdir();
  let folder;
  try {
    // mkdtemp makes it for its owner alone, under a name nobody can have prepared.
    folder = mkdtempSync(join(base, 'docker-netexec-'));
    return success(makeFiles(folder, environment, guarded));
  } catch (error) {
    return fail({
      kind: 'runtime-folder-unusable',
      folder: base,
      reason: error instanceof Error ? error.message : String(error),
    });
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    removeForgottenFolders(base);
  }
}

/** What a run that was killed while it made its own has left: one that is just being made is younger. */
function removeForgottenFolders(base: string): void {
  for (const name of namesIn(base)) {
    if (!/^docker-netexec-\w{6}$/.test(name)) continue;
    const stat = lstatSync(join(base, name), { throwIfNoEntry: false });
    if (stat === undefined || stat.uid !== process.getuid?.() || Date.now() - stat.mtimeMs < 60_000) continue;
    rmSync(join(base, name), { recursive: true, force: true });
  }
}

/** A folder that all may write into need not be one that all may list. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function makeFiles(folder: string, environment: Readonly<Record<string, string>>, guarded: boolean): LifelineFiles {
  const file = (name: string): string => join(folder, name);
  // A pipe takes a program, and so a moment in which a kill -9 leaves the folder: only where somebody waits for its end.
  const alive = guarded ? openPipe(file('alive')) : openNameless(file('alive'));
  const ready = openNameless(file('ready'));
  const carrier = openNameless(file('environment'));
  const entries = Object.entries(environment).map(([name, value]) => `${name}=${value}\0`);
  writeFileSync(carrier, entries.join(''));
  let closed = false;
  const path = (descriptor: number): string => `/proc/${process.pid}/fd/${descriptor}`;
  return {
    paths: { environment: path(carrier), alive: path(alive), ready: path(ready) },
    descriptors: { environment: carrier, alive, ready },
    isReady: () => fstatSync(ready).size > 0,
    signal: (signal) => {
      // The number of a descriptor that is closed may be another's by now.
      if (!closed) writeSync(alive, `${signal.replace('SIG', '')}\n`);
    },
    close: () => {
      if (closed) return;
      closed = true;
      for (const descriptor of [alive, ready, carrier]) closeSync(descriptor);
    },
  };
}

function openPipe(file: string): number {
  execFileSync(findTrusted('mkfifo') ?? 'mkfifo', ['-m', '600', file]);
  return openSync(file, constants.O_RDWR | constants.O_NONBLOCK);
}

/** A file that has lost its name before anything is in it: not even a kill -9 leaves a secret behind. */
function openNameless(file: string): number {
  const descriptor = openSync(file, 'wx+', 0o600);
  rmSync(file);
  return descriptor;
}

function ownFolder(folder: string): boolean {
  try {
    const stat = statSync(folder);
    return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0;
  } catch {
    return false;
  }
}
