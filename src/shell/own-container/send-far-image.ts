// Has the engine have the image of a tunnel's far end: looks whether it is there, by its content, else sends it.
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path/posix';
import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { tarEnd, tarHead, tarPadding } from '../../core/engine/archive.ts';
import {
  farFiles,
  farImageId,
  farLibraries,
  farTag,
  interpreterOf,
  nameServices,
  oldFarImages,
} from '../../core/own-container/far-image.ts';
import type { ArchivedFile } from '../../core/own-container/far-image.ts';
import { loadProblem } from '../../core/engine/empty-image.ts';
import { helperLabel } from '../../core/engine/helper-specification.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { asLongAsItTakes, query } from '../engine/engine-actions.ts';
import type { EngineActions } from '../engine/engine-actions.ts';
import { readAliasFile, writeAliasFiles } from '../files/runtime-folder.ts';
import { say } from '../terminal/say.ts';

/**
 * @param runtimeFolder where it is kept what the executable's sum is
 * @param files what it is made of
 * @returns the image's id
 */
export async function findFarImage(
  engine: EngineActions,
  runtimeFolder: string,
  files: () => Promise<Result<readonly ArchivedFile[]>>,
): Promise<Result<string>> {
  try {
    const found = await files();
    return found.ok ? await findOrSend(engine, runtimeFolder, found.value) : found;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    // One that may only be executed, say.
    return fail({ kind: 'far-end-unmade', reason: `cannot read netexec's own files: ${code}` });
  }
}

async function findOrSend(
  engine: EngineActions,
  runtimeFolder: string,
  files: readonly ArchivedFile[],
): Promise<Result<string>> {
  const sum = sumOf(files, runtimeFolder);
  const image = farTag(sum);
  const inspect = (): Promise<Result<unknown>> => engine.ask(`GET /images/${image}/json`);
  const before = await inspect();
  const present = before.ok ? farImageId(before.value, sum) : undefined;
  if (present !== undefined) return success(present);
  const progress = await send(engine, files, image);
  if (!progress.ok) return progress;
  const made = await inspect();
  const id = made.ok ? farImageId(made.value, sum) : undefined;
  if (id !== undefined) {
    await removeOld(engine, image);
    return success(id);
  }
  return fail({
    kind: 'far-end-unmade',
    reason: loadProblem(progress.value) ?? 'the engine loaded a different image',
  });
}

/** One that is in use stays. */
async function removeOld(engine: EngineActions, own: string): Promise<void> {
  const filters = JSON.stringify({ label: [helperLabel] });
  const listed = await engine.ask(`GET /images/json${query({ filters })}`);
  const old = listed.ok ? oldFarImages(listed.value, own, Date.now() / 1000) : [];
  for (const each of old) await engine.ask(`DELETE /images/${each}`);
}

/** This executable, and the libraries that it runs with. */
export function ownFiles(): Result<readonly ArchivedFile[]> {
  // That which runs: another may be in its place by now.
  const executable = '/proc/self/exe';
  const head = Buffer.alloc(64 * 1024);
  const descriptor = openSync(executable, 'r');
  readSync(descriptor, head);
  closeSync(descriptor);
  const interpreter = interpreterOf(head);
  const maps = readFileSync('/proc/self/maps', 'utf8');
  const files = interpreter === undefined ? undefined : farFiles(executable, interpreter, maps);
  const libc = files?.find(({ name }) => name.endsWith('/libc.so.6'));
  const folder = typeof libc?.from === 'string' ? dirname(libc.from) : undefined;
  const services = folder === undefined ? [] : nameServices.map((name) => join(folder, name));
  const there = services.filter((file) => existsSync(file));
  return files === undefined
    ? fail({ kind: 'far-end-unmade', reason: "netexec's own libraries were not found" })
    : success([...files, ...there.map((from) => ({ name: join(farLibraries.slice(1), basename(from)), from }))]);
}

/** A piece at a time: it is more than a hundred megabytes. */
function* archive(files: readonly ArchivedFile[]): Generator<Buffer> {
  for (const { name, from } of files) {
    const bytes = typeof from === 'string' ? readFileSync(from) : from;
    yield tarHead(name, bytes.length);
    yield bytes;
    yield tarPadding(bytes.length);
  }
  yield tarEnd;
}

/** To read all of it takes half a second: that is done once for these files. */
function sumOf(files: readonly ArchivedFile[], folder: string): string {
  const key = files
    .map(({ name, from: file }) => {
      if (typeof file !== 'string') return [name, createHash('sha256').update(file).digest('hex')].join(' ');
      const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
      return [name, dev, ino, size, mtimeNs, ctimeNs].join(' ');
    })
    .join('\n');
  const file = join(folder, 'far-end');
  const [known = '', ...of] = readAliasFile(file).trimEnd().split('\n');
  if (/^[0-9a-f]{64}$/.test(known) && of.join('\n') === key) return known;
  const hash = createHash('sha256');
  for (const piece of archive(files)) hash.update(piece);
  const sum = hash.digest('hex');
  // Where it cannot be kept it is found again.
  writeAliasFiles({ folder, files: [{ networks: [], file, text: `${sum}\n${key}\n` }] });
  return sum;
}

async function send(engine: EngineActions, files: readonly ArchivedFile[], image: string): Promise<Result<string>> {
  const archived = Buffer.concat([...archive(files)]);
  const packed = await promisify(gzip)(archived, { level: 1 });
  say(`sending the helper image to the engine, once: ${Math.round(packed.length / 1e6)} MB`);
  const [repo = '', tag = ''] = image.split(':');
  const told = await engine.ask(
    `POST /images/create${query({ fromSrc: '-', repo, tag, changes: `LABEL ${helperLabel}=` })}`,
    { type: 'application/tar', text: packed },
    asLongAsItTakes,
  );
  if (!told.ok) return told;
  return success(typeof told.value === 'string' ? told.value : JSON.stringify(told.value));
}
