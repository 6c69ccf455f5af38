// docs/platforms.md: its table is that of what is known, and each tick leads to a test that is there.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tests, withPlatformTable } from '../../../scripts/platform-table.ts';
import { root } from '../../documents.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

test('docs/platforms.md must have the table of scripts/platform-table.d/features.ts', () => {
  const page = read('docs/platforms.md');
  assert.equal(page, withPlatformTable(page), 'node scripts/platform-table.ts writes it');
  assert.ok(page.includes('[✓](../test/scenarios/ways.test.ts)'));
});

test('each tick must lead to a test of that title', () => {
  assert.ok(tests.length >= 100, `${tests.length}`);
  for (const { file, title, text = file } of tests) {
    assert.ok(existsSync(join(root, file)), file);
    assert.ok(read(text).includes(title), `${text}: ${title}`);
    // The file that runs has it from there.
    if (text !== file) assert.ok(isLedTo(file, text), `${file} does not import ${text}`);
  }
});

test('each sentence that names a test must name one that is there', () => {
  const named = [...read('docs/platforms.md').matchAll(/`(test\/scenarios\/[\w-]+\.test\.ts)`: "([^"]+)"/g)];
  assert.ok(named.length > 0);
  for (const [, file = '', title = ''] of named) assert.ok(read(file).includes(title), `${file}: ${title}`);
});

/** By its imports, and theirs. */
function isLedTo(file: string, text: string): boolean {
  const imported = [...read(file).matchAll(/ from '\.\/([\w-]+\.ts)'/g)].map(([, name]) => `test/scenarios/${name}`);
  return imported.some((each) => each === text || (each.includes('scenarios/podman-') && isLedTo(each, text)));
}
