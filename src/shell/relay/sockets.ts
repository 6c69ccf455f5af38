// Sockets as the kernel has them, by the C library: one that listens, and their way from one process to another (unix(7)).
import { closeSync, constants, openSync } from 'node:fs';
import { basename, dirname } from 'node:path/posix';
import type { Place } from '../../core/relay/packets.ts';
import { addressOf, errno, errorName, openLibrary, openSocket } from '../process/libc.ts';
import { pathOnly } from '../files/path-only.ts';
import { isLinux } from '../process/system.ts';
import { closeByRuntime, listenByRuntime } from './runtime-listeners.ts';

const functions = {
  bind: { args: ['i32', 'ptr', 'i32'], returns: 'i32' },
  connect: { args: ['i32', 'ptr', 'i32'], returns: 'i32' },
  getsockname: { args: ['i32', 'ptr', 'ptr'], returns: 'i32' },
  getsockopt: { args: ['i32', 'i32', 'i32', 'ptr', 'ptr'], returns: 'i32' },
  listen: { args: ['i32', 'i32'], returns: 'i32' },
  poll: { args: ['ptr', 'u64', 'i32'], returns: 'i32' },
  recvmsg: { args: ['i32', 'ptr', 'i32'], returns: 'i32' },
  sendmsg: { args: ['i32', 'ptr', 'i32'], returns: 'i32' },
  setsockopt: { args: ['i32', 'i32', 'i32', 'ptr', 'i32'], returns: 'i32' },
  socket: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
} as const;

let opened: ReturnType<typeof openLibrary<keyof typeof functions>> | undefined;

const libc = () => (opened ??= openLibrary(functions));

/** socket(7), ipv6(7): of Linux, alike on all processors that Bun runs on. */
const [SOL_SOCKET, SO_REUSEADDR] = [1, 2];
const [IPPROTO_IPV6, IPV6_V6ONLY] = [41, 26];
/** How many may wait to be taken; the kernel has its own limit. */
const backlog = 4096;

interface ListeningSocket {
  readonly descriptor: number;
  readonly port: number;
}

/**
 * Listens on each of these addresses, by one port: on all of them, or on none. But for the first, one of a family that is not
 * there is left out.
 * @returns where it could not, a code such as EADDRINUSE
 */
export function listenOnEach(
  addresses: readonly string[],
  port: number,
):
  | { readonly descriptors: readonly number[]; readonly port: number }
  | { readonly error: string; readonly address: string; readonly port: number } {
  const descriptors: number[] = [];
  let listening = port;
  for (const [index, address] of addresses.entries()) {
    const socket = listenOn(address, listening);
    if (typeof socket !== 'string') {
      descriptors.push(socket.descriptor);
      listening = socket.port;
      continue;
    }
    // A machine may be without IPv6.
    if (index > 0 && withoutIt.includes(socket)) continue;
    descriptors.forEach(closeListener);
    return { error: socket, address, port: listening };
  }
  return { descriptors, port: listening };
}

export const closeListener = (descriptor: number): void => {
  if (!closeByRuntime(descriptor)) closeSync(descriptor);
};

const withoutIt: readonly string[] = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

/** @returns the socket, or a code such as EADDRINUSE */
function listenOn(address: string, port: number): ListeningSocket | string {
  if (!isLinux) return listenByRuntime(address, port);
  const { descriptor, place } = openSocket(address, port);
  if (descriptor < 0) return errorName(errno());
  const on = new Int32Array([1]);
  libc().setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, on, 4);
  // IPv4 has a socket of its own.
  if (address.includes(':')) libc().setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, on, 4);
  const failed = libc().bind(descriptor, place, place.length) !== 0 || libc().listen(descriptor, backlog) !== 0;
  const error = failed ? errorName(errno()) : undefined;
  if (error !== undefined) {
    closeSync(descriptor);
    return error;
  }
  libc().getsockname(descriptor, place, new Int32Array([place.length]));
  return { descriptor, port: place.readUInt16BE(2) };
}

/** ip(7), netfilter_ipv4.h, netfilter_ipv6/ip6_tables.h. */
const [SOL_IP, SO_ORIGINAL_DST] = [0, 80];

