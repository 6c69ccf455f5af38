// Words and variables are bytes: whatever they are, they come out as they went in.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { fromBytes, hasRawBytes, toBytes } from '../../../../src/core/text/raw-bytes.ts';

describe('bytes as a text', () => {
  test('must come out again, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (array) => {
        const bytes = Buffer.from(array);
        assert.deepEqual(toBytes(fromBytes(bytes)), bytes);
      }),
    );
  });

  test('must be the text where they are UTF-8, a replacement character and characters beyond 16 bits among them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const odd = `${text}\ufffd\u{1f600}`;
        assert.equal(fromBytes(Buffer.from(odd)), odd);
        assert.equal(hasRawBytes(odd), false);
      }),
    );
  });

  const rows: Readonly<Record<string, string>> = {
    'a byte of no character': 'a\xffb',
    'half a character': 'a\xc3',
    'a longer form than needed': '\xc0\xaf',
    'half of a pair of UTF-16': '\xed\xa0\x80',
    'a character beyond all': '\xf5\x80\x80\x80',
    'a whole character beside it': '\xc3\xa4\xff\xc3\xa4',
  };
  for (const [what, bytes] of Object.entries(rows))
    test(`${what} must be kept byte by byte`, () => {
      const text = fromBytes(Buffer.from(bytes, 'latin1'));
      assert.equal(hasRawBytes(text), true);
      assert.equal(toBytes(text).toString('latin1'), bytes);
      assert.ok(!text.includes('\ufffd'));
    });
});
