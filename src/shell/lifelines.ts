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
import { bytesOf } from './raw-words.ts';

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
 * @param words COMMAND's file and words, where they are to travel so, too: those that are not UTF-8
 * @param guarded whether a guard waits for netexec's end
 */
export function openLifelineFiles(
  environment: Readonly<Record<string, string>>,
  words: readonly string[],
  guarded: boolean,
): Result<LifelineFiles> {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const base = runtime !== undefined && ownFolder(runtime) ? runtime : tmpdir();
  try {
    return success(makeFiles(base, environment, words, guarded));
  } catch (error) {
    return fail({
      kind: 'runtime-folder-unusable',
      folder: base,
      reason: (error as NodeJS.ErrnoException).code ?? String(error),
    });
  } finally {
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

function makeFiles(
  base: string,
  environment: Readonly<Record<string, string>>,
  words: readonly string[],
  guarded: boolean,
): LifelineFiles {
  // A pipe takes a name, and so a moment in which a kill -9 leaves a folder: only where somebody waits for its end.
  const alive = guarded ? inOwnFolder(base, openPipe) : openNameless(base);
  const ready = openNameless(base);
  const carrier = openNameless(base);
  const entries = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  // An empty entry is no variable: what follows it are words.
  const carried = words.length === 0 ? entries : [...entries, '', ...words];
  writeFileSync(carrier, bytesOf(carried.map((entry) => `${entry}\0`).join('')));
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

/** In a folder for its owner alone, under a name nobody can have prepared; it is gone when what is opened there is open. */
function inOwnFolder(base: string, open: (file: string) => number): number {
  const folder = mkdtempSync(join(base, 'docker-netexec-'));
  try {
    return open(join(folder, 'lifeline'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openPipe(file: string): number {
  execFileSync(findTrusted('mkfifo') ?? 'mkfifo', ['-m', '600', file]);
  return openSync(file, constants.O_RDWR | constants.O_NONBLOCK);
}

/** __O_TMPFILE of Linux (asm-generic/fcntl.h), which Node does not name. */
const withoutName = 0o20_000_000 | constants.O_DIRECTORY;

/** A file that never has a name: not even a kill -9 leaves anything. Not every file system has such (open(2), O_TMPFILE). */
function openNameless(base: string): number {
  try {
    return openSync(base, withoutName | constants.O_RDWR, 0o600);
  } catch {
    return inOwnFolder(base, (file) => openSync(file, 'wx+', 0o600));
  }
}

function ownFolder(folder: string): boolean {
  try {
    const stat = statSync(folder);
    return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0;
  } catch {
    return false;
  }
}