/** Where a connection that the rules of a firewall have led here was to go; undefined where none has. */
export function originalDestination(descriptor: number): Place | undefined {
  for (const [level, size, at, bytes] of [
    [SOL_IP, 16, 4, 4],
    [IPPROTO_IPV6, 28, 8, 16],
  ] as const) {
    const place = Buffer.alloc(size);
    if (libc().getsockopt(descriptor, level, SO_ORIGINAL_DST, place, new Int32Array([size])) === 0)
      return { address: place.subarray(at, at + bytes), port: place.readUInt16BE(2) };
  }
  return undefined;
}

/** A message of one byte, and descriptors with it, or none: struct msghdr, iovec and cmsghdr, with all that they point at. */
function message(descriptors: readonly number[]) {
  const byte = Buffer.alloc(1);
  const vector = new BigUint64Array([BigInt(addressOf(byte)), 1n]);
  const bytes = cmsgHead + 4 * descriptors.length;
  const control = Buffer.alloc(Math.ceil(bytes / 8) * 8);
  control.writeBigUInt64LE(BigInt(bytes), 0);
  control.writeInt32LE(SOL_SOCKET, 8);
  control.writeInt32LE(SCM_RIGHTS, 12);
  for (const [index, each] of descriptors.entries()) control.writeInt32LE(each, cmsgHead + 4 * index);
  const head = new BigUint64Array([
    0n,
    0n,
    BigInt(addressOf(vector)),
    1n,
    BigInt(addressOf(control)),
    BigInt(control.length),
    0n,
  ]);
  return { head, control, held: [byte, vector, control] };
}

const SCM_RIGHTS = 1;
const cmsgHead = 16;

/** Hands sockets to whoever is at the other end of a unix socket. @returns why it could not, a code */
export function handOver(socket: number, descriptors: readonly number[]): string | undefined {
  const { head, held } = message(descriptors);
  const sent = libc().sendmsg(socket, head, 0);
  const error = sent < 0 ? errorName(errno()) : undefined;
  // What is pointed at has to be there until the kernel has read it.
  held.length = 0;
  return error;
}

/** unix(7), socket(2), poll(2). */
const AF_UNIX = 1;
const SOCK_STREAM_CLOEXEC = 1 | 0o2_000_000;
const MSG_CMSG_CLOEXEC = 0x4000_0000;
/** Not all of them could be taken over: a limit of open files is in the way. */
const MSG_CTRUNC = 8n;
const POLLIN = 1;

/** @returns a socket that is connected to the unix socket of that name; where it cannot be, one that is not */
export function connectTo(path: string): number {
  const socket = libc().socket(AF_UNIX, SOCK_STREAM_CLOEXEC, 0);
  try {
    // The folder may have a longer name than an address has room for.
    const folder = openSync(dirname(path), pathOnly | constants.O_DIRECTORY);
    const place = Buffer.from(`\0\0/proc/self/fd/${folder}/${basename(path)}\0`);
    place.writeUInt16LE(AF_UNIX, 0);
    libc().connect(socket, place, place.length);
    closeSync(folder);
  } catch {
    // It is gone, and netexec with it.
  }
  return socket;
}

/**
 * Waits for the sockets that are handed over by whoever is at the other end of a unix socket.
 * @param most so many, or fewer
 * @param patience in milliseconds; -1: without end
 * @returns theirs; or a code
 */
export function takeOver(socket: number, most: number, patience: number): readonly number[] | string {
  libc().poll(new Int32Array([socket, POLLIN]), 1, patience);
  const { head, control, held } = message(Array.from({ length: most }, () => 0));
  const received = libc().recvmsg(socket, head, MSG_CMSG_CLOEXEC);
  held.length = 0;
  if (received < 0) return errorName(errno());
  if (received === 0) return 'ECONNRESET';
  if (((head[6] ?? 0n) & MSG_CTRUNC) !== 0n) return 'EMFILE';
  const bytes = (head[5] ?? 0n) < BigInt(cmsgHead) ? cmsgHead : Number(control.readBigUInt64LE(0));
  return Array.from({ length: (bytes - cmsgHead) / 4 }, (_, index) => control.readInt32LE(cmsgHead + 4 * index));
}
