// Every folder of goldens has a test file that owns it; the owner itself knows its files (test/goldens.ts).
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { goldenFolder } from '../../goldens.ts';

for (const owner of readdirSync(goldenFolder)) {
  test(`the goldens of ${owner} must have a test that owns them`, () => {
    const tests = join(import.meta.dirname, '..');
    const files = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter(
      (file) => basename(file) === `${owner}.test.ts`,
    );
    assert.equal(files.length, 1, `there must be one ${owner}.test.ts`);
    assert.match(readFileSync(join(tests, files[0] ?? ''), 'utf8'), new RegExp(`^goldens\\(\\s*'${owner}',`, 'm'));
  });
}
