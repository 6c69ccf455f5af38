// A tunnel's frames, and its connections as either end has them: read as they were written, and nothing believed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { accept, begun, end, hear, mayBeSaid, said, took, widestWindow } from '../../../../src/core/relay/channel.ts';
import type { Channel } from '../../../../src/core/relay/channel.ts';
import {
  creditBytes,
  endBytes,
  datagramBytes,
  frame,
  helloBytes,
  longestFile,
  longestPiece,
  readCode,
  readDatagram,
  readEnd,
  readHello,
  tunnelReader,
} from '../../../../src/core/relay/frames.ts';
import type { Frame, FrameKind } from '../../../../src/core/relay/frames.ts';

const nothing = Buffer.alloc(0);
const ids = fc.integer({ min: 0, max: 0xffff_ffff });
const bytes = (most: number) => fc.uint8Array({ minLength: 1, maxLength: most }).map((data) => Buffer.from(data));
const frames: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({
    id: ids,
    kind: fc.constantFrom<FrameKind>('opened', 'end', 'reset', 'ping', 'datagram', 'unreached'),
    payload: fc.constant(nothing),
  }),
  fc.record({
    id: ids,
    kind: fc.constant<FrameKind>('hello'),
    payload: fc.constant(helloBytes({ resolvConf: 'a', hosts: 'b' })),
  }),
  fc.record({ id: ids, kind: fc.constant<FrameKind>('datagram'), payload: bytes(300) }),
  fc.record({ id: ids, kind: fc.constant<FrameKind>('data'), payload: bytes(300) }),
  fc.record({ id: ids, kind: fc.constant<FrameKind>('refused'), payload: bytes(40) }),
  fc.record({ id: ids, kind: fc.constant<FrameKind>('credit'), payload: ids.map(creditBytes) }),
);

const shown = ({ id, kind, payload }: Frame): string => `${id} ${kind} ${payload.toString('hex')}`;

test('frames must be read as they were written, however they are cut', () => {
  const sent = fc.array(frames, { maxLength: 20 });
  fc.assert(
    fc.property(sent, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (all, cuts) => {
      const stream = Buffer.concat(all.map(({ id, kind, payload }) => frame(id, kind, payload)));
      const read = tunnelReader();
      const found: Frame[] = [];
      for (let at = 0, turn = 0; at < stream.length; turn += 1) {
        const length = cuts[turn % cuts.length] ?? 1;
        found.push(...(read(stream.subarray(at, at + length)) ?? []));
        at += length;
      }
      assert.deepEqual(joined(found).map(shown), joined(all).map(shown));
    }),
  );
});

/** What a connection says comes in more pieces than it was said in. */
function joined(all: readonly Frame[]): readonly Frame[] {
  const whole: Frame[] = [];
  for (const each of all) {
    const last = whole.at(-1);
    const goesOn = last?.kind === 'data' && each.kind === 'data' && last.id === each.id;
    if (goesOn) whole[whole.length - 1] = { ...last, payload: Buffer.concat([last.payload, each.payload]) };
    else whole.push(each);
  }
  return whole;
}

test('what a connection says must be given as it comes, and not be copied', () => {
  const read = tunnelReader();
  const stream = Buffer.concat([frame(7, 'data', Buffer.from('first and last')), frame(7, 'end')]);
  const pieces = [stream.subarray(0, 3), stream.subarray(3, 13), stream.subarray(13, 20), stream.subarray(20)];
  const found = pieces.map((piece) => read(piece)?.map(({ kind, payload }) => `${kind} ${payload.toString()}`));
  assert.deepEqual(found, [[], ['data first'], ['data  and la'], ['data st', 'end ']]);
  const [whole] = tunnelReader()(stream) ?? [];
  assert.equal(whole?.payload.buffer, stream.buffer);
});

test('what a connection says in many frames must go on as one piece, and never with another between', () => {
  const sent = [7, 7, 7, 8, 7].map((id, index) => frame(id, 'data', Buffer.from(`piece ${index} `)));
  const found = tunnelReader()(Buffer.concat([...sent, frame(7, 'credit', creditBytes(1)), ...sent.slice(0, 2)]));
  assert.deepEqual(
    found?.map(({ id, kind, payload }) => `${id} ${kind === 'data' ? payload.toString() : kind}`),
    ['7 piece 0 piece 1 piece 2 ', '8 piece 3 ', '7 piece 4 ', '7 credit', '7 piece 0 piece 1 '],
  );
});

test('whatever is heard, a frame must be none, or one of those that there are, and no longer than it may be', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 100 })), (pieces) => {
      const read = tunnelReader();
      for (const piece of pieces) {
        const found = read(Buffer.from(piece));
        if (found === undefined) return;
        for (const { payload } of found) assert.ok(payload.length <= longestPiece);
      }
    }),
  );
  const head = (kind: number, length: number): Buffer =>
    Buffer.from([0, 0, 0, 1, kind, length >> 16, length >> 8, length]);
  for (const [kind, length] of [
    [99, 0],
    [4, 0],
    [4, longestPiece + 1],
    [1, 1],
    [1, 256],
    [7, 3],
    [3, 41],
    [0, 1],
  ] as const)
    assert.equal(tunnelReader()(head(kind, length)), undefined, `${kind} ${length}`);
  // Before any of it has come.
  assert.deepEqual(tunnelReader()(head(4, longestPiece)), []);
});

