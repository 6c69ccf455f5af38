// What the documents quote must be there: error texts, tests, files.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { netexecOptions } from '../../src/core/arguments/options.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  '.github/SECURITY.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => `docs/${file}`),
].filter((file) => file.endsWith('.md'));

test('each error text of docs/troubleshooting.md must be one that netexec says', () => {
  const said = read('test/golden/explain/failures.txt');
  const quoted = [...read('docs/troubleshooting.md').matchAll(/^\*\*`([^`]+)`\*\*/gm)].map(([, text = '']) => text);
  const own = quoted.filter((text) => !text.startsWith('docker: '));
  assert.ok(own.length >= 20);
  for (const text of own) assert.ok(said.includes(text), text);
});

test('each claim of docs/comparison.md must name a test that is there', () => {
  const claims = [...read('docs/comparison.md').matchAll(/^\| .* \| \[[^\]]+\]\(\.\.\/([^)]+)\): "([^"]+)" \|$/gm)];
  assert.ok(claims.length >= 10);
  for (const [, file = '', title = ''] of claims) assert.ok(read(file).includes(title), `${file}: ${title}`);
  const rows = read('docs/comparison.md').split('| claim | test |')[1]?.trim().split('\n').slice(1) ?? [];
  assert.equal(rows.length, claims.length);
});

describe('every link to a file must lead to one', () => {
  for (const file of documents) {
    test(file, () => {
      // Configuration in a block of its own is no prose.
      const prose = read(file).replaceAll(/^```[^]*?^```$/gm, '');
      const links = [...prose.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, link = '']) => link);
      for (const link of links) assert.ok(existsSync(join(root, dirname(file), link)), link);
    });
  }
});

test('every option that a command in the documents has must exist', () => {
  const known = new Set(netexecOptions.map(({ name }) => name));
  for (const file of documents) {
    for (const [, words = ''] of read(file).matchAll(/docker netexec ([^\n`]*)/g)) {
      const front = words.split(/ -- | #/)[0] ?? '';
      const first = /^(?:-\w \S+ )?--([a-z-]+)/.exec(front)?.[1];
      if (first !== undefined) assert.ok(known.has(first), `${file}: ${words}`);
    }
  }
});

test('the workflow must run with the oldest Node that package.json wants', () => {
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
  assert.match(read('.github/workflows/test.yml'), new RegExp(`node: \\['${engines.node.replace('>=', '')}',`));
});

const { version } = JSON.parse(read('package.json')) as { version: string };

test("the package's file in README must have the version, wherever it is named", () => {
  const named = [...read('README.md').matchAll(/docker-netexec-([\w.-]+)\.tgz/g)].map(([, its]) => its);
  assert.ok(named.length >= 2);
  assert.deepEqual([...new Set(named)], [version]);
});

test('package-lock.json must have the version', () => {
  const lock = JSON.parse(read('package-lock.json')) as {
    version: string;
    packages: Record<string, { version: string }>;
  };
  assert.deepEqual([lock.version, lock.packages['']?.version], [version, version]);
});

test('the newest version in CHANGELOG.md must be that of package.json, below what is not released', () => {
  const [unreleased, ...versions] = [...read('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(([, title = '']) => title);
  assert.equal(unreleased, 'Unreleased');
  for (const each of versions) assert.match(each, /^\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d$/);
  assert.equal(versions[0]?.split(' ')[0], version);
});

test('the changes in CHANGELOG.md must be a line each, below a heading of Keep a Changelog', () => {
  const lines = read('CHANGELOG.md').split('\n').slice(3).filter(Boolean);
  for (const line of lines) assert.match(line, /^(## |### (Added|Changed|Deprecated|Removed|Fixed|Security)$|- \S)/);
});

test('the workflow that releases must hold no more rights than it needs', () => {
  const text = read('.github/workflows/release.yml');
  const [before = '', release = ''] = text.split(/^ {2}release:$/m);
  assert.match(before, /^permissions:\n {2}contents: read$/m);
  assert.doesNotMatch(before, /write/);
  assert.deepEqual(release.match(/^ +\w[\w-]*: write$/gm), ['      contents: write']);
  const used = (name: string): readonly string[] =>
    [...read(`.github/workflows/${name}`).matchAll(/uses: (\S+)/g)].map(([, action = '']) => action);
  for (const action of used('release.yml')) assert.ok(used('test.yml').includes(action), action);
});
