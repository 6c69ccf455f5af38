// What several files say must be the same in each: the oldest Node, docker's metadata, the dependencies of the run.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const found = (pattern: RegExp, file: string): readonly string[] => {
  const match = pattern.exec(read(file));
  assert.ok(match, `${file} must hold ${pattern.source}`);
  return match.slice(1);
};

const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
const oldest = /^>=(\d+)\.(\d+)$/.exec(engines.node)?.slice(1) ?? [];

test('src/bin.ts must want the Node that package.json wants', () => {
  assert.equal(oldest.length, 2);
  assert.deepEqual(found(/^const oldest = \[(\d+), (\d+)\] as const;$/m, 'src/bin.ts'), oldest);
});

test('scripts/install must look for the Node that package.json wants', () => {
  const [major, same, minor] = found(/a > (\d+) \|\| \(a == (\d+) && b >= (\d+)\)/, 'scripts/install');
  assert.deepEqual([major, same, minor], [oldest[0], ...oldest]);
});

test('scripts/setup must run npm with a Node that package.json wants', () => {
  assert.deepEqual(found(/v(\d+)\.(\d+)\.0 "\$1"/, 'scripts/setup'), oldest);
});

test('the single file must name the Node that package.json wants', () => {
  assert.deepEqual(found(/Node\.js (\d+)\.(\d+) or newer/, 'plugin-metadata/single-file.sh'), oldest);
});

test('scripts/build.ts must build for the Node that package.json wants', () => {
  assert.deepEqual(found(/target: 'node(\d+)'/, 'scripts/bundle.ts'), [oldest[0]]);
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
