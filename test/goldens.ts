// Goldens: texts as users see them, one file each under test/golden. To accept a change: scripts/unit --update
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

export const goldenFolder = join(import.meta.dirname, 'golden');
const update = process.env['NETEXEC_UPDATE_GOLDENS'] === 'yes';

/**
 * Compares each text with the golden of its name in the folder OWNER, which belongs to the test file OWNER.test.ts.
 * @param texts the golden's file name → what makes the text
 */
export function goldens(owner: string, texts: Readonly<Record<string, () => string>>): void {
  const folder = join(goldenFolder, owner);
  describe(`the goldens of ${owner}`, () => {
    for (const [name, make] of Object.entries(texts)) {
      test(name, () => {
        const text = make();
        if (update) {
          mkdirSync(folder, { recursive: true });
          writeFileSync(join(folder, name), text);
        }
        assert.equal(text, readFileSync(join(folder, name), 'utf8'));
      });
    }
    test('must all be of a test', () => {
      assert.deepEqual(readdirSync(folder).toSorted(), Object.keys(texts).toSorted());
    });
  });
}
