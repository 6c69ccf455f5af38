// What several files say must be the same in each: docker's metadata, and the runtime.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { platforms } from '../../scripts/platforms.ts';
import { ownVariables } from '../../src/core/environment.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

test('Bun must be the same everywhere: it is what netexec is made of', () => {
  const { optionalDependencies } = JSON.parse(read('package.json')) as { optionalDependencies: Record<string, string> };
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version: string }> };
  assert.deepEqual(Object.keys(optionalDependencies), platforms.map(({ runtime }) => runtime).toSorted());
  // Its install script, which npm before 11 runs, takes the executable away from the platform's package.
  assert.equal(lock.packages['node_modules/bun'], undefined);
  assert.equal(new Set(Object.values(optionalDependencies)).size, 1);
  for (const { runtime } of platforms)
    assert.equal(lock.packages[`node_modules/${runtime}`]?.version, optionalDependencies[runtime], runtime);
});

test('the metadata must be what every docker since 19.03 takes', () => {
  const metadata = JSON.parse(read('plugin-metadata/metadata.json')) as Record<string, string>;
  assert.equal(metadata['SchemaVersion'], '0.1.0');
  assert.ok(metadata['Vendor']);
  assert.ok(metadata['ShortDescription']);
  // scripts/build.ts adds the version.
  assert.ok(!('Version' in metadata));
});

test('the metadata must hold no single quote: it stands in a shell word of single quotes', () => {
  assert.doesNotMatch(read('plugin-metadata/metadata.json'), /'/);
  assert.equal(read('plugin-metadata/launcher.sh').split("'@METADATA@'").length, 2);
});

test("what the launcher sets for the runtime must be what netexec takes away again, for COMMAND has the caller's", () => {
  const [, words = ''] = /^export ((?:BUN|MIMALLOC)_.*)$/m.exec(read('plugin-metadata/launcher.sh')) ?? [];
  assert.deepEqual(Object.fromEntries(words.split(' ').map((word) => word.split('='))), ownVariables);
});
