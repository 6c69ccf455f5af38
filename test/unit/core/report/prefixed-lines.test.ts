// What several COMMANDs print: the bytes of each, line by line, behind the name of its container.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { linePrefixes, prefixLines } from '../../../../src/core/report/prefixed-lines.ts';

test("a prefix is the container's name without its project, as wide for each", () => {
  const containers = ['shop-web-1', 'shop-web-10', 'alone'];
  assert.deepEqual(linePrefixes(containers, 'shop'), ['web-1   | ', 'web-10  | ', 'alone   | ']);
  assert.deepEqual(linePrefixes(['shop-web-1'], undefined), ['shop-web-1  | ']);
});

const prefixed = (pieces: readonly Uint8Array[]): string => {
  const lines = prefixLines('> ');
  return Buffer.concat([...pieces.map((piece) => lines.take(piece)), lines.end()]).toString('latin1');
};

describe('a line', () => {
  const rows: readonly (readonly [pieces: readonly string[], shown: string])[] = [
    [[], ''],
    [['a\n'], '> a\n'],
    [['a\nb'], '> a\n> b\n'],
    [['a', 'b\n', '\nc'], '> ab\n> \n> c\n'],
    [['\n'], '> \n'],
    [['a\r\n'], '> a\r\n'],
  ];
  for (const [pieces, shown] of rows)
    test(`of ${JSON.stringify(pieces)} is ${JSON.stringify(shown)}`, () =>
      assert.equal(prefixed(pieces.map((piece) => Buffer.from(piece))), shown));

  test('is told when it is whole, and not before', () => {
    const lines = prefixLines('> ');
    assert.equal(lines.take(Buffer.from('a\nb')).toString(), Buffer.from('> a\n').toString());
    assert.equal(lines.take(Buffer.from('c')).length, 0);
  });

  test('that has no end is told in parts, so that it takes no memory without end', () => {
    const lines = prefixLines('> ');
    const told = lines.take(Buffer.alloc(1_000_000, 'a'));
    assert.ok(told.length > 1_000_000);
  });

  test('has every byte that was printed, however it comes', () => {
    const piece = fc.uint8Array({ maxLength: 20 }).map((bytes) => bytes.map((byte) => (byte % 5 === 0 ? 10 : byte)));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const whole = Buffer.concat(pieces).toString('latin1');
        const lines = whole.replace(/\n$/, '').split('\n');
        const expected = whole === '' ? '' : lines.map((line) => `> ${line}\n`).join('');
        assert.equal(prefixed(pieces), expected);
      }),
    );
  });
});
