// Rows → the text of a report, as docker prints its lists: a table, JSON, a template, or the first column alone.
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import { printable } from '../text/printable.ts';
import { json, toText } from './template-functions.ts';
import { executeHeading, executeTemplate, parseTemplate } from './template.ts';
import type { TemplateResult, Value } from './template.ts';

export interface Column {
  /** What stands above it in a table. */
  readonly header: string;
  /** Its name in JSON and in templates. */
  readonly key: string;
  /** Where a table does not fit its terminal, the column with the lowest number is left out first; without one it stays. */
  readonly spare?: number;
}

export type Cell = string | boolean | readonly string[];
export type Row = { readonly [key: string]: Cell };

export interface ReportOptions {
  /** `table`, `table TEMPLATE`, `json` or TEMPLATE; undefined or empty: `table`. */
  readonly format: string | undefined;
  /** Only the first column, whatever the format: as docker ps does it. */
  readonly quiet: boolean;
  /** In tables, long lists stand whole. */
  readonly noTrunc: boolean;
  /** How many columns the terminal has that shows it; undefined where none does. */
  readonly terminal?: number | undefined;
}

/** How many columns of a terminal a text takes. */
export type Measure = (text: string) => number;

/** @returns the text, every line ended; nothing in it can steer a terminal */
export function formatReport(
  columns: readonly Column[],
  rows: readonly Row[],
  options: ReportOptions,
  widthOf: Measure,
): Result<string> {
  // Exactly the columns, in their order: what JSON shows, and all that a template can see.
  const exact = rows.map((row): Row => Object.fromEntries(columns.map(({ key }) => [key, row[key] ?? ''])));
  const { format = '', quiet } = options;
  if (quiet) return success(ended(exact.map((row) => cellText(Object.values(row)[0] ?? ''))));
  if (format === 'json') return success(ended(exact.map(json)));
  const template = templateOf(format);
  const made = template.isTable
    ? formatTable(columns, exact.map(harmless), template.text, options, widthOf)
    : fillTemplate(columns, exact.map(harmless), template.text);
  if (made.ok) return success(made.value);
  return fail({
    kind: 'template-invalid',
    template: format,
    position: template.start + beforeUnescape(format.slice(template.start), made.position),
    reason: made.reason,
  });
}

interface ReportTemplate {
  readonly isTable: boolean;
  /** Empty: all columns. */
  readonly text: string;
  /** Where in the format it begins. */
  readonly start: number;
}

/** docker strips the spaces around a template, and takes `\t` and `\n` for a tab and a line feed, in its actions too. */
function templateOf(format: string): ReportTemplate {
  const isTable = format === '' || format.startsWith('table');
  let start = isTable ? Math.min('table'.length, format.length) : 0;
  let end = format.length;
  while (format[start] === ' ') start += 1;
  while (end > start && format[end - 1] === ' ') end -= 1;
  const text = format.slice(start, end).replaceAll(/\\[tn]/g, (escape) => (escape === '\\t' ? '\t' : '\n'));
  return { isTable, text, start };
}

/** Where, in what the user wrote, that stands which has this position once `\t` and `\n` are single characters. */
function beforeUnescape(written: string, position: number): number {
  const escapes = [...written.matchAll(/\\[tn]/g)];
  return position + escapes.filter(({ index }, before) => index - before < position).length;
}

function fillTemplate(columns: readonly Column[], rows: readonly Row[], text: string): TemplateResult<string> {
  const template = parseTemplate(text, keysOf(columns));
  return template.ok ? inTurn(rows, (row) => executeTemplate(template.value, row)) : template;
}

