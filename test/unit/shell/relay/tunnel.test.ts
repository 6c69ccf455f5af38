// Two ends of a tunnel that speak with each other, and one that hears whatever comes.
import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { firstWindow, widestWindow } from '../../../../src/core/relay/channel.ts';
import { creditBytes, frame } from '../../../../src/core/relay/frames.ts';
import type { FrameKind } from '../../../../src/core/relay/frames.ts';
import type { Handlers, StreamOwner } from '../../../../src/shell/relay/join.ts';
import { Tunnel } from '../../../../src/shell/relay/tunnel.ts';
import type { TunnelStream } from '../../../../src/shell/relay/tunnel-stream.ts';

/** What carries frames: `to` takes them, as slowly as it likes. */
const carrier = (to: (piece: Buffer) => void): Writable =>
  new Writable({
    write(piece: Buffer, _encoding, done) {
      to(piece);
      setImmediate(done);
    },
  });

/** One side of a connection, and what it was told. */
function listen(stream: TunnelStream) {
  const told: string[] = [];
  const pieces: Uint8Array[] = [];
  let drained = (): void => {};
  const handlers: Handlers = {
    data: (_, piece) => void pieces.push(piece),
    drain: () => drained(),
    end: () => void told.push('end'),
    error: () => {},
    close: (_, error) => void told.push(error === undefined ? 'closed' : 'reset'),
  };
  // What is joined is not looked at here.
  stream.attach({} as StreamOwner, handlers);
  const say = async (data: Uint8Array): Promise<void> => {
    for (let at = Math.max(0, stream.write(data)); at < data.length;) {
      await new Promise<void>((resolve) => (drained = resolve));
      at += stream.write(data.subarray(at));
    }
  };
  return { told, said: () => Buffer.concat(pieces), say };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function pair() {
  const opened: { readonly stream: TunnelStream; readonly host: string | undefined }[] = [];
  const near: Tunnel = new Tunnel(carrier((piece) => assert.ok(far.take(piece))));
  const far: Tunnel = new Tunnel(
    carrier((piece) => assert.ok(near.take(piece))),
    'far',
  );
  far.asked = (stream, { host }) => void opened.push({ stream, host });
  return { near, far, opened };
}

test('what is said must come, whole and in order, on many connections at once', async () => {
  const { near, opened, far } = pair();
  const all = Array.from({ length: 20 }, (_, index) => near.open({ host: `host-${index}`, port: 1 }));
  const answers = all.map((stream) => stream.answer());
  while (opened.length < all.length) await turn();
  for (const { stream } of opened) stream.accept();
  assert.deepEqual(
    await Promise.all(answers),
    all.map(() => undefined),
  );
  const here = all.map(listen);
  const there = opened.map(({ stream }) => listen(stream));
  const data = all.map((_, index) => Buffer.alloc(3 * firstWindow + index, `${index} `));
  await Promise.all(here.map((each, index) => each.say(data[index] ?? Buffer.alloc(0))));
  for (const stream of all) stream.shutdown();
  while (there.some(({ told }) => told.length === 0)) await turn();
  for (const [index, { said, told }] of there.entries()) {
    assert.equal(opened[index]?.host, `host-${index}`);
    assert.ok(said().equals(data[index] ?? Buffer.alloc(0)));
    assert.deepEqual(told, ['end']);
  }
  // The other direction goes on, and then it is over on both sides.
  await there[0]?.say(Buffer.from('answer'));
  for (const { stream } of opened) stream.shutdown();
  while (here.some(({ told }) => told.length === 0)) await turn();
  assert.equal(here[0]?.said().toString(), 'answer');
  assert.deepEqual([near.size(), far.size()], [0, 0]);
});

test('who does not read must be waited for, and keep no other', async () => {
  const { near, opened } = pair();
  const streams = [near.open({ host: undefined, port: 1 }), near.open({ host: undefined, port: 2 })];
  const answers = streams.map((stream) => stream.answer());
  while (opened.length < 2) await turn();
  for (const { stream } of opened) stream.accept();
  await Promise.all(answers);
  const [deaf, other] = streams.map(listen);
  const [deafThere, otherThere] = opened.map(({ stream }) => listen(stream));
  opened[0]?.stream.pause();
  const data = Buffer.alloc(4 * firstWindow, 'x');
  const slow = deaf?.say(data);
  await other?.say(data);
  while ((otherThere?.said().length ?? 0) < data.length) await turn();
  assert.equal(deafThere?.said().length, firstWindow);
  opened[0]?.stream.resume();
  await slow;
  while ((deafThere?.said().length ?? 0) < data.length) await turn();
});

test('what is refused, reset or lost must be told, and no more of it', async () => {
  const { near, opened } = pair();
  const [refused, reset, given, lost] = ['a', 'b', 'c', 'd'].map((host) => near.open({ host, port: 1 }));
  const answers = [refused, reset, given, lost].map((stream) => stream?.answer());
  while (opened.length < 4) await turn();
  const there = opened.map(({ stream }) => listen(stream));
  given?.terminate();
  opened[0]?.stream.refuse('ECONNREFUSED');
  for (const index of [1, 3]) opened[index]?.stream.accept();
  assert.equal(await answers[0], 'ECONNREFUSED');
  assert.equal(await answers[1], undefined);
  const here = [reset, lost].map((stream) => stream && listen(stream));
  opened[1]?.stream.terminate();
  while (here[0]?.told.length === 0 || there[2]?.told.length === 0) await turn();
  near.close();
  assert.deepEqual([here[0]?.told, here[1]?.told, there[2]?.told], [['reset'], ['reset'], ['reset']]);
  assert.equal(near.size(), 0);
});

test('whatever an end hears, it must go on or leave off, and never fail', () => {
  const kinds = fc.constantFrom<FrameKind>(
    'hello',
    'open',
    'opened',
    'refused',
    'data',
    'end',
    'reset',
    'credit',
    'ping',
  );
  const frames = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), kinds, fc.uint8Array({ maxLength: 8 })), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(frames, fc.boolean(), (all, isNear) => {
      const streams: TunnelStream[] = [];
      const tunnel = new Tunnel(
        carrier(() => {}),
        isNear ? 'near' : 'far',
      );
      if (!isNear) tunnel.asked = (stream) => void streams.push(stream);
      if (isNear) for (let port = 1; port < 5; port += 1) streams.push(tunnel.open({ host: undefined, port }));
      for (const [id, kind, payload] of all) {
        const asked = streams.length;
        if (!tunnel.take(frame(id, kind, payload))) return;
        assert.ok(!isNear || streams.length === asked);
        const last = streams.at(-1);
        if (streams.length > asked && last !== undefined) {
          listen(last);
          if (id % 2 === 0) last.accept();
          else last.refuse('EIO');
        }
        for (const stream of streams) stream.write(payload);
      }
    }),
  );
});

