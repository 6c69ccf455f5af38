// A template's text → tokens: the text between actions, its trim markers carried out, and the words of each action.

/** Why a template cannot be used; thrown inside the template files only, and made a value where they are left. */
export class TemplateProblem extends Error {
  readonly position: number;

  constructor(position: number, reason: string) {
    super(reason);
    this.position = position;
  }
}

export interface Token {
  /** `text` stands between actions, `close` ends an action, the others are the words of one. */
  readonly kind: 'text' | 'close' | 'field' | 'dot' | 'variable' | 'string' | 'raw' | 'integer' | 'word' | 'symbol';
  /** As it was written, but for `text`, which is trimmed, and strings, whose escapes are read. */
  readonly text: string;
  /** Offset of its first character in the template. */
  readonly position: number;
  /** Whether white space stands before it. */
  readonly spaced: boolean;
}

/** @throws {TemplateProblem} where an action or a string does not end, or a character begins no word */
export function readTokens(template: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = 0;
  let trimsNext = false;
  while (position < template.length) {
    const open = template.indexOf('{{', position);
    const end = open === -1 ? template.length : open;
    const trimsBefore = open !== -1 && template[open + 2] === '-' && isSpace(template[open + 3]);
    const first = trimsNext ? skipSpace(template, position) : position;
    const text = template.slice(first, trimsBefore ? spaceStart(template, first, end) : end);
    if (text !== '') tokens.push({ kind: 'text', text, position: first, spaced: false });
    if (open === -1) break;
    const action = readAction(template, open, trimsBefore ? open + 3 : open + 2);
    for (const token of action.tokens) tokens.push(token);
    position = action.end;
    trimsNext = action.trims;
  }
  return tokens;
}

interface Action {
  readonly tokens: Token[];
  /** Offset behind the closing braces. */
  readonly end: number;
  readonly trims: boolean;
}

function readAction(template: string, open: number, start: number): Action {
  const comment = skipSpace(template, start);
  // Go takes a comment only right behind the braces, or behind a trim marker and its space.
  if (template.startsWith('/*', comment) && (comment === start || template[start - 1] === '-'))
    return readComment(template, open, comment);
  const tokens: Token[] = [];
  let position = start;
  for (;;) {
    const next = skipSpace(template, position);
    const spaced = next > position;
    const trims = spaced && template.startsWith('-}}', next);
    if (trims || template.startsWith('}}', next)) {
      tokens.push({ kind: 'close', text: '}}', position: next, spaced });
      return { tokens, end: next + (trims ? 3 : 2), trims };
    }
    const { token, end } = readWord(template, next, spaced, open);
    tokens.push(token);
    position = end;
  }
}

function readComment(template: string, open: number, start: number): Action {
  const end = template.indexOf('*/', start + 2);
  if (end === -1) throw new TemplateProblem(open, 'unclosed comment');
  const close = skipSpace(template, end + 2);
  const trims = close > end + 2 && template.startsWith('-}}', close);
  if (trims) return { tokens: [], end: close + 3, trims };
  if (template.startsWith('}}', end + 2)) return { tokens: [], end: end + 4, trims };
  throw new TemplateProblem(end, 'the comment ends before its action does');
}

// Tried in this order, each at one offset only; none can match in two ways, so a hostile text costs no more than its length.
const forms: readonly (readonly [kind: Token['kind'], form: RegExp])[] = [
  ['field', /(?:\.[\p{L}_][\p{L}\p{Nd}_]*)+/uy],
  ['dot', /\.(?![\p{L}\p{Nd}_.])/uy],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['integer', /[+-]?\p{Nd}[\p{L}\p{Nd}_.]*/uy],
  ['word', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['string', /"[^"\\]*(?:\\.[^"\\]*)*"/suy],
  ['raw', /`[^`]*`/uy],
  ['symbol', /:=|[(),|]/uy],
];

function readWord(template: string, position: number, spaced: boolean, open: number): { token: Token; end: number } {
  for (const [kind, form] of forms) {
    form.lastIndex = position;
    const written = form.exec(template)?.[0];
    if (written === undefined) continue;
    const text = kind === 'string' ? unescape(written, position) : kind === 'raw' ? written.slice(1, -1) : written;
    return { token: { kind, text, position, spaced }, end: position + written.length };
  }
  const character = template.slice(position, position + 1);
  if (character === '') throw new TemplateProblem(open, 'unclosed action');
  if (character === '"' || character === '`') throw new TemplateProblem(position, 'unterminated quoted string');
  throw new TemplateProblem(
    position,
    `unexpected ${JSON.stringify(String.fromCodePoint(template.codePointAt(position) ?? 0))}`,
  );
}

const escapes = new Map(
  Object.entries({ a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', '"': '"' }),
);

function unescape(written: string, position: number): string {
  return written
    .slice(1, -1)
    .replaceAll(/\\(x[0-7][\dA-Fa-f]|u[\dA-Fa-f]{4}|.)/gsu, (escape: string, code: string, offset: number) => {
      const simple = escapes.get(code);
      if (simple !== undefined) return simple;
      if (code.length === 1) throw new TemplateProblem(position + 1 + offset, `unknown escape ${escape}`);
      return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    });
}

const isSpace = (character: string | undefined): boolean => character !== undefined && ' \t\r\n'.includes(character);

function skipSpace(template: string, start: number): number {
  let position = start;
  while (isSpace(template[position])) position += 1;
  return position;
}

/** Where the white space begins that ends at an offset. */
function spaceStart(template: string, first: number, end: number): number {
  let position = end;
  while (position > first && isSpace(template[position - 1])) position -= 1;
  return position;
}
