// The engine's stream of a container without a terminal → whose each piece is (moby, api/types/container attach): a head of
// eight bytes stands before every frame. A frame is handed on as it comes, however long it says it is.

import { joinedPiece } from './joined-piece.ts';

export interface FramePiece {
  readonly stream: 'stdout' | 'stderr';
  readonly data: Buffer;
}

const headLength = 8;
const streams = ['stdout', 'stdout', 'stderr'] as const;

/**
 * @returns what takes the pieces as they come off the connection, whose bytes it may move (joined-piece.ts); undefined from where
 * they make no sense
 */
export function frameReader(): (data: Buffer) => readonly FramePiece[] | undefined {
  const head = Buffer.alloc(headLength);
  let headRead = 0;
  let stream: FramePiece['stream'] | undefined;
  let left = 0;
  return (data) => {
    const pieces: FramePiece[] = [];
    let at = 0;
    while (at < data.length) {
      if (left > 0 && stream !== undefined) {
        const piece = data.subarray(at, at + left);
        const last = pieces.at(-1);
        const joined = last?.stream === stream ? joinedPiece(last.data, piece) : undefined;
        if (joined === undefined) pieces.push({ stream, data: piece });
        else pieces[pieces.length - 1] = { stream, data: joined };
        left -= piece.length;
        at += piece.length;
        continue;
      }
      const copied = data.copy(head, headRead, at, at + headLength - headRead);
      headRead += copied;
      at += copied;
      if (headRead < headLength) break;
      headRead = 0;
      stream = streams[head.readUInt8(0)];
      left = head.readUInt32BE(4);
      if (stream === undefined) return undefined;
    }
    return pieces;
  };
}
