// Carries, through the engine, what the container by which netexec enters reads and prints: only what COMMAND cannot have itself.
import { createWriteStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Duplex, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { frameReader } from '../../core/engine/attached-frames.ts';
import type { FramePiece } from '../../core/engine/attached-frames.ts';
import type { Streams } from '../../core/engine/helper-specification.ts';
import { startDeadline } from '../engine/deadline.ts';
import { openOutput } from './open-output.ts';
import { isInBackground } from '../terminal/foreground.ts';
import { say } from '../terminal/say.ts';

export interface Carried {
  /** Called once the container is gone. @returns when everything that was printed has been handed on */
  printed(): Promise<void>;
  /** Undoes what was done to the caller's terminal and standard input. */
  release(): void;
}

/**
 * @param stream the engine's end: one stream where there is a terminal, else with a head before every piece of it
 * @param resize has COMMAND's terminal be as large as the caller's
 * @param broken called when what COMMAND prints cannot be handed on any more
 */
export function carryStreams(
  stream: Duplex,
  streams: Streams,
  resize: (columns: number, rows: number) => void,
  broken: () => void,
): Carried {
  const carried = streams.reopened.map((path) => path === undefined);
  const stdout = carried[1] === true ? output(1, broken) : process.stdout;
  // What is COMMAND's own may still get a word of an entry that fails.
  const stderr = carried[2] === true ? output(2, broken) : process.stderr;
  if (streams.terminal) stream.pipe(stdout);
  else separate(stream, { stdout, stderr });
  const printed = finished(stream, { writable: false }).catch(() => {});
  const releaseInput = carried[0] !== true ? () => {} : (streams.terminal ? carryKeys : carryInput)(stream);
  const releaseSize = streams.terminal ? followSize(resize) : () => {};
  return {
    printed: async () => {
      const release = expectEnd(stream);
      await printed;
      release();
      await Promise.all([stdout, stderr].filter((_, index) => carried[index + 1]).map(flush));
    },
    release: () => {
      releaseSize();
      releaseInput();
    },
  };
}

/** An engine that neither sends any more nor ends is not waited for, where whoever reads is not what it waits for. */
function expectEnd(stream: Duplex): () => void {
  const late = (): void => {
    if (stream.readableFlowing === false) restart();
    else stream.destroy();
  };
  let release = startDeadline(late);
  const restart = (): void => {
    release();
    release = startDeadline(late);
  };
  stream.on('data', restart);
  return () => {
    release();
    stream.off('data', restart);
  };
}

function separate(stream: Duplex, to: Readonly<Record<FramePiece['stream'], Writable>>): void {
  const read = frameReader();
  stream.on('data', (data: Buffer) => {
    const pieces = read(data);
    if (pieces === undefined) {
      say('unexpected data from the engine: omitting the rest of the output');
      stream.removeAllListeners('data').resume();
    }
    for (const piece of pieces ?? []) {
      to[piece.stream].write(piece.data);
      if (to[piece.stream].writableLength > mostKept) awaitReader(stream, to[piece.stream]);
    }
  });
}

/** Both outputs come by one stream: a pause for the one keeps the other waiting, too, so it is not made for a few megabytes. */
const mostKept = 16 * 1024 * 1024;

function awaitReader(stream: Duplex, slow: Writable): void {
  if (stream.isPaused() || slow.destroyed) return;
  stream.pause();
  // One that goes away meanwhile takes nothing any more.
  const changes = ['drain', 'error', 'close'];
  const resume = (): void => {
    for (const change of changes) slow.off(change, resume);
    stream.resume();
  };
  for (const change of changes) slow.on(change, resume);
}

/** As stty(1) has it: `rows 24 cols 80`. */
export function terminalSize(): string | undefined {
  const { rows, columns } = process.stdout;
  return rows > 0 && columns > 0 ? `rows ${rows} cols ${columns}` : undefined;
}

/** process.stdout would wait for its reader, and meanwhile hear of no signal. */
function output(descriptor: number, broken: () => void): Writable {
  const stat = fstatSync(descriptor);
  const waits = stat.isSocket() || stat.isFIFO();
  const stream = waits ? openOutput(descriptor) : createWriteStream('', { fd: descriptor, autoClose: false });
  // Nobody reads any more. The engine would go on to take what COMMAND prints.
  stream.on('error', broken);
  return stream;
}

/**
 * One that is broken has nothing to wait for; the runtime's own, which write at once, are none of these. To ask for them would make them,
 * which fails where what is carried has not been taken yet.
 */
async function flush(stream: Writable): Promise<void> {
  if (stream instanceof Socket) {
    // Ended, a socket would be shut down for all who have it: the shell that runs netexec has more to say.
    await new Promise<void>((resolve) => void stream.once('close', resolve).write('', () => resolve()));
    return;
  }
  stream.end();
  await finished(stream).catch(() => {});
}

/** In the background the terminal is another's, its settings and its keys: the kernel would stop netexec. A shell's fg tells nobody. */
function carryKeys(stream: Duplex): () => void {
  let release: (() => void) | undefined;
  const look = (): void => {
    if (isInBackground()) return;
    clearInterval(watch);
    process.stdin.setRawMode(true);
    release = carryInput(stream);
    // Of a change meanwhile it has not been told.
    process.emit('SIGWINCH', 'SIGWINCH');
  };
  const watch = setInterval(look, 200).unref();
  look();
  return () => {
    clearInterval(watch);
    if (release !== undefined && !isInBackground()) process.stdin.setRawMode(false);
    release?.();
  };
}

function carryInput(stream: Duplex): () => void {
  const { stdin } = process;
  stdin.pipe(stream);
  // COMMAND has closed its end.
  stream.on('error', () => stdin.unpipe(stream));
  return () => {
    stdin.unpipe(stream);
    stdin.pause();
    // A file cannot be let go of, and need not be.
    if ('unref' in stdin) stdin.unref();
  };
}

function followSize(resize: (columns: number, rows: number) => void): () => void {
  const listener = (): void => resize(...process.stdout.getWindowSize());
  process.on('SIGWINCH', listener);
  return () => process.off('SIGWINCH', listener);
}
