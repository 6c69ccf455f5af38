// Two streams joined: whatever happens on either, in whatever order, nothing is lost, made up, or kept without end.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { begin, isQuiet, next } from '../../../../src/core/relay/joined-streams.ts';
import type { Event, Side, State } from '../../../../src/core/relay/joined-streams.ts';

const came = (from: Side, bytes: number): Event => ({ kind: 'came', from, bytes });
const took = (side: Side, bytes: number): Event => ({ kind: 'took', side, bytes });
const ended = (side: Side): Event => ({ kind: 'ended', side });
const gone = (side: Side, clean = false): Event => ({ kind: 'gone', side, clean });
const ready = (side: Side): Event => ({ kind: 'ready', side });
const [opened, refused]: readonly Event[] = [{ kind: 'opened' }, { kind: 'refused' }];

/** What is done about each event, in turn: `give server`. */
function life(events: readonly (Event | undefined)[]): readonly string[] {
  let state: State = begin;
  return events.map((event) => {
    if (event === undefined) throw new Error('no event');
    const step = next(state, event);
    state = step.state;
    return step.effects.map(({ do: what, side }) => `${what} ${side}`).join(', ');
  });
}

test('it is quiet while nothing is on its way', () => {
  const states = [came('client', 5), opened, took('server', 4), took('server', 1), ended('client'), refused];
  let state: State = begin;
  const quiet = states.map((event = assert.fail()) => {
    ({ state } = next(state, event));
    return isQuiet(state);
  });
  assert.deepEqual([isQuiet(begin), ...quiet], [true, false, false, false, true, true, true]);
});

describe('a connection', () => {
  const rows: readonly (readonly [title: string, ...steps: readonly (readonly [Event | undefined, string])[]])[] = [
    [
      'gives what comes, and ends when both have',
      [opened, ''],
      [came('client', 5), 'give server'],
      [took('server', 5), ''],
      [ended('client'), 'end server'],
      [came('server', 9), 'give client'],
      [took('client', 9), ''],
      [ended('server'), 'end client, close client, close server'],
      [gone('client', true), ''],
    ],
    [
      'keeps what comes before the server is there',
      [came('client', 5), 'pause client'],
      [ended('client'), ''],
      [opened, 'give server'],
      [took('server', 5), 'end server'],
    ],
    [
      'gives the client what is said in place of a server that is not there yet',
      [came('server', 2), 'give client'],
      [took('client', 1), ''],
      [came('server', 5), ''],
      [opened, ''],
      [came('server', 5), 'pause server'],
      [ready('client'), 'give client'],
      [took('client', 11), 'resume server'],
    ],
    ['is reset where nobody is reached', [came('client', 5), 'pause client'], [refused, 'reset client'], [opened, '']],
    ['is not made for a client that is gone', [gone('client', true), 'reset server'], [opened, '']],
    [
      'waits for a slow reader',
      [opened, ''],
      [came('server', 100), 'give client'],
      [took('client', 30), 'pause server'],
      [came('server', 10), ''],
      [ready('client'), 'give client'],
      [took('client', 20), ''],
      [ready('client'), 'give client'],
      [took('client', 60), 'resume server'],
      [ready('client'), ''],
    ],
    [
      'ends one behind all that it said',
      [opened, ''],
      [came('server', 100), 'give client'],
      [took('client', 30), 'pause server'],
      [ended('server'), ''],
      [ready('client'), 'give client'],
      [took('client', 70), 'end client'],
    ],
    ['hands a reset on', [opened, ''], [gone('server'), 'reset client'], [came('client', 5), '']],
    [
      'hands it on behind what came before',
      [opened, ''],
      [came('server', 100), 'give client'],
      [took('client', 30), 'pause server'],
      [gone('server'), ''],
      [came('client', 5), ''],
      [ready('client'), 'give client'],
      [took('client', 70), 'reset client'],
    ],
    [
      'does not keep a server that does not listen for a client that is gone',
      [opened, ''],
      [came('client', 100), 'give server'],
      [took('server', 30), 'pause client'],
      [gone('client'), 'reset server'],
    ],
    [
      'resets one that talks to a side that is gone behind its own end',
      [opened, ''],
      [ended('client'), 'end server'],
      [gone('client'), 'reset server'],
    ],
    [
      'takes one for ended that goes without a fault, having been told the end',
      [opened, ''],
      [ended('client'), 'end server'],
      [came('server', 9), 'give client'],
      [took('client', 9), ''],
      [gone('server', true), 'end client, close client, close server'],
    ],
    ['resets one whose other side goes without a word', [opened, ''], [gone('server', true), 'reset client']],
    [
      'lets a side go whose last words are held',
      [opened, ''],
      [ended('client'), 'end server'],
      [came('server', 9), 'give client'],
      [took('client', 0), 'pause server'],
      [ended('server'), ''],
      [gone('server', true), ''],
      [ready('client'), 'give client'],
      [took('client', 9), 'end client, close client, close server'],
    ],
  ];
  for (const [title, ...steps] of rows) {
    test(title, () => {
      const done = life(steps.map(([event]) => event));
      assert.deepEqual(
        done,
        steps.map(([, expected]) => expected),
      );
    });
  }
});

/** A socket as the kernel has it: what it has to say, and what it has heard. */
interface Socket {
  /** Sizes of what comes from it, then how it ends. */
  readonly says: number[];
  readonly end: 'ends' | 'breaks' | 'stays';
  said: number;
  heard: number;
  /** Whether its end has been told; what it has been told; what it has been done to. */
  over: boolean;
  heardEnd: boolean;
  wasReset: boolean;
  paused: boolean;
  /** What has been given to it is not all taken. */
  full: boolean;
}

