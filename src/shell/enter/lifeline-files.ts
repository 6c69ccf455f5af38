// What netexec holds open for the stage and the guard, wherever COMMAND is not simply its child: files without a name, gone with it.
import { closeSync, constants, fchmodSync, fstatSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
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
  signal(signal: NodeJS.Signals, group?: boolean): void;
  /** Of --intercept: ends it. @returns when the service has its ports again */
  letGo(): Promise<void>;
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
  let reading: number | undefined;
  if (opened.includes('held')) {
    reading = inOwnFolder(base, openPipe);
    numbers.held = openSync(`/proc/self/fd/${reading}`, constants.O_WRONLY | constants.O_NONBLOCK);
  }
  if (opened.includes('ready')) numbers.ready = openNameless(base);
  if (opened.includes('environment')) {
    numbers.environment = openNameless(base);
    writeFileSync(numbers.environment, carried(environment));
  }
  if (opened.includes('files')) {
    numbers.files = openNameless(base);
    writeFileSync(numbers.files, Buffer.concat(files.map(({ content }) => content)));
  }
  const { alive, ready, held } = numbers;
  // The number of a descriptor that is closed may be another's by now.
  let closed = false;
  // Of the one that netexec keeps writing to, so that it can be opened.
  const closeReading = (): void => {
    if (reading !== undefined) closeSync(reading);
    reading = undefined;
  };
  return {
    numbers,
    isReady: () => !closed && ready !== undefined && fstatSync(ready).size > 0,
    signal: (signal, group = false) => {
      if (!closed && alive !== undefined) writeSync(alive, `${signal.replace('SIG', '')}${group ? ' group' : ''}\n`);
    },
    letGo: async () => {
      if (closed || held === undefined) return;
      closeReading();
      await awaitRelease(held);
    },
    close: () => {
      if (closed) return;
      closed = true;
      closeReading();
      for (const number of Object.values(numbers)) closeSync(number);
    },
  };
}

const longestRelease = { milliseconds: 2000 };

/** What reads there ends by a line, and with it all that has it open: then nobody takes another. */
async function awaitRelease(pipe: number): Promise<void> {
  const end = Date.now() + longestRelease.milliseconds;
  try {
    while (Date.now() < end) {
      writeSync(pipe, '\n');
      await pause(5);
    }
  } catch {
    // EPIPE.
  }
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
