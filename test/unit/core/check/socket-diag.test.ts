// What the kernel answers when it is asked by netlink who listens.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { diagRequest, readDiag } from '../../../../src/core/check/socket-diag.ts';

/** struct nlmsghdr, inet_diag_msg: as Linux 6 has answered. */
function message(family: 2 | 10, port: number, address: string): Buffer {
  const bytes = Buffer.alloc(124);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(20, 4);
  bytes.writeUInt8(family, 16);
  bytes.writeUInt16BE(port, 20);
  bytes.write(address, 24, 'hex');
  return bytes;
}

const done = Buffer.from('1400000003000200010000005312000000000000', 'hex');

test('who listens must be read, with IPv4 written as IPv6 as well', () => {
  const all = [
    message(2, 7999, '00000000'),
    message(10, 80, '00000000000000000000ffff0a000002'),
    message(10, 443, 'fd000000000000000000000000000001'),
  ];
  const sockets = [
    { address: '0.0.0.0', port: 7999 },
    { address: '10.0.0.2', port: 80 },
    { address: 'fd00::1', port: 443 },
  ];
  assert.deepEqual(readDiag(Buffer.concat(all)), { sockets, done: false });
  assert.deepEqual(readDiag(Buffer.concat([...all, done])), { sockets, done: true });
  assert.deepEqual(readDiag(message(10, 1, '0'.repeat(32)))?.sockets, [{ address: '::', port: 1 }]);
});

test('a kernel that does not answer must be told from one where nobody listens', () => {
  const error = Buffer.from('240000000200000001000000531200000feffffff'.slice(0, 32), 'hex');
  assert.equal(readDiag(error), undefined);
  assert.equal(readDiag(Buffer.alloc(0)), undefined);
  assert.deepEqual(readDiag(done), { sockets: [], done: true });
});

test('whatever comes, it must be read to its end', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void readDiag(Buffer.from(bytes))));
});

test('both families must be asked for what listens', () => {
  assert.deepEqual([...diagRequest(10).subarray(16, 24)], [10, 6, 0, 0, 0, 4, 0, 0]);
});
