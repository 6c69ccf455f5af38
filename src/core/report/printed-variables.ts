// --print-env: a service's variables as a file that others read.
import { dotenvLine } from '../compose/dotenv-text.ts';
import type { VariableFormat } from '../arguments/option-values.ts';
import { isShellName } from '../entry/environment.ts';
import { printableJson } from '../text/printable.ts';

export interface PrintedVariables {
  readonly text: string;
  /** Names that this format cannot hold. */
  readonly left: readonly string[];
}

/** By name, which is the same order every time. @param variables of two that are alike the later counts */
export function printedVariables(
  variables: readonly (readonly [name: string, value: string])[],
  format: VariableFormat,
): PrintedVariables {
  const all = Object.entries(Object.fromEntries(variables)).toSorted(([one], [other]) => (one < other ? -1 : 1));
  if (format === 'json') return { text: `${printableJson(Object.fromEntries(all))}\n`, left: [] };
  const lineOf = format === 'shell' ? shellLine : dotenvLine;
  const lines = all.map(([name, value]) => ({ name, line: lineOf(name, value) }));
  return {
    text: lines.map(({ line }) => line ?? '').join(''),
    left: lines.filter(({ line }) => line === undefined).map(({ name }) => name),
  };
}

/** What bash, dash or zsh lets nobody set: the rest of the lines would not be read. */
const shellsOwn = /^(?:UID|EUID|GID|EGID|PPID|SHELLOPTS|BASHOPTS|BASH_VERSINFO)$/;

/** For eval in any POSIX shell. */
const shellLine = (name: string, value: string): string | undefined =>
  isShellName(name) && !shellsOwn.test(name)
    ? `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`
    : undefined;
