// The far end's standard output, whose reader takes 4 KiB at a time (containerd's shim): who waits for it is woken for each of
// them. It is looked at again a moment later instead, when there is room for hundreds.
import { writevSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { behind, mostPieces, openOutput, outputBy } from '../enter/open-output.ts';
import type { Done } from '../enter/open-output.ts';
import { widenPipe } from '../process/libc.ts';

/** In bytes, as much as a gigabit's network takes in two of the shortest pauses. */
const width = 256 * 1024;

/** In milliseconds: from one to the other, for as long as nothing is taken. */
const pauses = { shortest: 1, longest: 8 };

export const openFarOutput = (descriptor: number): Writable =>
  widenPipe(descriptor, width)
    ? outputBy((pieces, done) => put(descriptor, pieces, pauses.shortest, done))
    : openOutput(descriptor);

function put(descriptor: number, pieces: readonly Buffer[], pause: number, done: Done): void {
  let left = pieces;
  try {
    while (left.length > 0) left = behind(left, writevSync(descriptor, left.slice(0, mostPieces)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return done(error as Error);
    const next = left === pieces ? Math.min(pause * 2, pauses.longest) : pauses.shortest;
    return void setTimeout(put, next, descriptor, left, next, done);
  }
  done(null);
}
