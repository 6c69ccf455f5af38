// Reads one of docker's own files: at once, whatever it is, and no more than such a file has.
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import type { Environment } from '../../core/engine/engine-address.ts';
import { accountsHome } from '../observe/caller.ts';

export type DockerFile =
  | { readonly text: string }
  /** `permission denied`; undefined: there is no such file. */
  | { readonly problem: string | undefined };

const longest = 1024 * 1024;

export function readDockerFile(file: string): DockerFile {
  let descriptor;
  try {
    // A pipe that nobody writes to would be waited for.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(descriptor);
    if (stat.isFIFO()) return { problem: 'it is a pipe' };
    if (stat.size > longest) return { problem: 'it is too large' };
    // /dev/null has nothing, and other devices no end.
    return { text: stat.isCharacterDevice() ? '' : readFileSync(descriptor, 'utf8') };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // `EACCES: permission denied, open '…'`
    return { problem: code === 'ENOENT' ? undefined : message.replace(/^\w+: |, \w+( '.*)?$/gs, '') };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** docker's configuration folder, as docker finds it. @param given of --config */
export const dockerFolder = (given: string | undefined, env: Environment): string =>
  given ?? (env['DOCKER_CONFIG'] || join(env['HOME'] || (accountsHome() ?? '/'), '.docker'));
