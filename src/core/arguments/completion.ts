// The words in front of the cursor and the one at it → what is wanted there. What exists is for others to find out.
import type { Found, Words } from './option-entry.ts';
import { takeOptions, takeOptionsAnywhere } from './option-words.ts';
import type { FlagName, Given } from './option-words.ts';
import { actions, netexecOptions, takenOptions } from './options.ts';
import { actionOf, takeLine } from './read-options.ts';

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** What the shell is asked to do besides (cobra's ShellCompDirective): its own files, nothing more, the same without a space behind, folders only. */
export const directives = { files: 0, none: 4, goesOn: 6, folders: 16 } as const;

/** What stands in front of the cursor. */
export interface Front {
  readonly options: Given;
  /** SERVICE and what is behind it. */
  readonly rest: readonly string[];
}

export type Wanted =
  | { readonly kind: 'these'; readonly candidates: readonly Candidate[]; readonly directive: number }
  | (Front & {
      readonly kind: Found;
      /** What is typed of it. */
      readonly prefix: string;
    });

const shellsOwn = (what: keyof typeof directives): Wanted => ({
  kind: 'these',
  candidates: [],
  directive: directives[what],
});
const nothing = shellsOwn('none');

/**
 * @param words those behind `netexec`, the last one being at the cursor, possibly empty
 * @param isNamed SERVICE is named elsewhere, where it is not typed
 */
export function wantedAt(words: readonly string[], isNamed = false): Wanted {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? '';
  // Where the word at the cursor lands tells what it is; it may be anything yet, so another stands in for it.
  const line = takeLine([...before, 'x'], takenOptions);
  const take = line.ok && actionOf(line.value.options) !== 'run' ? takeOptionsAnywhere : takeOptions;
  const taken = take([...before, 'x'], takenOptions);
  if (!taken.ok) return nothing;
  const { dashes, options, last, rest } = taken.value;
  if (!take(before, takenOptions).ok) return optionValue(last, current, { options, rest });
  const front = { options, rest: rest.slice(0, -1) };
  const asOption = take([...before, '--help'], takenOptions);
  const optionsAreOver = !asOption.ok || asOption.value.rest.length === rest.length;
  const isPlace = actionOf(options) === 'run' && (options.on !== undefined || (isNamed && dashes));
  if (isPlace && !dashes && !current.startsWith('-')) return these([beforeCommand], current);
  if (optionsAreOver || !current.startsWith('-'))
    return isPlace ? commandWord(current, front, front.rest) : operand(current, front);
  const equals = current.indexOf('=');
  if (!current.startsWith('--') || equals < 0) return these(optionCandidates(), current);
  const option = netexecOptions.find(({ name }) => name === current.slice(2, equals));
  return option?.value === undefined ? nothing : optionValue(option.name, current.slice(equals + 1), front);
}

/** Whether a `--` stands where SERVICE would. */
export function isUnnamed(words: readonly string[]): boolean {
  const taken = takeOptions(words.slice(0, -1), takenOptions);
  return taken.ok && taken.value.dashes && actionOf(taken.value.options) === 'run';
}

/** Behind --on, where no SERVICE stands. */
const beforeCommand: Candidate = { value: '--', description: 'COMMAND follows' };

/** The options as help shows them. */
export const optionCandidates = (): readonly Candidate[] =>
  netexecOptions.map(({ name, help }) => ({ value: `--${name}`, description: help }));

/** @param offers words, a description behind a tab */
export const candidatesOf = (offers: readonly string[]): readonly Candidate[] =>
  offers.map((offer) => {
    const [value = '', description = ''] = offer.split('\t');
    return { value, description };
  });

function optionValue(name: FlagName | undefined, prefix: string, front: Front): Wanted {
  const offers = netexecOptions.find((option) => option.name === name)?.value?.offers ?? 'files';
  if (typeof offers === 'object') return these(candidatesOf(offers), prefix);
  return offers === 'files' || offers === 'folders' ? shellsOwn(offers) : { kind: offers, prefix, ...front };
}

/** SERVICE, or what else the action takes in its place and behind it. */
function operand(prefix: string, front: Front): Wanted {
  const { takes, further }: Words = actions[actionOf(front.options)];
  const kind = takes[front.rest.length] ?? further;
  if (kind === undefined) return nothing;
  if (kind === 'services' && front.options.container) return { kind: 'containers', prefix, ...front };
  return kind === 'commands' ? commandWord(prefix, front, front.rest.slice(1)) : { kind, prefix, ...front };
}

/** @param behind COMMAND's words so far, perhaps with a `--` in front */
function commandWord(prefix: string, front: Front, behind: readonly string[]): Wanted {
  const command = behind[0] === '--' ? behind.slice(1) : behind;
  // Without a letter, all programs of the machine would be meant; with a slash, a file is.
  if (command.length > 0 || prefix === '' || prefix.includes('/') || prefix.startsWith('-')) return shellsOwn('files');
  return { kind: 'commands', prefix, ...front };
}

const these = (candidates: readonly Candidate[], prefix: string): Wanted => ({
  kind: 'these',
  candidates: beginning(candidates, prefix),
  directive: directives.none,
});

/** Not every shell's script sorts out what does not fit. */
export const beginning = (candidates: readonly Candidate[], prefix: string): readonly Candidate[] =>
  candidates.filter(({ value }) => value.startsWith(prefix));

/** One candidate a line, its description behind a tab, and the directive at the end (cobra, `__complete`). */
export function completionText(candidates: readonly Candidate[], directive: number, described: boolean): string {
  const lines = candidates.map(({ value, description }) =>
    described && description !== '' ? `${value}\t${description}` : value,
  );
  return [...lines, `:${directive}`, ''].join('\n');
}
