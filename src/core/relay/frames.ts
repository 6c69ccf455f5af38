// A tunnel: many connections on one pair of streams, in frames. Each has a head of eight bytes (the connection's number in
// four, what it is in one, the length of what follows in three; all big-endian). Both ends read it here, and believe nothing.
import type { End } from './relay-listeners.ts';

/** In the order of their numbers. `open`, `opened`, `refused` make a connection; `credit` lets the other side say more. */
const kinds = ['hello', 'open', 'opened', 'refused', 'data', 'end', 'reset', 'credit', 'ping'] as const;

export type FrameKind = (typeof kinds)[number];

export interface Frame {
  readonly id: number;
  readonly kind: FrameKind;
  readonly payload: Buffer;
}

const headLength = 8;

/** The longest piece of a connection's in one frame. */
export const longestPiece = 64 * 1024;

/** As long as a name may be in DNS, behind a port. */
const longestEnd = 2 + 253;

const none = [0, 0] as const;
const lengths: Readonly<Record<FrameKind, readonly [least: number, most: number]>> = {
  hello: none,
  open: [2, longestEnd],
  opened: none,
  refused: [1, 40],
  data: [1, longestPiece],
  end: none,
  reset: none,
  credit: [4, 4],
  ping: none,
};

export function frame(id: number, kind: FrameKind, payload: Uint8Array = new Uint8Array()): Buffer {
  const bytes = Buffer.allocUnsafe(headLength + payload.length);
  bytes.writeUInt32BE(id, 0);
  bytes.writeUInt32BE(kinds.indexOf(kind) * 0x100_0000 + payload.length, 4);
  bytes.set(payload, headLength);
  return bytes;
}

/** @returns what takes the pieces as they come; undefined once they make no sense */
export function tunnelReader(): (piece: Buffer) => readonly Frame[] | undefined {
  let rest: Buffer = Buffer.alloc(0);
  return (piece) => {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const frames: Frame[] = [];
    let at = 0;
    while (rest.length - at >= headLength) {
      const kind = kinds[rest.readUInt8(at + 4)];
      const length = rest.readUIntBE(at + 5, 3);
      if (kind === undefined) return undefined;
      const [least, most] = lengths[kind];
      if (length < least || length > most) return undefined;
      if (rest.length - at < headLength + length) break;
      const from = at + headLength;
      frames.push({ id: rest.readUInt32BE(at), kind, payload: rest.subarray(from, from + length) });
      at = from + length;
    }
    rest = rest.subarray(at);
    return frames;
  };
}

/** Where a connection is to lead, as `open` has it: no name is the localhost there. */
export function endBytes({ host = '', port }: End): Buffer {
  const bytes = Buffer.alloc(2 + Buffer.byteLength(host));
  bytes.writeUInt16BE(port);
  bytes.write(host, 2);
  return bytes;
}

export const readEnd = (payload: Buffer): End => ({
  host: payload.length === 2 ? undefined : payload.toString('utf8', 2),
  port: payload.readUInt16BE(),
});

/** Why it is not reached: a code of the system's, or of its resolver's. */
export const readCode = (payload: Buffer): string => {
  const code = payload.toString('latin1');
  return /^[A-Z0-9_]+$/.test(code) ? code : 'EPROTO';
};

export function creditBytes(bytes: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes);
  return payload;
}
