// A connection whose client takes nothing for a while, and what is held for it meanwhile.
import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { frame } from '../../../../src/core/relay/frames.ts';
import { handlers, Joined } from '../../../../src/shell/relay/join.ts';
import type { Stream } from '../../../../src/shell/relay/join.ts';
import { reachByTunnel } from '../../../../src/shell/relay/reach-by-tunnel.ts';
import { Tunnel } from '../../../../src/shell/relay/tunnel.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what a far end says in single bytes, each in a large piece, must take no more memory than that', async () => {
  const tunnel = new Tunnel(new Writable({ write: (_piece, _encoding, done) => done() }));
  let takes = 0;
  const given: Uint8Array[] = [];
  const nothing = (): void => {};
  const client = {
    setNoDelay: nothing,
    pause: nothing,
    resume: nothing,
    shutdown: nothing,
    end: nothing,
    terminate: nothing,
    write(piece: Uint8Array): number {
      const taken = Math.min(takes, piece.length);
      takes -= taken;
      if (taken > 0) given.push(piece.subarray(0, taken));
      return taken;
    },
  } as unknown as Stream;
  const joined = new Joined(reachByTunnel(tunnel)).take(client);
  joined.connect({ host: 'db', port: 1 });
  await turn();
  assert.ok(tunnel.take(frame(1, 'opened')));
  await turn();
  const filler = Buffer.concat(Array.from({ length: 8000 }, () => frame(0, 'ping')));
  const said = Buffer.from(Array.from({ length: 500 }, (_, index) => index % 251));
  const long = Buffer.alloc(40_000, 'long');
  for (const byte of said.subarray(0, 300))
    assert.ok(tunnel.take(Buffer.concat([frame(1, 'data', Uint8Array.of(byte)), filler])));
  // Some is taken in between.
  takes = 7;
  handlers.drain(client);
  for (const byte of said.subarray(300))
    assert.ok(tunnel.take(Buffer.concat([frame(1, 'data', Uint8Array.of(byte)), filler])));
  assert.ok(tunnel.take(frame(1, 'data', long)));
  takes = said.length + long.length;
  handlers.drain(client);
  assert.ok(Buffer.concat(given).equals(Buffer.concat([said, long])));
  const [, ...waited] = given;
  const kept = new Set(waited.map(({ buffer }) => buffer));
  const bytes = [...kept].reduce((sum, { byteLength }) => sum + byteLength, 0);
  assert.ok(bytes <= 16 * 1024 + long.length, `${bytes} bytes are kept`);
  joined.tell({ kind: 'gone', side: 'client', clean: false });
});
