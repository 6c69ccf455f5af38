// Finds what a far end is made of where this executable does not run: the release's file for it, and a container's libraries.
import { closeSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { fileInArchive, linkInArchive } from '../../core/engine/archive.ts';
import type { Environment } from '../../core/engine/engine-address.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { farExecutable, farLibraries, interpreterOf } from '../../core/own-container/far-image.ts';
import type { ArchivedFile } from '../../core/own-container/far-image.ts';
import {
  followed,
  librariesOf,
  platformOf,
  relayFolder,
  relayNames,
} from '../../core/own-container/relay-executable.ts';
import { foreignPlatform } from '../../core/relay/only-here.ts';
import { version } from '../../version.ts';
import { query } from '../engine/engine-actions.ts';
import type { EngineActions } from '../engine/engine-actions.ts';
import type { Engine } from '../engine/engine.ts';

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** The files of one platform, of which a container may have the libraries of only one; none: this executable runs there. */
export type RelayFiles = readonly RelayFile[];

interface RelayFile {
  readonly file: string;
  /** Its loader. */
  readonly interpreter: string;
}

/** @returns which executables may be sent to the engine; none where it is this one */
export async function findRelay(engine: Engine, env: Environment): Promise<Result<RelayFiles>> {
  const info = await engine.info();
  if (!info.ok) return info;
  const here = `${process.platform}/${process.arch}`;
  const foreign = foreignPlatform(info.value.json, here);
  const named = env['NETEXEC_RELAY'];
  if (named) {
    const found = readRelay(named, foreign ?? here);
    return typeof found === 'string' ? fail({ kind: 'relay-unusable', file: named, reason: found }) : success([found]);
  }
  if (foreign === undefined) return success([]);
  const folder = relayFolder(env, version);
  const found = [dirname(process.execPath), folder]
    .flatMap((each) => (each === undefined ? [] : relayNames(foreign).map((name) => join(each, name))))
    .map((file) => readRelay(file, foreign))
    .filter((each) => typeof each !== 'string');
  if (found.length > 0) return success(found);
  return fail({ kind: 'far-end-foreign', there: foreign, here, folder });
}

/** @returns why it cannot be the far end */
function readRelay(file: string, platform: string): RelayFile | string {
  const head = Buffer.alloc(64 * 1024);
  try {
    const descriptor = openSync(file, 'r');
    readSync(descriptor, head);
    closeSync(descriptor);
  } catch (error) {
    return `cannot read it: ${(error as NodeJS.ErrnoException).code}`;
  }
  const interpreter = interpreterOf(head);
  return platformOf(head) !== platform || interpreter === undefined
    ? `it is not an executable of netexec for ${platform}`
    : { file, interpreter };
}

/**
 * @param containers those that may have the libraries: in whose network it is to be, or on the same; it may read what is said there anyway
 * @returns the image's files
 */
export async function relayImage(
  engine: EngineActions,
  containers: readonly Named[],
  relays: RelayFiles,
): Promise<Result<readonly ArchivedFile[]>> {
  for (const container of containers)
    for (const relay of relays) {
      const libraries = await librariesIn(engine, container.id, relay.interpreter);
      if (!libraries.ok) return libraries;
      if (libraries.value !== undefined)
        return success([{ name: farExecutable.slice(1), from: relay.file }, ...libraries.value]);
    }
  return fail({
    kind: 'far-libraries-missing',
    container: containers.map(({ name }) => name).join(', '),
    loaders: relays.map(({ interpreter }) => interpreter),
  });
}

/** @returns undefined where the container lacks one */
async function librariesIn(
  engine: EngineActions,
  id: string,
  interpreter: string,
): Promise<Result<readonly ArchivedFile[] | undefined>> {
  const loader = await fileIn(engine, id, interpreter);
  if (!loader.ok || loader.value === undefined) return loader as Result<undefined>;
  const files: ArchivedFile[] = [{ name: interpreter.slice(1), from: loader.value.content }];
  for (const { path, isNeeded } of librariesOf(interpreter, loader.value.path)) {
    const found = await fileIn(engine, id, path);
    if (!found.ok) return found;
    const name = join(farLibraries.slice(1), path.slice(dirname(path).length + 1));
    if (found.value !== undefined) files.push({ name, from: found.value.content });
    else if (isNeeded) return success(undefined);
  }
  return success(files);
}

/** In bytes: a C library is of two megabytes. */
const largest = 16 * 1024 * 1024;
const mostLinks = 8;

interface Found {
  readonly path: string;
  readonly content: Buffer;
}

/** @returns a container's file, whatever links lead to it; undefined where there is none */
async function fileIn(engine: EngineActions, id: string, named: string): Promise<Result<Found | undefined>> {
  let path = named;
  for (let links = 0; links < mostLinks; links += 1) {
    const archive = await engine.fetch(`GET /containers/${id}/archive${query({ path })}`);
    if (!archive.ok) {
      const { failure } = archive;
      return failure.kind === 'engine-refused' && failure.status === 404 ? success(undefined) : archive;
    }
    const link = linkInArchive(archive.value);
    if (link === undefined) {
      const content = fileInArchive(archive.value, largest);
      return success(typeof content === 'string' ? undefined : { path, content });
    }
    path = followed(path, link);
  }
  return success(undefined);
}
