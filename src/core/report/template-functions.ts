// The functions of docker's templates and of Go's that people use with docker, and how Go prints a value.

import { printableJson } from '../text/printable.ts';

/** What a row holds, and what a function can give: text, an integer, true or false, a list, or an object. */
export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

interface Kinds {
  readonly text: string;
  readonly integer: number;
  readonly list: readonly Value[];
  readonly any: Value;
}

export interface TemplateFunction {
  /** The kinds of its arguments; what may follow them, as often as one likes, is of the kind `rest`. */
  readonly takes: readonly (keyof Kinds)[];
  readonly rest: keyof Kinds | undefined;
  readonly run: (...given: readonly Value[]) => Value | Refusal;
}

/** A function's word that it cannot do this. */
export class Refusal {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

// No column is as wide, and a text of any width would be a way to fill the memory.
const widest = 1000;
const longestJoin = 1_000_000;

// `and` and `or` are here for their arguments only: which of them are evaluated at all is for the one who evaluates.
export const functions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['json', taking(['any'], json)],
  [
    'split',
    taking(['text', 'text'], (source, separator) => (separator === '' ? characters(source) : source.split(separator))),
  ],
  ['join', taking(['list', 'text'], join)],
  [
    'title',
    taking(['text'], (source) => source.replaceAll(/(?<![\p{L}\p{Nd}_])\p{L}/gu, (first) => first.toUpperCase())),
  ],
  ['lower', taking(['text'], (source) => source.toLowerCase())],
  ['upper', taking(['text'], (source) => source.toUpperCase())],
  ['pad', taking(['text', 'integer', 'integer'], pad)],
  ['truncate', taking(['text', 'integer'], truncate)],
  ['eq', taking(['any', 'any'], (one, ...others) => anyEqual(one, others), 'any')],
  ['ne', taking(['any', 'any'], (one, other) => negated(anyEqual(one, [other])))],
  ['lt', taking(['any', 'any'], (one, other) => compared(one, other, (order) => order < 0))],
  ['le', taking(['any', 'any'], (one, other) => compared(one, other, (order) => order <= 0))],
  ['gt', taking(['any', 'any'], (one, other) => compared(one, other, (order) => order > 0))],
  ['ge', taking(['any', 'any'], (one, other) => compared(one, other, (order) => order >= 0))],
  ['and', taking(['any'], (first) => first, 'any')],
  ['or', taking(['any'], (first) => first, 'any')],
  ['not', taking(['any'], (value) => !isTrue(value))],
  ['len', taking(['any'], length)],
  ['index', taking(['any'], (value, ...keys) => index(value, keys), 'any')],
  ['print', taking([], print, 'any')],
  ['println', taking([], (...values) => `${values.map(toText).join(' ')}\n`, 'any')],
  ['printf', taking(['text'], printf, 'any')],
]);

/** For the heading of a table, whose row is the names of the columns: they must come through whole, as in docker. */
export const headingFunctions: ReadonlyMap<string, TemplateFunction> = new Map([
  ...functions,
  ...['json', 'split', 'join', 'title', 'lower', 'upper', 'truncate', 'len', 'index'].map(
    (name) => [name, taking(['any'], (first) => first, 'any')] as const,
  ),
]);

/** A function whose arguments are checked before it runs. */
function taking<const Takes extends readonly (keyof Kinds)[]>(
  takes: Takes,
  run: (...given: [...{ -readonly [Index in keyof Takes]: Kinds[Takes[Index]] }, ...Value[]]) => Value | Refusal,
  rest?: 'any',
): TemplateFunction {
  return {
    takes,
    rest,
    run: (...given) => {
      const wrong = takes.findIndex((kind, place) => kind !== 'any' && kindOf(given[place]) !== kind);
      if (wrong !== -1)
        return new Refusal(`argument ${wrong + 1} must be ${takes[wrong]}, but is ${kindOf(given[wrong])}`);
      return run(...(given as Parameters<typeof run>));
    },
  };
}

export function kindOf(value: Value | undefined): 'text' | 'integer' | 'boolean' | 'list' | 'object' {
  if (typeof value === 'string' || value === undefined) return 'text';
  if (typeof value === 'number') return 'integer';
  if (typeof value === 'boolean') return 'boolean';
  return isList(value) ? 'list' : 'object';
}

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** Whether `if` takes it for true: what is empty or zero is not. */
export function isTrue(value: Value): boolean {
  if (isList(value)) return value.length > 0;
  return typeof value === 'object' ? Object.keys(value).length > 0 : Boolean(value);
}

/** By code points: docker's own functions count bytes, and would cut a character in two. */
const characters = (text: string): readonly string[] => Array.from(text);

/** As Go prints it. */
export function toText(value: Value): string {
  if (isList(value)) return `[${value.map(toText).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}:${toText(inner)}`);
  return `map[${entries.join(' ')}]`;
}

export function json(value: Value): string {
  return printableJson(value);
}

function join(list: readonly Value[], separator: string): Value | Refusal {
  if (list.length * separator.length > longestJoin) return new Refusal('the result would be too long');
  return list.map(toText).join(separator);
}

