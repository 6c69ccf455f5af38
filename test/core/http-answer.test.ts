// Answers as they come off a connection: framed in each of HTTP's ways, in pieces of any size, whole or cut off.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { answerReader } from '../../src/core/http-answer.ts';
import type { HttpAnswer, Reading } from '../../src/core/http-answer.ts';

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
    ['without words for its status', http('HTTP/1.1 404', 'Content-Length: 0', '', ''), answer('', { status: 404 })],
    [
      'behind one that only announces it',
      http('HTTP/1.1 103 Early Hints', 'Link: x', '', ok, 'Content-Length: 0', '', ''),
      answer(''),
    ],
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
    ['a head without an end', Buffer.from(`${ok}\r\nX: ${'x'.repeat(70_000)}`)],
  ];
  for (const [name, bytes] of rows) test(`must be told: ${name}`, () => assert.equal(read(bytes), 'not-http'));
});
