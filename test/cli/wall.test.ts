// The wall between what decides and what acts, src/core and src/shell: lint sees each way through it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { removeFolder, temporaryFolder } from './place.ts';

const root = join(import.meta.dirname, '../..');

interface Complaint {
  readonly code: string;
  readonly filename: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

/** What lint says of files that are planted in a folder with the checkout's settings, as `FILE:LINE RULE`. */
function lint(files: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const folder = temporaryFolder();
  try {
    for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json'])
      cpSync(join(root, name), join(folder, name));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [name, lines] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
    }
    const words = ['--format=json', '--ignore-path=/dev/null', ...Object.keys(files)];
    const { stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), words, { cwd: folder, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly Complaint[] };
    return diagnostics.map(({ code, filename, labels }) => `${filename}:${labels[0]?.span.line} ${code}`).toSorted();
  } finally {
    removeFolder(folder);
  }
}

const packages = ['node:fs', 'fs', 'node:child_process', 'node:path', 'yaml', 'dockerode', 'execa'];
const ofCalls = ['shell/terminal/say.ts', 'commands/run.ts'];
const beginning = ['main.ts', 'call.ts', 'start.ts', 'as-called.ts', 'roles.ts', 'version.ts'];
const files = ['src/core/planted.ts', 'src/core/check/planted.ts', 'src/core/doctor/deep/planted.ts'];

function forbidden(file: string): readonly string[] {
  const up = '../'.repeat(file.split('/').length - 2);
  const sources = [...packages, ...[...ofCalls, ...beginning].map((each) => `${up}${each}`)];
  return sources.map((source, index) => `import * as planted${index} from '${source}';`);
}

test('what core may not import must be found in each of its folders', () => {
  const planted = Object.fromEntries(files.map((file) => [file, forbidden(file)]));
  const found = lint(planted).filter((each) => each.endsWith('no-restricted-imports)'));
  const expected = Object.entries(planted).flatMap(([file, lines]) =>
    lines.map((_, index) => `${file}:${index + 1} eslint(no-restricted-imports)`),
  );
  assert.deepEqual(found, expected.toSorted());
});

test('what core may not use of what is there without an import must be found', () => {
  const globals = ['process.pid', 'globalThis.process', 'Bun.version', 'new Date()', 'setTimeout(String)', 'fetch("")'];
  const lines = globals.map((each, index) => `export const planted${index} = ${each};`);
  const found = lint({ 'src/core/check/planted.ts': lines }).filter((each) => each.endsWith('no-restricted-globals)'));
  assert.deepEqual(
    found,
    globals.map((_, index) => `src/core/check/planted.ts:${index + 1} eslint(no-restricted-globals)`),
  );
});

test('what core may use must not be found', () => {
  const lines = [
    "import { BlockList } from 'node:net';",
    "import { join } from 'node:path/posix';",
    "import leven from 'leven';",
    "import { fail } from '../failure.ts';",
    'export const used = [BlockList, join, leven, fail];',
  ];
  const failure = ['export const fail = 1;'];
  assert.deepEqual(lint({ 'src/core/check/planted.ts': lines, 'src/core/failure/failure.ts': failure }), []);
});

test('files that import each other must be found', () => {
  const of = (own: string, other: string): readonly string[] => [
    `import { ${other} } from './${other}.ts';`,
    `export const ${own} = (): number => ${other}();`,
  ];
  const found = lint({ 'src/shell/files/one.ts': of('one', 'two'), 'src/shell/files/two.ts': of('two', 'one') });
  assert.deepEqual(found, ['src/shell/files/one.ts:1 import(no-cycle)', 'src/shell/files/two.ts:1 import(no-cycle)']);
});

test('the settings must name every file that begins a call', () => {
  const settings = readFileSync(join(root, '.oxlintrc.json'), 'utf8');
  for (const file of readdirSync(join(root, 'src')))
    if (/(?<!\.d)\.ts$/.test(file)) assert.match(settings, new RegExp(String.raw`[(|]${file.slice(0, -3)}[)|]`), file);
});
