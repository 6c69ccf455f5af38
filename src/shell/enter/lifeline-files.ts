// What netexec holds open for the stage and the guard, wherever COMMAND is not simply its child: files without a name, gone with it.
import { closeSync, constants, fchmodSync, fstatSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import type { LifelinePlan, Numbers } from '../../core/entry/lifelines.ts';
import type { EntryPlan } from '../../core/entry/plan.ts';
import { makeOwnFolder, removeForgottenFolders, temporaryBase } from '../files/own-folder.ts';
import { findTrusted, trustedPath } from '../observe/program.ts';
import { bytesOf } from '../process/raw-words.ts';

export interface LifelineFiles {
  readonly numbers: Readonly<Numbers>;
  /** Whether the stage has said that COMMAND starts. */
  isReady(): boolean;
  /** Has the guard signal COMMAND. */
  signal(signal: NodeJS.Signals): void;
  close(): void;
}

/** What goes to COMMAND is written to files that only their owner may read, and that have no name. */
export function openLifelineFiles({ opened, tools }: LifelinePlan, contents: Contents): Result<LifelineFiles> {
  const missing = tools.find((tool) => findTrusted(tool) === undefined);
  if (missing !== undefined) return fail({ kind: 'tool-missing', tool: missing, searched: trustedPath });
  const base = temporaryBase();
  try {
    return success(makeFiles(base, opened, contents));
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

type Contents = Pick<EntryPlan, 'environment' | 'files'>;

function makeFiles(base: string, opened: LifelinePlan['opened'], { environment, files }: Contents): LifelineFiles {
  const numbers: Numbers = {};
  // A pipe takes a name, and so a moment in which a kill -9 leaves a folder: only where somebody waits for its end.
  if (opened.includes('alive')) numbers.alive = inOwnFolder(base, openPipe);
  if (opened.includes('ready')) numbers.ready = openNameless(base);
  if (opened.includes('environment')) {
    numbers.environment = openNameless(base);
    writeFileSync(numbers.environment, carried(environment));
  }
  if (opened.includes('files')) {
    numbers.files = openNameless(base);
    writeFileSync(numbers.files, Buffer.concat(files.map(({ content }) => content)));
  }
  const { alive, ready } = numbers;
  // The number of a descriptor that is closed may be another's by now.
  let closed = false;
  return {
    numbers,
    isReady: () => !closed && ready !== undefined && fstatSync(ready).size > 0,
    signal: (signal) => {
      if (!closed && alive !== undefined) writeSync(alive, `${signal.replace('SIG', '')}\n`);
    },
    close: () => {
      if (closed) return;
      closed = true;
      for (const number of Object.values(numbers)) closeSync(number);
    },
  };
}

const carried = (environment: Readonly<Record<string, string>>): Uint8Array =>
  bytesOf(
    Object.entries(environment)
      .map(([name, value]) => `${name}=${value}\0`)
      .join(''),
  );

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
