// Goldens: texts as users see them, one file each under test/golden. To accept a change: node --test --test-update-snapshots
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';

export const goldenFolder = join(import.meta.dirname, 'golden');

/**
 * Compares each text with the golden of its name in the folder OWNER, which belongs to the test file OWNER.test.ts.
 * @param texts the golden's file name → what makes the text
 */
export function goldens(owner: string, texts: Readonly<Record<string, () => string>>): void {
  describe(`the goldens of ${owner}`, () => {
    for (const [name, make] of Object.entries(texts)) {
      test(name, (context: TestContext) => {
        context.assert.fileSnapshot(make(), join(goldenFolder, owner, name), { serializers: [String] });
      });
    }
    test('must all be of a test', () => {
      assert.deepEqual(readdirSync(join(goldenFolder, owner)).toSorted(), Object.keys(texts).toSorted());
    });
  });
}
