// A tunnel: many connections on one pair of streams, in frames. Each has a head of eight bytes (the connection's number in
// four, what it is in one, the length of what follows in three; all big-endian). Both ends read it here, and believe nothing.
import { joinedPiece } from '../engine/joined-piece.ts';
import type { Place } from './packets.ts';
import type { Upstream } from './local-ports.ts';

/**
 * In the order of their numbers. `open`, `opened`, `refused` make a connection; `credit` lets the other side say more.
 * `datagram` has a number of its own for each pair of ends; `unreached`: nobody listens there. `listen`, what answers it
 * (`listened`, or `unlistened` with a code of why it cannot), and `unlisten` have that of a port (listeningNumber).
 */
const kinds = [
  'hello',
  'open',
  'opened',
  'refused',
  'data',
  'end',
  'reset',
  'credit',
  'ping',
  'datagram',
  'unreached',
  'listen',
  'unlisten',
  'unlistened',
  'listened',
] as const;

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

/** Of the two that `hello` has; a word of a command line takes no more. */
export const longestFile = 64 * 1024;

const none = [0, 0] as const;
const lengths: Readonly<Record<FrameKind, readonly [least: number, most: number]>> = {
  hello: [4, 4 + 2 * longestFile],
  open: [2, longestEnd],
  opened: none,
  refused: [1, 40],
  data: [1, longestPiece],
  end: none,
  reset: none,
  credit: [4, 4],
  ping: none,
  datagram: [0, 3 + 16 + 0xffff],
  unreached: none,
  listen: none,
  unlisten: none,
  unlistened: [1, 40],
  listened: none,
};

export function frame(id: number, kind: FrameKind, payload: Uint8Array = new Uint8Array()): Buffer {
  const bytes = Buffer.allocUnsafe(headLength + payload.length);
  writeHead(bytes, id, kind, payload.length);
  bytes.set(payload, headLength);
  return bytes;
}

/** What stands before so many bytes. */
export function frameHead(id: number, kind: FrameKind, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(headLength);
  writeHead(bytes, id, kind, length);
  return bytes;
}

function writeHead(bytes: Buffer, id: number, kind: FrameKind, length: number): void {
  bytes.writeUInt32BE(id, 0);
  bytes.writeUInt32BE(kinds.indexOf(kind) * 0x100_0000 + length, 4);
}

/**
 * What a connection says is given as it comes, in as few pieces as that takes: nothing waits for the rest of its frame. All else
 * is given whole.
 * @returns what takes the pieces as they come, whose bytes it may move (joined-piece.ts); undefined once they make no sense
 */
export function tunnelReader(): (piece: Buffer) => readonly Frame[] | undefined {
  let rest: Buffer = Buffer.alloc(0);
  /** The connection whose frame it is, and how much of it is to come. */
  let [id, left] = [0, 0];
  return (piece) => {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const frames: Frame[] = [];
    let at = 0;
    for (;;) {
      if (left > 0 && at < bytes.length) {
        const payload = bytes.subarray(at, at + left);
        const last = frames.at(-1);
        const joined = last?.kind === 'data' && last.id === id ? joinedPiece(last.payload, payload) : undefined;
        if (joined === undefined) frames.push({ id, kind: 'data', payload });
        else frames[frames.length - 1] = { id, kind: 'data', payload: joined };
        left -= payload.length;
        at += payload.length;
      }
      if (left > 0 || bytes.length - at < headLength) break;
      const kind = kinds[bytes.readUInt8(at + 4)];
      const length = bytes.readUIntBE(at + 5, 3);
      if (kind === undefined) return undefined;
      const [least, most] = lengths[kind];
      if (length < least || length > most) return undefined;
      const from = at + headLength;
      if (kind === 'data') [id, left, at] = [bytes.readUInt32BE(at), length, from];
      else {
        if (bytes.length - from < length) break;
        frames.push({ id: bytes.readUInt32BE(at), kind, payload: bytes.subarray(from, from + length) });
        at = from + length;
      }
    }
    rest = bytes.subarray(at);
    return frames;
  };
}

/** Where a connection is to lead, as `open` has it: no name is the localhost there. */
export function endBytes({ host = '', port }: Upstream): Buffer {
  const bytes = Buffer.alloc(2 + Buffer.byteLength(host));
  bytes.writeUInt16BE(port);
  bytes.write(host, 2);
  return bytes;
}

export const readEnd = (payload: Buffer): Upstream => ({
  host: payload.length === 2 ? undefined : payload.toString('utf8', 2),
  port: payload.readUInt16BE(),
});

/** Who reaches a port on which the far end listens: everybody, or the localhost there alone. */
export interface FarPort {
  readonly port: number;
  readonly alone: boolean;
}

const firstAlone = 0x1_0000;

export const listeningNumber = ({ port, alone }: FarPort): number => (alone ? firstAlone + port : port);

/** @returns undefined where it makes no sense */
export function readListening(number: number): FarPort | undefined {
  const alone = number > firstAlone;
  const port = alone ? number - firstAlone : number;
  return port === 0 || port >= firstAlone ? undefined : { port, alone };
}

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

/** What the far end sees of the files by which names are found there. */
export interface FarFiles {
  readonly resolvConf: string;
  readonly hosts: string;
}

export function helloBytes({ resolvConf, hosts }: FarFiles): Buffer {
  const [first, second] = [resolvConf, hosts].map((text) => Buffer.from(wholeLines(text), 'latin1'));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(first?.length ?? 0);
  return Buffer.concat([length, first ?? length, second ?? length]);
}

/** Of what is too long: half a line would name another. */
const wholeLines = (text: string): string =>
  text.length <= longestFile ? text : text.slice(0, text.lastIndexOf('\n', longestFile - 1) + 1);

/** No name has other letters, and each of them would take more bytes than one of a command line. */
const plainText = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .replaceAll('\0', '')
    .replace(/[^\t\n -~]/g, '?');

/** @returns undefined where it makes no sense */
export function readHello(payload: Buffer): FarFiles | undefined {
  const length = payload.readUInt32BE();
  const [first, second] = [payload.subarray(4, 4 + length), payload.subarray(4 + length)];
  if (first.length < length || length > longestFile || second.length > longestFile) return undefined;
  return { resolvConf: plainText(first), hosts: plainText(second) };
}

/** A datagram, and to which address of 4 or 16 bytes, and port, it goes. */
export function datagramBytes({ address, port }: Place, data: Buffer): Buffer {
  const head = Buffer.alloc(3);
  head.writeUInt8(address.length);
  head.writeUInt16BE(port, 1);
  return Buffer.concat([head, address, data]);
}

/** @returns undefined where it makes no sense */
export function readDatagram(payload: Buffer): { readonly to: Place; readonly data: Buffer } | undefined {
  const length = payload[0] ?? 0;
  if ((length !== 4 && length !== 16) || payload.length < 3 + length) return undefined;
  const to = { address: payload.subarray(3, 3 + length), port: payload.readUInt16BE(1) };
  return { to, data: payload.subarray(3 + length) };
}
