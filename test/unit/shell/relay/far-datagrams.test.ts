// Datagrams at the far end of a tunnel: of both families, and to where none can go.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { datagramBytes } from '../../../../src/core/relay/frames.ts';
import { carryDatagrams } from '../../../../src/shell/relay/far-datagrams.ts';

const loopback = {
  udp4: ['127.0.0.1', Buffer.from([127, 0, 0, 1])],
  udp6: ['::1', Buffer.from('00000000000000000000000000000001', 'hex')],
} as const;

test('datagrams must be carried to addresses of both families, and answers back', async () => {
  for (const family of ['udp4', 'udp6'] as const) {
    const [host, address] = loopback[family];
    const server = createSocket(family, (data, who) =>
      server.send(`answer to ${data.toString()}`, who.port, who.address),
    );
    server.bind(0, host);
    await once(server, 'listening');
    const told = new Promise<string>((resolve) => {
      const carry = carryDatagrams((id, kind, payload = Buffer.alloc(0)) =>
        resolve(`${id} ${kind} ${Buffer.from(payload).toString()}`),
      );
      assert.ok(carry(7, datagramBytes({ address, port: server.address().port }, Buffer.from('asked'))));
    });
    assert.equal(await told, '7 datagram answer to asked', family);
    server.close();
  }
});

test('where no datagram can go, that must be told, and nothing fail', async () => {
  // A broadcast, without leave to send one; and a port that is none.
  for (const place of [
    { address: Buffer.from([255, 255, 255, 255]), port: 9 },
    { address: loopback.udp4[1], port: 0 },
  ]) {
    const told = new Promise<string>((resolve) => {
      const carry = carryDatagrams((id, kind) => resolve(`${id} ${kind}`));
      assert.ok(carry(8, datagramBytes(place, Buffer.from('asked'))));
    });
    assert.equal(await told, '8 unreached');
  }
});
