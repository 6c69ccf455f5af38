// Loads netexec's own files, each at most once, with the code that V8 made of it when netexec was installed
// (src/code-cache.ts): compiling them anew takes longer than all else that a run does itself.
// It imports nothing: a Node that is too old would stumble over the names before it could be told so.
import type { Script } from 'node:vm';

type Wrapper = (exports: object, require: (name: string) => unknown, module: Module, directory: string) => void;

interface Module {
  exports: object;
}

const loaded = new Map<string, Module>();

/** @param name of a file in the folder of this one */
export function load(name: string): object {
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const module: Module = { exports: {} };
  loaded.set(name, module);
  const file = `${__dirname}/${name}`;
  const run = compile(file, readCode(file)).runInThisContext() as Wrapper;
  run(
    module.exports,
    (wanted) => (wanted.startsWith('./') ? load(wanted.slice(2)) : require(wanted)),
    module,
    __dirname,
  );
  return module.exports;
}

/** @param code V8 takes it only if it is its own, of this version, and compiles anew if not */
export function compile(file: string, code?: Buffer): Script {
  const { Script: Compiled } = process.getBuiltinModule('node:vm');
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const source = `(function (exports, require, module, __dirname) {${readFileSync(file, 'utf8')}\n})`;
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
