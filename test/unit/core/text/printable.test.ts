// The gate for text of others: what it becomes on a terminal, in JSON, in a shell's line and in files of words.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { isPrintableWord, printable, printableJson, shellWord } from '../../../../src/core/text/printable.ts';
import { unsafeText, unsafeSigns } from '../../../unsafe-text.ts';

describe('text of others, for a person to read,', () => {
  const rows: readonly (readonly [text: string, expected: string])[] = [
    ['web', 'web'],
    ['a\tb\nc\r\u0000', String.raw`a\tb\nc\r\u0000`],
    ['\u001B[31m', String.raw`\u001b[31m`],
    ['\u007F\u0085\u009B31m', '???31m'],
    // It would be read as evilexe.png.
    ['evil\u202Egnp.exe', String.raw`evil\u202egnp.exe`],
    ['\u2066\u2069\u200E\u200F\u061C', String.raw`\u2066\u2069\u200e\u200f\u061c`],
    ['a\u200Bb\u200C\u200D\u2060\uFEFF\u00AD', String.raw`a\u200bb\u200c\u200d\u2060\ufeff\u00ad`],
    ['a\u2028b\u2029', String.raw`a\u2028b\u2029`],
    ['\uD800 \uDC00', String.raw`\ud800 \udc00`],
    // Letters that are not to be seen, and blanks that are letters.
    ['a\u{E0041}\u3164', String.raw`a\u{e0041}\u3164`],
    ['a\uFE0F', String.raw`a\ufe0f`],
    ...['datenbank-größe', 'база', '数据库', 'データ', 'قاعدة', 'नमस्ते', '🐘', '❤️', 'e\u0301', '½', 'a\u00A0b'].map(
      (text) => [text, text] as const,
    ),
  ];
  for (const [text, expected] of rows) test(expected, () => assert.equal(printable(text), expected));

  test('must be on one line, with nothing that steers, turns or hides, whatever it is', () => {
    fc.assert(fc.property(unsafeText, (text) => assert.doesNotMatch(printable(text), unsafeSigns)));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.doesNotMatch(printable(text), unsafeSigns)));
  });

  test('must stay what it was where there was nothing to it', () => {
    const odd = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => odd.test(text) || assert.equal(printable(text), text)),
    );
  });
});

test('JSON must be read as what it was, and be plain to see', () => {
  fc.assert(
    fc.property(fc.dictionary(unsafeText, fc.array(unsafeText)), (value) => {
      const text = printableJson(value);
      assert.doesNotMatch(text, unsafeSigns);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
    }),
  );
});

describe('a word in a line to be typed', () => {
  const rows: readonly (readonly [word: string, expected: string])[] = [
    ['web', 'web'],
    ['web; rm -rf /', "'web; rm -rf /'"],
    ['$(id)', "'$(id)'"],
    ["it's", String.raw`'it'\''s'`],
    ['数据库', "'数据库'"],
    ['a\u202Eb', String.raw`$'a\u202eb'`],
    ['a\u{E0041}', String.raw`$'a\U000e0041'`],
    ['psql', 'psql'],
    ['--host=db:5432', '--host=db:5432'],
    ['', "''"],
    ['a b', "'a b'"],
    ['$x', "'$x'"],
    ['ü', "'ü'"],
    ['a\nb', String.raw`$'a\nb'`],
    ["it's\n", String.raw`$'it\'s\n'`],
    ['\u001B[31m', String.raw`$'\u001b[31m'`],
    ['"\n"', String.raw`$'\"\n\"'`],
    ['\\\n', String.raw`$'\\\n'`],
    ['\u009B31m', String.raw`$'\u009b31m'`],
  ];
  for (const [word, expected] of rows) test(expected, () => assert.equal(shellWord(word), expected));

  test('must be that word to a shell', () => {
    const words = fc.sample(unsafeText, { seed: 1, numRuns: 300 }).filter((word) => !/[\0\p{Cs}]/u.test(word));
    const line = `printf '%s\\0' ${words.map(shellWord).join(' ')}`;
    assert.doesNotMatch(line, unsafeSigns);
    // The locale has a line of its own: a shell reads the words of a line by the one that it has before.
    const script = `LC_ALL=C.UTF-8\n${line}`;
    assert.deepEqual(execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1), words);
  });
});

describe('a word in a file of words', () => {
  const rows: readonly (readonly [word: string, isWord: boolean])[] = [
    ['shop_backend', true],
    ['shop.backend-1', true],
    ['größe', true],
    ['', false],
    ['a b', false],
    ['a\nnameserver 192.0.2.1', false],
    ['a\u0000', false],
    ['a\u202Eb', false],
    ['a\u2028b', false],
    ['a#b', true],
    ['-a', true],
    ['a.', true],
  ];
  for (const [word, isWord] of rows) test(JSON.stringify(word), () => assert.equal(isPrintableWord(word), isWord));
});
