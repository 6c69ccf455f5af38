// The life of a run, from its entry to its exit status: what netexec does, whatever happens and whenever.
// src/shell/enter/supervise.ts tells it what happens, and does what it says; docs/life-of-a-run.md draws it.
import { mayReturn, whoRestarts } from '../engine/container-return.ts';
import { fail, success } from '../failure/failure.ts';
import type { Failure, Result } from '../failure/failure.ts';
import { hasNames } from '../names/names.ts';
import type { NetworkEvent } from '../engine/network-events.ts';
import { comesBack, describeEnd } from './container-end.ts';
import type { OnContainerEnd } from './container-end.ts';
import type { EntryPlan } from './plan.ts';
import { joinsProcesses } from './processes.ts';
import { ways } from '../ways/ways.ts';

export type State =
  /** There is nothing to signal as yet. */
  | ({ readonly kind: 'starting' } & EntryFacts)
  /** The entry, and then COMMAND, which it becomes. */
  | ({ readonly kind: 'running' } & EntryFacts)
  /** The container has ended, and its network with it; COMMAND has not. */
  | ({ readonly kind: 'container-gone' } & EntryFacts)
  /** The container ended while it was entered, and the engine is asked how. */
  | ({ readonly kind: 'asking' } & EntryFacts)
  /** There is no container to enter: it is looked for, so many times by now. */
  | {
      readonly kind: 'waiting';
      readonly onContainerEnd: OnContainerEnd;
      readonly again: boolean;
      readonly looks: number;
    }
  | { readonly kind: 'ended'; readonly status: Result<number> };

interface EntryFacts {
  readonly plan: EntryPlan;
  readonly onContainerEnd: OnContainerEnd;
  /** netexec has sent a signal on: that may be what ends it. */
  readonly signalled: boolean;
  /** It takes too long, and netexec ends it. */
  readonly heldUp: boolean;
  /** What has asked netexec itself to end: COMMAND does not start again then. */
  readonly endSignal: EndSignal | undefined;
  /** The networks that the container has left, as far as that was said. */
  readonly left: readonly string[];
  readonly engineAway: boolean;
}

export type Event =
  /** There is something to signal; that has not become COMMAND in its time; a wait is over. */
  | { readonly kind: 'entered' | 'entry-late' | 'time-is-up' | 'docker-ended' }
  /** `shared`: it came from the terminal, which sends it to all of netexec's process group. */
  | { readonly kind: 'signal'; readonly signal: Signal; readonly shared: boolean }
  | NetworkEvent
  /** `containerEnded`: the container's process is gone, which may be known before the engine tells. */
  | { readonly kind: 'entry-ended'; readonly exit: Result<Exit>; readonly containerEnded: boolean }
  | { readonly kind: 'prepared'; readonly plan: Result<EntryPlan> };

/** Of the entry, or of COMMAND. */
export interface Exit {
  /** 128+n where signal n has ended it; of a stage that does not start COMMAND 125 where it has said why, 124 where the container has ended. */
  readonly status: number;
  /** The stage has said that COMMAND starts. */
  readonly started: boolean;
}

export type Effect =
  | { readonly do: 'say'; readonly text: string }
  | { readonly do: 'enter'; readonly plan: EntryPlan; readonly again: boolean }
  /** `group`: as the terminal would, to all that COMMAND has in its process group. */
  | { readonly do: 'signal'; readonly signal: NodeJS.Signals; readonly group: boolean }
  /** `watch` the network; `kill` the entry, and all below it; `ask` the engine how the container ended; `prepare` the plan anew. */
  | { readonly do: 'watch' | 'kill' | 'ask' | 'prepare' }
  /** It is over when the state is of another kind. */
  | { readonly do: 'wait'; readonly milliseconds: number };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** An entry takes some milliseconds; a machine may be busy. */
export const longestEntry = { seconds: 10 };
/** For a COMMAND that is to start again, as `docker stop` gives. */
const grace = { milliseconds: 10_000 };
const betweenLooks = { milliseconds: 500 };

/** The signals that ask netexec itself to end, by number. */
const endSignals = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const;
type EndSignal = keyof typeof endSignals;
/** SIGPIPE: nobody reads any more what netexec hands on of COMMAND. */
export type Signal = EndSignal | 'SIGUSR1' | 'SIGUSR2' | 'SIGPIPE';

/** @param first the plan, or why there is none */
export function begin(first: Result<EntryPlan>, onContainerEnd: OnContainerEnd): Step {
  if (first.ok) return enter(first.value, onContainerEnd, false);
  // A container that keeps restarting may be in the pause between two starts.
  const restarting = comesBack(onContainerEnd) ? whoRestarts(first.failure) : undefined;
  return restarting === undefined ? end(first) : wait(restarting, onContainerEnd, false);
}

