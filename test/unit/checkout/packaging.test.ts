// What several files say must be the same in each: docker's metadata, the runtime, and where things are.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, extname, join, relative } from 'node:path';
import { test } from 'node:test';
import { platforms } from '../../../scripts/build.d/platforms.ts';
import { ownVariables } from '../../../src/core/entry/environment.ts';

const root = join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Those whose Bun npm knows. */
const ofLock = platforms.filter(({ integrity }) => integrity === undefined);

test('Bun must be the same everywhere: it is what netexec is made of', () => {
  const { optionalDependencies } = JSON.parse(read('package.json')) as { optionalDependencies: Record<string, string> };
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version: string }> };
  assert.deepEqual(Object.keys(optionalDependencies), ofLock.map(({ runtime }) => runtime).toSorted());
  // Its install script, which npm before 11 runs, takes the executable away from the platform's package.
  assert.equal(lock.packages['node_modules/bun'], undefined);
  assert.equal(new Set(Object.values(optionalDependencies)).size, 1);
  for (const { runtime } of ofLock)
    assert.equal(lock.packages[`node_modules/${runtime}`]?.version, optionalDependencies[runtime], runtime);
});

test('the metadata must be what every docker since 19.03 takes', () => {
  const metadata = JSON.parse(read('plugin-metadata/metadata.json')) as Record<string, string>;
  assert.equal(metadata['SchemaVersion'], '0.1.0');
  assert.ok(metadata['Vendor']);
  assert.ok(metadata['ShortDescription']);
  // scripts/build.d/build.ts adds the version.
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

test('the scenarios that other engines run must be there, in order', () => {
  const lines = read('test/engines/corners')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const names = lines.map((line) => line.replace(/ \*$/, ''));
  assert.deepEqual(names, names.toSorted());
  for (const name of names) assert.ok(existsSync(join(root, `test/scenarios/${name}.test.ts`)), name);
  assert.ok(names.length > 20);
  assert.ok(lines.filter((line) => line.endsWith(' *')).length > 10);
});

test('no two files of src have one name', () => {
  const names = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => extname(file) !== '')
    .map((file) => basename(file));
  assert.deepEqual(names.toSorted(), [...new Set(names)].toSorted());
});

test('the unit tests mirror src', () => {
  const folders = (below: string): readonly string[] =>
    readdirSync(below, { recursive: true, withFileTypes: true })
      .filter((each) => each.isDirectory())
      .map((each) => relative(below, join(each.parentPath, each.name)));
  const ofSources = folders(join(root, 'src'));
  for (const folder of folders(join(root, 'test/unit')))
    assert.ok(folder === 'checkout' || ofSources.includes(folder), folder);
});
