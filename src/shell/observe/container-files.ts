// Reads what a container's own resolv.conf and hosts say, where that may be done: by root, or by the owner of a rootless engine.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { Container } from '../../core/engine/containers.ts';
import type { ContainerFiles } from '../../core/names/visible-names.ts';
import { pathOnly } from '../files/path-only.ts';
import { proveProcess } from './prove-process.ts';

/** @returns undefined where they cannot be read */
export function readContainerFiles(container: Container): ContainerFiles | undefined {
  const held: number[] = [];
  const open = (path: string, flags: number): number => {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | flags);
    held.push(descriptor);
    return descriptor;
  };
  try {
    const root = open(`/proc/${container.pid}/root`, constants.O_DIRECTORY);
    // What is held is this process's, if its number still is.
    if (proveProcess(container) !== 'container') return undefined;
    // A link in a container leads anywhere on this machine, and is not followed.
    const etc = open(`/proc/self/fd/${root}/etc`, constants.O_DIRECTORY | constants.O_NOFOLLOW);
    const [resolvConf = '', hosts = ''] = ['resolv.conf', 'hosts'].map((name) => {
      // A device that stands there must not be opened before it is known for one.
      const place = open(`/proc/self/fd/${etc}/${name}`, pathOnly | constants.O_NOFOLLOW);
      if (!fstatSync(place).isFile()) throw new Error('no plain file');
      return readWhole(open(`/proc/self/fd/${place}`, 0));
    });
    return { resolvConf, hosts };
  } catch {
    return undefined;
  } finally {
    held.forEach((descriptor) => closeSync(descriptor));
  }
}

const largest = 1024 * 1024;

/** A plain file's text, as long as the file is said to be: those of the kernel, which may be endless, are said to be empty. */
function readWhole(descriptor: number): string {
  const { size } = fstatSync(descriptor);
  if (size > largest) throw new Error('too large');
  const bytes = Buffer.alloc(size);
  return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, size, 0));
}
