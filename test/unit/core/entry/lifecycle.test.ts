// What each event is in each state of a run's life; and that none gets stuck, whatever happens.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { success } from '../../../../src/core/failure/failure.ts';
import { begin, engineIsAway, next } from '../../../../src/core/entry/lifecycle.ts';
import type { Event, State, Step } from '../../../../src/core/entry/lifecycle.ts';
import type { OnContainerEnd } from '../../../../src/core/entry/container-end.ts';
import type { EntryPlan } from '../../../../src/core/entry/plan.ts';
import { events, manyEvents, nothing, plans, states, told, toldIn } from './lives.ts';

describe('an event', () => {
  const waits = 'waiting: "waiting for web", prepare';
  const ends =
    '"shop-web-1 exited with status 137: stopping COMMAND, to restart it with the container", wait 10000 ms, SIGTERM';
  const leaves = '"shop-web-1 has left network shop_cache"';
  const ignored = {
    entered: nothing,
    'entry-late': nothing,
    signal: nothing,
    'docker-ended': nothing,
    'container-ended': nothing,
    'network-changed': nothing,
    'engine-seen': nothing,
    'entry-ended': nothing,
    'time-is-up': nothing,
    prepared: nothing,
  };
  /** Of a run with --restart: a row for every state, a cell for every event. */
  const table: { readonly [In in State['kind']]: { readonly [Of in Event['kind']]: string } } = {
    starting: {
      ...ignored,
      entered: 'running: watch',
      signal: 'ended 143',
      'docker-ended': 'ended 143',
      'entry-ended': 'ended 3',
    },
    running: {
      ...ignored,
      'entry-late': 'running: kill',
      signal: 'running: SIGTERM',
      'docker-ended': 'running: SIGTERM',
      'container-ended': `container-gone: ${ends}`,
      'network-changed': `running: ${leaves}`,
      'engine-seen': `running: "${engineIsAway}"`,
      'entry-ended': 'ended 3',
    },
    'container-gone': {
      ...ignored,
      'entry-late': 'container-gone: kill',
      signal: 'container-gone: SIGTERM',
      'docker-ended': 'container-gone: SIGTERM',
      'time-is-up': 'container-gone: SIGKILL',
      'entry-ended': waits,
    },
    asking: { ...ignored, signal: 'ended 143', 'docker-ended': 'ended 143', 'container-ended': waits },
    waiting: {
      ...ignored,
      signal: 'ended 143',
      'docker-ended': 'ended 143',
      'time-is-up': 'waiting: prepare',
      prepared: 'starting: "shop-web-1 is running again: restarting COMMAND", enter again',
    },
    ended: { ...ignored, entered: 'ended 0: kill' },
  };
  for (const [kind, row] of Object.entries(table) as [State['kind'], (typeof table)[State['kind']]][]) {
    test(`while ${kind}`, () => {
      assert.equal(states[kind].kind, kind);
      const seen = Object.values(events).map((event) => [event.kind, toldIn(states[kind], event)]);
      assert.deepEqual(Object.fromEntries(seen), row);
    });
  }
});

/** What is under way between an effect and an event: without any of it nothing more would ever happen. */
const until = { enter: 'entry-ended', ask: 'container-ended', prepare: 'prepared', wait: 'time-is-up' } as const;
type UnderWay = keyof typeof until;
const isUnderWay = (each: string): each is UnderWay => each in until;

const ofEntries: readonly Event['kind'][] = [
  ...(['entered', 'entry-late', 'entry-ended'] as const),
  ...(['container-ended', 'network-changed', 'engine-seen'] as const),
];

function canHappen({ kind }: Event, underWay: ReadonlySet<UnderWay>): boolean {
  if (kind === 'signal' || kind === 'docker-ended') return true;
  return [...underWay].some((each) => until[each] === kind || (each === 'enter' && ofEntries.includes(kind)));
}

/** As supervise.ts has it. */
function follow(underWay: ReadonlySet<UnderWay>, from: State, event: Event, { state, effects }: Step): Set<UnderWay> {
  const left = [...underWay].filter(
    (each) => until[each] !== event.kind && (each !== 'wait' || state.kind === from.kind),
  );
  const begun = effects.map((effect): string => effect.do).filter(isUnderWay);
  const entries = [...left, ...begun].filter((each) => each === 'enter');
  assert.ok(entries.length <= 1, 'one COMMAND at a time');
  return new Set([...left, ...begun]);
}

test('a life, whatever happens in it, must go on until it has ended, and do nothing then', () => {
  const mode = fc.constantFrom<OnContainerEnd>('ignore', 'warn', 'restart', 'stop', 'end', 'wait');
  const plan = fc.constantFrom(...Object.values(plans));
  const all = fc.array(fc.constantFrom(...manyEvents), { maxLength: 60 });
  const live = (first: EntryPlan, onContainerEnd: OnContainerEnd, happened: readonly Event[]): void => {
    let step = begin(success(first), onContainerEnd);
    let underWay = new Set<UnderWay>(['enter']);
    for (const event of happened) {
      if (!canHappen(event, underWay)) continue;
      const from = step.state;
      const acts = underWay.has('enter');
      step = next(from, event);
      const done = step.effects.map((effect) => effect.do);
      underWay = follow(underWay, from, event, step);
      if (from.kind === 'ended') assert.equal(step.state, from);
      assert.ok(step.state.kind === 'ended' || underWay.size > 0, `${from.kind}, ${event.kind}: ${told(step)}`);
      assert.ok(acts || !(done.includes('signal') || done.includes('kill')), 'there is something to signal');
    }
  };
  fc.assert(fc.property(plan, mode, all, live), { numRuns: 5000 });
});
