// The caller's own line, put right: the end of a hint, there to be copied.
import { formsOf } from '../arguments/option-words.ts';
import { netexecOptions } from '../arguments/options.ts';
import { shellWord } from '../text/printable.ts';
import { nearestOf } from './explanation.ts';
import type { Called } from './explanation.ts';

/** @returns undefined where these words stand in more than one place, or in none */
export function correctedLine(
  { line = [] }: Called,
  wrong: readonly string[],
  right: readonly string[],
): string | undefined {
  const places = line.flatMap((_, at) => (wrong.every((word, index) => isWord(line[at + index], word)) ? [at] : []));
  const [at, ...others] = places;
  if (at === undefined || others.length > 0 || line.some(isSecret)) return undefined;
  // `--flag=VALUE` is one word.
  const value = line[at + wrong.length - 1]?.slice(wrong.at(-1)?.length) ?? '';
  const words = value === '' ? right : right.map((word, index) => (index === right.length - 1 ? word + value : word));
  return typed([...line.slice(0, at), ...words, ...line.slice(at + wrong.length)]);
}

/** The line with another value of an option; the option alone where the line is not to be repeated. */
export function lineWithValue(called: Called, flag: string, isIt: (value: string) => boolean, right: string): string {
  const { line = [] } = called;
  const wrong = line
    .map((word, at) => (word === flag ? [word, line[at + 1] ?? ''] : [word]))
    .find(([word = '', next]) => isIt(next ?? word.replace(`${flag}=`, '')));
  const corrected = wrong === undefined ? undefined : correctedLine(called, wrong, [flag, right]);
  return corrected ?? typed([flag, right]);
}

/**
 * The line without an option of netexec's, and its value.
 * @param flag `--user`, or `--resolver host`
 * @returns undefined where it stands in more than one place, or in none
 */
export function lineWithout({ line = [] }: Called, flag: string): string | undefined {
  const [name] = flag.split(' ');
  const option = netexecOptions.find((each) => `--${each.name}` === name);
  const forms = option === undefined ? [] : formsOf(option);
  // `-uroot` as well.
  const isIt = (word: string): boolean =>
    forms.some((form) => isWord(word, form) || (option?.value && form.length === 2 && word.startsWith(form)));
  const [at, ...others] = line.flatMap((word, index) => (isIt(word) ? [index] : []));
  if (at === undefined || others.length > 0 || line.some(isSecret)) return undefined;
  const isParted = option?.value !== undefined && forms.includes(line[at] ?? '');
  return typed([...line.slice(0, at), ...line.slice(at + (isParted ? 2 : 1))]);
}

/**
 * The line for another project; its beginning where the line is not to be repeated, or has files of its own.
 * @param words behind it then
 */
export function lineInProject(called: Called, project: string, words: readonly string[] = []): string {
  const { projectName, files } = called;
  const before = projectName === undefined ? [] : ['-p', projectName];
  const whole =
    files.length > 0 ? undefined : correctedLine(called, ['netexec', ...before], ['netexec', '-p', project]);
  return whole ?? `${typed(['docker', 'netexec', '-p', project, ...words])} …`;
}

/** The caller's line, with more words at its end; undefined where it is not to be repeated. */
export function continuedLine({ line = [] }: Called, words: readonly string[]): string | undefined {
  if (line.length === 0 || line.some(isSecret)) return undefined;
  return typed([...(line.at(-1) === '--' ? line.slice(0, -1) : line), ...words]);
}

/** Typed once is enough: a hint may end up in a log. */
const isSecret = (word: string): boolean => /:\/\/[^/\s]*:[^/\s]*@|(?:pass|secret|token|key)\w*=./i.test(word);

const isWord = (word: string | undefined, wanted: string): boolean =>
  word === wanted || (wanted.startsWith('-') && word?.startsWith(`${wanted}=`) === true);

export const typed = (words: readonly string[]): string => words.map(shellWord).join(' ');

/** `did you mean web?`, with the line. */
export function meant(called: Called, wrong: readonly string[], right: readonly string[]): string {
  const line = correctedLine(called, wrong, right);
  return `did you mean ${typed(right)}?${line === undefined ? '' : ` ${line}`}`;
}

/** The same, of the one that is nearest; undefined where none is near. */
export function meantNearest(called: Called, word: string, candidates: readonly string[]): string | undefined {
  const nearest = nearestOf(word, candidates);
  return nearest === undefined ? undefined : meant(called, [word], [nearest]);
}

/** The end of a sentence. */
export const after = (line: string | undefined): string | undefined => (line === undefined ? undefined : `: ${line}`);
