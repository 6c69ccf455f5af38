// The options at the front of a command line, read by a table of options as docker's parser (pflag) reads them.
import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';
import { fail, success } from '../failure.ts';
import type { Result } from '../failure.ts';
import { dockerOptions } from './options.ts';
import type { Option } from './options.ts';

/** What stood in front of the first word that is not an option, and everything from that word on. */
export interface Taken {
  readonly options: readonly { readonly name: string; readonly value: string | boolean }[];
  readonly rest: readonly string[];
}

/** Takes options up to the first other word; `--` ends them too. parseArgs would go on behind it: its tokens say where it is. */
export function takeOptions(words: readonly string[], table: readonly Option[]): Result<Taken> {
  const config: ParseArgsOptionsConfig = Object.fromEntries(
    table.map(({ name, short, value }) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  const { tokens } = parseArgs({
    args: frontOf(words, table),
    options: config,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const options: { name: string; value: string | boolean }[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') return success({ options, rest: words.slice(token.index) });
    if (token.kind === 'option-terminator') return success({ options, rest: words.slice(token.index + 1) });
    const option = table.find((candidate) => candidate.name === token.name);
    const read =
      option === undefined
        ? unknownFlag(token.rawName)
        : readOption(option, token.rawName, token.value, token.inlineValue === true);
    if (!read.ok) return read;
    options.push({ name: token.name, value: read.value });
  }
  return success({ options, rest: [] });
}

/**
 * The options, the values of those that have one apart, and the word behind them. COMMAND's own words are none of
 * parseArgs' business: it takes long over many, and gives up over long ones.
 */
function frontOf(words: readonly string[], table: readonly Option[]): string[] {
  const longestGroup = 64;
  const front: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const isLong = word.startsWith('--');
    const option = table.find(({ name, short }) => (isLong ? word === `--${name}` : word.slice(1, 2) === short));
    const isGroup = !isLong && option?.value === undefined;
    front.push(isGroup && word.startsWith('-') ? word.slice(0, longestGroup) : word);
    if (!word.startsWith('-') || word === '-' || word === '--') break;
    const last = isLong ? option : lastOfGroup(word, table);
    if (last?.value !== undefined && index + 1 < words.length) front.push(words[++index] ?? '');
  }
  return front;
}

/** Of `-qp`, the option that takes the next word for its value, if any: one in the middle has the rest for it. */
function lastOfGroup(word: string, table: readonly Option[]): Option | undefined {
  const letters = word.slice(1, 64);
  const at = letters.split('').findIndex((letter) => table.find(({ short }) => short === letter)?.value !== undefined);
  return at === letters.length - 1 ? table.find(({ short }) => short === letters.at(at)) : undefined;
}

function readOption(
  option: Option,
  flag: string,
  value: string | undefined,
  inline: boolean,
): Result<string | boolean> {
  if (option.value !== undefined) {
    if (value === undefined) return fail({ kind: 'flag-needs-value', flag });
    // docker's parser reads `-p=name` as the value "name"; parseArgs leaves the sign in.
    return success(inline && !flag.startsWith('--') && value.startsWith('=') ? value.slice(1) : value);
  }
  if (value === undefined || value === 'true' || value === '1') return success(true);
  if (value === 'false' || value === '0') return success(false);
  return fail({ kind: 'flag-takes-no-value', flag, value });
}

function unknownFlag(flag: string): Result<never> {
  const name = flag.replace(/^--?/, '');
  const belongsToDocker = dockerOptions.some(
    (option) => option.name === name || (flag.length === 2 && option.short === name),
  );
  return fail({ kind: 'unknown-flag', flag, belongsToDocker });
}

export const has = (taken: Taken, name: string): boolean =>
  taken.options.some((option) => option.name === name && option.value !== false);

export const values = (taken: Taken, name: string): readonly string[] =>
  taken.options.flatMap((option) => (option.name === name && typeof option.value === 'string' ? [option.value] : []));

export const last = (taken: Taken, name: string): string | undefined => values(taken, name).at(-1);

export function switched(taken: Taken, name: string): boolean | undefined {
  const value = taken.options.findLast((option) => option.name === name)?.value;
  return typeof value === 'boolean' ? value : undefined;
}