/** What a state does not expect changes nothing. */
export function next(state: State, event: Event): Step {
  const transition = transitions[state.kind][event.kind] as ((from: State, by: Event) => Step) | undefined;
  return transition?.(state, event) ?? stay(state);
}

type Of<Union, Kind> = Union & { readonly kind: Kind };
type Transitions<From> = { readonly [By in Event['kind']]?: (state: From, event: Of<Event, By>) => Step };
type WithEntry = Extract<State, EntryFacts>;

/** Where no COMMAND is, netexec ends as one without handlers would. */
const withoutCommand: Transitions<State> = {
  signal: (state, { signal }) => (isEndSignal(signal) ? end(success(128 + endSignals[signal])) : stay(state)),
  'docker-ended': () => end(success(128 + endSignals.SIGTERM)),
};

const withCommand: Transitions<WithEntry> = {
  signal: passOn,
  'docker-ended': (state) => passOn(state, { signal: 'SIGTERM', shared: false }),
  'entry-late': entryLate,
  'entry-ended': entryEnds,
};

const transitions: { readonly [Kind in State['kind']]: Transitions<Of<State, Kind>> } = {
  starting: { ...withoutCommand, entered, 'entry-ended': entryEnds },
  running: {
    ...withCommand,
    'container-ended': containerEnds,
    'network-changed': networkChanges,
    'engine-seen': engineChanges,
  },
  'container-gone': { ...withCommand, 'time-is-up': (state) => send(state, 'SIGKILL') },
  asking: {
    ...withoutCommand,
    'container-ended': (state, { container, status }) =>
      endWithContainer(state, fail({ kind: 'container-ended', container, status })),
  },
  waiting: { ...withoutCommand, 'time-is-up': (state) => stay(state, { do: 'prepare' }), prepared },
  // netexec was asked to end while the entry was prepared.
  ended: { entered: (state) => stay(state, { do: 'kill' }) },
};

function entered(state: WithEntry): Step {
  const watch: readonly Effect[] = state.onContainerEnd === 'ignore' ? [] : [{ do: 'watch' }];
  return stay({ ...state, kind: 'running' }, ...watch);
}

function entryLate(state: WithEntry): Step {
  // Whoever is asked for a password may take their time.
  if (state.plan.way.program?.asks === true) return stay(state);
  return stay({ ...state, heldUp: true }, { do: 'kill' });
}

function passOn(state: WithEntry, { signal, shared }: Pick<Of<Event, 'signal'>, 'signal' | 'shared'>): Step {
  const asked = isEndSignal(signal) ? { ...state, endSignal: lasting(state) ?? signal } : state;
  const { way, streams } = state.plan;
  // What is started elsewhere, or has a session of its own, is in no process group of netexec's.
  const isApart = ways[way.kind].parent === 'daemon' || streams !== undefined;
  if (shared && !isApart) return stay(asked);
  return stay({ ...asked, signalled: true }, { do: 'signal', signal, group: shared });
}

const isEndSignal = (signal: Signal): signal is EndSignal => signal in endSignals;

/** SIGTERM and SIGHUP count whenever they came; psql, say, lives through a Ctrl-C. */
const lasting = ({ endSignal }: EntryFacts): EndSignal | undefined =>
  endSignal === 'SIGTERM' || endSignal === 'SIGHUP' ? endSignal : undefined;

function containerEnds(state: WithEntry, { container, status }: Of<Event, 'container-ended'>): Step {
  const { plan, onContainerEnd } = state;
  const gone = { ...state, kind: 'container-gone', endSignal: lasting(state) } as const;
  // The kernel then ends COMMAND, and that is what is said.
  if (plan.processes?.endTogether === true && container === plan.target.container.name) return stay(gone);
  const told = describeEnd(onContainerEnd, container, status, plan.target);
  return onContainerEnd === 'warn' || onContainerEnd === 'ignore'
    ? stay(gone, say(told))
    : send(gone, 'SIGTERM', say(told), { do: 'wait', ...grace });
}

/** The engine tells twice when a container is taken off a network. */
function networkChanges(state: WithEntry, { container, network, joined }: Of<Event, 'network-changed'>): Step {
  if (state.left.includes(network) !== joined) return stay(state);
  const left = joined ? state.left.filter((each) => each !== network) : [...state.left, network];
  const what = joined ? `is on network ${network} again` : `has left network ${network}`;
  return stay({ ...state, left }, say(`${container} ${what}`));
}

export const engineIsAway =
  'the engine is not running: until it is back, service names do not resolve, only addresses work';

/** The engine is COMMAND's DNS server, in the private view of a network that has names. */
function engineChanges(state: WithEntry, { there }: Of<Event, 'engine-seen'>): Step {
  const { view, target, tunnel } = state.plan;
  const isServer =
    view !== undefined && tunnel === undefined && target.owner.endpoints.some(({ network }) => hasNames(network));
  if (!isServer || state.engineAway !== there) return stay(state);
  const text = there ? 'the engine is back: service names resolve again' : engineIsAway;
  return stay({ ...state, engineAway: !there }, say(text));
}

