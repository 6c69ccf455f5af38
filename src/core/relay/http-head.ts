// Heads of HTTP messages (RFC 9112): read, and rid of what is meant for a proxy alone.

export interface Head {
  /** The request's line, or the status's. */
  readonly start: string;
  readonly fields: readonly Field[];
}

interface Field {
  /** In small letters. */
  readonly name: string;
  readonly value: string;
  /** As it stands there. */
  readonly line: string;
}

/** Of a head. */
const longest = 65_536;

/**
 * @param heard from the head's first byte on
 * @returns the head and what came behind it; `more` where it has not ended, `long` where that is too much, `none` for what is none
 */
export function takeHead(heard: Buffer): { readonly head: Head; readonly rest: Buffer } | 'more' | 'long' | 'none' {
  // Others may stand behind it, in any number.
  const looked = heard.subarray(0, longest + 3);
  const ends = ['\n\r\n', '\n\n'].map((mark) => ({ at: looked.indexOf(mark), length: mark.length }));
  const [end] = ends.filter(({ at }) => at >= 0).toSorted((one, other) => one.at - other.at);
  if ((end?.at ?? heard.length) > longest) return 'long';
  if (end === undefined) return 'more';
  // A line that begins with a blank goes on with the one before.
  const [start = '', ...lines] = heard
    .toString('latin1', 0, end.at)
    .replace(/\r$/, '')
    .replaceAll(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/);
  const fields = lines.map(fieldOf);
  if (/[\r\0]/.test(start) || !fields.every((field) => field !== undefined)) return 'none';
  return { head: { start, fields }, rest: heard.subarray(end.at + end.length) };
}

function fieldOf(line: string): Field | undefined {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):([^\r\0]*)$/.exec(line) ?? [];
  return name === undefined || value === undefined
    ? undefined
    : { name: name.toLowerCase(), value: trimmed(value), line };
}

/** Blanks and tabs alone stand around a value (RFC 9110, 5.6.3): by what else is left away both ends could differ. */
const trimmed = (text: string): string => text.replaceAll(/^[ \t]+|[ \t]+$/g, '');

/** What a field has, with all its lines, in small letters: `close`, `upgrade`. */
export const listOf = ({ fields }: Head, name: string): readonly string[] =>
  fields
    .filter((field) => field.name === name)
    .flatMap(({ value }) => value.toLowerCase().split(','))
    .map(trimmed)
    .filter((word) => word !== '');

/**
 * For the other side: without what speaks of this connection alone (RFC 9110, 7.6.1), and of an end to each.
 * @param added fields in front of all others
 * @param kept in small letters
 */
export function rewritten(head: Head, start: string, added: readonly string[], kept: readonly string[] = []): Buffer {
  const named = new Set(listOf(head, 'connection'));
  const isOwn = (name: string): boolean => ownFields.includes(name) || name.startsWith('proxy-') || named.has(name);
  const others = head.fields.filter(({ name }) => framing.includes(name) || kept.includes(name) || !isOwn(name));
  return Buffer.from([start, ...added, ...others.map(({ line }) => line), '', ''].join('\r\n'), 'latin1');
}

const ownFields: readonly string[] = ['connection', 'keep-alive', 'te', 'upgrade'];

/** Without these nobody would know where a body ends. */
const framing: readonly string[] = ['content-length', 'transfer-encoding'];