function formatTable(
  columns: readonly Column[],
  rows: readonly Row[],
  text: string,
  { noTrunc, terminal }: ReportOptions,
  widthOf: Measure,
): TemplateResult<string> {
  const headings = Object.fromEntries(columns.map(({ key, header }) => [key, header]));
  const format = (shown: readonly Column[], longest: number): TemplateResult<string> => {
    const usual = keysOf(shown).map((key) => `{{.${key}}}`);
    const template = parseTemplate(text === '' ? usual.join('\t') : text, keysOf(columns));
    if (!template.ok) return template;
    const heading = executeHeading(template.value, headings);
    if (!heading.ok) return heading;
    const showList = (list: readonly Value[]): string => shorten(list.map(toText).join(', '), longest);
    const filled = inTurn(rows, (row) => executeTemplate(template.value, row, showList));
    return filled.ok ? { ok: true, value: align(`${heading.value}\n${filled.value}`, widthOf) } : filled;
  };
  if (noTrunc || terminal === undefined) return format(columns, Infinity);
  const fits = (table: TemplateResult<string>): boolean =>
    !table.ok || table.value.split('\n').every((line) => widthOf(line) <= terminal);
  const narrower = text === '' ? lessAndLess(columns) : [columns];
  for (const shown of narrower) {
    const table = fitLists((longest) => format(shown, longest), fits);
    if (table !== undefined) return table;
  }
  // What is too wide even so is least of a muddle where it is alone.
  return format(narrower.at(-1) ?? columns, longestList);
}

/** All columns, and what is left of them as one after the other is left out. */
function lessAndLess(columns: readonly Column[]): readonly (readonly Column[])[] {
  const spare = columns.flatMap(({ spare: rank }) => rank ?? []).toSorted((one, other) => one - other);
  return [columns, ...spare.map((last) => columns.filter(({ spare: rank = Infinity }) => rank > last))];
}

// Longer lists make a table hard to read; shorter ones say too little.
const longestList = 60;
const shortestList = 12;

/** Lists are cut as little as lets the table fit. @returns undefined where it does not */
function fitLists(
  format: (longest: number) => TemplateResult<string>,
  fits: (table: TemplateResult<string>) => boolean,
): TemplateResult<string> | undefined {
  const usual = format(longestList);
  if (fits(usual)) return usual;
  let best = format(shortestList);
  if (!fits(best)) return undefined;
  // Between one that fits and one that does not.
  let [short, long] = [shortestList, longestList];
  while (long - short > 1) {
    const middle = Math.floor((short + long) / 2);
    const table = format(middle);
    if (fits(table)) [best, short] = [table, middle];
    else long = middle;
  }
  return best;
}

/** A line a row, up to the first row for which the template fails: then nothing, as in docker. */
function inTurn(rows: readonly Row[], fill: (row: Row) => TemplateResult<string>): TemplateResult<string> {
  const texts: string[] = [];
  for (const row of rows) {
    const filled = fill(row);
    if (!filled.ok) return filled;
    texts.push(filled.value);
  }
  return { ok: true, value: ended(texts) };
}

// docker's tabwriter: these are its numbers.
const narrowest = 10;
const gap = 3;

/** Cells that a tab ends stand in columns; a column goes on for as long as the next line has a cell in it. */
function align(text: string, widthOf: Measure): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const most = lines.reduce((cells, line) => Math.max(cells, line.length), 0);
  for (let column = 0; column < most - 1; column += 1) {
    let block: string[][] = [];
    for (const line of [...lines, []]) {
      if (line.length - 1 > column) block.push(line);
      else {
        alignColumn(block, column, widthOf);
        block = [];
      }
    }
  }
  return lines.map((line) => line.join('')).join('\n');
}

function alignColumn(block: readonly string[][], column: number, widthOf: Measure): void {
  const widths = block.map((line) => widthOf(line[column] ?? ''));
  const width = widths.reduce((widest, each) => Math.max(widest, each + gap), narrowest);
  for (const [place, line] of block.entries())
    line[column] = `${line[column] ?? ''}${' '.repeat(width - (widths[place] ?? 0))}`;
}

function shorten(text: string, longest: number): string {
  const characters = Array.from(text);
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join('')}…`;
}

/** The row with nothing in it that could steer a terminal, or be taken for the end of a cell or a line. */
const harmless = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([key, cell]) => {
      if (typeof cell === 'string') return [key, printable(cell)];
      return [key, typeof cell === 'boolean' ? cell : cell.map(printable)];
    }),
  );

const cellText = (cell: Cell): string =>
  printable(typeof cell === 'string' || typeof cell === 'boolean' ? String(cell) : cell.join(', '));

const keysOf = (columns: readonly Column[]): readonly string[] => columns.map(({ key }) => key);

const ended = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
