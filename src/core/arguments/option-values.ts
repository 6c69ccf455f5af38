// The values of options that are more than words: domains, numbers, one of a few.
import { isDomain } from '../aliases.ts';
import { fail, success } from '../failure.ts';
import type { Result } from '../failure.ts';

/** What --list-networks draws with: words for --format, beside docker's. */
export const drawings = ['mermaid', 'dot'] as const;
export type Drawing = (typeof drawings)[number];

/** The domain of --provider or NETEXEC_PROVIDER, without a dot at its end. */
export function readProvider(source: string, text: string | undefined): Result<string | undefined> {
  if (text === undefined || isDomain(text)) return success(text?.replace(/\.$/, ''));
  return fail({ kind: 'invalid-value', flag: source, value: text, expected: 'a domain name, such as sslip.io' });
}

export function readIndex(text: string | undefined): Result<number | undefined> {
  if (text === undefined) return success(undefined);
  if (/^[1-9]\d{0,8}$/.test(text)) return success(Number(text));
  return fail({ kind: 'invalid-value', flag: '--index', value: text, expected: 'a number from 1' });
}

/** Reads a value that must be one of a closed set, wherever it was given. */
export function oneOf<Choice extends string>(
  flag: string,
  value: string | undefined,
  choices: readonly Choice[],
): Result<Choice | undefined> {
  if (value === undefined) return success(undefined);
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) return fail({ kind: 'invalid-value', flag, value, expected: choices.join(', ') });
  return success(choice);
}
