// What neither Bun nor Node does, by the C library: to stay what netexec was called as, and to become COMMAND.
import { readFileSync } from 'node:fs';
import { toBytes } from '../../core/text/raw-bytes.ts';
import { constants } from 'node:os';
import type * as Ffi from 'bun:ffi';
import { UncallableLibrary } from './end-with.ts';
import { isLinux } from './system.ts';

// Asked for when something is called: a tool that runs under Node, test/engines/record.ts, loads this file, too.
const ffi = (): typeof Ffi => process.getBuiltinModule('bun:ffi') as typeof Ffi;

const functions = {
  __errno_location: { args: [], returns: 'ptr' },
  connect: { args: ['i32', 'ptr', 'i32'], returns: 'i32' },
  execve: { args: ['ptr', 'ptr', 'ptr'], returns: 'i32' },
  fchdir: { args: ['i32'], returns: 'i32' },
  fcntl: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
  getpwuid: { args: ['i32'], returns: 'ptr' },
  getsockopt: { args: ['i32', 'i32', 'i32', 'ptr', 'ptr'], returns: 'i32' },
  getxattr: { args: ['ptr', 'ptr', 'ptr', 'u64'], returns: 'i64' },
  if_nametoindex: { args: ['ptr'], returns: 'i32' },
  inet_pton: { args: ['i32', 'ptr', 'ptr'], returns: 'i32' },
  madvise: { args: ['u64', 'u64', 'i32'], returns: 'i32' },
  pipe2: { args: ['ptr', 'i32'], returns: 'i32' },
  poll: { args: ['ptr', 'u64', 'i32'], returns: 'i32' },
  prlimit: { args: ['i32', 'i32', 'ptr', 'ptr'], returns: 'i32' },
  signal: { args: ['i32', 'i64'], returns: 'i64' },
  socket: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
} as const;

type Functions = ReturnType<typeof Ffi.dlopen<keyof typeof functions>>['symbols'];

let opened: Functions | undefined;

const libc = (): Functions => (opened ??= openLibrary(functions));

