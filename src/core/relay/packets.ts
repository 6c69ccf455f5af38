// Packets of IP, as the near end of a tunnel takes them off its device: what they ask for, and what is put back in their place.

/** Of a device that has no frames around them (IFF_NO_PI). Addresses are bytes, 4 or 16. */
export interface Packet {
  readonly protocol: 'tcp' | 'udp';
  readonly from: Place;
  readonly to: Place;
  /** Of UDP: what it carries. */
  readonly data: Buffer;
}

export interface Place {
  readonly address: Buffer;
  readonly port: number;
}

/**
 * What becomes of a packet that is put back: the rules (src/shell/enter/stage/near.sh) know it by its code point (DSCP).
 * `led`: to what takes all connections; `here`: on, to a program in here.
 */
export const verdicts = { led: 1, here: 2, refused: 3, 'host-unreachable': 4, 'net-unreachable': 5 } as const;

export type Verdict = keyof typeof verdicts;

const protocols = { 6: 'tcp', 17: 'udp' } as const;
const udpHead = 8;

/** @returns undefined for what is no whole packet of TCP or UDP */
export function readPacket(bytes: Buffer): Packet | undefined {
  const six = isSix(bytes);
  if (bytes.length < (six ? 40 : 20)) return undefined;
  const protocol = (protocols as Readonly<Record<number, Packet['protocol']>>)[bytes.readUInt8(six ? 6 : 9)];
  const head = six ? 40 : (bytes.readUInt8(0) & 15) * 4;
  if (protocol === undefined || bytes.length < head + udpHead) return undefined;
  const [from, to] = six
    ? [bytes.subarray(8, 24), bytes.subarray(24, 40)]
    : [bytes.subarray(12, 16), bytes.subarray(16, 20)];
  return {
    protocol,
    from: { address: from, port: bytes.readUInt16BE(head) },
    to: { address: to, port: bytes.readUInt16BE(head + 2) },
    data: protocol === 'udp' ? bytes.subarray(head + udpHead) : Buffer.alloc(0),
  };
}

const isSix = (bytes: Buffer): boolean => bytes.length > 0 && bytes.readUInt8(0) >> 4 === 6;

/** The same packet, with its verdict. */
export function judged(bytes: Buffer, verdict: Verdict): Buffer {
  const own = Buffer.from(bytes);
  const code = verdicts[verdict];
  if (isSix(own)) {
    own.writeUInt16BE((own.readUInt16BE(0) & 0xf03f) | (code << 6), 0);
    return own;
  }
  const head = (own.readUInt8(0) & 15) * 4;
  own.writeUInt8((own.readUInt8(1) & 3) | (code << 2), 1);
  own.writeUInt16BE(0, 10);
  own.writeUInt16BE(checksum(own.subarray(0, head)), 10);
  return own;
}

/** The port in there that takes all connections: nobody serves anything on it. */
export const takingPort = 1;

/** One on localhost by which netexec makes sockets of COMMAND's network: nobody serves anything on it, either. */
export const mintingPort = 2;

/** How many bytes one to there can carry. */
export const longestDatagram = ({ address }: Place): number => 0xffff - udpHead - (address.length === 4 ? 20 : 0);

/** A datagram from one place to another, of the same family. @param data no more than the longest */
export function datagram(from: Place, to: Place, data: Uint8Array): Buffer {
  const six = from.address.length === 16;
  const length = udpHead + data.length;
  const udp = Buffer.alloc(length);
  udp.writeUInt16BE(from.port, 0);
  udp.writeUInt16BE(to.port, 2);
  udp.writeUInt16BE(length, 4);
  udp.set(data, udpHead);
  const ends = Buffer.concat([from.address, to.address]);
  const counted = Buffer.from([0, 17, length >> 8, length & 255]);
  // 0 would say that there is none.
  udp.writeUInt16BE(checksum(Buffer.concat([ends, counted, udp])) || 0xffff, 6);
  if (six) {
    const head = Buffer.from([0x60, 0, 0, 0, length >> 8, length & 255, 17, 64]);
    return Buffer.concat([head, ends, udp]);
  }
  const whole = 20 + length;
  const head = Buffer.concat([Buffer.from([0x45, 0, whole >> 8, whole & 255, 0, 0, 0x40, 0, 64, 17, 0, 0]), ends]);
  head.writeUInt16BE(checksum(head), 10);
  return Buffer.concat([head, udp]);
}

/** RFC 1071. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x1_0000);
  return ~sum & 0xffff;
}

/** As people write it. */
export const addressText = (address: Buffer): string =>
  address.length === 4
    ? address.join('.')
    : Array.from({ length: 8 }, (_, index) => address.readUInt16BE(index * 2).toString(16)).join(':');

/** Both ends, as a key. */
export const keyOf = ({ address, port }: Place): string => `${address.toString('hex')}:${port}`;

/** By what an end that is not reached is told. A time-out is none: nobody answers. */
export function verdictOf(code: string): Verdict | undefined {
  if (code === 'ETIMEDOUT') return undefined;
  if (code === 'EHOSTUNREACH' || code === 'EHOSTDOWN') return 'host-unreachable';
  return code === 'ENETUNREACH' || code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL' ? 'net-unreachable' : 'refused';
}
