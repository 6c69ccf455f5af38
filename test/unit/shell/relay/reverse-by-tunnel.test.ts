// Ports of the far end's localhost that lead to the near end's machine, with both ends in this process.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { frame, listeningNumber, readListening } from '../../../../src/core/relay/frames.ts';
import { listenForNear } from '../../../../src/shell/relay/far-listening.ts';
import { reverseByTunnel } from '../../../../src/shell/relay/reverse-by-tunnel.ts';
import { Tunnel } from '../../../../src/shell/relay/tunnel.ts';

test('the number of a port must tell who reaches it, and any other number none', () => {
  const ports = fc.record(
    { port: fc.integer({ min: 1, max: 0xffff }), alone: fc.boolean() },
    { noNullPrototype: true },
  );
  fc.assert(fc.property(ports, (each) => assert.deepEqual(readListening(listeningNumber(each)), each)));
  for (const number of [0, 0x1_0000, 0x2_0000, 0xffff_ffff])
    assert.equal(readListening(number), undefined, `${number}`);
});

const carrier = (to: (piece: Buffer) => void): Writable =>
  new Writable({
    write(piece: Buffer, _encoding, done) {
      to(piece);
      setImmediate(done);
    },
  });

function pair() {
  const near: Tunnel = new Tunnel(carrier((piece) => assert.ok(far.take(piece))));
  const far: Tunnel = new Tunnel(
    carrier((piece) => assert.ok(near.take(piece))),
    'far',
  );
  far.beside = listenForNear(far);
  return { near, far };
}

/** @returns a port that nobody has */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function hear(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const pieces: Buffer[] = [];
  socket.on('data', (piece) => void pieces.push(piece));
  socket.on('error', () => {});
  await once(socket, 'close');
  return Buffer.concat(pieces).toString();
}

test('who connects there must reach this machine, and a port that is taken be told', async () => {
  const server = createServer((socket) => socket.end('here')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const inside = await freePort();
  const { near } = pair();
  const refused: string[] = [];
  const reversed = reverseByTunnel([{ inside, host: '127.0.0.1', port }], () => {});
  reversed.listen(near);
  await reversed.ready;
  assert.equal(await hear(inside), 'here');
  const second = pair();
  reverseByTunnel([{ inside, host: undefined, port }], (_, code) => void refused.push(code)).listen(second.near);
  while (refused.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(refused, ['EADDRINUSE']);
  server.close();
});

test('a far end must not choose where this machine is reached', async () => {
  const server = createServer((socket) => socket.end('here')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { near, far } = pair();
  reverseByTunnel([{ inside: 9003, host: '127.0.0.1', port }], () => {}).listen(near);
  for (const to of [
    { host: 'localhost', port },
    { host: '127.0.0.1', port },
    { host: undefined, port },
    { host: undefined, port: 9003 },
  ])
    assert.equal(await far.open(to).answer(), 'ECONNREFUSED', JSON.stringify(to));
  server.close();
});

test('a far end must answer each time that it is asked, and no more', () => {
  const near = new Tunnel(carrier(() => {}));
  reverseByTunnel([{ inside: 9003, host: undefined, port: 9003 }], () => {}).listen(near);
  const said = (kind: 'listened' | 'unlistened', port: number): boolean =>
    near.take(
      frame(listeningNumber({ port, alone: true }), kind, kind === 'listened' ? undefined : Buffer.from('EADDRINUSE')),
    );
  assert.equal(said('unlistened', 9004), false);
  assert.equal(said('unlistened', 9003), true);
  assert.equal(said('unlistened', 9003), false);
  assert.equal(said('listened', 9003), false);
});

test('a port that COMMAND did not have as long as it ran must be told at its end, once', () => {
  const near = new Tunnel(carrier(() => {}));
  const refused: string[] = [];
  const reversed = reverseByTunnel(
    [9003, 9004].map((port) => ({ inside: port, host: undefined, port })),
    ({ inside }, code) => void refused.push(`${inside} ${code}`),
  );
  reversed.listen(near);
  for (const port of [9003, 9004])
    near.take(frame(listeningNumber({ port, alone: true }), 'unlistened', Buffer.from('EADDRINUSE')));
  near.listen(listeningNumber({ port: 9004, alone: true }));
  near.take(frame(listeningNumber({ port: 9004, alone: true }), 'listened'));
  assert.deepEqual(refused, []);
  reversed.finish();
  reversed.finish();
  assert.deepEqual(refused, ['9003 EADDRINUSE']);
});
