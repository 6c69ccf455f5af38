// scripts/test says how many tests passed, and is content with no run in which none did.
import assert from 'node:assert/strict';
import { chmodSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { makePlace, pathWithNode, run } from './place.ts';
import type { Outcome } from './place.ts';

/** In a folder where there is nothing else to do: the other scripts are content, and a unit test is one of Bun's that fails. */
function runAll(context: TestContext, tests: string, words: readonly string[]): Promise<Outcome> {
  const place = makePlace(context);
  for (const name of ['test', 'lib/usage.sh'])
    cpSync(join(import.meta.dirname, '../../scripts', name), join(place.folder, 'scripts', name));
  for (const name of ['scripts/lib/packages', 'test/engines/engine', 'scripts/check', 'scripts/install'])
    chmodSync(place.write(name, '#!/bin/sh\n'), 0o755);
  chmodSync(place.write('test/engines/with-docker', '#!/bin/sh\nexec "$@"\n'), 0o755);
  chmodSync(place.write('scripts/unit', "#!/bin/sh\nprintf ' 2 pass\\n 1 skip\\n 1 fail\\n' >&2\nexit 1\n"), 0o755);
  place.write('test/unit/unit.test.mjs', '');
  place.write('test/one.test.mjs', `import { test } from 'node:test';\n${tests}`);
  place.env['PATH'] = pathWithNode;
  return run(place, [join(place.folder, 'scripts/test'), ...words]);
}

const rows: readonly (readonly [name: string, tests: string, files: string, status: number, lastLine: string])[] = [
  ['a test that passes', "test('a', () => {});", 'test/one.test.mjs', 0, '1 passed, 0 failed'],
  ['one that fails', "test('a', () => { throw 1; });", 'test/one.test.mjs', 1, '0 passed, 1 failed'],
  [
    'one that is skipped',
    "test('a', { skip: true }, () => {});",
    'test/one.test.mjs',
    1,
    '0 passed, 0 failed, 1 skipped',
  ],
  ['unit tests of which one fails', '', 'test/unit/unit.test.mjs', 1, '2 passed, 1 failed, 1 skipped'],
  [
    'those, and one of the others',
    "test('a', () => {});",
    'test/one.test.mjs test/unit/unit.test.mjs',
    1,
    '3 passed, 1 failed, 1 skipped',
  ],
  ['a pattern that fits no file', '', 'test/none-*.test.mjs', 1, '0 passed, 0 failed'],
  ['no such file', '', 'test/none.test.mjs', 2, ''],
];
for (const [name, tests, files, status, lastLine] of rows)
  test(`scripts/test must end with ${status} after ${name}`, async (context) => {
    const outcome = await runAll(context, tests, files.split(' '));
    assert.equal(outcome.stdout.trimEnd().split('\n').at(-1), lastLine, outcome.stderr);
    assert.equal(outcome.status, status);
  });
