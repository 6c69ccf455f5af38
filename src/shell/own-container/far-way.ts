// The way to a container's network by a far end in it: how it is opened, and held open.
import { setTimeout as pause } from 'node:timers/promises';
import { readExitStatus } from '../../core/engine/helper-specification.ts';
import type { Target } from '../../core/entry/plan.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Failure, Result } from '../../core/failure/failure.ts';
import { connectActions } from '../engine/engine-actions.ts';
import type { EngineActions } from '../engine/engine-actions.ts';
import type { Engine } from '../engine/engine.ts';
import { callerName } from '../observe/caller.ts';
import type { Caller } from '../observe/caller-environment.ts';
import { farPlace, openFarEnd } from './far-end.ts';
import type { FarEnd, FarPlace } from './far-end.ts';
import { say } from '../terminal/say.ts';
import { findRelay } from './relay-file.ts';

export interface FarWay {
  readonly far: FarEnd;
  /** The container's. */
  readonly name: string;
  /** With its status; undefined where the engine does not tell. */
  readonly ended: Promise<string | undefined>;
  /** The container is one of netexec's own, and ends with the connection to a remote engine. */
  readonly goesAlong: boolean;
}

/** @param variables by which the far end looks names up, `NAME=VALUE` each */
export async function openFarWay(
  { container, owner, own }: Pick<Target, 'container' | 'owner' | 'own'>,
  engine: Engine,
  caller: Pick<Caller, 'env' | 'runtimeFolder'>,
  variables?: readonly string[],
): Promise<Result<FarWay>> {
  const place = await findFarPlace(engine, caller);
  if (!place.ok) return place;
  const far = await openFarEnd(place.value, { target: owner, image: own?.farImage, variables });
  if (!far.ok) return far;
  return success({
    far: far.value,
    name: container.name,
    ended: whenEnded(place.value.engine, owner.id),
    goesAlong: own?.farImage !== undefined,
  });
}

export async function findFarPlace(
  engine: Engine,
  { env, runtimeFolder }: Pick<Caller, 'env' | 'runtimeFolder'>,
): Promise<Result<FarPlace>> {
  const relays = await findRelay(engine, env);
  if (!relays.ok) return relays;
  const actions = connectActions(engine.endpoint, callerName);
  return actions.ok ? success(farPlace(actions.value, runtimeFolder, relays.value)) : actions;
}

/** What one that is held open is for. */
interface Use {
  /** Opens it again. */
  readonly open: () => Promise<Result<FarWay>>;
  /** Whether this failure may pass, beside those of the way to the engine. */
  readonly mayPass?: (failure: Failure) => boolean;
  /** @returns whether the container, which has ended, is waited for */
  readonly ended: (name: string, status: string) => boolean;
  /** It is open again. */
  readonly found: (way: FarWay) => void;
}

export interface KeptWay {
  /** The way that is open, once it is again; rejected where there is to be none any more. */
  readonly now: () => Promise<FarWay>;
  /** Why there is none any more; undefined where the container has ended, and nobody waits for it. */
  readonly over: Promise<Failure | undefined>;
  /** It is not opened again from here on. */
  readonly leave: () => void;
  readonly close: () => void;
}

/** Holds it open: one that is lost is opened again, for as long as it may come back. Who connects meanwhile waits. */
export function keepWay(first: FarWay, use: Use): KeptWay {
  let current = first;
  let way = Promise.resolve(first);
  let left = false;
  const watch = async (): Promise<Failure | undefined> => {
    const { name, goesAlong } = current;
    const { ended } = await endOf(current);
    current.far.close();
    if (left) return undefined;
    // Its first process ends with its input, which that of the connection is: the engine may tell of this first.
    const isLost = goesAlong && (ended === undefined || ended === '0');
    if (ended === undefined && !isLost) say(lostText);
    const waits = isLost || ended === undefined || use.ended(name, ended);
    const gone: Failure = isLost
      ? { kind: 'own-container-lost', container: name }
      : { kind: 'container-ended', container: name, status: Number(ended) };
    const again = waits && !isLost ? openAgain(use) : Promise.resolve(fail(gone));
    way = again.then((found) => {
      if (!found.ok) throw new Error(found.failure.kind);
      return found.value;
    });
    way.catch(() => {});
    const found = await again;
    if (!found.ok) return waits ? found.failure : undefined;
    current = found.value;
    // What has been opened in vain is closed, too.
    if (left) current.far.close();
    else use.found(current);
    return watch();
  };
  const leave = (): void => void (left = true);
  return {
    now: () => way,
    over: watch(),
    leave,
    close: () => {
      leave();
      current.far.close();
    },
  };
}

/** When the container whose network it is has ended. */
async function whenEnded(engine: EngineActions, id: string): Promise<string | undefined> {
  const told = await engine.wait(`POST /containers/${id}/wait`).answer;
  const status = told.ok ? readExitStatus(told.value) : told;
  return status.ok ? String(status.value) : undefined;
}

/** In milliseconds: a container takes its network's connections along, and the engine tells of it a moment later. */
const grace = 500;

/** @returns the status with which the container has ended; undefined where only the way to it is gone */
async function endOf({ far, ended }: FarWay): Promise<{ readonly ended: string | undefined }> {
  const container = ended.then((status) => status ?? far.ended.then(() => undefined));
  const lost = far.ended.then(() => Promise.race([ended, pause(grace, undefined)]));
  return { ended: await Promise.race([container, lost]) };
}

const betweenLooks = 1000;

/** The way to the engine is gone, or the engine itself. */
export const isUnreached = ({ kind }: Failure): boolean => unreached.includes(kind);

const unreached: readonly Failure['kind'][] = [
  'engine-unreachable',
  'engine-silent',
  'engine-nonsense',
  'far-end-silent',
];

/** As often as it takes, for as long as it may come back. */
async function openAgain({ open, mayPass }: Use): Promise<Result<FarWay>> {
  for (;;) {
    const found = await open();
    if (found.ok || !(unreached.includes(found.failure.kind) || mayPass?.(found.failure) === true)) return found;
    await pause(betweenLooks);
  }
}

const lostText = 'lost the connection to the helper container, and all open connections with it: reconnecting';
