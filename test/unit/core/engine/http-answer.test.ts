// Answers as they come off a connection: framed in each of HTTP's ways, in pieces of any size, whole or cut off.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { answerReader, longestAnswer } from '../../../../src/core/engine/http-answer.ts';
import type { HttpAnswer, Reading } from '../../../../src/core/engine/http-answer.ts';

/** What is read of these bytes, given in these pieces; 'cut off' where the connection ends too early. */
function read(bytes: Buffer, sizes: Iterable<number> = [bytes.length]): Reading | 'cut off' {
  const reader = answerReader();
  let at = 0;
  for (const size of sizes) {
    if (at >= bytes.length) break;
    const reading = reader.take(bytes.subarray(at, at + size));
    if (reading !== 'more') return reading;
    at += size;
  }
  const reading = at < bytes.length ? reader.take(bytes.subarray(at)) : 'more';
  return reading === 'more' ? (reader.end() ?? 'cut off') : reading;
}

const manyFields = Array.from({ length: 2000 }, (_, index) => `X-${index}: ${'x'.repeat(50)}`);
const http = (...lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'));
const ok = 'HTTP/1.1 200 OK';
const answer = (text: string, rest: Partial<HttpAnswer> = {}): HttpAnswer => ({
  status: 200,
  text,
  reusable: true,
  ...rest,
});

describe('an answer', () => {
  const rows: readonly (readonly [name: string, bytes: Buffer, expected: HttpAnswer])[] = [
    ['as long as it says', http(ok, 'Content-Length: 2', '', '{}'), answer('{}')],
    ['without anything in it', http(ok, 'Content-Length: 0', '', ''), answer('')],
    ['in chunks', http(ok, 'Transfer-Encoding: chunked', '', '1', '{', '1', '}', '0', '', ''), answer('{}')],
    ['in no chunk', http(ok, 'Transfer-Encoding: chunked', '', '0', '', ''), answer('')],
    [
      'in chunks with extensions, and with fields behind them',
      http(ok, 'transfer-encoding:  Chunked ', '', 'A;x=1', '0123456789', '0;y', 'Digest: z', '', ''),
      answer('0123456789'),
    ],
    [
      'with line ends in a chunk',
      http(ok, 'Transfer-Encoding: chunked', '', '4', '\r\n\r\n', '0', '', ''),
      answer('\r\n\r\n'),
    ],
    ['of more bytes than characters', http(ok, 'Content-Length: 4', '', 'éé'), answer('éé')],
    ['until the connection ends', http(ok, '', '{}'), answer('{}')],
    ['by a server of HTTP/1.0', http('HTTP/1.0 200 OK', '', '{}'), answer('{}', { reusable: false })],
    [
      'by one that ends the connection',
      http(ok, 'Connection: close', 'Content-Length: 0', '', ''),
      answer('', { reusable: false }),
    ],
    [
      "of Podman's",
      http(ok, 'Libpod-API-Version: 5.4.2', 'Content-Length: 2', '', '{}'),
      answer('{}', { podman: '5.4.2' }),
    ],
    ['without words for its status', http('HTTP/1.1 404', 'Content-Length: 0', '', ''), answer('', { status: 404 })],
    [
      'behind one that only announces it',
      http('HTTP/1.1 103 Early Hints', 'Link: x', '', ok, 'Content-Length: 0', '', ''),
      answer(''),
    ],
    [
      'that goes on in another protocol',
      http('HTTP/1.1 101 Switching Protocols', 'Upgrade: tcp', '', ''),
      answer('', { status: 101, reusable: false }),
    ],
    ['that says its length twice', http(ok, 'Content-Length: 2', 'content-length: 2', '', '{}'), answer('{}')],
    ['that never has a body', http('HTTP/1.1 304 Not Modified', '', ''), answer('', { status: 304 })],
  ];
  for (const [name, bytes, expected] of rows) {
    test(`${name} must be read`, () => assert.deepEqual(read(bytes), expected));

    test(`${name} must be read from pieces of any size`, () => {
      const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: bytes.length, maxLength: bytes.length });
      fc.assert(fc.property(sizes, (each) => assert.deepEqual(read(bytes, each), expected)));
    });
  }
});

test('an answer with more behind it must be read, and be the last of its connection', () => {
  const bytes = http(ok, 'Content-Length: 2', '', '{}', ok, 'Content-Length: 2', '', '[]');
  assert.deepEqual(read(bytes), answer('{}', { reusable: false }));
});

test('an answer that is cut off at any byte must not pass for one', () => {
  for (const bytes of [
    http(ok, 'Content-Length: 2', '', '{}'),
    http('HTTP/1.1 100 Continue', '', ok, 'Transfer-Encoding: chunked', '', '2', '{}', '0', 'Digest: z', '', ''),
  ])
    for (let length = 0; length < bytes.length; length++)
      assert.equal(read(bytes.subarray(0, length)), 'cut off', `after ${length} bytes`);
});

describe('a connection that ends', () => {
  const rows: readonly (readonly [name: string, bytes: Buffer])[] = [
    ['before anything', http('')],
    ['within the first word', http('HTT')],
    ['within the head', http(ok, 'Content-Le')],
    ['before the body is as long as it says', http(ok, 'Content-Length: 3', '', '{}')],
    ['within a chunk', http(ok, 'Transfer-Encoding: chunked', '', '7', '{}')],
    ['before the last chunk', http(ok, 'Transfer-Encoding: chunked', '', '2', '{}', '')],
  ];
  for (const [name, bytes] of rows)
    test(`${name} must not pass for an answer`, () => assert.equal(read(bytes), 'cut off'));
});

