// A template's tokens → a tree, with everything that can be known to be wrong before a row is there.
import { functions } from './template-functions.ts';
import type { Value } from './template-functions.ts';
import { readTokens, TemplateProblem } from './template-tokens.ts';
import type { Token } from './template-tokens.ts';

export type Node =
  | { readonly kind: 'text'; readonly text: string; readonly position: number }
  | { readonly kind: 'print'; readonly pipeline: Pipeline }
  | {
      readonly kind: 'if' | 'with' | 'range';
      readonly pipeline: Pipeline;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    };

export interface Pipeline {
  /** The variables that get its value; for range the element's, or the index's and the element's. */
  readonly declares: readonly string[];
  readonly expression: Expression;
  readonly position: number;
}

/** `a | f b` is the call f(b, a). */
export type Expression =
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'dot' }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'field'; readonly of: Expression; readonly names: readonly string[]; readonly position: number }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly Expression[]; readonly position: number };

/** @throws {TemplateProblem} */
export function readTemplate(template: string, columns: readonly string[]): readonly Node[] {
  const tokens = readTokens(template);
  const reader: Reader = { tokens, end: template.length, at: 0, depth: 0, dotIsRow: true, variables: ['$'], columns };
  const nodes = readNodes(reader);
  const rest = peek(reader);
  if (rest !== undefined) throw new TemplateProblem(rest.position, `unexpected {{${rest.text}}}`);
  return nodes;
}

interface Reader {
  readonly tokens: readonly Token[];
  readonly end: number;
  at: number;
  depth: number;
  /** Whether `.` is known to be the row, so that its fields are known too. */
  dotIsRow: boolean;
  readonly variables: string[];
  readonly columns: readonly string[];
}

// Together they keep both reading and executing far from the end of the stack.
const deepest = 50;
const longestPipeline = 20;
const mostArguments = 100;

/** Reads up to the end, or up to an `end` or `else`, which stays unread. */
function readNodes(reader: Reader): readonly Node[] {
  const nodes: Node[] = [];
  for (let token = peek(reader); token !== undefined; token = peek(reader)) {
    if (token.kind === 'word' && (token.text === 'end' || token.text === 'else')) break;
    nodes.push(readNode(reader, token));
  }
  return nodes;
}

function readNode(reader: Reader, token: Token): Node {
  if (token.kind === 'text') {
    reader.at += 1;
    return { kind: 'text', text: token.text, position: token.position };
  }
  if (token.kind === 'word') {
    if (token.text === 'if' || token.text === 'with' || token.text === 'range')
      return readBlock(reader, token, token.text);
    if (['define', 'template', 'block', 'break', 'continue'].includes(token.text))
      throw new TemplateProblem(token.position, `{{${token.text}}} is not supported here`);
  }
  const pipeline = readPipeline(reader, 1);
  expectClose(reader);
  return { kind: 'print', pipeline };
}

function readBlock(reader: Reader, word: Token, kind: 'if' | 'with' | 'range'): Node {
  enter(reader, word.position);
  const { dotIsRow } = reader;
  const outer = reader.variables.length;
  reader.at += 1;
  const pipeline = readPipeline(reader, kind === 'range' ? 2 : 1);
  expectClose(reader);
  const own = reader.variables.length;
  if (kind !== 'if') reader.dotIsRow = kind === 'with' && isRow(reader, pipeline.expression);
  const body = readNodes(reader);
  reader.dotIsRow = dotIsRow;
  reader.variables.length = own;
  const otherwise = readElse(reader, word, kind);
  reader.variables.length = outer;
  reader.depth -= 1;
  return { kind, pipeline, body, otherwise };
}

/** Reads what ends a block: `{{end}}`, or `{{else}}` and all up to its end; `{{else if}}` shares the end with its if. */
function readElse(reader: Reader, word: Token, kind: string): readonly Node[] {
  const token = take(reader);
  if (token?.text === 'else') {
    const next = peek(reader);
    if (kind === 'if' && next?.kind === 'word' && next.text === 'if') return [readBlock(reader, next, 'if')];
    expectClose(reader);
    const otherwise = readNodes(reader);
    const end = take(reader);
    if (end !== undefined && end.text !== 'end') throw new TemplateProblem(end.position, 'a second {{else}}');
    if (end !== undefined) {
      expectClose(reader);
      return otherwise;
    }
  }
  if (token?.text !== 'end') throw new TemplateProblem(word.position, `{{${word.text}}} has no {{end}}`);
  expectClose(reader);
  return [];
}

function readPipeline(reader: Reader, mostVariables: number): Pipeline {
  const position = peek(reader)?.position ?? reader.end;
  const declares = readDeclarations(reader, mostVariables);
  const expression = readStages(reader);
  reader.variables.push(...declares);
  return { declares, expression, position };
}

function readDeclarations(reader: Reader, most: number): readonly string[] {
  const [first, sign, second, secondSign] = reader.tokens.slice(reader.at, reader.at + 4);
  if (first?.kind !== 'variable' || first.text === '$') return [];
  if (sign?.text === ':=' && sign.kind === 'symbol') {
    reader.at += 2;
    return [first.text];
  }
  if (most < 2 || sign?.text !== ',' || second?.kind !== 'variable' || secondSign?.text !== ':=') return [];
  reader.at += 4;
  return [first.text, second.text];
}

function readStages(reader: Reader): Expression {
  let expression = readCommand(reader, undefined);
  for (let stage = 2; isSymbol(peek(reader), '|'); stage += 1) {
    const position = take(reader)?.position ?? reader.end;
    if (stage > longestPipeline)
      throw new TemplateProblem(position, `more than ${longestPipeline} stages in a pipeline`);
    expression = readCommand(reader, expression);
  }
  return expression;
}

