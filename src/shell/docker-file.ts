// Reads one of docker's own files: at once, whatever it is, and no more than such a file has.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path/posix';
import type { Environment } from '../core/endpoint.ts';
import { accountsHome } from './caller.ts';

export type DockerFile =
  | { readonly text: string }
  /** `permission denied`; undefined: there is no such file. */
  | { readonly problem: string | undefined };

const longest = 1024 * 1024;

export function readDockerFile(file: string): DockerFile {
  let descriptor;
  try {
    // A pipe that nobody writes to would be waited for.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    if (fstatSync(descriptor).isFIFO()) return { problem: 'it is a pipe' };
    const text = readUpTo(descriptor, longest);
    return text === undefined ? { problem: 'it is too long' } : { text };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // `EACCES: permission denied, open '…'`
    return { problem: code === 'ENOENT' ? undefined : message.replace(/^\w+: /, '').replace(/, \w+( '.*)?$/s, '') };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** @returns undefined where there is more: the size of a file may be a lie, and a device has none */
function readUpTo(descriptor: number, most: number): string | undefined {
  const pieces: Buffer[] = [];
  let bytes = 0;
  while (bytes <= most) {
    const piece = Buffer.allocUnsafe(64 * 1024);
    const read = readSync(descriptor, piece);
    if (read === 0) return Buffer.concat(pieces).toString();
    pieces.push(piece.subarray(0, read));
    bytes += read;
  }
  return undefined;
}

/** docker's configuration folder, as docker finds it. @param given of --config */
export const dockerFolder = (given: string | undefined, env: Environment): string =>
  given ?? (env['DOCKER_CONFIG'] || join(env['HOME'] || (accountsHome() ?? '/'), '.docker'));
