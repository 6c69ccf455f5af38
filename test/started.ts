// The programs that the project's files start, as far as their texts tell: the words where a command stands, in shell
// scripts, in TypeScript's lists of words and scripts, and in what the documents have one type.
import { takeOptions } from '../src/core/arguments/option-words.ts';
import { takenOptions } from '../src/core/arguments/options.ts';
import { isSynopsis, readText } from './documents.ts';

export interface Started {
  /** Where nothing but a program, or a word of the shell's, can stand. */
  readonly surely: readonly string[];
  /** Where it looks like one: in whole scripts, in lists that have an option, too. */
  readonly likely: readonly string[];
}

export function startedBy(file: string, text: string): Started {
  if (file.endsWith('.ts')) return startedByCode(text);
  if (!file.endsWith('.md')) {
    const functions = new Set([...text.matchAll(/^(\w+)\(\) [{(]/gm)].map(([, name]) => name));
    return { surely: [], likely: programs(commandsOf(text)).filter((word) => !functions.has(word)) };
  }
  const { commands, files } = readText(text);
  const typed = commands.filter(({ line }) => !isSynopsis(line));
  return {
    surely: programs(typed.flatMap(({ line }) => commandsOf(line))),
    likely: programs(files.flatMap((each) => commandsOf(each.text))),
  };
}

const calls = /\b(?:spawn|spawnSync|execFile|execFileSync|execa)\)?\(\s*'([^'\n]+)'/g;
const runs =
  /\b(?:run|start|runStep|startStep|startAlone|inside|inNetwork)\((?:\w+, )*\[\s*(?:\.\.\.(?!docker\b)[\w.]+,\s*)*'([^'\n]+)'/g;
const behindDashes = /'--',\s*'([^'\n]+)'/g;
const lists = /\[\s*'([^'\n]+)',[^\]]*'[-+/]/g;
const shellScripts = /'(?:ba)?sh', '-\w*c',\s*(?:'([^'\n]+)'|`((?:[^`\\]|\\[^])*)`)/g;
const literals = /'([^'\n]*)'|"([^"\n]*)"|`((?:[^`\\]|\\[^])*)`/g;
const looksLikeScript = (text: string): boolean => /\n|[;|]\s|&&|\$[("@]|^exec /.test(text);

function startedByCode(text: string): Started {
  const code = text
    .replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '')
    // Of Python's programs each `(open(` would look like a shell's.
    .replaceAll(/(python3?', '-c',\s*)(?:'[^'\n]*'|`[^`]*`)/g, "$1''");
  const all = (pattern: RegExp): readonly string[] =>
    [...code.matchAll(pattern)].map((match) => match.slice(1).find((part) => part !== undefined) ?? '');
  return {
    surely: programs([...[calls, runs, behindDashes].flatMap(all), ...all(shellScripts).flatMap(commandsOf)]),
    likely: programs([...all(lists), ...all(literals).filter(looksLikeScript).flatMap(commandsOf)]),
  };
}

const programs = (words: readonly string[]): readonly string[] => [
  ...new Set(words.map((word) => word.replace(/^\/usr\/s?bin\//, '')).filter((word) => /^[a-z][\w.+-]*$/.test(word))),
];

const keywords = new Set('! if then elif else while until do time { }'.split(' '));
/** They run what stands behind their own options. */
const wrappers = new Set('command doas env exec nice nohup setsid sudo timeout xargs'.split(' '));

/** The words of a shell script where a command stands. */
export function commandsOf(script: string): readonly string[] {
  return script
    .replaceAll('\\\n', ' ')
    .replaceAll(/\$\{[^}]*\}/g, '_')
    .replaceAll(/(?<=^|\s)#.*$|(\b(?:ba|z)?sh -\w*c )?(?:'([^']*)'|"((?:[^"\\]|\\.)*)")/gm, quoted)
    .replaceAll(/^\s*\w*\+?=\([^)]*\)/gm, '')
    .split(/\|\||&&|[\n;|(){}`]|(?<![<>])&/)
    .flatMap((part) => commandsOfWords(part.split(/\s+/).filter((word) => word !== '')));
}

/** Of what is in quotes, a script of its own stays, and the commands whose output is put in. */
function quoted(_: string, shell: string | undefined, single: string | undefined, double = ''): string {
  if (shell !== undefined) return `${shell};${single ?? double};`;
  return single === undefined ? `_${(double.match(/\$\([^()]*\)/g) ?? []).join('')}` : '_';
}

function commandsOfWords(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => !keywords.has(word) && !/^(?:\w+\+?=|\d*[<>])/.test(word));
  if (at === -1) return [];
  const [command = '', ...rest] = words.slice(at);
  return [command, ...commandsOfWords(startedThrough(command, rest))];
}

/** What a command starts in its turn. */
function startedThrough(command: string, rest: readonly string[]): readonly string[] {
  if (wrappers.has(command)) return rest.filter((word) => !/^(?:-|[\d.]+s?$)/.test(word));
  if (command === 'docker' && rest[0] === 'netexec') return commandOfNetexec(rest.slice(1));
  return rest.includes('--') ? rest.slice(rest.indexOf('--') + 1) : [];
}

/** COMMAND of `docker netexec [OPTIONS] SERVICE [--] COMMAND`. */
function commandOfNetexec(words: readonly string[]): readonly string[] {
  const taken = takeOptions(words, takenOptions);
  // What stands behind the service of --check are endpoints.
  const [, ...behind] = taken.ok && !words.includes('--check') ? taken.value.rest : [];
  return behind[0] === '--' ? behind.slice(1) : behind;
}
