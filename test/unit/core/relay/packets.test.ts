// Packets as the near end of a tunnel takes them off its device: read as they were written, and put back whole.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  addressText,
  datagram,
  judged,
  keyOf,
  readPacket,
  verdictOf,
  verdicts,
} from '../../../../src/core/relay/packets.ts';
import type { Place, Verdict } from '../../../../src/core/relay/packets.ts';
import { tunnelRoutes, tunnelRules } from '../../../../src/core/relay/tunnel-rules.ts';

const port = fc.integer({ min: 1, max: 65_535 });
const places = (length: number): fc.Arbitrary<Place> =>
  fc
    .tuple(fc.uint8Array({ minLength: length, maxLength: length }), port)
    .map(([address, number]) => ({ address: Buffer.from(address), port: number }));
const families = fc.constantFrom(4, 16);
const bytes = fc.uint8Array({ maxLength: 100 }).map((each) => Buffer.from(each));

/** One's complement sum (RFC 1071): 0xffff over what has its own checksum in it. */
function sum(data: Buffer): number {
  let all = 0;
  for (let at = 0; at < data.length; at += 2) all += ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
  while (all > 0xffff) all = (all & 0xffff) + (all >>> 16);
  return all;
}

test('a datagram must be read as it was written, with sums that are right', () => {
  fc.assert(
    fc.property(
      families.chain((length) => fc.tuple(places(length), places(length), bytes)),
      ([from, to, data]) => {
        const packet = datagram(from, to, data);
        assert.deepEqual(readPacket(packet), { protocol: 'udp', from, to, data });
        const udp = packet.subarray(packet.length - data.length - 8);
        const ends = Buffer.concat([from.address, to.address, Buffer.from([0, 17, udp.length >> 8, udp.length & 255])]);
        assert.equal(sum(Buffer.concat([ends, udp])), 0xffff);
        if (from.address.length === 4) assert.equal(sum(packet.subarray(0, 20)), 0xffff);
      },
    ),
  );
});

test('a packet must be put back as it was, but for its verdict', () => {
  const places4 = [Buffer.from([10, 0, 0, 1]), Buffer.from([10, 0, 0, 2])] as const;
  const places6 = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)] as const;
  for (const [from, to] of [places4, places6])
    for (const verdict of Object.keys(verdicts) as readonly Verdict[]) {
      const before = datagram({ address: from, port: 1 }, { address: to, port: 2 }, Buffer.from('data'));
      const after = judged(before, verdict);
      assert.deepEqual(readPacket(after), readPacket(before));
      const six = from.length === 16;
      assert.equal(six ? (after.readUInt16BE(0) >> 6) & 63 : after.readUInt8(1) >> 2, verdicts[verdict]);
      if (!six) assert.equal(sum(after.subarray(0, 20)), 0xffff);
    }
});

test('whatever comes, it must be a packet of TCP or UDP, or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (data) => {
      const packet = readPacket(Buffer.from(data));
      assert.ok(packet === undefined || ['tcp', 'udp'].includes(packet.protocol));
    }),
  );
  assert.equal(readPacket(Buffer.alloc(0)), undefined);
  const icmp = datagram({ address: Buffer.alloc(4), port: 1 }, { address: Buffer.alloc(4), port: 1 }, Buffer.alloc(0));
  icmp[9] = 1;
  assert.equal(readPacket(icmp), undefined);
});

test('why an end is not reached must be told as the kernel would, and a time-out not at all', () => {
  const rows = {
    ECONNREFUSED: 'refused',
    ECONNRESET: 'refused',
    EHOSTUNREACH: 'host-unreachable',
    ENETUNREACH: 'net-unreachable',
    ETIMEDOUT: undefined,
    EMFILE: 'refused',
  };
  for (const [code, verdict] of Object.entries(rows)) assert.equal(verdictOf(code), verdict, code);
});

test('addresses must be texts that a resolver takes, and places keys that tell them apart', () => {
  assert.equal(addressText(Buffer.from([127, 0, 0, 11])), '127.0.0.11');
  assert.equal(addressText(Buffer.from('fd00000000000000000000000000000a', 'hex')), 'fd00:0:0:0:0:0:0:a');
  assert.notEqual(
    keyOf({ address: Buffer.from([1, 2, 3, 4]), port: 5 }),
    keyOf({ address: Buffer.from([1, 2, 3, 4]), port: 6 }),
  );
});

test('there must be rules of IPv6 where the container has an address of it', () => {
  assert.doesNotMatch(tunnelRules(['10.0.0.2']), /ip6/);
  assert.match(tunnelRules(['10.0.0.2', 'fd00::2']), /^table ip netexec \{[^]*\ntable ip6 netexec \{/);
});

test('what is sent must be from the first address, where there is one', () => {
  assert.match(
    tunnelRoutes(['10.0.0.2', '10.1.0.2']),
    /^address add 10\.0\.0\.2\/32 dev lo\n[^]*^route add local default dev lo src 10\.0\.0\.2$/m,
  );
  assert.match(tunnelRoutes(['fd00::2']), /^address add fd00::2\/128 dev lo nodad$/m);
  assert.match(tunnelRoutes([]), /^route add local default dev lo$/m);
});