/** The C library, for what is called of it. */
export function openLibrary<Name extends string>(called: Parameters<typeof Ffi.dlopen<Name>>[1]) {
  if (!isLinux) throw new Error(`${process.platform} has another C library`);
  const library = mappedLibrary();
  try {
    return ffi().dlopen(library, called).symbols;
  } catch (error) {
    throw new UncallableLibrary(`${library}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export const addressOf = (bytes: NodeJS.TypedArray): number => ffi().ptr(bytes);

/**
 * That of this process, by its whole path: for a name that the loader does not find, Bun looks in the folder that netexec
 * was called in. musl's is its loader.
 */
function mappedLibrary(): string {
  const [, file] =
    /^\S+ r\S+ \S+ \S+ \d+ +(\/.*\/(?:libc[.-]|ld-musl-)[^/\n]*)$/m.exec(readFileSync('/proc/self/maps', 'utf8')) ?? [];
  if (file === undefined) throw new UncallableLibrary('it is not mapped');
  return file;
}

/** To an open folder, whatever has become of its name. */
export function changeFolder(descriptor: number): void {
  if (libc().fchdir(descriptor) !== 0)
    throw new Error(`descriptor ${descriptor} is not a directory that netexec may enter`);
}

export interface Account {
  readonly name: string;
  readonly home: string;
}

/** struct passwd (pwd.h): name, password, uid and gid, gecos, dir, shell. */
const passwd = { name: 0, dir: 32 } as const;

/** @returns undefined for a number that the machine's accounts do not know */
export function accountOf(uid: number): Account | undefined {
  const entry = libc().getpwuid(uid);
  if (!entry) return undefined;
  const { CString, read } = ffi();
  const text = (offset: number): string => new CString(read.ptr(entry, offset)).toString();
  return { name: text(passwd.name), home: text(passwd.dir) };
}

/** madvise(2). */
const MADV_DONTNEED = 4;

/** Of a mapped file that has not been written to: the kernel maps a page again when it is used again. */
export const unmapPages = (from: bigint, to: bigint): void => void libc().madvise(from, to - from, MADV_DONTNEED);

/** fcntl(2). */
const F_SETFD = 2;

/** Keeps a descriptor open for the program that this process becomes. */
export const handOn = (descriptor: number): void => void libc().fcntl(descriptor, F_SETFD, 0);

/** fcntl(2). */
const [F_SETFL, F_SETPIPE_SZ] = [4, 1031];
const O_WRONLY_NONBLOCK = 0o4_001;

/**
 * Has a pipe hold so many bytes, and whoever writes to it not wait: EAGAIN.
 * @returns whether that was done; it may be no pipe, or its user have too many (pipe(7))
 */
export const widenPipe = (descriptor: number, bytes: number): boolean =>
  libc().fcntl(descriptor, F_SETPIPE_SZ, bytes) >= bytes && libc().fcntl(descriptor, F_SETFL, O_WRONLY_NONBLOCK) === 0;

/** open(2). */
const O_CLOEXEC = 0o2_000_000;

/** The two ends of a pipe, each a descriptor. */
export function openPipe(): { readonly from: number; readonly into: number } {
  const ends = new Int32Array(2);
  if (libc().pipe2(ends, O_CLOEXEC) !== 0) throw new Error(`cannot create a pipe: ${errorName(errno())}`);
  const [from = -1, into = -1] = ends;
  return { from, into };
}

/** SIG_DFL and SIG_IGN, signal(2). */
const dispositions = { default: 0, ignored: 1 } as const;

/** What becomes of a signal; a program that this process becomes keeps it. */
export const setSignal = (signal: number, disposition: keyof typeof dispositions): void =>
  void libc().signal(signal, dispositions[disposition]);

/** getrlimit(2). */
const RLIMIT_NOFILE = 7;

/** How many files may be open, the soft limit; elsewhere than on Linux fewer than the runtime sees to. */
export function openFilesLimit(): number {
  if (!isLinux) return 1024;
  const limits = new BigUint64Array(2);
  libc().prlimit(0, RLIMIT_NOFILE, null, limits);
  return Number(limits[0]);
}

/** @param soft a number, or `unlimited`; the hard limit stays */
export function limitOpenFiles(soft: string): void {
  const limits = new BigUint64Array(2);
  libc().prlimit(0, RLIMIT_NOFILE, null, limits);
  limits[0] = soft === 'unlimited' ? 2n ** 64n - 1n : BigInt(soft);
  libc().prlimit(0, RLIMIT_NOFILE, limits, null);
}

/**
 * Becomes another program, whose words and variables are these bytes.
 * @returns why it could not
 */
export function become(file: Buffer, words: readonly Buffer[], environment: readonly Buffer[]): string {
  // What is pointed at has to be there until the kernel has read it.
  const held: Buffer[] = [];
  const list = (texts: readonly Buffer[]): BigUint64Array => {
    const ended = texts.map((text) => Buffer.concat([text, Buffer.alloc(1)]));
    held.push(...ended);
    return new BigUint64Array([...ended.map((text) => BigInt(ffi().ptr(text))), 0n]);
  };
  libc().execve(Buffer.concat([file, Buffer.alloc(1)]), list(words), list(environment));
  const error = errorName(errno());
  held.length = 0;
  return error;
}

/** `ENOENT` and the like. */
export const errorName = (number: number): string =>
  Object.entries(constants.errno).find(([, each]) => each === number)?.[0] ?? 'UNKNOWN';

const zeroEnded = (text: string): Buffer => Buffer.from(`${text}\0`);

/** Whether a file has an extended attribute (xattr(7)). */
export const hasAttribute = (file: string, name: string): boolean =>
  libc().getxattr(Buffer.concat([toBytes(file), Buffer.alloc(1)]), zeroEnded(name), null, 0n) >= 0;

/** socket(2), ip(7), ipv6(7): of Linux, alike on all processors that Bun runs on. */
const SOCK_STREAM_NONBLOCK_CLOEXEC = 1 | 0o4_000 | 0o2_000_000;
const [AF_INET, AF_INET6] = [2, 10];
const [SOL_SOCKET, SO_ERROR] = [1, 4];
const POLLOUT = 4;

/** Begins to connect by TCP. @returns the descriptor, and what has failed already; 0 where nothing has */
export function dial(address: string, port: number): { readonly descriptor: number; readonly error: number } {
  const { descriptor, place } = openSocket(address, port);
  if (descriptor < 0) return { descriptor, error: errno() };
  return { descriptor, error: dialBy(descriptor, place) };
}

/** @param descriptor of a socket that does not wait. @returns the number of an error; 0 where it has begun */
export function dialBy(descriptor: number, place: Buffer): number {
  const failed = libc().connect(descriptor, place, place.length) !== 0 && errno() !== constants.errno.EINPROGRESS;
  return failed ? errno() : 0;
}

/** A socket for TCP, and the address as the kernel takes it (struct sockaddr_in, sockaddr_in6). */
export function openSocket(address: string, port: number): { readonly descriptor: number; readonly place: Buffer } {
  const { family, place } = placeOf(address, port);
  return { descriptor: libc().socket(family, SOCK_STREAM_NONBLOCK_CLOEXEC, 0), place };
}

/** As the kernel takes it. */
export function placeOf(address: string, port: number): { readonly family: number; readonly place: Buffer } {
  const [host = '', zone] = address.split('%');
  const family = host.includes(':') ? AF_INET6 : AF_INET;
  const place = Buffer.alloc(family === AF_INET6 ? 28 : 16);
  place.writeUInt16LE(family, 0);
  place.writeUInt16BE(port, 2);
  libc().inet_pton(family, zeroEnded(host), place.subarray(family === AF_INET6 ? 8 : 4));
  if (zone !== undefined) place.writeUInt32LE(libc().if_nametoindex(zeroEnded(zone)), 24);
  return { family, place };
}

/** Of a connection that has begun: undefined while it goes on, 0 where it stands, else what it failed with. */
export function connectError(descriptor: number): number | undefined {
  const asked = new Int16Array([descriptor & 0xffff, descriptor >> 16, POLLOUT, 0]);
  if (libc().poll(asked, 1, 0) === 0) return undefined;
  const [error, length] = [new Int32Array(1), new Int32Array([4])];
  libc().getsockopt(descriptor, SOL_SOCKET, SO_ERROR, error, length);
  return error[0] ?? 0;
}

/** Of the call before: only one that fails sets it. */
export const errno = (): number => ffi().read.i32(libc().__errno_location(), 0); // oxlint-disable-line no-underscore-dangle
