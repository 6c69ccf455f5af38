// A stream into a descriptor whose reader may take its time: a pipe or a socket. Bun's own socket of a descriptor says that all
// is written while some of it is not, and what is left is lost.
import { write } from 'node:fs';
import { Writable } from 'node:stream';

/** For a reader that has taken nothing yet, where the descriptor does not wait for it. */
const pause = { milliseconds: 2 };

export const openOutput = (descriptor: number): Writable =>
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      const put = (from: number): void =>
        write(descriptor, chunk, from, chunk.length - from, null, (error, written) => {
          if (error === null && from + written < chunk.length) put(from + written);
          else if (error?.code === 'EAGAIN') setTimeout(put, pause.milliseconds, from);
          else done(error);
        });
      put(0);
    },
  });
