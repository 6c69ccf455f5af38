// Carries, through the engine, what the container by which netexec enters reads and prints: only what COMMAND cannot have itself.
import { createWriteStream } from 'node:fs';
import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import type { Streams } from '../core/helper-container.ts';

export interface Carried {
  /** When everything that was printed has been handed on. */
  readonly printed: Promise<void>;
  /** Undoes what was done to the caller's terminal and standard input. */
  release(): void;
}

/** @param stream the engine's end: one stream where there is a terminal, else with a head before every piece of it */
export function carryStreams(docker: Docker, container: Docker.Container, stream: Duplex, streams: Streams): Carried {
  const stdout = output(1);
  const stderr = output(2);
  if (streams.terminal) stream.pipe(stdout);
  else docker.modem.demuxStream(stream, stdout, stderr);
  const printed = finished(stream, { writable: false }).catch(() => {});
  const releaseInput = streams.reopened[0] === undefined ? carryInput(stream, streams.terminal) : () => {};
  const releaseSize = streams.terminal ? followSize(container) : () => {};
  return {
    printed: printed.then(() => Promise.all([flush(stdout), flush(stderr)])).then(() => {}),
    release: () => {
      releaseSize();
      releaseInput();
    },
  };
}

/** As stty(1) has it: `rows 24 cols 80`. */
export function terminalSize(): string | undefined {
  const { rows, columns } = process.stdout;
  return rows > 0 && columns > 0 ? `rows ${rows} cols ${columns}` : undefined;
}

/** process.stdout would wait for its reader, and meanwhile hear of no signal. */
const output = (descriptor: number): NodeJS.WritableStream =>
  createWriteStream('', { fd: descriptor, autoClose: false });

function flush(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => stream.end(() => resolve()));
}

function carryInput(stream: Duplex, terminal: boolean): () => void {
  const { stdin } = process;
  if (terminal) stdin.setRawMode(true);
  stdin.pipe(stream);
  // COMMAND has closed its end.
  stream.on('error', () => stdin.unpipe(stream));
  return () => {
    stdin.unpipe(stream);
    if (terminal) stdin.setRawMode(false);
    stdin.pause();
    // A file cannot be let go of, and need not be.
    if ('unref' in stdin) stdin.unref();
  };
}

function followSize(container: Docker.Container): () => void {
  const listener = (): void => {
    const [w, h] = process.stdout.getWindowSize();
    void container.resize({ w, h }).catch(() => {});
  };
  process.on('SIGWINCH', listener);
  return () => process.off('SIGWINCH', listener);
}