/** A joined pair, and the world around it, which goes on in any order. */
function world(says: Readonly<Record<Side, readonly number[]>>, ends: Readonly<Record<Side, Socket['end']>>) {
  const make = (side: Side): Socket => {
    const begun = { said: 0, heard: 0, over: false, heardEnd: false, wasReset: false, paused: false, full: false };
    return { says: [...says[side]], end: ends[side], ...begun };
  };
  const sockets: Record<Side, Socket> = { client: make('client'), server: make('server') };
  let state: State = begin;
  let [most, early] = [0, 0];
  const other = (side: Side): Side => (side === 'client' ? 'server' : 'client');
  const tell = (event: Event, take: number): void => {
    const step = next(state, event);
    assert.ok(state.kind !== 'over' || step.effects.length === 0, 'over is over');
    state = step.state;
    most = Math.max(most, state.client.held, state.server.held);
    assert.ok(state.client.held >= 0 && state.server.held >= 0);
    for (const { do: what, side } of step.effects) {
      const socket = sockets[side];
      if (what === 'pause' || what === 'resume') socket.paused = what === 'pause';
      if (what === 'reset') socket.wasReset = true;
      if (what === 'end') {
        assert.equal(socket.heardEnd, false, 'an end is told once');
        socket.heardEnd = true;
      }
      if (what !== 'give') continue;
      assert.equal(socket.heardEnd, false, 'nothing comes behind the end');
      const bytes = Math.min(take, state[other(side)].held);
      socket.heard += bytes;
      socket.full = bytes < state[other(side)].held;
      tell({ kind: 'took', side, bytes }, take);
    }
  };
  return {
    sockets,
    tell,
    other,
    state: () => state,
    /** Beyond what was said before there was a server. */
    most: () => most - early,
    /** Something that may happen to that side. @returns whether it did */
    happen: (side: Side, take: number): boolean => {
      const socket = sockets[side];
      if (socket.full && state.kind === 'open') {
        socket.full = false;
        tell({ kind: 'ready', side }, take);
        return true;
      }
      if (socket.over || socket.wasReset || socket.paused) return false;
      const bytes = socket.says.shift();
      if (bytes !== undefined) {
        socket.said += bytes;
        if (side === 'server' && state.kind === 'opening') early += bytes;
        tell({ kind: 'came', from: side, bytes }, take);
        return true;
      }
      if (socket.end === 'stays' || (side === 'server' && state.kind === 'opening')) return false;
      socket.over = true;
      // The runtime tells of an end behind one that it was told by letting the socket go.
      const goes: Event = socket.heardEnd ? { kind: 'gone', side, clean: true } : { kind: 'ended', side };
      tell(socket.end === 'ends' ? goes : { kind: 'gone', side, clean: false }, take);
      return true;
    },
  };
}

const sizes = fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 12 });
const ways = fc.constantFrom<Socket['end']>('ends', 'breaks', 'stays');
const turns = fc.array(fc.record({ client: fc.boolean(), take: fc.integer({ min: 0, max: 150 }) }), { maxLength: 60 });

test('whatever the order, all that was said is heard, once, and then the end', () => {
  fc.assert(
    fc.property(
      sizes,
      sizes,
      ways,
      ways,
      turns,
      fc.nat(40),
      (client, server, clientEnds, serverEnds, random, opens) => {
        const w = world({ client, server }, { client: clientEnds, server: serverEnds });
        for (const [index, turn] of random.entries()) {
          if (index === opens && w.state().kind === 'opening') w.tell({ kind: 'opened' }, turn.take);
          w.happen(turn.client ? 'client' : 'server', turn.take);
        }
        if (w.state().kind === 'opening') w.tell({ kind: 'opened' }, 1);
        // In the end everybody takes what there is.
        for (let more = true; more;) more = [w.happen('client', 1000), w.happen('server', 1000)].includes(true);
        for (const side of ['client', 'server'] as const) {
          const [socket, from] = [w.sockets[side], w.sockets[w.other(side)]];
          if (clientEnds !== 'breaks' && serverEnds !== 'breaks')
            assert.equal(socket.wasReset, false, `${side} is reset for nothing`);
          const whole = !socket.wasReset && !from.wasReset && socket.end !== 'breaks';
          if (whole) assert.deepEqual([socket.heard, from.says], [from.said, []], `${side} has heard all`);
          else assert.ok(socket.heard <= from.said);
          if (whole && from.end === 'ends' && from.over)
            assert.equal(socket.heardEnd, true, `${side} has heard the end`);
          if (socket.end === 'breaks' && socket.over)
            assert.ok(from.wasReset || from.end === 'breaks', `${w.other(side)} is reset`);
        }
        // One that was told to pause may have sent one more.
        assert.ok(w.most() <= 100, `${w.most()} bytes held`);
      },
    ),
    { numRuns: 5000 },
  );
});

test('whatever happens, however senseless, it neither fails nor does anything once it is over', () => {
  const side = fc.constantFrom<Side>('client', 'server');
  const event = fc.oneof(
    fc.constantFrom<Event>({ kind: 'opened' }, { kind: 'refused' }),
    fc.record({ kind: fc.constant('came' as const), from: side, bytes: fc.nat(10) }),
    fc.record({ kind: fc.constantFrom('ready' as const, 'ended' as const), side }),
    fc.record({ kind: fc.constant('gone' as const), side, clean: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      let state: State = begin;
      for (const each of events) {
        const step = next(state, each);
        if (state.kind === 'over') assert.deepEqual(step, { state, effects: [] });
        state = step.state;
      }
    }),
    { numRuns: 2000 },
  );
});
