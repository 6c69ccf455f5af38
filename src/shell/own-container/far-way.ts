// The way to a container's network by a far end in it: how it is opened, what its end means, and how it is opened again.
import { setTimeout as pause } from 'node:timers/promises';
import { readExitStatus } from '../../core/engine/helper-specification.ts';
import type { Target } from '../../core/entry/plan.ts';
import { success } from '../../core/failure/failure.ts';
import type { Failure, Result } from '../../core/failure/failure.ts';
import { connectActions } from '../engine/engine-actions.ts';
import type { EngineActions } from '../engine/engine-actions.ts';
import type { Engine } from '../engine/engine.ts';
import { callerName } from '../observe/caller.ts';
import type { Caller } from '../observe/caller-environment.ts';
import { openFarEnd } from './far-end.ts';
import type { FarEnd } from './far-end.ts';
import { findRelay } from './relay-file.ts';

export interface FarWay {
  readonly far: FarEnd;
  /** The container's. */
  readonly name: string;
  /** With its status; undefined where the engine does not tell. */
  readonly ended: Promise<string | undefined>;
}

export async function openFarWay(
  { container, owner }: Pick<Target, 'container' | 'owner'>,
  engine: Engine,
  { env, runtimeFolder }: Pick<Caller, 'env' | 'runtimeFolder'>,
): Promise<Result<FarWay>> {
  const relays = await findRelay(engine, env);
  if (!relays.ok) return relays;
  const actions = connectActions(engine.endpoint, callerName);
  if (!actions.ok) return actions;
  const far = await openFarEnd(actions.value, owner, runtimeFolder, relays.value);
  if (!far.ok) return far;
  return success({ far: far.value, name: container.name, ended: whenEnded(actions.value, owner.id) });
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
export async function endOf({ far, ended }: FarWay): Promise<{ readonly ended: string | undefined }> {
  const container = ended.then((status) => status ?? far.ended.then(() => undefined));
  const lost = far.ended.then(() => Promise.race([ended, pause(grace, undefined)]));
  return { ended: await Promise.race([container, lost]) };
}

const betweenLooks = 1000;

/** The way to the engine is gone, or the engine itself. */
const unreached: readonly Failure['kind'][] = [
  'engine-unreachable',
  'engine-silent',
  'engine-nonsense',
  'far-end-silent',
];

/**
 * As often as it takes, for as long as it may come back.
 * @param mayPass whether another failure may, too
 */
export async function openAgain(
  open: () => Promise<Result<FarWay>>,
  mayPass: (failure: Failure) => boolean = () => false,
): Promise<Result<FarWay>> {
  for (;;) {
    const found = await open();
    if (found.ok || !(unreached.includes(found.failure.kind) || mayPass(found.failure))) return found;
    await pause(betweenLooks);
  }
}

export const lostText = 'lost the connection to the helper container, and all open connections with it: reconnecting';