describe('what is not HTTP', () => {
  const rows: readonly (readonly [name: string, bytes: Buffer])[] = [
    ['another protocol', http('SSH-2.0-OpenSSH_9.2', '')],
    ['another protocol, of one letter', http('S')],
    ['another version', http('HTTP/2.0 200 OK', '', '')],
    ['a status that is none', http('HTTP/1.1 20 OK', '', '')],
    ['a size that is none', http(ok, 'Transfer-Encoding: chunked', '', '-1', '', '')],
    ['a size without an end', http(ok, 'Transfer-Encoding: chunked', '', '1'.repeat(2000))],
    ['two lengths', http(ok, 'Content-Length: 2', 'Content-Length: 3', '', '{} ')],
    ['a length below zero', http(ok, 'Content-Length: -2', '', '{}')],
    ['a length in words', http(ok, 'Content-Length: two', '', '{}')],
    ['another transfer coding', http(ok, 'Transfer-Encoding: gzip, chunked', '', '0', '', '')],
    ['a field with a space before its colon', http(ok, 'Transfer-Encoding : chunked', '', '0', '', '')],
    ['a line without a colon', http(ok, 'Content-Length', '', '')],
    ['a line that goes on in the next', http(ok, 'X: 1', ' Content-Length: 2', '', '{}')],
    ['a chunk that is longer than it says', http(ok, 'Transfer-Encoding: chunked', '', '1', '{}', '0', '', '')],
    ['heads without an end', http(...Array.from({ length: 3000 }, () => 'HTTP/1.1 100 Continue\r\n'), ok, '', '')],
    ['fields without an end behind the last chunk', http(ok, 'Transfer-Encoding: chunked', '', '0', ...manyFields)],
    ['a head of fields without an end', http(ok, ...manyFields)],
    ['a head without an end', Buffer.from(`${ok}\r\nX: ${'x'.repeat(70_000)}`)],
  ];
  for (const [name, bytes] of rows) test(`must be told: ${name}`, () => assert.equal(read(bytes), 'not-http'));
});

describe('an answer that is too long', () => {
  const mebibyte = Buffer.alloc(1024 * 1024, ' ');
  const rows: readonly (readonly [name: string, head: Buffer, piece: Buffer])[] = [
    ['until the connection ends', http(ok, '', ''), mebibyte],
    ['in one chunk', http(ok, 'Transfer-Encoding: chunked', '', 'ffffffff', ''), mebibyte],
    ['in chunks of a byte', http(ok, 'Transfer-Encoding: chunked', '', ''), Buffer.from('1\r\n \r\n'.repeat(200_000))],
  ];
  for (const [name, head, piece] of rows) {
    test(`${name} must be told`, () => {
      const reader = answerReader();
      assert.equal(reader.take(head), 'more');
      let reading: Reading = 'more';
      let bytes = 0;
      for (; reading === 'more'; bytes += piece.length) reading = reader.take(piece);
      assert.equal(reading, 'too-long');
      assert.ok(bytes <= longestAnswer + piece.length);
    });
  }

  test('by its own word must be told at once', () => {
    assert.equal(read(http(ok, `Content-Length: ${longestAnswer + 1}`, '', '')), 'too-long');
  });

  test('but for a byte must be read, however small the pieces, with each byte copied a few times', (context) => {
    const text = 'x'.repeat(8 * 1024 * 1024);
    const bytes = http(ok, 'Transfer-Encoding: chunked', '', text.length.toString(16), text, '0', '', '');
    let copied = 0;
    const { copy, toString } = Buffer.prototype;
    const count = (all: Buffer, start: unknown, end: unknown): void =>
      void (copied += Number(end ?? all.length) - Number(start ?? 0));
    context.mock.method(
      Buffer.prototype,
      'toString',
      function counted(this: Buffer, ...given: Parameters<typeof toString>) {
        count(this, given[1], given[2]);
        return toString.apply(this, given);
      },
    );
    context.mock.method(Buffer.prototype, 'copy', function counted(this: Buffer, ...given: Parameters<typeof copy>) {
      count(this, given[2], given[3]);
      return copy.apply(this, given);
    });
    context.mock.method(Buffer, 'concat', () => assert.fail('what has come already is copied again with every piece'));
    const sizes = Array.from({ length: bytes.length / 1000 }, () => 1000);
    assert.deepEqual(read(bytes, sizes), answer(text));
    assert.ok(copied < 4 * bytes.length, String(copied));
  });

  test('but for a byte must be read in chunks of a byte each, and take no more memory than it is long', () => {
    const chunks = 1_000_000;
    const bytes = http(ok, 'Transfer-Encoding: chunked', '', `${'1\r\nx\r\n'.repeat(chunks)}0`, '', '');
    const reader = answerReader();
    const before = memory();
    assert.equal(reader.take(bytes.subarray(0, -1)), 'more');
    assert.ok(memory() - before < bytes.length);
    assert.deepEqual(reader.take(bytes.subarray(-1)), answer('x'.repeat(chunks)));
  });
});

/** In bytes, without what is of no use any more. */
function memory(): number {
  Bun.gc(true);
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
