// From where --check looks: the engine, asked each question once, and what listens in a container, by this machine's /proc, or,
// where the container is of another kernel, by a helper container in its network.
import type { CheckRequest } from '../../core/arguments/argv.ts';
import { elevateWith } from '../../core/arguments/settings.ts';
import type { HeldSocket } from '../../core/check/check-facts.ts';
import type { Surroundings } from '../../core/check/surroundings.ts';
import { isUp } from '../../core/engine/containers.ts';
import type { Container } from '../../core/engine/containers.ts';
import type { Target } from '../../core/entry/plan.ts';
import { success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { asksTunnel } from '../../core/ways/ways.ts';
import type { Engine } from '../engine/engine.ts';
import { snapshotOf } from '../engine/snapshot.ts';
import type { Caller } from '../observe/caller-environment.ts';
import { observeAnywhere } from '../observe/observe-target.ts';
import type { FarPlace } from '../own-container/far-end.ts';
import { observeHeldSockets } from './listening-sockets.ts';

export interface Vantage extends Engine {
  /** What listens in its network; undefined where that could not be looked at. */
  readonly sockets: (container: Container, asker: Remote) => Promise<Result<readonly HeldSocket[] | undefined>>;
  readonly far: () => Promise<Result<FarPlace>>;
}

type Remote = Pick<Surroundings, 'remoteEngine'>;

/** So many helper containers are there at once: a server of ssh has no more than ten connections at a time (MaxSessions). */
const most = 3;

export function vantageOf(engine: Engine, caller: Caller): Vantage {
  const snapshot = snapshotOf(engine);
  const seen = new Map<string, Promise<Result<readonly HeldSocket[] | undefined>>>();
  let place: Promise<Result<FarPlace>> | undefined;
  const far = (): Promise<Result<FarPlace>> =>
    (place ??= import('../own-container/far-way.ts').then(({ findFarPlace }) => findFarPlace(snapshot, caller)));
  const turns: Promise<unknown>[] = Array.from({ length: most }, () => Promise.resolve());
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const turn = seen.size % most;
    const done = (turns[turn] ?? Promise.resolve()).then(work);
    turns[turn] = done;
    return done;
  };
  return {
    ...snapshot,
    far,
    sockets: (container, { remoteEngine }) => {
      if (remoteEngine !== true) return Promise.resolve(success(observeHeldSockets(container.pid)));
      if (!isUp(container.state)) return Promise.resolve(success(undefined));
      const asked = seen.get(container.id) ?? inTurn(() => lookFrom(far(), container, caller.ignoredSignals));
      seen.set(container.id, asked);
      return asked;
    },
  };
}

async function lookFrom(
  found: Promise<Result<FarPlace>>,
  container: Container,
  ignoredSignals: readonly number[],
): Promise<Result<readonly HeldSocket[] | undefined>> {
  const place = await found;
  if (!place.ok) return place;
  const { farSockets, isGone } = await import('./far-probe.ts');
  const sockets = await farSockets(place.value, container, ignoredSignals);
  if (sockets.ok) return success(sockets.value.map((each) => ({ ...each, process: undefined })));
  const { failure } = sockets;
  // Of another one it can be seen all the same.
  return isGone(failure) || failure.kind === 'far-libraries-missing' ? success(undefined) : sockets;
}

/**
 * @param request with the container, where it is known
 * @returns the container to ask from, of whichever kernel; with --elevate tunnel as if it were of another
 */
export async function observeAsker(
  { at, ...request }: Omit<CheckRequest, 'endpoints' | 'format' | 'timeout'> & { readonly at?: Target | undefined },
  caller: Caller,
  engine: Engine,
): Promise<Result<Target>> {
  const elevate = elevateWith(request.elevate, caller.env);
  if (!elevate.ok) return elevate;
  const asked = { ...request, elevate: elevate.value };
  const target = at === undefined ? await observeAnywhere(asked, caller, engine, { whose: 'all' }) : success(at);
  return target.ok && asksTunnel(elevate.value) ? success({ ...target.value, remoteEngine: true }) : target;
}