test('what comes of a connection that nobody has taken yet must be no more than was agreed, and go on once it is', async () => {
  const frames: Buffer[] = [];
  const tunnel = new Tunnel(carrier((piece) => void frames.push(piece)));
  const stream = tunnel.open({ host: 'db', port: 1 });
  assert.ok(tunnel.take(frame(1, 'opened')));
  const piece = frame(1, 'data', Buffer.alloc(firstWindow / 8, 'x'));
  for (let turns = 0; turns < 8; turns += 1) assert.ok(tunnel.take(piece));
  await turn();
  assert.equal(frames.length, 1, 'nothing is granted');
  const { said } = listen(stream);
  assert.equal(said().length, firstWindow);
  for (let turns = 0; frames.length < 2 && turns < 100; turns += 1) await turn();
  assert.deepEqual(frames[1], frame(1, 'credit', creditBytes(firstWindow)));
  assert.ok(tunnel.take(piece));
});

test('a connection that is asked for once the carrier is gone must be told so at once', async () => {
  const gone = carrier(() => {});
  const tunnel = new Tunnel(gone);
  gone.destroy();
  assert.equal(await tunnel.open({ host: 'db', port: 1 }).answer(), 'ECONNRESET');
  assert.equal(tunnel.size(), 0);
});

test('a far end must answer a ping, and a near end must not', () => {
  const answers = (side: 'near' | 'far'): number => {
    const pieces: Buffer[] = [];
    const tunnel = new Tunnel(
      carrier((piece) => void pieces.push(piece)),
      side,
    );
    assert.ok(tunnel.take(Buffer.from(frame(0, 'ping'))));
    return pieces.length;
  };
  assert.deepEqual([answers('far'), answers('near')], [1, 0]);
});

test('who takes what comes must be sent more at a time, up to what all of them may be', () => {
  const granted: number[] = [];
  const tunnel = new Tunnel(
    new Writable({
      write(piece: Buffer, _encoding, done) {
        if (piece.length === 12) granted.push(piece.readUInt32BE(8));
        done();
      },
    }),
  );
  const data = Buffer.alloc(64 * 1024, 'x');
  const connect = (id: number): TunnelStream => {
    const stream = tunnel.open({ host: 'db', port: 1 });
    assert.ok(tunnel.take(frame(id, 'opened')));
    listen(stream);
    for (let piece = 0; piece < 32; piece += 1) assert.ok(tunnel.take(frame(id, 'data', data)));
    return stream;
  };
  const streams = Array.from({ length: 20 }, (_, index) => connect(index + 1));
  const sum = granted.reduce((all, each) => all + each, 0);
  const widened = sum - streams.length * 32 * data.length;
  assert.ok(widened > 48 * 1024 * 1024 && widened <= 64 * 1024 * 1024, `${widened}`);
  // Those that end leave it to others.
  for (const stream of streams) stream.terminate();
  granted.length = 0;
  connect(21);
  assert.ok(Math.max(...granted) > widestWindow / 4);
});