function entryEnds(state: WithEntry, { exit, containerEnded }: Of<Event, 'entry-ended'>): Step {
  const wasGone = state.kind === 'container-gone';
  const isGone = wasGone || containerEnded;
  const over = wasGone ? state : { ...state, endSignal: lasting(state) };
  const outcome = outcomeOf(state, exit);
  const isLost = !outcome.ok && isCausedByContainer(outcome.failure, isGone);
  if (isLost && state.onContainerEnd !== 'ignore') return stay({ ...over, kind: 'asking' }, { do: 'ask' });
  return isGone ? endWithContainer(over, outcome) : end(outcome);
}

function outcomeOf({ plan, signalled, heldUp }: EntryFacts, exit: Result<Exit>): Result<number> {
  const container = plan.target.container.name;
  if (heldUp) return fail({ kind: 'entry-held-up', container, ...longestEntry, joined: joinsProcesses(plan) });
  if (!exit.ok) return exit;
  const { status, started } = exit.value;
  if (!started && status === 124) return fail({ kind: 'container-ended', container, status: undefined });
  if (started || signalled || status === 125) return success(status);
  return fail({ kind: 'stage-failed', status, way: plan.way.kind, reason: undefined });
}

/**
 * Whether it is the container's end that kept COMMAND from being started. With --pid the entry comes upon it wherever it is,
 * and by the engine no container can join the network of one that does not run: each engine says so in other words.
 */
const isCausedByContainer = ({ kind }: Failure, containerEnded: boolean): boolean =>
  kind === 'container-ended' || (containerEnded && symptoms.includes(kind));

const symptoms: readonly Failure['kind'][] = ['stage-failed', 'engine-refused', 'runtime-fails'];

/** COMMAND, or its entry, has ended, and so has the container. */
function endWithContainer(state: State & EntryFacts, outcome: Result<number>): Step {
  const { plan, onContainerEnd, endSignal } = state;
  // It was netexec that had it end, having said why.
  if (onContainerEnd === 'end' && state.kind === 'container-gone' && endSignal === undefined) return end(success(125));
  const { name, compose } = plan.target.container;
  const isKilled = outcome.ok && outcome.value === 128 + 9;
  const said = isKilled && plan.processes?.endTogether === true ? [say(`${name} exited, and COMMAND with it`)] : [];
  return comesBack(onContainerEnd) && endSignal === undefined
    ? wait(compose?.service ?? name, onContainerEnd, true, ...said)
    : end(outcome, ...said);
}

function prepared(state: Of<State, 'waiting'>, { plan }: Of<Event, 'prepared'>): Step {
  if (!plan.ok && !mayReturn(plan.failure)) return end(plan);
  const lost = plan.ok ? plan.value.target.lost : undefined;
  if (plan.ok && lost === undefined) {
    const [running, starting] = state.again ? ['running again', 'restarting'] : ['running', 'starting'];
    const then = state.onContainerEnd === 'wait' ? 'forwarding its ports' : `${starting} COMMAND`;
    const said = say(`${plan.value.target.container.name} is ${running}: ${then}`);
    return enter(plan.value, state.onContainerEnd, state.again, said);
  }
  const looks = state.looks + 1;
  // Compose starts what shares a network right after the one whose it is.
  const said = lost !== undefined && looks === 10 ? [say(`${lost.said} (${lost.cure})`)] : [];
  return stay({ ...state, looks }, ...said, { do: 'wait', ...betweenLooks });
}

const say = (text: string): Effect => ({ do: 'say', text });

const stay = (state: State, ...effects: readonly Effect[]): Step => ({ state, effects });

const send = (state: WithEntry, signal: NodeJS.Signals, ...before: readonly Effect[]): Step =>
  stay({ ...state, signalled: true }, ...before, { do: 'signal', signal, group: false });

const end = (status: Result<number>, ...before: readonly Effect[]): Step => stay({ kind: 'ended', status }, ...before);

function enter(plan: EntryPlan, onContainerEnd: OnContainerEnd, again: boolean, ...before: readonly Effect[]): Step {
  const facts = { signalled: false, heldUp: false, left: [], engineAway: false } as const;
  const entry = { plan, onContainerEnd, endSignal: undefined, ...facts };
  return stay({ kind: 'starting', ...entry }, ...before, { do: 'enter', plan, again });
}

const wait = (who: string, onContainerEnd: OnContainerEnd, again: boolean, ...before: readonly Effect[]): Step =>
  stay({ kind: 'waiting', onContainerEnd, again, looks: 0 }, ...before, say(`waiting for ${who}`), { do: 'prepare' });
