// From where netexec was called, and with which environment: whole, also what the launcher, being a shell, could not hand on.
import { readFileSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path/posix';
import type { Environment } from '../../core/engine/engine-address.ts';
import { holdingParent } from './held-process.ts';
import { textOf } from '../process/raw-words.ts';

/** Where and how netexec was called. */
export interface Caller {
  /** All variables. */
  readonly env: Environment;
  /** The working directory as the shell names it; undefined where it was deleted. */
  readonly folder: string | undefined;
  /** Where the caller's HOSTALIASES files are. */
  readonly runtimeFolder: string;
  /** The soft limit of open files, which the runtime raises for itself; undefined where it is not known. */
  readonly openFiles: string | undefined;
  /** The signals, by number, that are ignored, as nohup has it; the runtime resets them. */
  readonly ignoredSignals: readonly number[];
}

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
    return holdingParent((folder) => {
      const [name] = words(`${folder}/cmdline`);
      if (name !== dockersName()) return undefined;
      const entries = words(`${folder}/environ`).filter((entry) => entry !== '');
      return Object.fromEntries(entries.map(splitEntry));
    });
  } catch {
    return undefined;
  }
}

const words = (file: string): readonly string[] => textOf(readFileSync(file)).split('\0');

const splitEntry = (entry: string): readonly [string, string] => {
  const equals = entry.indexOf('=');
  return [entry.slice(0, equals), entry.slice(equals + 1)];
};

/** The working directory as the shell names it, links kept, as Go programs see it too; undefined where it was deleted. */
export function workingDirectory(env: Environment): string | undefined {
  const named = env['PWD'];
  try {
    const here = statSync('.');
    const there = named !== undefined && isAbsolute(named) ? statSync(named, { throwIfNoEntry: false }) : undefined;
    return there?.ino === here.ino && there.dev === here.dev ? named : process.cwd();
  } catch {
    return undefined;
  }
}
