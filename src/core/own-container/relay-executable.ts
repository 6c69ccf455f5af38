// The executable that is sent to an engine where this one does not run: where it is looked for, and which libraries it needs.
import { dirname, join, resolve } from 'node:path/posix';
import type { Environment } from '../engine/engine-address.ts';
import { nameServices } from './far-image.ts';

/** @param platform `linux/arm64`. @returns the names of a release's files for it */
export const relayNames = (platform: string): readonly string[] => {
  const name = `docker-netexec-${platform.replace('/', '-')}`;
  return [name, `${name}-musl`];
};

/** @returns the folder for files of this version; undefined without a home */
export function relayFolder(env: Environment, version: string): string | undefined {
  const { XDG_CACHE_HOME: cache, HOME: home } = env;
  const base = cache?.startsWith('/') ? cache : home?.startsWith('/') ? join(home, '.cache') : undefined;
  return base && join(base, 'docker-netexec', version);
}

/** e_machine of elf(5). */
const machines: Readonly<Record<number, string>> = { 62: 'linux/x64', 183: 'linux/arm64' };

/** @param head of an ELF file of 64 bits. @returns the platform that it is for */
export const platformOf = (head: Buffer): string | undefined =>
  head.length < 20 || head.toString('latin1', 0, 6) !== '\u007fELF\u0002\u0001'
    ? undefined
    : machines[head.readUInt16LE(18)];

export interface Library {
  /** In a container, and by which name it is loaded. */
  readonly path: string;
  readonly isNeeded: boolean;
}

/**
 * @param loader as the executable names it
 * @param found where a container has it: glibc's own libraries are beside it
 */
export function librariesOf(loader: string, found: string): readonly Library[] {
  if (loader.includes('musl'))
    return ['/usr/lib/libstdc++.so.6', '/usr/lib/libgcc_s.so.1'].map((path) => ({ path, isNeeded: true }));
  const beside = (isNeeded: boolean) => (name: string) => ({ path: join(dirname(found), name), isNeeded });
  return [
    ...['libc.so.6', 'libdl.so.2', 'libm.so.6', 'libpthread.so.0'].map(beside(true)),
    ...nameServices.map(beside(false)),
  ];
}

/** Where a symbolic link leads. */
export const followed = (path: string, link: string): string => resolve(dirname(path), link);
