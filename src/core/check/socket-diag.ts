// sock_diag(7): the sockets of TCP that listen in a network, asked for by netlink. Unlike the tables in /proc it does not walk
// through all connections of the machine: a tenth of a millisecond, not thirty.
import { addressText } from '../relay/packets.ts';
import { plainAddress } from './socket-tables.ts';
import type { ListeningSocket } from './socket-tables.ts';

const [SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST_DUMP, IPPROTO_TCP, listening] = [20, 0x301, 6, 1 << 10];
const NLMSG_DONE = 3;
/** AF_INET, AF_INET6. */
export const diagFamilies = [2, 10] as const;

/** struct nlmsghdr, inet_diag_req_v2. */
export function diagRequest(family: (typeof diagFamilies)[number]): Buffer {
  const request = Buffer.alloc(72);
  request.writeUInt32LE(request.length, 0);
  request.writeUInt16LE(SOCK_DIAG_BY_FAMILY, 4);
  request.writeUInt16LE(NLM_F_REQUEST_DUMP, 6);
  request.writeUInt8(family, 16);
  request.writeUInt8(IPPROTO_TCP, 17);
  request.writeUInt32LE(listening, 20);
  return request;
}

export interface DiagAnswer {
  readonly sockets: readonly Pick<ListeningSocket, 'address' | 'port'>[];
  /** Nothing more follows. */
  readonly done: boolean;
}

/** @returns what one message of the answer says; undefined where the kernel does not answer such questions */
export function readDiag(bytes: Buffer): DiagAnswer | undefined {
  if (bytes.length === 0) return undefined;
  const sockets: DiagAnswer['sockets'][number][] = [];
  for (let at = 0; at + 16 <= bytes.length;) {
    const length = bytes.readUInt32LE(at);
    const kind = bytes.readUInt16LE(at + 4);
    if (kind === NLMSG_DONE) return { sockets, done: true };
    if (kind !== SOCK_DIAG_BY_FAMILY || length < 88 || at + length > bytes.length) return undefined;
    const [family, port] = [bytes.readUInt8(at + 16), bytes.readUInt16BE(at + 20)];
    sockets.push({ address: readAddress(bytes.subarray(at + 24, at + (family === 2 ? 28 : 40))), port });
    at += Math.ceil(length / 4) * 4;
  }
  return { sockets, done: false };
}

/** One of IPv4 may be written as one of IPv6. */
const readAddress = (bytes: Buffer): string =>
  bytes.toString('hex').startsWith(`${'0'.repeat(20)}ffff`)
    ? bytes.subarray(12).join('.')
    : plainAddress(addressText(bytes));
