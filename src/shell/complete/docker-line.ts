// What was typed to docker itself, of which it tells its plugins nothing when it asks them to complete a word.
import { readDockerOptions } from '../../core/arguments/argv.ts';
import type { DockerOptions } from '../../core/arguments/argv.ts';
import { dockerOptions } from '../../core/arguments/docker-options.ts';
import { takeOptions } from '../../core/arguments/option-words.ts';
import { calledByDocker } from '../observe/caller-environment.ts';
import { holdingParent } from '../observe/held-process.ts';
import { attempt, readText } from '../files/attempt.ts';

/** docker keeps its own options to itself when it asks for completion: `docker --context X netexec w` (cli, cobra.go). */
export function optionsOfDocker(): DockerOptions | undefined {
  const read = (): string | undefined => attempt(() => holdingParent((folder) => readText(`${folder}/cmdline`)));
  const typed = calledByDocker() ? (read()?.split('\0') ?? []) : [];
  const words = typed.slice(typed.findIndex((word) => word.startsWith('__complete')) + 1);
  const taken = takeOptions(words, dockerOptions);
  if (!taken.ok || taken.value.rest[0] !== 'netexec') return undefined;
  const options = readDockerOptions(taken.value.options);
  return options.ok ? options.value : undefined;
}
