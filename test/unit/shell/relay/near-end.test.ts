// The near end of a tunnel, with a pair of sockets in the place of its device: what comes of packets, and of a far end that lies.
import assert from 'node:assert/strict';
import { mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { datagramBytes, frame, tunnelReader } from '../../../../src/core/relay/frames.ts';
import type { Frame } from '../../../../src/core/relay/frames.ts';
import { datagram, longestDatagram, readPacket } from '../../../../src/core/relay/packets.ts';
import type { Place } from '../../../../src/core/relay/packets.ts';
import { openLibrary } from '../../../../src/shell/process/libc.ts';
import type { Reach } from '../../../../src/shell/relay/join.ts';
import { openNearEnd } from '../../../../src/shell/relay/near-end.ts';
import { reachByTunnel } from '../../../../src/shell/relay/reach-by-tunnel.ts';
import { Tunnel } from '../../../../src/shell/relay/tunnel.ts';

const own: Place = { address: Buffer.from([10, 0, 0, 2]), port: 5000 };
const other: Place = { address: Buffer.from([10, 0, 0, 3]), port: 53 };
const here: Place = { address: Buffer.from([127, 0, 0, 1]), port: 1 };

/** @returns two ends that keep packets apart (AF_UNIX, SOCK_DGRAM) */
function packetPair(): readonly [device: number, end: number] {
  const both = new Int32Array(2);
  const { socketpair } = openLibrary({ socketpair: { args: ['i32', 'i32', 'i32', 'ptr'], returns: 'i32' } });
  assert.equal(socketpair(1, 2, 0, both), 0);
  return [both[0] ?? -1, both[1] ?? -1];
}

/** The first packet of a connection, as far as it is read. */
function first(from: Place, to: Place): Buffer {
  const packet = datagram(from, to, Buffer.alloc(12));
  packet.writeUInt8(6, 9);
  return packet;
}

function nearEnd(reach?: Reach) {
  const folder = mkdtempSync(join(tmpdir(), 'netexec-near-'));
  // What takes all connections (proc(5)).
  const taking = '0: 00000000:0001 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1\n';
  writeFileSync(join(folder, 'tcp'), taking);
  // A server of COMMAND's own, of IPv4.
  writeFileSync(
    join(folder, 'udp'),
    '0: 00000000:1389 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 2 2\n',
  );
  const [device, end] = packetPair();
  const tables = ['none', 'none', 'none', 'none', 'none', 'tcp', 'none', 'udp', 'none'].map((name) =>
    openSync(name === 'none' ? '/dev/null' : join(folder, name), 'r'),
  );
  rmSync(folder, { recursive: true });
  const read = tunnelReader();
  const frames: Frame[] = [];
  const carrier = new Writable({
    write(piece: Buffer, _encoding, done) {
      frames.push(...(read(piece) ?? []));
      done();
    },
  });
  const tunnel = new Tunnel(carrier);
  const near = openNearEnd([device, end, ...tables], ['10.0.0.2', 'fd00::2'], reach ?? reachByTunnel(tunnel), {
    full: () => {},
    listening: () => {},
    taken: () => {},
    notLed: () => {},
  });
  return { near, tunnel, end, frames };
}

/** @returns once it is so */
async function until(isSo: () => boolean): Promise<void> {
  for (let turns = 0; !isSo() && turns < 3000; turns += 1) await pause(10);
  assert.ok(isSo());
}

test('a datagram must go to the far end, its answer come back, and one that is longer than any end the tunnel', async () => {
  const { near, tunnel, end, frames } = nearEnd();
  near.listen(tunnel);
  writeSync(end, datagram(own, other, Buffer.from('asked')));
  await until(() => frames.length > 0);
  const [asked] = frames;
  assert.deepEqual(asked?.payload, datagramBytes(other, Buffer.from('asked')));
  assert.ok(tunnel.take(frame(asked.id, 'datagram', Buffer.from('told'))));
  const buffer = Buffer.alloc(0x1_0000);
  const answer = readPacket(Buffer.from(buffer.subarray(0, readSync(end, buffer))));
  assert.deepEqual(answer, { protocol: 'udp', from: other, to: own, data: Buffer.from('told') });
  assert.ok(tunnel.take(frame(asked.id + 1, 'datagram', Buffer.from('told'))), 'of a pair that is not there any more');
  assert.equal(tunnel.take(frame(asked.id, 'datagram', Buffer.alloc(longestDatagram(own) + 1))), false);
  near.close();
});

test('a datagram that is sent while there is no tunnel must be lost, and nothing wait for it', async () => {
  let reached = 0;
  const { near, tunnel, end, frames } = nearEnd(() => {
    reached += 1;
    return Promise.reject(new Error('container-ended'));
  });
  writeSync(end, datagram(own, other, Buffer.from('early')));
  // Behind it, one that is refused.
  writeSync(end, first(own, other));
  await until(() => reached > 0);
  assert.equal(reached, 1);
  near.listen(tunnel);
  writeSync(end, datagram(own, other, Buffer.from('asked')));
  await until(() => frames.length > 0);
  assert.deepEqual(
    frames.map(({ payload }) => payload.toString('latin1').slice(-5)),
    ['asked'],
  );
  near.close();
});

test('a connection to the port that takes all others must be asked of the far end, too', async () => {
  const { near, end, frames } = nearEnd();
  writeSync(end, first({ ...here, port: 5000 }, here));
  await until(() => frames.length > 0);
  assert.equal(frames[0]?.kind, 'open');
  near.close();
});

test("a server of COMMAND's must take what comes to addresses of its own kind, and the far end all others", async () => {
  const { near, tunnel, end, frames } = nearEnd();
  near.listen(tunnel);
  const ownSix: Place = { address: Buffer.from('fd000000000000000000000000000002', 'hex'), port: 5001 };
  writeSync(end, datagram(other, { ...own, port: 5001 }, Buffer.from('of IPv4')));
  writeSync(end, datagram({ ...ownSix, port: 53 }, ownSix, Buffer.from('of IPv6')));
  await until(() => frames.length > 0);
  assert.deepEqual(
    frames.map(({ payload }) => payload),
    [datagramBytes(ownSix, Buffer.from('of IPv6'))],
  );
  near.close();
});

test('what a device does not take any more must be lost, and no matter to netexec', async () => {
  const { near, tunnel, end, frames } = nearEnd();
  near.listen(tunnel);
  writeSync(end, datagram(own, other, Buffer.from('asked')));
  await until(() => frames.length > 0);
  const { shutdown } = openLibrary({ shutdown: { args: ['i32', 'i32'], returns: 'i32' } });
  assert.equal(shutdown(end, 0), 0);
  assert.ok(tunnel.take(frame(frames[0]?.id ?? 0, 'datagram', Buffer.from('told'))));
  near.close();
});

test('connections that COMMAND has given up must make room for others', async () => {
  const asked: { readonly port: number; readonly signal: AbortSignal; readonly answer: (code: string) => void }[] = [];
  const { near, tunnel, end, frames } = nearEnd(
    ({ port }, signal) => new Promise((answer) => asked.push({ port, signal, answer })),
  );
  near.listen(tunnel);
  const begin = async (port: number): Promise<void> => {
    writeSync(end, first(own, { ...other, port }));
    // Behind it, something that is told of.
    const before = frames.length;
    writeSync(end, datagram(own, other, Buffer.from('asked')));
    while (frames.length === before) await turn();
  };
  const most = 2000;
  const { now } = Date;
  let time = now();
  Date.now = () => time;
  try {
    for (let port = 1; port <= most; port += 1) await begin(port);
    time += 3900;
    await begin(most + 1);
    assert.equal(asked.length, most, 'they may all still wait');
    // One of them is said again, as by a program that does.
    await begin(7);
    time += 200;
    await begin(most + 2);
  } finally {
    Date.now = now;
  }
  // One that is asked for anew does not end with the one that was given up.
  await begin(1);
  asked[0]?.answer('ECONNREFUSED');
  await turn();
  await begin(1);
  assert.deepEqual(
    asked.filter(({ signal }) => !signal.aborted).map(({ port }) => port),
    [7, most + 2, 1],
  );
  near.close();
});
