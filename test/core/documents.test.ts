// What the documents quote must be there: error texts, tests, files.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { netexecOptions } from '../../src/core/options.ts';

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

test("the package's file in README must have the version", () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  assert.equal(/docker-netexec-([\d.]+)\.tgz/.exec(read('README.md'))?.[1], version);
});
