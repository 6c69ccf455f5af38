// The environment that netexec was called with, whole: also what the launcher, being a shell, could not hand on.
import { readFileSync } from 'node:fs';
import type { Environment } from '../core/endpoint.ts';
import { textOf } from './raw-words.ts';

/**
 * A shell drops variables whose names it cannot express (bash's exported functions), and sets some of its own. docker,
 * which started the launcher, has the caller's as they were. Without docker the launcher's have to do: the parent may
 * be anything then.
 */
export function callerEnvironment(): Environment {
  return environmentOfDocker() ?? process.env;
}

/** docker tells its plugins so; without it the file was called directly. */
export const calledByDocker = (): boolean => dockersName() !== undefined;

/** docker's first word, as it was typed. */
const dockersName = (): string | undefined => process.env['DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND'];

/** @returns undefined where the parent is not docker (it may have ended), or another user's */
function environmentOfDocker(): Environment | undefined {
  if (!calledByDocker()) return undefined;
  try {
    const [name] = words(`/proc/${process.ppid}/cmdline`);
    if (name !== dockersName()) return undefined;
    const entries = words(`/proc/${process.ppid}/environ`).filter((entry) => entry !== '');
    return Object.fromEntries(entries.map(splitEntry));
  } catch {
    return undefined;
  }
}

const words = (file: string): readonly string[] => textOf(readFileSync(file)).split('\0');

const splitEntry = (entry: string): readonly [string, string] => {
  const equals = entry.indexOf('=');
  return [entry.slice(0, equals), entry.slice(equals + 1)];
};
