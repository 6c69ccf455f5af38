// The values of options that are more than words: numbers, domains, variables, one of a few.
import { isDomain } from '../names/aliases.ts';
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';

/**
 * Reads the words that were given for an option, in their order; where it was not given there are none.
 * @param flag what a failure names, as `--index`
 */
export type Read<Value> = (words: readonly string[], flag: string) => Result<Value>;

/** What --list-networks draws with: words for --format, beside docker's. */
export const drawings = ['mermaid', 'dot'] as const;
export type Drawing = (typeof drawings)[number];

/** How --print-env writes variables: words for --format. */
export const variableFormats = ['dotenv', 'shell', 'json'] as const;
export type VariableFormat = (typeof variableFormats)[number];

/** Every word that was given. */
export const readAll: Read<readonly string[]> = (words) => success(words);

const numberRead =
  (pattern: RegExp, expected: string): Read<number | undefined> =>
  (words, flag) => {
    const text = words.at(-1);
    if (text === undefined) return success(undefined);
    return pattern.test(text) ? success(Number(text)) : fail({ kind: 'invalid-value', flag, value: text, expected });
  };

export const readIndex = numberRead(/^[1-9]\d{0,8}$/, 'a number, 1 or greater');
export const readSeconds = numberRead(
  /^(?![0.]+$)\d{1,3}(\.\d{1,3})?$/,
  'a number of seconds greater than 0 and less than 1000',
);

/** Each with a comma between, and the option given more than once. */
export const readNetworks: Read<readonly string[]> = (words, flag) => {
  const networks = words.flatMap((word) => word.split(','));
  if (!networks.includes('')) return success(networks);
  return fail({ kind: 'invalid-value', flag, value: words.join(','), expected: 'NETWORK[,NETWORK...], or all' });
};

/** Each `KEY=VALUE`, or `KEY` alone. */
export const readVariables: Read<readonly string[]> = (words, flag) => {
  const bad = words.find((word) => word === '' || word.startsWith('=') || word.includes('\0'));
  if (bad === undefined) return success(words);
  return fail({ kind: 'invalid-value', flag, value: bad, expected: 'KEY or KEY=VALUE' });
};

/** The domain of --provider or NETEXEC_PROVIDER, without a dot at its end. */
export function readProvider(source: string, text: string | undefined): Result<string | undefined> {
  if (text === undefined || isDomain(text)) return success(text?.replace(/\.$/, ''));
  return fail({ kind: 'invalid-value', flag: source, value: text, expected: 'a domain name, such as sslip.io' });
}

/** `a, b or c`. */
export const either = (choices: readonly string[]): string =>
  choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;

/** Reads a value that must be one of a closed set, wherever it was given. */
export function oneOf<Choice extends string, Default extends Choice | undefined = undefined>(
  flag: string,
  value: string | undefined,
  choices: readonly Choice[],
  byDefault?: Default,
): Result<Choice | Default> {
  if (value === undefined) return success(byDefault as Default);
  const choice = choices.find((candidate) => candidate === value);
  return choice === undefined
    ? fail({ kind: 'invalid-value', flag, value, expected: either(choices) })
    : success(choice);
}
