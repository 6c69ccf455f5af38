// Two streams joined into one connection: what comes from either is given to the other, as if there were nothing in between.
// Ends and resets are handed on as they come, behind all that came before them; and who takes slowly is waited for.
// src/shell/relay/join.ts tells it what happens, and does what it says.

/** Who has connected, and whom that leads to. */
export type Side = 'client' | 'server';

export interface State {
  /** `opening`: the server is not there yet. */
  readonly kind: 'opening' | 'open' | 'over';
  readonly client: Flow;
  readonly server: Flow;
}

/** What comes from one side. */
interface Flow {
  /** Bytes that the other side has not taken yet. */
  readonly held: number;
  readonly paused: boolean;
  /** How it has ended. */
  readonly end: 'not' | 'whole' | 'broken';
  /** Nothing of it is given any more: the other side has been told its end, or is gone. */
  readonly closed: boolean;
}

export type Event =
  | { readonly kind: 'opened' | 'refused' }
  | { readonly kind: 'came'; readonly from: Side; readonly bytes: number }
  /** Of what it was given it has taken so much. */
  | { readonly kind: 'took'; readonly side: Side; readonly bytes: number }
  /** It would take more by now. */
  | { readonly kind: 'ready'; readonly side: Side }
  /** It has said its last, and may listen still. */
  | { readonly kind: 'ended'; readonly side: Side }
  /** It is gone; `clean`: not by a reset, or something else that failed. */
  | { readonly kind: 'gone'; readonly side: Side; readonly clean: boolean };

export interface Effect {
  /**
   * `give` it what is held for it; `pause` and `resume` what comes from it; `end`: tell it that nothing more comes; `reset` it,
   * or leave off trying to reach it; `close` it, both having ended.
   */
  readonly do: 'give' | 'pause' | 'resume' | 'end' | 'reset' | 'close';
  readonly side: Side;
}

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

const begun: Flow = { held: 0, paused: false, end: 'not', closed: false };

/** A client is there. */
export const begin: State = { kind: 'opening', client: begun, server: begun };

/** Whether it holds nothing that is on its way to somebody. */
export const isQuiet = ({ kind, client, server }: State): boolean => kind === 'over' || client.held + server.held === 0;

/** Whether its client has said its last: one that has ended may have said more than has been read. */
export const isTold = ({ kind, client }: State): boolean => kind === 'over' || client.end !== 'not';

export function next(state: State, event: Event): Step {
  if (state.kind === 'over') return stay(state);
  switch (event.kind) {
    case 'opened':
      return settle(give({ ...state, kind: 'open' }, 'server'), 'client');
    case 'refused':
      return over(state, { do: 'reset', side: 'client' });
    case 'came':
      return come(state, event.from, event.bytes);
    case 'took':
      return settle(
        stay(change(state, other(event.side), (flow) => ({ held: flow.held - event.bytes }))),
        other(event.side),
      );
    case 'ready':
      return give(state, event.side);
    case 'ended':
      return end(state, event.side);
    case 'gone':
      return go(state, event.side, event.clean);
  }
}

function come(state: State, from: Side, bytes: number): Step {
  const flow = state[from];
  // For a side that is gone.
  if (flow.closed) return stay(state);
  const after = change(state, from, ({ held }) => ({ held: held + bytes }));
  // A proxy speaks in the place of a server that is not there yet.
  const inItsPlace = state.kind === 'opening' && from === 'server';
  // What is held already is waited for; what comes now comes behind it.
  if (flow.held === 0 && (state.kind === 'open' || inItsPlace)) return give(after, other(from));
  return inItsPlace ? stay(after) : pause(stay(after), from);
}

const give = (state: State, side: Side): Step =>
  state[other(side)].held > 0 ? stay(state, { do: 'give', side }) : stay(state);

/** What comes of what is held of one side, or is not any more. */
function settle(step: Step, from: Side): Step {
  const { state, effects } = step;
  const flow = state[from];
  if (state.kind === 'opening' || flow.closed) return step;
  if (flow.held > 0) return effects.length > 0 ? step : pause(step, from);
  if (flow.end === 'broken') return over(state, ...effects, { do: 'reset', side: other(from) });
  if (flow.end === 'not') return flow.paused ? resume(step, from) : step;
  const told = change(state, from, () => ({ closed: true }));
  const all: readonly Effect[] = [...effects, { do: 'end', side: other(from) }];
  return told[other(from)].closed
    ? over(told, ...all, { do: 'close', side: 'client' }, { do: 'close', side: 'server' })
    : { state: told, effects: all };
}

const end = (state: State, side: Side): Step => settle(stay(change(state, side, () => ({ end: 'whole' }))), side);

function go(state: State, side: Side, clean: boolean): Step {
  // It was told the end before, so it has ended now; what it has said may be held still.
  if (clean && state[other(side)].closed) return end(state, side);
  if (state.kind === 'opening') return over(state, { do: 'reset', side: 'server' });
  const left = change(
    change(state, side, () => ({ end: 'broken', closed: false })),
    other(side),
    () => ({ held: 0, closed: true }),
  );
  // What a server has said before is given still. One that does not listen is not kept for what a client has said.
  if (side === 'client' || state.server.held === 0) return over(left, { do: 'reset', side: other(side) });
  return left.client.paused ? resume(stay(left), 'client') : stay(left);
}

const other = (side: Side): Side => (side === 'client' ? 'server' : 'client');

const change = (state: State, side: Side, changed: (flow: Flow) => Partial<Flow>): State => ({
  ...state,
  [side]: { ...state[side], ...changed(state[side]) },
});

const pause = (step: Step, side: Side): Step => paused(step, side, true);
const resume = (step: Step, side: Side): Step => paused(step, side, false);

function paused({ state, effects }: Step, side: Side, is: boolean): Step {
  if (state[side].paused === is) return { state, effects };
  return {
    state: change(state, side, () => ({ paused: is })),
    effects: [...effects, { do: is ? 'pause' : 'resume', side }],
  };
}

const stay = (state: State, ...effects: readonly Effect[]): Step => ({ state, effects });

const over = (state: State, ...effects: readonly Effect[]): Step => stay({ ...state, kind: 'over' }, ...effects);
