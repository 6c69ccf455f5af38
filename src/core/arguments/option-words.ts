// The options at the front of a command line, read by a table of options as docker's parser (pflag) reads them.
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import { dockerOptions } from './docker-options.ts';
import type { DockerFlags } from './docker-options.ts';
import type { Flag } from './option-entry.ts';
import type { Options } from './options.ts';

type Flags = Options & DockerFlags;
export type FlagName = keyof Flags;
export type NamedFlag = Flag & { readonly name: FlagName };

/** What was given: of a switch its last value, of the others all their words. */
export type Given = {
  readonly [Name in FlagName]?: Flags[Name] extends { readonly value: object } ? readonly string[] : boolean;
};

/** What stood in front of the first word that is not an option, and everything from that word on. */
export interface Taken {
  readonly options: Given;
  /** The one that was read last. */
  readonly last: FlagName | undefined;
  /** Whether a `--` stands before the rest. */
  readonly dashes: boolean;
  readonly rest: readonly string[];
}

/**
 * Takes options up to the first other word; `--` ends them too.
 * @param table of two options that are typed alike, the later counts
 * @param before what was given in front of them
 */
export function takeOptions(words: readonly string[], table: readonly NamedFlag[], before: Given = {}): Result<Taken> {
  const typed = new Map(table.flatMap((option) => formsOf(option).map((form) => [form, option] as const)));
  const given: { [Name in FlagName]?: boolean | readonly string[] } = { ...before };
  let last: FlagName | undefined;
  const taken = (rest: readonly string[], dashes = false) => success({ options: given as Given, last, dashes, rest });
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--') return taken(words.slice(index + 1), true);
    if (!word.startsWith('-') || word === '-') return taken(words.slice(index));
    const whole = word.replace(/=.*/s, '');
    // `-pid` is a slip: whoever means a value has a blank for it.
    if (typed.has(`-${whole}`)) return unknownFlag(whole, word);
    for (const { flag, inline } of flagsOf(word, typed)) {
      const option = typed.get(flag);
      if (option === undefined) return unknownFlag(flag, word);
      last = option.name;
      if (option.value === undefined) {
        const isOn = readSwitch(flag, inline);
        if (!isOn.ok) return isOn;
        given[last] = isOn.value;
      } else {
        const value = inline ?? words[++index];
        if (value === undefined) return fail({ kind: 'flag-needs-value', flag });
        given[last] = [...((given[last] ?? []) as readonly string[]), value];
      }
    }
  }
  return taken([]);
}

/** Takes options up to `--`, wherever they stand; `rest` is what stands between and behind them. */
export function takeOptionsAnywhere(words: readonly string[], table: readonly NamedFlag[]): Result<Taken> {
  const between: string[] = [];
  let taken = takeOptions(words, table);
  while (taken.ok && !taken.value.dashes && taken.value.rest.length > 0) {
    const [word = '', ...further] = taken.value.rest;
    between.push(word);
    taken = takeOptions(further, table, taken.value.options);
  }
  return taken.ok ? success({ ...taken.value, rest: [...between, ...taken.value.rest] }) : taken;
}

/** The forms in which an option is typed. */
export const formsOf = ({ name, short }: Flag & { readonly name: string }): readonly string[] =>
  short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];

/** Of one word: a long option; or letters, of which the first that wants a value has what is behind it. */
function* flagsOf(
  word: string,
  typed: ReadonlyMap<string, NamedFlag>,
): Generator<{ readonly flag: string; readonly inline?: string }> {
  if (word.startsWith('--')) {
    const equals = word.indexOf('=', 3);
    yield equals < 0 ? { flag: word } : { flag: word.slice(0, equals), inline: word.slice(equals + 1) };
    return;
  }
  for (let at = 1; at < word.length; at++) {
    const flag = `-${word[at]}`;
    if (typed.get(flag)?.value === undefined) yield { flag };
    else {
      yield at === word.length - 1 ? { flag } : { flag, inline: word.slice(at + 1).replace(/^=/, '') };
      return;
    }
  }
}

function readSwitch(flag: string, value: string | undefined): Result<boolean> {
  if (value === undefined || value === 'true' || value === '1') return success(true);
  if (value === 'false' || value === '0') return success(false);
  return fail({ kind: 'flag-takes-no-value', flag, value });
}

const unknownFlag = (flag: string, word: string): Result<never> =>
  fail({
    kind: 'unknown-flag',
    flag,
    word,
    belongsToDocker: dockerOptions.some((option) => formsOf(option).includes(flag)),
  });
