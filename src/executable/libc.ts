// What neither Bun nor Node does, by the C library: to stay what netexec was called as, and to become COMMAND.
import { CString, dlopen, ptr, read } from 'bun:ffi';

// glibc's name, and musl's, whose loader is the library.
const libraries = ['libc.so.6', `libc.musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`];

const functions = {
  execve: { args: ['ptr', 'ptr', 'ptr'], returns: 'i32' },
  fchdir: { args: ['i32'], returns: 'i32' },
  fcntl: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
  getpwuid: { args: ['i32'], returns: 'ptr' },
  prlimit: { args: ['i32', 'i32', 'ptr', 'ptr'], returns: 'i32' },
  signal: { args: ['i32', 'i64'], returns: 'i64' },
} as const;

type Functions = ReturnType<typeof dlopen<keyof typeof functions>>['symbols'];

let opened: Functions | undefined;

function libc(): Functions {
  for (const library of opened === undefined ? libraries : []) {
    try {
      opened = dlopen(library, functions).symbols;
      break;
    } catch {
      // It is the other one.
    }
  }
  if (opened === undefined) throw new Error(`there is none of ${libraries.join(', ')}`);
  return opened;
}

/** To an open folder, whatever has become of its name. */
export function changeFolder(descriptor: number): void {
  if (libc().fchdir(descriptor) !== 0) throw new Error(`descriptor ${descriptor} is no folder that may be entered`);
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
  const text = (offset: number): string => new CString(read.ptr(entry, offset)).toString();
  return { name: text(passwd.name), home: text(passwd.dir) };
}

/** fcntl(2). */
const F_SETFD = 2;

/** Keeps a descriptor open for the program that this process becomes. */
export const handOn = (descriptor: number): void => void libc().fcntl(descriptor, F_SETFD, 0);

/** SIG_DFL, signal(7). */
export const resetSignal = (signal: number): void => void libc().signal(signal, 0);

/** getrlimit(2). */
const RLIMIT_NOFILE = 7;

/** @param soft a number, or `unlimited`; the hard limit stays */
export function limitOpenFiles(soft: string): void {
  const limits = new BigUint64Array(2);
  libc().prlimit(0, RLIMIT_NOFILE, null, limits);
  limits[0] = soft === 'unlimited' ? 2n ** 64n - 1n : BigInt(soft);
  libc().prlimit(0, RLIMIT_NOFILE, limits, null);
}

/** Becomes another program, whose words and variables are these bytes; comes back where that is not possible. */
export function become(file: Buffer, words: readonly Buffer[], environment: readonly Buffer[]): void {
  // What is pointed at has to be there until the kernel has read it.
  const held: Buffer[] = [];
  const list = (texts: readonly Buffer[]): BigUint64Array => {
    const ended = texts.map((text) => Buffer.concat([text, Buffer.alloc(1)]));
    held.push(...ended);
    return new BigUint64Array([...ended.map((text) => BigInt(ptr(text))), 0n]);
  };
  libc().execve(Buffer.concat([file, Buffer.alloc(1)]), list(words), list(environment));
  held.length = 0;
}
