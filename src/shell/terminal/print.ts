// Prints what was asked for, on stdout. The stream process.stdout takes as long to make as a container list to arrive.
import { writeSync } from 'node:fs';
import { constants } from 'node:os';

/** Ends netexec where nobody reads, as SIGPIPE would (`docker netexec --list-names | head`), and where nothing more can be written. */
export function print(text: string): void {
  const error = writeOut(text);
  if (error === undefined) return;
  if (error.code === 'EPIPE') process.exit(128 + constants.signals.SIGPIPE);
  process.stderr.write(`netexec: cannot write to standard output: ${error.message}\n`);
  process.exit(125);
}

/** @returns what keeps the rest from being written */
export function writeOut(text: string): NodeJS.ErrnoException | undefined {
  let left = Buffer.from(text);
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(1, left));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN') return error as NodeJS.ErrnoException;
      // A pipe that does not wait for its reader: whoever shares it has set that.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
  return undefined;
}
