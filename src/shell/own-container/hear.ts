// Hears a helper container by the engine's stream of it: what it says as data, and what it tells of its own bugs.
import type { Duplex } from 'node:stream';
import { frameReader } from '../../core/engine/attached-frames.ts';
import { say } from '../terminal/say.ts';

/**
 * @param take is given what it says, and answers false where that makes no sense: it is left then
 * @returns when it is gone
 */
export function hear(stream: Duplex, take: (data: Buffer) => boolean): Promise<void> {
  const separate = frameReader();
  let told = 0;
  stream.on('data', (data: Buffer) => {
    const pieces = separate(data);
    const makesSense = pieces?.every((piece) => {
      if (piece.stream === 'stdout') return take(piece.data);
      // A bug of its own. What it says is not to be without end.
      if ((told += 1) <= 20) say(`message from the helper container: ${piece.data.toString('utf8', 0, 1000).trim()}`);
      return true;
    });
    if (makesSense !== true) {
      say('unexpected data from the helper container');
      stream.destroy();
    }
  });
  return new Promise<void>((resolve) => {
    stream.on('end', () => stream.destroy());
    stream.on('error', () => {});
    stream.on('close', resolve);
  });
}
