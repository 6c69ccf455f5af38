// SOCKS5 (RFC 1928), without a password and for TCP: what a client says, and what it is told.
import { isHostName } from './local-ports.ts';
import type { Destination } from './local-ports.ts';
import { isIP } from '../names/ip-address.ts';
import { isNameUnknown } from './local-port-text.ts';

export const versions = { socks4: 4, socks5: 5 } as const;

/** Request rejected or failed, for a client of SOCKS4, which has no names of IPv6. */
export const socks4Refusal = Buffer.from([0, 0x5b, 0, 0, 0, 0, 0, 0]);

const methods = { none: 0, noneAcceptable: 0xff } as const;

/** By which method a client may go on: none asks for nothing. */
export function readGreeting(
  heard: Buffer,
): { readonly rest: Buffer; readonly reply: Buffer; readonly accepted: boolean } | 'more' {
  const end = 2 + (heard[1] ?? 0);
  if (heard.length < 2 || heard.length < end) return 'more';
  const accepted = heard.subarray(2, end).includes(methods.none);
  const reply = Buffer.from([versions.socks5, accepted ? methods.none : methods.noneAcceptable]);
  return { rest: heard.subarray(end), reply, accepted };
}

const replies = {
  succeeded: 0,
  generalFailure: 1,
  networkUnreachable: 3,
  hostUnreachable: 4,
  connectionRefused: 5,
  commandNotSupported: 7,
  addressTypeNotSupported: 8,
} as const;

const connect = 1;
const addressTypes = { ipv4: 1, name: 3, ipv6: 4 } as const;

/** @returns a reply where it asks for what there is not */
export function readSocksRequest(
  heard: Buffer,
): { readonly destination: Destination; readonly rest: Buffer } | Buffer | 'more' {
  const [version, command, , type, size = 0] = heard;
  if (type === undefined) return 'more';
  if (version !== versions.socks5) return reply(replies.generalFailure);
  if (command !== connect) return reply(replies.commandNotSupported);
  const [start, length] = type === addressTypes.name ? [5, size] : [4, type === addressTypes.ipv4 ? 4 : 16];
  if (!(Object.values(addressTypes) as number[]).includes(type)) return reply(replies.addressTypeNotSupported);
  const end = start + length;
  if (heard.length < end + 2) return 'more';
  const host = hostOf(type, heard.subarray(start, end));
  const port = heard.readUInt16BE(end);
  if (port === 0 || !(isIP(host) || isHostName(host))) return reply(replies.hostUnreachable);
  return { destination: { host, port }, rest: heard.subarray(end + 2) };
}

function hostOf(type: number, bytes: Buffer): string {
  if (type === addressTypes.name) return bytes.toString('latin1');
  if (type === addressTypes.ipv4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16));
  // As it is written: with :: for the longest run of zeros.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** What listens for it is nobody's to know. */
const reply = (code: number): Buffer => Buffer.from([versions.socks5, code, 0, addressTypes.ipv4, 0, 0, 0, 0, 0, 0]);

export const socksGranted = reply(replies.succeeded);

/** @param error a code of the system's, or of its resolver's */
export const socksRefusal = (error: string): Buffer =>
  reply(isNameUnknown(error) ? replies.hostUnreachable : (codes[error] ?? replies.generalFailure));

const codes: Readonly<Record<string, number>> = {
  EADDRNOTAVAIL: replies.networkUnreachable,
  ECONNREFUSED: replies.connectionRefused,
  EHOSTUNREACH: replies.hostUnreachable,
  ENETUNREACH: replies.networkUnreachable,
  ETIMEDOUT: replies.hostUnreachable,
};
