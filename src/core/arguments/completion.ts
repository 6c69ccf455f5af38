// The words in front of the cursor and the one at it → what is wanted there. What exists is for others to find out.
import { elevations, resolvers } from './argv.ts';
import { capabilityNames } from './capabilities.ts';
import { helpText } from './help.ts';
import { helpOptions } from './help-options.ts';
import { drawings } from './option-values.ts';
import { has, last, takeOptions, values } from './option-words.ts';
import type { Taken } from './option-words.ts';
import { netexecOptions, takenOptions } from './options.ts';

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** What the shell is asked to do besides (cobra's ShellCompDirective): its own files, nothing more, folders only. */
export const directives = { files: 0, none: 4, folders: 16 } as const;

/** What is found out about the engine, or about this machine. */
export type Found =
  | 'services'
  | 'containers'
  | 'networks'
  | 'projects'
  | 'indexes'
  | 'endpoints'
  | 'users'
  | 'variables'
  | 'commands';

export type Wanted =
  | { readonly kind: 'these'; readonly candidates: readonly Candidate[]; readonly directive: number }
  | {
      readonly kind: Found;
      /** What is typed of it. */
      readonly prefix: string;
      /** The options in front of the cursor. */
      readonly options: Taken;
      /** SERVICE and what is behind it, as far as typed. */
      readonly rest: readonly string[];
    };

const nothing: Wanted = { kind: 'these', candidates: [], directive: directives.none };
export const shellsOwnFiles: Wanted = { kind: 'these', candidates: [], directive: directives.files };
const shellsOwnFolders: Wanted = { kind: 'these', candidates: [], directive: directives.folders };

/** @param words those behind `netexec`, the last one being at the cursor, possibly empty */
export function wantedAt(words: readonly string[]): Wanted {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? '';
  // Where the word at the cursor lands tells what it is; it may be anything yet, so another stands in for it.
  const taken = takeOptions([...before, 'x'], takenOptions);
  if (!taken.ok) return nothing;
  const { rest, options } = taken.value;
  const front = { options, rest: rest.slice(0, -1) };
  if (rest.length === 0)
    return optionValue(options.at(-1)?.name ?? '', current, { options: options.slice(0, -1), rest });
  if (rest.length > 1) return behindService(current, front);
  const asOption = takeOptions([...before, '--help'], takenOptions);
  const optionsAreOver = !asOption.ok || asOption.value.rest.length > 0;
  if (optionsAreOver || !current.startsWith('-')) return subject(current, front);
  const equals = current.indexOf('=');
  if (!current.startsWith('--') || equals < 0) return these(optionCandidates(), current);
  const option = netexecOptions.find(({ name }) => name === current.slice(2, equals));
  return option?.value === undefined ? nothing : optionValue(option.name, current.slice(equals + 1), front);
}

/** The options as help shows them. */
export const optionCandidates = (): readonly Candidate[] =>
  helpOptions(helpText).map(({ name, text }) => ({ value: `--${name}`, description: text }));

const choice = (value: string, description = ''): Candidate => ({ value, description });

/** The values of options that have few. */
export const choices: Readonly<Record<string, readonly Candidate[]>> = {
  resolver: resolvers.map((value) => choice(value)),
  elevate: elevations.map((value) => choice(value)),
  format: [
    choice('table', 'columns, as docker has them'),
    choice('json', 'a line of JSON for each'),
    ...drawings.map((value) => choice(value, 'a drawing, of --list-networks')),
  ],
  provider: [choice('sslip.io', 'the default')],
  'cap-add': capabilityNames.map((name) => choice(name.toUpperCase())),
  timeout: [],
};

const found: Readonly<Record<string, Found>> = {
  'project-name': 'projects',
  index: 'indexes',
  network: 'networks',
  env: 'variables',
  user: 'users',
};

/** What an option's value is completed with, where that is the shell's own. */
export const ofTheShell: Readonly<Record<string, number>> = {
  file: directives.files,
  'project-directory': directives.folders,
  workdir: directives.folders,
};

function optionValue(name: string, prefix: string, front: Pick<Taken, 'options' | 'rest'>): Wanted {
  const few = choices[name];
  if (few !== undefined) return these(few, prefix);
  const kind = found[name];
  if (kind !== undefined) return { kind, prefix, options: front, rest: front.rest };
  return ofTheShell[name] === directives.folders ? shellsOwnFolders : shellsOwnFiles;
}

/** The word where SERVICE is: the options in front of it tell whether it is one. */
function subject(prefix: string, front: Pick<Taken, 'options' | 'rest'>): Wanted {
  if (['doctor', 'list-networks', 'man', 'uninstall', 'help', 'version'].some((name) => has(front, name)))
    return nothing;
  const kind = has(front, 'hostaliases') ? 'networks' : has(front, 'container') ? 'containers' : 'services';
  return { kind, prefix, options: front, rest: [] };
}

function behindService(prefix: string, front: Pick<Taken, 'options' | 'rest'>): Wanted {
  if (has(front, 'check')) return { kind: 'endpoints', prefix, options: front, rest: front.rest };
  if (['doctor', 'list-networks', 'list-names', 'hostaliases', 'man', 'uninstall'].some((name) => has(front, name)))
    return nothing;
  const command = front.rest[1] === '--' ? front.rest.slice(2) : front.rest.slice(1);
  // Without a letter, all programs of the machine would be meant; with a slash, a file is.
  if (command.length > 0 || prefix === '' || prefix.includes('/') || prefix.startsWith('-')) return shellsOwnFiles;
  return { kind: 'commands', prefix, options: front, rest: front.rest };
}

const these = (candidates: readonly Candidate[], prefix: string): Wanted => ({
  kind: 'these',
  candidates: beginning(candidates, prefix),
  directive: directives.none,
});

/** Not every shell's script sorts out what does not fit. */
export const beginning = (candidates: readonly Candidate[], prefix: string): readonly Candidate[] =>
  candidates.filter(({ value }) => value.startsWith(prefix));

/** What leads to the project, from options that may be wrong otherwise. */
export function projectOf(options: Taken) {
  const index = last(options, 'index');
  return {
    projectName: last(options, 'project-name'),
    files: values(options, 'file'),
    projectDirectory: last(options, 'project-directory'),
    index: index !== undefined && /^[1-9]\d{0,8}$/.test(index) ? Number(index) : undefined,
  };
}

/** One candidate a line, its description behind a tab, and the directive at the end (cobra, `__complete`). */
export function completionText(candidates: readonly Candidate[], directive: number, described: boolean): string {
  const lines = candidates.map(({ value, description }) =>
    described && description !== '' ? `${value}\t${description}` : value,
  );
  return [...lines, `:${directive}`, ''].join('\n');
}