test('where a connection leads must be read as it was written', () => {
  for (const to of [
    { host: undefined, port: 1 },
    { host: 'postgres', port: 65_535 },
    { host: 'fd00::2', port: 80 },
  ])
    assert.deepEqual(readEnd(endBytes(to)), to);
  assert.equal(readCode(Buffer.from('ECONNREFUSED')), 'ECONNREFUSED');
  assert.equal(readCode(Buffer.from('\u001b[31mred')), 'EPROTO');
});

test('what the far end says of its files must be read as it was written, and no more of it be taken than has room', () => {
  const files = { resolvConf: 'nameserver 127.0.0.11\n', hosts: '127.0.0.1\tlocalhost\n' };
  assert.deepEqual(readHello(helloBytes(files)), files);
  const large = readHello(helloBytes({ resolvConf: 'x\n'.repeat(60_000), hosts: 'y\0\n'.repeat(60_000) }));
  assert.deepEqual([large?.resolvConf.length, large?.hosts.length], [longestFile, 2 * Math.floor(longestFile / 3)]);
  // Half a line would name another; and no word of a command line is to be longer than was read.
  const cut = readHello(helloBytes({ resolvConf: '', hosts: '10.0.0.1 postgres-primary\n'.repeat(10_000) }));
  assert.match(cut?.hosts ?? '', / postgres-primary\n$/);
  assert.equal(readHello(helloBytes({ resolvConf: '', hosts: '# \xe4\n' }))?.hosts, '# ?\n');
  const long = Buffer.alloc(4 + longestFile + 1, 'x');
  for (const length of [0, longestFile + 1]) {
    long.writeUInt32BE(length);
    assert.equal(readHello(long), undefined);
  }
  assert.equal(readHello(Buffer.from([0, 0, 0, 9, 1])), undefined);
});

test('where a datagram goes must be read as it was written, and nothing else be one', () => {
  for (const address of [Buffer.from([10, 0, 0, 1]), Buffer.alloc(16, 7)]) {
    const read = readDatagram(datagramBytes({ address, port: 53 }, Buffer.from('asked')));
    assert.deepEqual(read, { to: { address, port: 53 }, data: Buffer.from('asked') });
  }
  for (const payload of [[], [4, 0], [4, 0, 53, 1, 2, 3], [5, 0, 53, 1, 2, 3, 4, 5], [16, 0, 53, 1]])
    assert.equal(readDatagram(Buffer.from(payload)), undefined);
});

const open = accept(begun('asking'));
const of = (kind: FrameKind, payload: Buffer = nothing): Frame => ({ id: 1, kind, payload });

test('what is not to be said at the moment must be refused', () => {
  const rows: readonly (readonly [Channel, Frame])[] = [
    [begun('asked'), of('data', Buffer.from('x'))],
    [begun('asking'), of('opened')],
    [begun('asking'), of('data', Buffer.from('x'))],
    [open, of('opened')],
    [open, of('refused', Buffer.from('EIO'))],
    [open, of('hello')],
    [open, of('credit', creditBytes(widestWindow))],
    [{ ...open, window: 2 }, of('data', Buffer.from('xyz'))],
    [{ ...open, heardEnd: true }, of('end')],
    [{ ...open, heardEnd: true }, of('data', Buffer.from('x'))],
  ];
  for (const [channel, heard] of rows) assert.equal(hear(channel, heard), undefined, JSON.stringify([channel, heard]));
});

test('a connection must be over once both have said their last, or one has reset it', () => {
  assert.equal(hear(end(open), of('end'))?.channel.kind, 'over');
  assert.equal(hear(open, of('end'))?.channel.kind, 'open');
  assert.equal(end({ ...open, heardEnd: true }).kind, 'over');
  for (const channel of [open, begun('asked'), begun('asking')])
    assert.equal(hear(channel, of('reset'))?.channel.kind, 'over');
  assert.deepEqual(hear(begun('asked'), of('refused', Buffer.from('ECONNREFUSED')))?.told, {
    kind: 'refused',
    code: 'ECONNREFUSED',
  });
});

test('no more than the window must ever be on its way, and all of it come', () => {
  const turns = fc.array(
    fc.record({
      from: fc.boolean(),
      bytes: fc.integer({ min: 1, max: 200_000 }),
      taken: fc.nat(300_000),
      room: fc.constantFrom(0, 0, 100_000, widestWindow),
    }),
  );
  fc.assert(
    fc.property(turns, (all) => {
      let ends: readonly [Channel, Channel] = [open, open];
      const held = [0, 0];
      for (const turn of all) {
        const [one, other] = turn.from ? ([0, 1] as const) : ([1, 0] as const);
        const payload = Buffer.alloc(Math.min(turn.bytes, longestPiece, mayBeSaid(ends[one])));
        const from = said(ends[one], payload.length);
        const heard = hear(ends[other], of('data', payload));
        assert.ok(heard, 'it may be said, so it is to be heard');
        held[other] = (held[other] ?? 0) + payload.length;
        assert.ok(held[other] <= heard.channel.whole && heard.channel.whole <= widestWindow);
        const taken = Math.min(turn.taken, held[other]);
        held[other] -= taken;
        const { channel: to, grant } = took(heard.channel, taken, turn.room);
        const credited = grant === 0 ? { channel: from } : hear(from, of('credit', creditBytes(grant)));
        assert.ok(credited, 'what is granted was said before');
        ends = one === 0 ? [credited.channel, to] : [to, credited.channel];
      }
      // Whatever has not been granted yet is less than what is granted at once.
      for (const each of [0, 1] as const)
        assert.ok(mayBeSaid(ends[each]) + (held[1 - each] ?? 0) > (3 / 4) * (ends[1 - each]?.whole ?? 0));
    }),
  );
});
