// What netexec holds open for the stage and the guard, wherever COMMAND is not simply its child: files without a name, gone with it.
import { closeSync, constants, fchmodSync, fstatSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { heldBy } from '../core/held-paths.ts';
import { required } from '../core/tools.ts';
import type { Way } from '../core/ways.ts';
import { makeOwnFolder, removeForgottenFolders, temporaryBase } from './own-folder.ts';
import { findTrusted, trustedPath } from './program.ts';
import { bytesOf } from './raw-words.ts';

export interface LifelineFiles {
  /** Below /proc, where the privileged stage opens them while netexec lives. */
  paths(way: Way): { readonly environment: string; readonly alive: string | undefined; readonly ready: string };
  /** The same as descriptors, for a stage that has no way to the paths. */
  readonly descriptors: { readonly environment: number; readonly ready: number };
  /** Whether the stage has said that COMMAND starts. */
  isReady(): boolean;
  /** Has the guard signal COMMAND. */
  signal(signal: NodeJS.Signals): void;
  close(): void;
}

/**
 * @param environment COMMAND's: written to a file that only its owner may read, and that has no name
 * @param guarded whether the stage starts a guard, which waits for netexec's end
 */
export function openLifelineFiles(
  environment: Readonly<Record<string, string>>,
  guarded: boolean,
): Result<LifelineFiles> {
  const missing = guarded ? required.guarded.find((tool) => findTrusted(tool) === undefined) : undefined;
  if (missing !== undefined) return fail({ kind: 'tool-missing', tool: missing, searched: trustedPath });
  const base = temporaryBase();
  try {
    return success(makeFiles(base, environment, guarded));
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

function makeFiles(base: string, environment: Readonly<Record<string, string>>, guarded: boolean): LifelineFiles {
  // A pipe takes a name, and so a moment in which a kill -9 leaves a folder: only where somebody waits for its end.
  const alive = guarded ? inOwnFolder(base, openPipe) : undefined;
  const ready = openNameless(base);
  const carrier = openNameless(base);
  const entries = Object.entries(environment).map(([name, value]) => `${name}=${value}\0`);
  writeFileSync(carrier, bytesOf(entries.join('')));
  let closed = false;
  return {
    paths: (way) => {
      const path = (descriptor: number): string => heldBy(way, process.pid, descriptor);
      return { environment: path(carrier), alive: alive === undefined ? undefined : path(alive), ready: path(ready) };
    },
    descriptors: { environment: carrier, ready },
    isReady: () => !closed && fstatSync(ready).size > 0,
    signal: (signal) => {
      // The number of a descriptor that is closed may be another's by now.
      if (!closed && alive !== undefined) writeSync(alive, `${signal.replace('SIG', '')}\n`);
    },
    close: () => {
      if (closed) return;
      closed = true;
      for (const descriptor of [alive, ready, carrier]) if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}

/** The name is gone once what is opened there is open. */
function inOwnFolder(base: string, open: (file: string) => number): number {
  const folder = makeOwnFolder(base, 'lifeline');
  try {
    return open(folder.file);
  } finally {
    folder.remove();
  }
}

function openPipe(file: string): number {
  const made = Bun.spawnSync([findTrusted('mkfifo') ?? 'mkfifo', '-m', '600', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (!made.success) throw new Error(made.stderr.toString().trim());
  return openSync(file, constants.O_RDWR | constants.O_NONBLOCK);
}

/** __O_TMPFILE of Linux (asm-generic/fcntl.h), which the runtime does not name. */
const withoutName = 0o20_000_000 | constants.O_DIRECTORY;

/** A file that never has a name: not even a kill -9 leaves anything. Not every file system has such (open(2), O_TMPFILE). */
function openNameless(base: string): number {
  const descriptor = openWithoutName(base) ?? inOwnFolder(base, (file) => openSync(file, 'wx+', 0o600));
  // It is opened anew by its path in /proc, whatever the caller's umask.
  fchmodSync(descriptor, 0o600);
  return descriptor;
}

function openWithoutName(base: string): number | undefined {
  try {
    return openSync(base, withoutName | constants.O_RDWR, 0o600);
  } catch {
    return undefined;
  }
}
