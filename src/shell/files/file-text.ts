// Reads a small file that may be anything: what is no file must neither hold netexec up nor be asked for its text twice.
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { fromBytes } from '../../core/text/raw-bytes.ts';
import { attempt } from './attempt.ts';

export type FileText =
  | { readonly ok: true; readonly text: string; readonly once: boolean }
  | { readonly ok: false; readonly reason: string; readonly pipe?: 'no writer' | 'no end'; readonly once: boolean };

type Unread = Omit<FileText & { ok: false }, 'ok' | 'once'>;

/** Nobody writes so much by hand. */
const largest = 16 * 1024 * 1024;

/** How long a pipe is waited for, in milliseconds: for its writer, and for the end of what that writes. */
const patience = { writer: 1000, end: 10_000 };

/** A pipe tells its text once in a call, however often it is asked for. */
const told = new Map<string, FileText>();

/** @returns undefined where there is no such file; `once`: it is a pipe or a device, and nobody can read it again */
export function readFileText(file: string): FileText | undefined {
  return told.get(file) ?? open(file, (descriptor) => read(file, descriptor));
}

/** The same, but that pipes and devices count as empty: what they would tell, somebody else wants to hear. */
export function readLastingText(file: string): FileText | undefined {
  if (told.has(file)) return told.get(file);
  // Not even opened: its writer would take that for its reader.
  const stat = attempt(() => statSync(file));
  if (stat === undefined || stat.isFile() || stat.isDirectory()) return readFileText(file);
  return { ok: true, text: '', once: true };
}

function open(file: string, use: (descriptor: number) => FileText): FileText | undefined {
  let descriptor: number;
  try {
    // Not blocking: a pipe that nobody writes to would otherwise be opened for ever.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return { ok: false, reason: reasonOf(error), once: false };
  }
  try {
    return use(descriptor);
  } catch (error) {
    return { ok: false, reason: reasonOf(error), once: false };
  } finally {
    closeSync(descriptor);
  }
}

function read(file: string, descriptor: number): FileText {
  const stat = fstatSync(descriptor);
  const once = !stat.isFile();
  const text = stat.isDirectory() ? { reason: 'it is a directory' } : readAll(descriptor, stat.isFIFO());
  const result: FileText = 'reason' in text ? { ok: false, ...text, once } : { ok: true, ...text, once };
  if (once && !stat.isDirectory()) told.set(file, result);
  return result;
}

function readAll(descriptor: number, isPipe: boolean): { readonly text: string } | Unread {
  const parts: Buffer[] = [];
  const buffer = Buffer.allocUnsafe(65_536);
  const begun = Date.now();
  const waited = (): number => Date.now() - begun;
  let size = 0;
  for (;;) {
    const count = readSome(descriptor, buffer);
    if (count === 0 && (!isPipe || size > 0)) return { text: fromBytes(Buffer.concat(parts)) };
    // An end with nothing before it: no writer has come yet.
    if (count === 0 && waited() > patience.writer) return { reason: 'no program is writing to it', pipe: 'no writer' };
    if (count === undefined && waited() > patience.end)
      return {
        reason: `the program that writes to it did not finish within ${patience.end / 1000} seconds`,
        pipe: 'no end',
      };
    if (!count) {
      rest(5);
      continue;
    }
    size += count;
    if (size > largest) return { reason: `it is larger than ${largest / 1024 / 1024} MiB` };
    parts.push(Buffer.from(buffer.subarray(0, count)));
  }
}

/** @returns undefined where there is a writer, which has written nothing more yet */
function readSome(descriptor: number, buffer: Buffer): number | undefined {
  try {
    return readSync(descriptor, buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw error;
  }
}

const rest = (milliseconds: number): unknown =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

/** What Node says, without its code and its call: `permission denied`. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z0-9]+: (.+?), \w+/.exec(message)?.[1] ?? message;
}
