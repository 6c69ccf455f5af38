// The documents as tests read them: each command that they show, in blocks and in the middle of a sentence, and each file.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** The pages that show files, for a reader to have in the project's folder. */
export const recipes: readonly string[] = ['docs/recipes.md', 'docs/ports.md', 'docs/be-the-service.md'];

/** Recipes come first: what they make, others use. */
export const documents: readonly string[] = [
  ...recipes,
  'README.md',
  'CONTRIBUTING.md',
  '.github/SECURITY.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((file) => `docs/${file}`)
    .filter((file) => file.endsWith('.md') && !recipes.includes(file)),
];

export interface Command {
  readonly line: string;
  /** What it prints, in any order of its two outputs, where the document shows that. */
  readonly prints: RegExp | undefined;
  /** It goes on until Ctrl-C: `^C`. */
  readonly interrupted: boolean;
  /** What is typed in another terminal while it goes on: `other$`. */
  readonly meanwhile: readonly Command[];
}

/** A block that has a file's name above it. */
export interface NamedFile {
  readonly name: string;
  readonly text: string;
}

export interface Document {
  /** In the order in which they stand there. */
  readonly commands: readonly Command[];
  readonly files: readonly NamedFile[];
}

const beginsCommand =
  /^(?:sudo |[A-Z_]+=\S+ )*(?:docker|docker-netexec|npm|npx|node|install|rm|sha256sum|(?:scripts|test\/engines)\/[\w-]+(?!\.))(?= |$)/;

export function readDocument(file: string): Document {
  return readText(readFileSync(join(root, file), 'utf8'));
}

export function readText(text: string): Document {
  const commands: Command[] = [];
  const files: NamedFile[] = [];
  let before = '';
  for (const part of parts(text)) {
    if (part.kind === 'prose') commands.push(...commandsOfProse(part.text));
    else if (part.language === 'console' || part.text.startsWith('$ ')) commands.push(...typedCommands(part.text));
    else if (part.language === undefined) commands.push(...listedCommands(part.text));
    else files.push(namedFile(before, part.text));
    before = part.text;
  }
  return { commands, files };
}

function namedFile(before: string, text: string): NamedFile {
  const name = /`([^`]+)`:\s*$/.exec(before)?.[1] ?? '';
  const command = text.split('\n').find((line) => beginsCommand.test(line));
  if (name === '' && command !== undefined) throw new Error(`neither a file nor a console: ${command}`);
  return { name, text };
}

type Part =
  | { readonly kind: 'prose'; readonly text: string }
  /** `language` is that of a fence; a block that is only indented has none. */
  | { readonly kind: 'block'; readonly language: string | undefined; readonly text: string };

/** Prose and blocks; a block is fenced, or indented by four spaces or more below an empty line. */
function parts(text: string): readonly Part[] {
  const block = /^```(\w*)\n([\s\S]*?)^```$|(?<=\n\n)((?: {4,}\S.*\n|\n(?= {4}))+)/gm;
  const found: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(block)) {
    const [whole, language, fenced, indented] = match;
    found.push({ kind: 'prose', text: text.slice(end, match.index) });
    if (indented === undefined) found.push({ kind: 'block', language: language || 'text', text: fenced ?? '' });
    else found.push({ kind: 'block', language: undefined, text: outdent(indented) });
    end = match.index + whole.length;
  }
  return [...found, { kind: 'prose', text: text.slice(end) }];
}

function outdent(block: string): string {
  const indents = block.match(/^ +(?=\S)/gm) ?? [];
  const least = Math.min(...indents.map(({ length }) => length));
  return block.replaceAll(new RegExp(`^ {${least}}`, 'gm'), '');
}

/** It ends with as many backticks as it began with. */
const codeSpan = /(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g;

const silent = { prints: undefined, interrupted: false, meanwhile: [] };

function commandsOfProse(text: string): readonly Command[] {
  return text.split('\n').flatMap((line) => {
    const code = [...line.matchAll(codeSpan)].map(([, , inside = '']) => inside.trim());
    if (line.replaceAll(codeSpan, '').includes('`')) throw new Error(`code that does not end on its line: ${line}`);
    return code.filter((each) => beginsCommand.test(each)).map((each) => ({ line: each, ...silent }));
  });
}

/** A line a command, with what it is for after `#`: every line of a block in which one is. */
function listedCommands(text: string): readonly Command[] {
  const lines = text.split('\n').filter((line) => line !== '');
  if (!lines.some((line) => beginsCommand.test(line))) return [];
  return lines.map((line) => ({ line: line.replace(/ {2,}#.*$/, '').trim(), ...silent }));
}

/** `$ command`, and below it what that prints: … is anything. A command that shows nothing prints what it likes. */
function typedCommands(text: string): readonly Command[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((typed) => {
      const interrupted = typed.trimEnd().endsWith('\n^C');
      const [own = '', ...others] = typed.replace(/\n\^C\s*$/, '').split(/^other\$ /m);
      const meanwhile = others.map((other) => typedCommand(other, false));
      return { ...typedCommand(own, interrupted), meanwhile };
    });
}

function typedCommand(typed: string, interrupted: boolean): Command {
  const [line = '', ...output] = typed.trimEnd().split('\n');
  const shown = output.join('\n');
  const pattern = shown
    .split('…')
    .map((part) => patternOf(part.replaceAll(/ +$/gm, '')))
    .join(String.raw`[\s\S]*`);
  const prints = shown === '' ? undefined : new RegExp(interrupted ? pattern : String.raw`^${pattern}\s*$`);
  return { line, prints, interrupted, meanwhile: [] };
}

/** What is another each time: addresses but a loopback or 0.0.0.0, times, numbers of processes. */
const varying: readonly (readonly [RegExp, string])[] = [
  [/\b(?!127|0\\\.)\d+(?:\\\.\d+){3}/g, String.raw`\d+(?:\.\d+){3}`],
  [/\bin \d+ ms\b/g, String.raw`in \d+ ms`],
  [/\\\(pid \d+\\\)/g, String.raw`\(pid \d+\)`],
  [/\\\(Up [^()]*\\\)/g, String.raw`\(Up [^\n]*?\)`],
];

const patternOf = (text: string): string =>
  varying.reduce((pattern, [found, instead]) => pattern.replaceAll(found, () => instead), escape(text));

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Whether it says how a command is written, by words to be replaced: SERVICE, `[OPTIONS]`, `one|other`, …. */
export const isSynopsis = (line: string): boolean =>
  /…|X\.Y\.Z|(?:^|[ :[])[A-Z]{2,}(?=[ \].:[]|$)|\w\|\w/.test(line) || /\[--?\w/.test(line);
