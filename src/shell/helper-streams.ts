// Carries, through the engine, what the container by which netexec enters reads and prints: only what COMMAND cannot have itself.
import { createWriteStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import type { Streams } from '../core/helper-container.ts';
import { openOutput } from './open-output.ts';

export interface Carried {
  /** When everything that was printed has been handed on. */
  readonly printed: Promise<void>;
  /** Undoes what was done to the caller's terminal and standard input. */
  release(): void;
}

/**
 * @param stream the engine's end: one stream where there is a terminal, else with a head before every piece of it
 * @param broken called when what COMMAND prints cannot be handed on any more
 */
export function carryStreams(
  docker: Docker,
  container: Docker.Container,
  stream: Duplex,
  streams: Streams,
  broken: () => void,
): Carried {
  const carried = streams.reopened.map((path) => path === undefined);
  const stdout = carried[1] === true ? output(1, broken) : process.stdout;
  // What is COMMAND's own may still get a word of an entry that fails.
  const stderr = carried[2] === true ? output(2, broken) : process.stderr;
  if (streams.terminal) stream.pipe(stdout);
  else docker.modem.demuxStream(stream, stdout, stderr);
  const printed = finished(stream, { writable: false }).catch(() => {});
  const releaseInput = carried[0] === true ? carryInput(stream, streams.terminal) : () => {};
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
function output(descriptor: number, broken: () => void): NodeJS.WritableStream {
  const stat = fstatSync(descriptor);
  const waits = stat.isSocket() || stat.isFIFO();
  const stream = waits ? openOutput(descriptor) : createWriteStream('', { fd: descriptor, autoClose: false });
  // Nobody reads any more. The engine would go on to take what COMMAND prints.
  stream.on('error', broken);
  return stream;
}

/** One that is broken has nothing to wait for; Node's own write at once. */
async function flush(stream: NodeJS.WritableStream): Promise<void> {
  if (stream === process.stdout || stream === process.stderr) return;
  if (stream instanceof Socket) {
    // Ended, a socket would be shut down for all who have it: the shell that runs netexec has more to say.
    await new Promise<void>((resolve) => void stream.once('close', resolve).write('', () => resolve()));
    return;
  }
  stream.end();
  await finished(stream).catch(() => {});
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
