// Reads the text of a .env file in Compose's dialect (compose-go, dotenv), which is no shell's and no other library's.
import { substitute } from './interpolation.ts';
import type { Lookup } from './interpolation.ts';

export type DotEnv =
  | { readonly ok: true; readonly variables: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problem: string };

/**
 * @param outside what was set before: it wins within the file
 * @param earlier what earlier files have set, where this file's own come first
 */
export function parseDotEnv(text: string, outside: Lookup, earlier: Lookup = () => undefined): DotEnv {
  const variables = new Map<string, string>();
  const lookup: Lookup = (name) => outside(name) ?? variables.get(name) ?? earlier(name);
  let rest = text.replace(/^\uFEFF/, '');
  for (;;) {
    rest = skipToStatement(rest);
    if (rest === '') return { ok: true, variables: Object.fromEntries(variables) };
    const read = readStatement(rest, lookup);
    if (!read.ok) {
      const line = text.slice(0, text.length - rest.length).split('\n').length;
      return { ok: false, problem: `line ${line}: ${read.problem}` };
    }
    if (read.value !== undefined) variables.set(read.key, read.value);
    rest = read.rest;
  }
}

// What Go takes for white space, and what of it does not end a line.
const space = String.raw`[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
const leadingSpace = new RegExp(`^${space}+`);
const trailingSpace = new RegExp(`(?<!${space})${space}+$`);
const spaceInLine = /^[\t\v\f\r \u0085\u00a0]+/;

function skipToStatement(text: string): string {
  let rest = text.replace(leadingSpace, '');
  while (rest.startsWith('#')) {
    const end = rest.indexOf('\n');
    rest = end < 0 ? '' : rest.slice(end).replace(leadingSpace, '');
  }
  return rest;
}

type Statement =
  | { readonly ok: true; readonly key: string; readonly value: string | undefined; readonly rest: string }
  | { readonly ok: false; readonly problem: string };

function readStatement(text: string, lookup: Lookup): Statement {
  const start = /^export[\t\n\f\r ]/.test(text) ? text.slice('export'.length).replace(spaceInLine, '') : text;
  if (start === '') return { ok: false, problem: 'zero length string' };
  const name = nameAt(start);
  const end = start[name.length];
  if (end !== undefined && !['=', ':', '\n'].includes(end)) {
    const [line = ''] = start.split('\n', 1);
    const character = String.fromCodePoint(start.codePointAt(name.length) ?? 0);
    return { ok: false, problem: `unexpected character ${quote(character)} in variable name ${quote(line)}` };
  }
  // The file's last line without an end has no name at all: all of it is a value.
  const key = end === undefined ? '' : name.replace(trailingSpace, '');
  if (key.includes(' ')) return { ok: false, problem: 'key cannot contain a space' };
  const rest = (end === undefined ? start : start.slice(name.length + 1)).replace(spaceInLine, '');
  // A name by itself stands for the variable that is set outside.
  if (end === '\n') return { ok: true, key, value: lookup(key), rest };
  const value = /^["']/.test(rest) ? readQuoted(rest, lookup) : readPlain(rest, lookup);
  return value.ok ? { ...value, key } : value;
}

const usualName = /^[\w.\-[\]\t\v\f\r \u0085\u00a0]*/;

/** Letters of every script will do, which takes V8 a while to get ready for. */
function nameAt(text: string): string {
  const [name = ''] = usualName.exec(text) ?? [];
  if ((text.codePointAt(name.length) ?? 0) < 128) return name;
  return /^[\p{L}\p{N}_.\-[\]\t\v\f\r \u0085\u00a0]*/u.exec(text)?.[0] ?? '';
}

type Value =
  | { readonly ok: true; readonly value: string; readonly rest: string }
  | { readonly ok: false; readonly problem: string };

function readPlain(text: string, lookup: Lookup): Value {
  const end = text.indexOf('\n');
  const [line, rest] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end + 1)];
  const comment = line.indexOf(' #');
  const value = substitute((comment < 0 ? line : line.slice(0, comment)).replace(trailingSpace, ''), lookup);
  return value.ok ? { ...value, rest } : value;
}

function readQuoted(text: string, lookup: Lookup): Value {
  const [mark = ''] = text;
  const end = closingQuote(text, mark);
  if (end === undefined) return { ok: false, problem: `unterminated quoted value ${text.split('\n', 1)[0]}` };
  const rest = text.slice(end + 1);
  const inner = text.slice(1, end).replaceAll(/\\(.)/gs, (pair, character) => (character === mark ? mark : pair));
  if (mark === "'") return { ok: true, value: inner, rest };
  const value = substitute(expandEscapes(inner), lookup);
  return value.ok ? { ...value, rest } : value;
}

/** A backslash in front of the mark, or of anything, makes it part of the value. */
function closingQuote(text: string, mark: string): number | undefined {
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === mark) return at;
  }
  return undefined;
}

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
  // Which is how a text with variables has a dollar.
  $: '$$',
};

function expandEscapes(text: string): string {
  return text.replaceAll(/\\(?:([abcfnrtv$"\\])|0(\d{0,3}))/g, (sequence, letter?: string, digits = '') => {
    if (letter !== undefined) return escapes[letter] ?? sequence;
    // Three octal digits are a character; fewer, or greater ones, lose the nought and stay.
    const code = /^[0-7]{3}$/.test(digits) ? Number.parseInt(digits, 8) : 256;
    return code < 256 ? String.fromCodePoint(code) : `\\${digits}`;
  });
}

const quote = (text: string): string => JSON.stringify(text);
