// Pipes for a COMMAND that prints beside others: what comes through them goes to netexec's own output, line by line, with a prefix.
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import type { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { prefixLines } from '../../core/report/prefixed-lines.ts';
import { openPipe } from '../process/libc.ts';
import { openOutput } from './open-output.ts';

/** netexec's own output and errors, for all of them. */
export type Outputs = readonly [stdout: Writable, stderr: Writable];

export const openOutputs = (): Outputs => [openEnding(1), openEnding(2)];

/** Where nobody reads any more netexec ends, as by SIGPIPE, and with it all that it has started. */
function openEnding(descriptor: number): Writable {
  const output = openOutput(descriptor);
  output.on('error', () => process.exit(128 + constants.signals.SIGPIPE));
  return output;
}

export interface PrefixedOutput {
  /** The descriptors that COMMAND gets. */
  readonly stdout: number;
  readonly stderr: number;
  /** Called when COMMAND has ended. @returns when all that it has printed is handed on */
  end(): Promise<void>;
}

/** What it has left behind may print for ever: it is listened to for so long after its last word. */
const longestPause = { milliseconds: 100 };

export function openPrefixedOutput(prefix: string, outputs: Outputs): PrefixedOutput {
  const pipes = outputs.map((output) => carry(prefix, output));
  const [stdout, stderr] = pipes;
  if (stdout === undefined || stderr === undefined) throw new Error('there are two outputs');
  return {
    stdout: stdout.into,
    stderr: stderr.into,
    end: async () => void (await Promise.all(pipes.map(({ end }) => end()))),
  };
}

function carry(prefix: string, output: Writable): { readonly into: number; readonly end: () => Promise<void> } {
  const { from, into } = openPipe();
  const lines = prefixLines(prefix);
  let heard = performance.now();
  const write = async (text: Uint8Array): Promise<void> => {
    if (text.length > 0 && !output.write(text)) await once(output, 'drain');
    heard = performance.now();
  };
  const read = async (): Promise<void> => {
    for await (const piece of Bun.file(from).stream()) await write(lines.take(piece));
  };
  const over = read();
  const silence = async (): Promise<void> => {
    while (performance.now() - heard < longestPause.milliseconds || output.writableNeedDrain)
      await pause(longestPause.milliseconds);
  };
  return {
    into,
    end: async () => {
      closeSync(into);
      heard = performance.now();
      await Promise.race([over, silence()]);
      const last = lines.end();
      // The others' words are in front of this one: when it is written, all are.
      await new Promise<void>((resolve) => void output.write(last, () => resolve()));
    },
  };
}
