// Lives of a run, for tests: a state and an event of each kind, and a line for each step.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail, success } from '../../../../src/core/failure/failure.ts';
import type { Failure, Result } from '../../../../src/core/failure/failure.ts';
import { begin, next } from '../../../../src/core/entry/lifecycle.ts';
import type { Effect, Event, Exit, State, Step } from '../../../../src/core/entry/lifecycle.ts';
import type { OnContainerEnd } from '../../../../src/core/entry/container-end.ts';
import type { EntryPlan } from '../../../../src/core/entry/plan.ts';
import { planOf, planOn, root } from '../samples.ts';

/** The container is shop-web-1, of the service web. */
export const plans = {
  own: planOf({}, root),
  place: planOn(),
  /** COMMAND is among the container's processes. */
  pid: planOf({ pid: true }, { ...root, processes: { numbers: [4711, 1], uid: 0, ptraceScope: 0 } }),
  engine: planOf({ elevate: 'docker' }),
  /** sudo asks for a password. */
  asks: planOf(
    { elevate: 'sudo' },
    { terminal: true, elevators: [{ name: 'sudo', program: '/usr/bin/sudo', refusal: 'it asks for a password' }] },
  ),
};

export const denied: Failure = { kind: 'engine-permission', socket: '/s', user: 'me' };
/** In the pause between two starts. */
export const restarting: Failure = {
  kind: 'service-not-running',
  project: 'shop',
  service: 'web',
  containers: [
    {
      name: 'shop-web-1',
      state: 'restarting',
      status: 'Restarting (3)',
      ending: { exitCode: 3, restarts: 7, outOfMemory: false, error: '' },
    },
  ],
};
export const unknown: Failure = { kind: 'container-unknown', container: 'shop-web-1', running: [] };

const ended = (exit: Result<Exit>, containerEnded: boolean): Event => ({ kind: 'entry-ended', exit, containerEnded });

/** COMMAND ends. */
export const exits = (status: number, containerEnded = false): Event =>
  ended(success({ status, started: true }), containerEnded);

/** An entry ends that has not become COMMAND. */
export const stops = (status: number, containerEnded = false): Event =>
  ended(success({ status, started: false }), containerEnded);

export const fails = (failure: Failure, containerEnded = false): Event => ended(fail(failure), containerEnded);

export const sent = (signal: 'SIGUSR1' | 'SIGPIPE' | 'SIGHUP'): Event => ({ kind: 'signal', signal, shared: false });

/** A Ctrl-C. */
export const interrupt: Event = { kind: 'signal', signal: 'SIGINT', shared: true };

export const prepared = (plan: EntryPlan | Failure): Event => ({
  kind: 'prepared',
  plan: 'kind' in plan ? fail(plan) : success(plan),
});

export const events: { readonly [Kind in Event['kind']]: Event & { readonly kind: Kind } } = {
  entered: { kind: 'entered' },
  'entry-late': { kind: 'entry-late' },
  signal: { kind: 'signal', signal: 'SIGTERM', shared: false },
  'docker-ended': { kind: 'docker-ended' },
  'container-ended': { kind: 'container-ended', container: 'shop-web-1', status: 137 },
  'network-changed': { kind: 'network-changed', container: 'shop-web-1', network: 'shop_cache', joined: false },
  'engine-seen': { kind: 'engine-seen', there: false },
  'entry-ended': { kind: 'entry-ended', exit: success({ status: 3, started: true }), containerEnded: false },
  'time-is-up': { kind: 'time-is-up' },
  prepared: { kind: 'prepared', plan: success(plans.own) },
};

/** The state after the first plan and then these events. */
const after = (plan: EntryPlan, mode: OnContainerEnd, ...happened: readonly Event[]): State =>
  happened.reduce((state, event) => next(state, event).state, begin(success(plan), mode).state);

const { entered } = events;

/** Of a run with --restart. */
export const states: { readonly [Kind in State['kind']]: State } = {
  starting: after(plans.own, 'restart'),
  running: after(plans.own, 'restart', entered),
  'container-gone': after(plans.own, 'restart', entered, events['container-ended']),
  asking: after(plans.own, 'restart', entered, stops(124)),
  waiting: after(plans.own, 'restart', entered, exits(0, true)),
  ended: after(plans.own, 'restart', entered, exits(0)),
};

/** Events of every kind with all that makes a difference. */
export const manyEvents: readonly Event[] = [
  ...Object.values(events),
  ...([0, 124, 125, 137] as const).flatMap((status) =>
    [exits, stops].flatMap((end) => [end(status), end(status, true)]),
  ),
  fails(denied, true),
  interrupt,
  sent('SIGUSR1'),
  { ...events['network-changed'], joined: true },
  { kind: 'engine-seen', there: true },
  { kind: 'container-ended', container: 'shop-db-1', status: undefined },
  ...[plans.pid, unknown, denied].map(prepared),
];

/** A line: the state, and behind a colon what is done. */
export function told({ state, effects }: Step): string {
  const status = state.kind === 'ended' ? ` ${toldStatus(state.status)}` : '';
  return `${state.kind}${status}${effects.length > 0 ? `: ${effects.map(toldEffect).join(', ')}` : ''}`;
}

const toldStatus = (status: Result<number>): string => (status.ok ? `${status.value}` : status.failure.kind);

function toldEffect(effect: Effect): string {
  switch (effect.do) {
    case 'say':
      return `"${effect.text}"`;
    case 'signal':
      return effect.group ? `${effect.signal} to its group` : effect.signal;
    case 'wait':
      return `wait ${effect.milliseconds} ms`;
    case 'enter':
      return effect.again ? 'enter again' : 'enter';
    case 'watch':
    case 'kill':
    case 'ask':
    case 'prepare':
      return effect.do;
  }
}

export const nothing = 'nothing';

/** The step that an event is in a state. */
export const toldIn = (state: State, event: Event): string => {
  const step = next(state, event);
  return step.state === state && step.effects.length === 0 ? nothing : told(step);
};

export type Happening = readonly [event: Event, told: string];

/** @param begins what the plan, or the want of one, begins */
export function lives(
  title: string,
  mode: OnContainerEnd,
  first: EntryPlan | Failure,
  begins: string,
  ...happenings: readonly Happening[]
): void {
  test(title, () => {
    let step = begin('kind' in first ? fail(first) : success(first), mode);
    assert.equal(told(step), begins);
    for (const [event, expected] of happenings) {
      assert.equal(toldIn(step.state, event), expected, event.kind);
      step = next(step.state, event);
    }
  });
}
