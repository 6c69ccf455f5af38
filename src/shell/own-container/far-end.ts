// Has the engine run this executable in a container's network, and speaks with it by the engine alone: as the far end of a tunnel.
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { farContainer } from '../../core/own-container/far-container.ts';
import { lookupFiles } from '../../core/own-container/far-image.ts';
import type { ArchivedFile } from '../../core/own-container/far-image.ts';
import { readHello } from '../../core/relay/frames.ts';
import type { FarFiles } from '../../core/relay/frames.ts';
import { farWords } from '../../roles.ts';
import { query } from '../engine/engine-actions.ts';
import type { EngineActions } from '../engine/engine-actions.ts';
import { removeContainer, removeForgottenContainers, useOwnContainer } from '../engine/own-containers.ts';
import { supervisor } from '../engine/supervisors.ts';
import { Tunnel } from '../relay/tunnel.ts';
import { hear } from './hear.ts';
import { relayImage } from './relay-file.ts';
import type { Named, RelayFiles } from './relay-file.ts';
import { findFarImage, ownFiles } from './send-far-image.ts';

export interface FarEnd {
  readonly tunnel: Tunnel;
  /** What it has said of the files by which names are found there. */
  readonly files: () => FarFiles;
  /** When it is gone: all of its connections are reset by then. */
  readonly ended: Promise<void>;
  /** Has it end once it has given on what was said to it. */
  finish(): Promise<void>;
  close(): void;
}

/** In milliseconds. */
const longestEnd = 3000;

/** In milliseconds: how often it is asked whether it is there, and how long its silence may last. */
const patience = { asked: 10_000, silent: 30_000, first: 15_000 };

/**
 * @param containers which may have its libraries
 * @param relays which executables it may be made of; none: this one
 * @returns the id of the image, once it is there
 */
export function farImageOf(
  engine: EngineActions,
  containers: readonly Named[],
  runtimeFolder: string,
  relays: RelayFiles,
): Promise<Result<string>> {
  const files = async (): Promise<Result<readonly ArchivedFile[]>> => {
    const found = relays.length === 0 ? ownFiles() : await relayImage(engine, containers, relays);
    return found.ok ? success([...found.value, ...lookupFiles]) : found;
  };
  return findFarImage(engine, runtimeFolder, files);
}

/** What it needs to be run anywhere on an engine. */
export interface FarPlace {
  readonly engine: EngineActions;
  /** Finds the image for a container's network, one after another: what is missing is sent once. */
  readonly findImage: (target: Named) => Promise<Result<string>>;
  /** Removes what others have left there, once. */
  readonly tidy: () => void;
}

/** @param relays which executables it may be made of; none: this one */
export function farPlace(engine: EngineActions, runtimeFolder: string, relays: RelayFiles): FarPlace {
  let before: Promise<unknown> = Promise.resolve();
  let isTidy = false;
  return {
    engine,
    tidy: () => {
      if (!isTidy) void removeForgottenContainers(engine);
      isTidy = true;
    },
    findImage: (target) => {
      const found = before.then(() => farImageOf(engine, [target], runtimeFolder, relays));
      before = found;
      return found;
    },
  };
}

/** What it is to be, and whose network it is in. */
export interface FarRole {
  readonly target: Named;
  /** Its id, where it is known. */
  readonly image?: string | undefined;
  readonly words: readonly string[];
  readonly variables?: readonly string[] | undefined;
}

/** What speaks with it: `greeted` once it has said something, `ended` when it is gone. */
interface Spoken<Far> {
  readonly far: Far & { readonly ended: Promise<unknown>; close(): void };
  readonly greeted: Promise<true>;
}

export const openFarEnd = (place: FarPlace, role: Omit<FarRole, 'words'>): Promise<Result<FarEnd>> =>
  runFar(place, { ...role, words: farWords() }, speak);

/** @param meet is given its standard streams before it is started */
export async function runFar<Far>(
  { engine, findImage, tidy }: FarPlace,
  { target, image, ...role }: FarRole,
  meet: (stream: Duplex) => Spoken<Far>,
): Promise<Result<Far>> {
  const find = (): Promise<Result<string>> =>
    image === undefined ? findImage(target) : Promise.resolve(success(image));
  const specify = (found: string, runtime: string | undefined): object =>
    farContainer({ image: found, target: target.id, ...role, supervisor: supervisor(), runtime });
  const use = async (id: string): Promise<Result<Far>> => {
    const far = await start(engine, id, meet);
    if (far.ok) tidy();
    else await removeContainer(engine, id);
    return far;
  };
  return useOwnContainer(engine, find(), specify, use, undefined, find);
}

async function start<Far>(
  engine: EngineActions,
  id: string,
  meet: (stream: Duplex) => Spoken<Far>,
): Promise<Result<Far>> {
  const attached = await engine.stream(
    `POST /containers/${id}/attach${query({ stream: 'true', stdin: 'true', stdout: 'true', stderr: 'true' })}`,
  );
  if (!attached.ok) return attached;
  const { far, greeted } = meet(attached.value);
  const started = await engine.ask(`POST /containers/${id}/start`);
  const late = new Promise<false>((resolve) => setTimeout(resolve, patience.first, false).unref());
  if (started.ok && (await Promise.race([greeted, far.ended, late])) === true) return success(far);
  far.close();
  return started.ok ? fail({ kind: 'far-end-silent' }) : started;
}

function speak(stream: Duplex): Spoken<FarEnd> {
  const tunnel = new Tunnel(stream);
  let files: FarFiles | undefined;
  let greet!: (value: true) => void;
  const greeted = new Promise<true>((resolve) => (greet = resolve));
  tunnel.beside = {
    hello: (_, payload) => {
      files = readHello(payload);
      greet(true);
      return files !== undefined;
    },
  };
  const asking = setInterval(() => {
    tunnel.send(0, 'ping');
    if (tunnel.silence() > patience.silent) stream.destroy();
  }, patience.asked);
  const ended = hear(stream, (data) => tunnel.take(data)).then(() => {
    clearInterval(asking);
    tunnel.close();
  });
  const finish = async (): Promise<void> => {
    // Of connections that are over all has been given on.
    if (tunnel.size() === 0) return;
    stream.end();
    await Promise.race([ended, pause(longestEnd, undefined, { ref: false })]);
  };
  return {
    far: {
      tunnel,
      files: () => files ?? { resolvConf: '', hosts: '' },
      ended,
      finish,
      close: () => void stream.destroy(),
    },
    greeted,
  };
}
