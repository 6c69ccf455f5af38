// The environment that netexec was called with, whole: also what the launcher, being a shell, could not hand on.
import { readFileSync } from 'node:fs';
import type { Environment } from '../core/endpoint.ts';
import { isShellName } from '../core/environment.ts';

/**
 * A shell drops variables whose names it cannot express, such as bash's exported functions. docker, which started the
 * launcher, still has them. Called without docker, they are lost: the parent may be anything then.
 */
export function callerEnvironment(): Environment {
  if (!calledByDocker()) return process.env;
  try {
    const entries = readFileSync(`/proc/${process.ppid}/environ`, 'utf8').split('\0');
    const lost = entries
      .map((entry): [string, string] => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)])
      .filter(([name]) => name !== '' && !isShellName(name));
    return lost.length === 0 ? process.env : { ...process.env, ...Object.fromEntries(lost) };
  } catch {
    // docker ended in this moment, or is another user's.
    return process.env;
  }
}

/** docker tells its plugins so; without it the file was called directly. */
export const calledByDocker = (): boolean => process.env['DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND'] !== undefined;