function pad(source: string, before: number, after: number): Value | Refusal {
  const wrong = [before, after].find((width) => width < 0 || width > widest);
  if (wrong !== undefined) return new Refusal(`a width of ${wrong} is not between 0 and ${widest}`);
  return source === '' ? '' : `${' '.repeat(before)}${source}${' '.repeat(after)}`;
}

function truncate(source: string, most: number): Value | Refusal {
  if (most < 0) return new Refusal(`a length of ${most} is less than 0`);
  return characters(source).slice(0, most).join('');
}

function anyEqual(one: Value, others: readonly Value[]): boolean | Refusal {
  for (const other of others) {
    if (typeof one === 'object' || typeof other === 'object' || typeof one !== typeof other)
      return incomparable(one, other);
    if (one === other) return true;
  }
  return false;
}

const negated = (value: boolean | Refusal): boolean | Refusal => (value instanceof Refusal ? value : !value);

function compared(one: Value, other: Value, holds: (order: number) => boolean): boolean | Refusal {
  if (typeof one === 'number' && typeof other === 'number') return holds(one - other);
  if (typeof one === 'string' && typeof other === 'string') return holds(one < other ? -1 : Number(one > other));
  return incomparable(one, other);
}

const incomparable = (one: Value, other: Value): Refusal =>
  new Refusal(`cannot compare ${kindOf(one)} with ${kindOf(other)}`);

function length(value: Value): Value | Refusal {
  if (typeof value === 'string') return characters(value).length;
  if (isList(value)) return value.length;
  return typeof value === 'object' ? Object.keys(value).length : new Refusal(`${kindOf(value)} has no length`);
}

function index(value: Value, keys: readonly Value[]): Value | Refusal {
  let found = value;
  for (const key of keys) {
    if (isList(found) && typeof key === 'number') {
      const item = found[key];
      if (item === undefined)
        return new Refusal(`index out of range: ${key}, but the length of the list is ${found.length}`);
      found = item;
    } else if (!isList(found) && typeof found === 'object' && typeof key === 'string')
      found = Object.hasOwn(found, key) ? (found[key] ?? '') : '';
    else return new Refusal(`cannot index ${kindOf(found)} with ${kindOf(key)}`);
  }
  return found;
}

/** Between two values of which neither is text, Go puts a space. */
function print(...values: readonly Value[]): string {
  return values
    .map((value, place) => {
      const before = values[place - 1];
      const apart = before !== undefined && typeof before !== 'string' && typeof value !== 'string';
      return `${apart ? ' ' : ''}${toText(value)}`;
    })
    .join('');
}

function printf(format: string, ...values: readonly Value[]): Value | Refusal {
  let used = 0;
  let unknown: string | undefined;
  const text = format.replaceAll(/%(-?)(\d{0,3})(.?)/gsu, (directive, left: string, width: string, verb: string) => {
    if (verb === '%') return '%';
    if (!'sdvq'.includes(verb) || verb === '') unknown ??= directive;
    const value = values[used];
    used += 1;
    return value === undefined ? `%!${verb}(MISSING)` : formatted(verb, value, Number(`${left}${width || '0'}`));
  });
  if (unknown !== undefined) return new Refusal(`it supports %s %d %v %q, not ${unknown}`);
  const extra = values.slice(used).map((value) => `${goKind(value)}=${toText(value)}`);
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.join(', ')})`;
}

/** @param width below 0: the text stands left in it */
function formatted(verb: string, value: Value, width: number): string {
  if (isList(value)) return `[${value.map((item) => formatted(verb, item, width)).join(' ')}]`;
  const fits = verb === 'v' || typeof value === (verb === 'd' ? 'number' : 'string');
  if (!fits) return `%!${verb}(${goKind(value)}=${toText(value)})`;
  const text = verb === 'q' ? quoted(toText(value)) : toText(value);
  const space = ' '.repeat(Math.max(0, Math.abs(width) - characters(text).length));
  return width < 0 ? `${text}${space}` : `${space}${text}`;
}

function goKind(value: Value): string {
  if (isList(value)) return '[]string';
  return { string: 'string', number: 'int', boolean: 'bool' }[typeof value as 'string' | 'number' | 'boolean'] ?? 'map';
}

/** A Go string literal: like JSON's, with \a and \v, and \x.. for the other control characters. */
function quoted(text: string): string {
  // oxlint-disable-next-line no-control-regex
  const plain = /[\u0000-\u001f\u007f-\u009f]/g;
  const named = new Map([
    ['\u0007', String.raw`\a`],
    ['\b', String.raw`\b`],
    ['\t', String.raw`\t`],
    ['\n', String.raw`\n`],
    ['\v', String.raw`\v`],
    ['\f', String.raw`\f`],
    ['\r', String.raw`\r`],
  ]);
  const escaped = text.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll(plain, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return (
      named.get(character) ?? (code.length > 1 && character > '\u007f' ? `\\u00${code}` : `\\x${code.padStart(2, '0')}`)
    );
  });
  return `"${escaped}"`;
}