function readCommand(reader: Reader, piped: Expression | undefined): Expression {
  const token = peek(reader);
  if (token === undefined) throw new TemplateProblem(reader.end, 'unclosed action');
  if (token.kind === 'word' && !isBoolean(token)) {
    reader.at += 1;
    const given: Expression[] = [];
    while (!endsCommand(peek(reader))) given.push(readOperand(reader, true));
    if (given.length > mostArguments) throw new TemplateProblem(token.position, `more than ${mostArguments} arguments`);
    return call(token, piped === undefined ? given : [...given, piped]);
  }
  const operand = readOperand(reader, false);
  if (piped !== undefined) throw new TemplateProblem(token.position, 'what follows | must be a function');
  const next = peek(reader);
  if (!endsCommand(next)) throw new TemplateProblem(token.position, 'only a function can be given arguments');
  return operand;
}

function call(name: Token, given: readonly Expression[]): Expression {
  const known = functions.get(name.text);
  if (known === undefined) throw new TemplateProblem(name.position, `function "${name.text}" is not defined`);
  const least = known.takes.length;
  if (given.length < least || (given.length > least && known.rest === undefined)) {
    const wanted = `${known.rest === undefined ? '' : 'at least '}${least} argument${least === 1 ? '' : 's'}`;
    throw new TemplateProblem(name.position, `${name.text} needs ${wanted}, but has ${given.length}`);
  }
  return { kind: 'call', name: name.text, given, position: name.position };
}

/** @param apart whether it must stand apart from the word before it */
function readOperand(reader: Reader, apart: boolean): Expression {
  const token = take(reader);
  if (token === undefined) throw new TemplateProblem(reader.end, 'unclosed action');
  if (apart && !token.spaced)
    throw new TemplateProblem(token.position, `unexpected ${shown(token)}: a space is missing`);
  const operand = readBareOperand(reader, token);
  const chain = peek(reader);
  if (chain?.kind !== 'field' || chain.spaced) return operand;
  if (operand.kind === 'literal') throw new TemplateProblem(chain.position, `unexpected ${shown(chain)}`);
  reader.at += 1;
  return field(reader, operand, chain);
}

function readBareOperand(reader: Reader, token: Token): Expression {
  switch (token.kind) {
    case 'string':
    case 'raw':
      return { kind: 'literal', value: token.text };
    case 'integer':
      return { kind: 'literal', value: readInteger(token) };
    case 'dot':
      return { kind: 'dot' };
    case 'field':
      return field(reader, { kind: 'dot' }, token);
    case 'variable':
      if (reader.variables.includes(token.text)) return { kind: 'variable', name: token.text };
      throw new TemplateProblem(token.position, `undefined variable "${token.text}"`);
    case 'word':
      return isBoolean(token) ? { kind: 'literal', value: token.text === 'true' } : call(token, []);
    case 'symbol':
      if (token.text === '(') return readParentheses(reader, token);
      break;
    case 'close':
    case 'text':
      throw new TemplateProblem(token.position, 'a value is missing');
  }
  throw new TemplateProblem(token.position, `unexpected ${shown(token)}`);
}

function readParentheses(reader: Reader, open: Token): Expression {
  enter(reader, open.position);
  const inside = readStages(reader);
  if (!isSymbol(take(reader), ')')) throw new TemplateProblem(open.position, 'unclosed left parenthesis');
  reader.depth -= 1;
  return inside;
}

function field(reader: Reader, of: Expression, token: Token): Expression {
  const names = token.text.slice(1).split('.');
  const column = names[0] ?? '';
  if (isRow(reader, of) && !reader.columns.includes(column))
    throw new TemplateProblem(token.position, `no column "${column}"; columns: ${reader.columns.join(', ')}`);
  return { kind: 'field', of, names, position: token.position };
}

function readInteger(token: Token): number {
  const value = Number(token.text);
  if (!/^[+-]?(?:0|[1-9]\d*)$/.test(token.text) || !Number.isSafeInteger(value))
    throw new TemplateProblem(token.position, `not an integer: ${token.text}`);
  // Not -0, which would print as 0 and yet not be the same.
  return value === 0 ? 0 : value;
}

function enter(reader: Reader, position: number): void {
  reader.depth += 1;
  if (reader.depth > deepest) throw new TemplateProblem(position, `nested more than ${deepest} deep`);
}

function expectClose(reader: Reader): void {
  const token = take(reader);
  if (token?.kind !== 'close')
    throw new TemplateProblem(
      token?.position ?? reader.end,
      `unexpected ${token === undefined ? 'end' : shown(token)}`,
    );
}

const isRow = (reader: Reader, expression: Expression): boolean =>
  (expression.kind === 'dot' && reader.dotIsRow) || (expression.kind === 'variable' && expression.name === '$');

const isBoolean = (token: Token): boolean => token.text === 'true' || token.text === 'false';

const isSymbol = (token: Token | undefined, text: string): boolean => token?.kind === 'symbol' && token.text === text;

const endsCommand = (token: Token | undefined): boolean =>
  token === undefined || token.kind === 'close' || isSymbol(token, '|') || isSymbol(token, ')');

const shown = (token: Token): string => JSON.stringify(token.text);

const peek = (reader: Reader): Token | undefined => reader.tokens[reader.at];

function take(reader: Reader): Token | undefined {
  const token = reader.tokens[reader.at];
  reader.at += 1;
  return token;
}
