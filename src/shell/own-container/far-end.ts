// Opens a tunnel: has the engine start its far end in a container's network, and speaks with it by the engine alone.
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { frameReader } from '../../core/engine/attached-frames.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { farContainer } from '../../core/own-container/far-container.ts';
import type { ArchivedFile } from '../../core/own-container/far-image.ts';
import { readHello } from '../../core/relay/frames.ts';
import type { FarFiles } from '../../core/relay/frames.ts';
import { farWords } from '../../roles.ts';
import { query } from '../engine/engine-actions.ts';
import type { EngineActions } from '../engine/engine-actions.ts';
import { removeContainer, removeForgottenContainers, useOwnContainer } from '../engine/own-containers.ts';
import { supervisor } from '../engine/supervisors.ts';
import { Tunnel } from '../relay/tunnel.ts';
import { say } from '../terminal/say.ts';
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
  const files = async (): Promise<Result<readonly ArchivedFile[]>> =>
    relays.length === 0 ? ownFiles() : relayImage(engine, containers, relays);
  return findFarImage(engine, runtimeFolder, files);
}

/**
 * @param target the container whose network it is in
 * @param find its image
 */
export async function openFarEnd(
  engine: EngineActions,
  target: Pick<Named, 'id'>,
  find: () => Promise<Result<string>>,
): Promise<Result<FarEnd>> {
  const specify = (found: string, runtime: string | undefined): object =>
    farContainer({ image: found, target: target.id, words: farWords(), supervisor: supervisor(), runtime });
  const use = async (id: string): Promise<Result<FarEnd>> => {
    const far = await start(engine, id);
    if (far.ok) void removeForgottenContainers(engine);
    else await removeContainer(engine, id);
    return far;
  };
  return useOwnContainer(engine, find(), specify, use, undefined, find);
}

async function start(engine: EngineActions, id: string): Promise<Result<FarEnd>> {
  const attached = await engine.stream(
    `POST /containers/${id}/attach${query({ stream: 'true', stdin: 'true', stdout: 'true', stderr: 'true' })}`,
  );
  if (!attached.ok) return attached;
  const stream = attached.value;
  const { far, greeted } = speak(stream);
  const started = await engine.ask(`POST /containers/${id}/start`);
  const late = new Promise<false>((resolve) => setTimeout(resolve, patience.first, false).unref());
  if (started.ok && (await Promise.race([greeted, far.ended, late])) === true) return success(far);
  far.close();
  return started.ok ? fail({ kind: 'far-end-silent' }) : started;
}

function speak(stream: Duplex): { readonly far: FarEnd; readonly greeted: Promise<true> } {
  const tunnel = new Tunnel(stream);
  let files: FarFiles | undefined;
  const separate = frameReader();
  let told = 0;
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
  stream.on('data', (data: Buffer) => {
    const pieces = separate(data);
    const makesSense = pieces?.every((piece) => {
      if (piece.stream === 'stdout') return tunnel.take(piece.data);
      // A bug of its own. What it says is not to be without end.
      if ((told += 1) <= 20) say(`message from the helper container: ${piece.data.toString('utf8', 0, 1000).trim()}`);
      return true;
    });
    if (makesSense !== true) {
      say('unexpected data from the helper container');
      stream.destroy();
    }
  });
  const ended = new Promise<void>((resolve) => {
    stream.on('end', () => stream.destroy());
    stream.on('error', () => {});
    stream.on('close', () => {
      clearInterval(asking);
      tunnel.close();
      resolve();
    });
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
