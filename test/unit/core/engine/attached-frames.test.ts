// The engine's stream of a container without a terminal: whose each piece is, however it is cut.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { frameReader } from '../../../../src/core/engine/attached-frames.ts';

function frame(stream: number, text: string, length = Buffer.byteLength(text)): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt8(stream, 0);
  head.writeUInt32BE(length, 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

/** What each stream gets of these bytes, given in pieces of these sizes. */
function read(
  bytes: Buffer,
  sizes: readonly number[] = [],
): { readonly stdout: string; readonly stderr: string } | undefined {
  const take = frameReader();
  const seen = { stdout: '', stderr: '' };
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    const pieces = take(bytes.subarray(at, at + size));
    if (pieces === undefined) return undefined;
    for (const { stream, data } of pieces) seen[stream] += data.toString();
    at += size;
  }
  return seen;
}

test('what is printed must come to whom it was printed for, whatever the pieces', () => {
  const frames = fc.array(fc.record({ stream: fc.constantFrom(1, 2), text: fc.string({ unit: 'grapheme-ascii' }) }));
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 20 })), (each, sizes) => {
      const of = (wanted: number): string =>
        each.flatMap(({ stream, text }) => (stream === wanted ? [text] : [])).join('');
      const bytes = Buffer.concat(each.map(({ stream, text }) => frame(stream, text)));
      assert.deepEqual(read(bytes, sizes), { stdout: of(1), stderr: of(2) });
    }),
  );
});

test('a frame must not be waited for until it is whole: it may say that it has four gigabytes', () => {
  assert.deepEqual(read(frame(1, 'begun', 0xff_ff_ff_ff)), { stdout: 'begun', stderr: '' });
});

test('neighbours of one stream must be one piece', () => {
  const all = [frame(1, 'a'), frame(1, 'b'), frame(2, 'c'), frame(1, 'd'), frame(1, 'e')];
  const pieces = frameReader()(Buffer.concat(all));
  assert.deepEqual(
    pieces?.map(({ stream, data }) => `${stream} ${data.toString()}`),
    ['stdout ab', 'stderr c', 'stdout de'],
  );
});

test("what is no frame must be nobody's", () => {
  assert.equal(read(Buffer.from('HTTP/1.1 200 OK')), undefined);
});
