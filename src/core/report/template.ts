// Templates as docker takes them with --format: the part of Go's text/template that people write there.
//
// Text, {{ }}, trim markers, comments; `.`, fields and chains of them, `$` and variables declared with :=; pipelines, parentheses,
// strings, integers, true, false; if, else if, else, range over lists, with; the functions json split join title lower upper pad
// truncate, and Go's eq ne lt le gt ge and or not len index print println printf (%s %d %v %q, with width and `-`).
// Left out: define, template, block, break, continue, else with, assignment (`=`), range over maps and integers, nil, floats,
// characters, other bases and escapes than \x7f and \u1234, html, js, urlquery, slice, call. Lengths are characters, not bytes.
import { functions, headingFunctions, isList, isTrue, kindOf, Refusal, toText } from './template-functions.ts';
import type { TemplateFunction, Value } from './template-functions.ts';
import { readTemplate } from './template-parser.ts';
import type { Expression, Node, Pipeline } from './template-parser.ts';
import { TemplateProblem } from './template-tokens.ts';
import { unreachable } from '../failure/failure.ts';

export type { Value } from './template-functions.ts';

/** Values here are never thrown: a template's faults have a place in it, as a 0-based offset. */
export type TemplateResult<Made> =
  | { readonly ok: true; readonly value: Made }
  | { readonly ok: false; readonly position: number; readonly reason: string };

export interface Template {
  readonly nodes: readonly Node[];
}

export type TemplateRow = { readonly [column: string]: Value };

/** @param columns the names a row has; others are faults of the template */
export function parseTemplate(text: string, columns: readonly string[]): TemplateResult<Template> {
  return caught(() => ({ nodes: readTemplate(text, columns) }));
}

/** @param showList how a list is printed that no function made a text of; Go's way is `[a b]` */
export function executeTemplate(
  { nodes }: Template,
  row: TemplateRow,
  showList: (list: readonly Value[]) => string = toText,
): TemplateResult<string> {
  return caught(() => execute(nodes, row, { functions, showList, lenient: false }));
}

/** A table's heading, as docker makes it: the template executed with the names of the columns in place of the values. */
export function executeHeading({ nodes }: Template, headings: TemplateRow): TemplateResult<string> {
  return caught(() => execute(nodes, headings, { functions: headingFunctions, showList: toText, lenient: true }));
}

function caught<Made>(make: () => Made): TemplateResult<Made> {
  try {
    return { ok: true, value: make() };
  } catch (error) {
    if (error instanceof TemplateProblem) return { ok: false, position: error.position, reason: error.message };
    throw error;
  }
}

interface Manner {
  readonly functions: ReadonlyMap<string, TemplateFunction>;
  readonly showList: (list: readonly Value[]) => string;
  /** In a heading every value is a text: what does not go with a text is empty there, and a range goes over the one. */
  readonly lenient: boolean;
}

interface Run extends Manner {
  readonly variables: { readonly name: string; readonly value: Value }[];
  /** What it may still do, counted in steps and characters, so that loops in loops end. */
  left: number;
  output: string;
}

const mostWork = 1_000_000;

function execute(nodes: readonly Node[], row: TemplateRow, manner: Manner): string {
  const run: Run = { ...manner, variables: [{ name: '$', value: row }], left: mostWork, output: '' };
  executeNodes(run, nodes, row);
  return run.output;
}

function executeNodes(run: Run, nodes: readonly Node[], dot: Value): void {
  const outer = run.variables.length;
  for (const node of nodes) executeNode(run, node, dot);
  run.variables.length = outer;
}

function executeNode(run: Run, node: Node, dot: Value): void {
  if (node.kind === 'text') return write(run, node.text, node.position);
  const { pipeline } = node;
  const value = evaluate(run, pipeline.expression, dot, pipeline.position);
  if (node.kind === 'print') {
    if (pipeline.declares.length > 0) return declare(run, pipeline, [value]);
    return write(run, isList(value) ? run.showList(value) : toText(value), pipeline.position);
  }
  const outer = run.variables.length;
  if (node.kind === 'range') executeRange(run, node, value, dot);
  else {
    declare(run, pipeline, [value]);
    const holds = isTrue(value);
    executeNodes(run, holds ? node.body : node.otherwise, holds && node.kind === 'with' ? value : dot);
  }
  run.variables.length = outer;
}

function executeRange(run: Run, node: Exclude<Node, { kind: 'text' | 'print' }>, value: Value, dot: Value): void {
  const items = run.lenient && typeof value === 'string' ? [value] : value;
  if (!isList(items)) return refuse(run, node.pipeline.position, `range needs a list, but this is ${kindOf(value)}`);
  const outer = run.variables.length;
  for (const [place, item] of items.entries()) {
    declare(run, node.pipeline, node.pipeline.declares.length === 2 ? [place, item] : [item]);
    executeNodes(run, node.body, item);
    run.variables.length = outer;
  }
  if (items.length === 0) executeNodes(run, node.otherwise, dot);
}

function declare(run: Run, pipeline: Pipeline, values: readonly Value[]): void {
  for (const [place, name] of pipeline.declares.entries()) run.variables.push({ name, value: values[place] ?? '' });
}

function evaluate(run: Run, expression: Expression, dot: Value, position: number): Value {
  spend(run, 1, position);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'dot':
      return dot;
    case 'variable':
      // They are searched one by one.
      spend(run, run.variables.length, position);
      return run.variables.findLast(({ name }) => name === expression.name)?.value ?? '';
    case 'field': {
      let value = evaluate(run, expression.of, dot, position);
      for (const name of expression.names) value = fieldOf(run, value, name, expression.position);
      return value;
    }
    case 'call':
      return evaluateCall(run, expression, dot);
    default:
      return unreachable(expression);
  }
}

function evaluateCall(run: Run, { name, given, position }: Expression & { kind: 'call' }, dot: Value): Value {
  if (name === 'and' || name === 'or') return evaluateLazily(run, name === 'or', given, dot, position);
  const values = given.map((expression) => evaluate(run, expression, dot, position));
  // Paid before it is called: what a function makes is about as long as what it is given.
  spend(run, sizeOf(values), position);
  const made = run.functions.get(name)?.run(...values) ?? new Refusal('it is not defined');
  if (!(made instanceof Refusal)) return made;
  refuse(run, position, `${name}: ${made.reason}`);
  return '';
}

/** The first argument that settles it, else the last; those behind it are not evaluated. */
function evaluateLazily(run: Run, settles: boolean, given: readonly Expression[], dot: Value, position: number): Value {
  let value: Value = '';
  for (const expression of given) {
    value = evaluate(run, expression, dot, position);
    if (isTrue(value) === settles) break;
  }
  return value;
}

function fieldOf(run: Run, value: Value, name: string, position: number): Value {
  if (typeof value === 'object' && !isList(value) && Object.hasOwn(value, name)) return value[name] ?? '';
  refuse(run, position, `can't evaluate field ${name} in ${kindOf(value)}`);
  return '';
}

function refuse(run: Run, position: number, reason: string): void {
  if (!run.lenient) throw new TemplateProblem(position, reason);
}

function write(run: Run, text: string, position: number): void {
  spend(run, text.length, position);
  run.output += text;
}

function spend(run: Run, cost: number, position: number): void {
  run.left -= cost;
  if (run.left < 0) throw new TemplateProblem(position, 'the template is too expensive for one row');
}

function sizeOf(value: Value): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object') return 1;
  return Object.values(value).reduce((size: number, inner) => size + 1 + sizeOf(inner), 0);
}
