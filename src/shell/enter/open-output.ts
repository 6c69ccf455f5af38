// A stream into a descriptor whose reader may take its time: a pipe or a socket. Bun's own socket of a descriptor says that all
// is written while some of it is not, and what is left is lost.
import { writev } from 'node:fs';
import { Writable } from 'node:stream';

/** For a reader that has taken nothing yet, where the descriptor does not wait for it. */
const pause = { milliseconds: 2 };

/** writev(2) takes no more pieces at once. */
export const mostPieces = 1024;

export const openOutput = (descriptor: number): Writable => outputBy((pieces, done) => put(descriptor, pieces, done));

export type Done = (error: Error | null) => void;

export const outputBy = (write: (pieces: readonly Buffer[], done: Done) => void): Writable =>
  new Writable({
    write: (chunk: Buffer, _encoding, done) => write([chunk], done),
    // What has come while it was written before.
    writev: (chunks, done) =>
      write(
        chunks.map(({ chunk }) => chunk as Buffer),
        done,
      ),
  });

function put(descriptor: number, pieces: readonly Buffer[], done: Done): void {
  writev(descriptor, pieces.slice(0, mostPieces), null, (error, written) => {
    if (error?.code === 'EAGAIN') return void setTimeout(put, pause.milliseconds, descriptor, pieces, done);
    if (error !== null) return done(error);
    const left = behind(pieces, written);
    if (left.length === 0) done(null);
    else put(descriptor, left, done);
  });
}

/** @returns what is left of them, without the first `written` bytes */
export function behind(pieces: readonly Buffer[], written: number): readonly Buffer[] {
  let bytes = written;
  const first = pieces.findIndex((piece) => {
    if (bytes < piece.length) return true;
    bytes -= piece.length;
    return false;
  });
  if (first === -1) return [];
  const [piece, ...others] = pieces.slice(first);
  return [piece?.subarray(bytes) ?? Buffer.alloc(0), ...others];
}
