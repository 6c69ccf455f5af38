// Loads netexec's own files, each at most once: from the folder of an installation, with the code that V8 made of each
// when netexec was installed (src/code-cache.ts), since compiling them anew takes longer than all else that a run does
// itself; or out of the single file, whose parts they are (plugin-metadata/single-file.sh).
// It imports nothing: a Node that is too old would stumble over the names before it could be told so.
import type { Script } from 'node:vm';

type Wrapper = (exports: object, require: (name: string) => unknown, module: Module) => void;

interface Module {
  exports: object;
}

/** Reads a part of the single file, whose first words hand this in. An installation has none. */
declare const netexecPart: ((name: string) => string) | undefined;

export const isSingleFile = typeof netexecPart !== 'undefined';

/** The folder of an installation, or the single file. */
export const place = __dirname;

/** The files that are loaded import this one, too: as it runs here, not a copy each (scripts/bundle.ts). */
const loaded = new Map<string, Module>([['load.cjs', { exports: { isSingleFile, place, launchWords, probeWords } }]]);

/** @param name of one of netexec's files, such as `main.cjs` */
export function load(name: string): object {
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const module: Module = { exports: {} };
  loaded.set(name, module);
  const file = `${place}/${name}`;
  const run = compile(file, textOf(name), isSingleFile ? undefined : readCode(file)).runInThisContext() as Wrapper;
  run(module.exports, (wanted) => (wanted.startsWith('./') ? load(wanted.slice(2)) : require(wanted)), module);
  return module.exports;
}

function textOf(name: string): string {
  if (typeof netexecPart !== 'undefined') return netexecPart(name);
  return process.getBuiltinModule('node:fs').readFileSync(`${place}/${name}`, 'utf8');
}

/**
 * How Node becomes COMMAND (src/shell/launch.ts), whoever may read netexec's files. It looks for options of its own among
 * all words, COMMAND's too, and behind a -- as well.
 */
export function launchWords(words: readonly string[]): readonly string[] {
  return ['--eval', textOf('launch.cjs'), '--', ...words.map((word) => `:${word}`)];
}

/** The words with which Node looks from inside a network (src/shell/check/probe.ts): with its debugger shut. */
export function probeWords(): readonly string[] {
  const [name, own] = ['probe.cjs', '--disable-sigusr1'];
  return isSingleFile ? [own, '--eval', textOf(name), '--'] : [own, `${place}/${name}`];
}

/** @param code V8 takes it only if it is its own, of this version, and compiles anew if not */
export function compile(file: string, text: string, code?: Buffer): Script {
  const { Script: Compiled } = process.getBuiltinModule('node:vm');
  const source = `(function (exports, require, module) {${text}\n})`;
  return new Compiled(source, { filename: file, ...(code === undefined ? {} : { cachedData: code }) });
}

export const codeFile = (file: string): string => `${file}.code`;

function readCode(file: string): Buffer | undefined {
  try {
    return process.getBuiltinModule('node:fs').readFileSync(codeFile(file));
  } catch {
    return undefined;
  }
}
