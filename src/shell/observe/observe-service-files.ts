// What --service-files shows: which files, by Compose; what is in them, as the container has it, or as it would; and whether this machine has room for them.
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, isAbsolute } from 'node:path/posix';
import type { RunRequest } from '../../core/arguments/argv.ts';
import { fileInArchive } from '../../core/engine/archive.ts';
import type { Environment } from '../../core/engine/engine-address.ts';
import { declaredFiles } from '../../core/entry/declared-files.ts';
import { excess, pathOfFile, placeFile } from '../../core/entry/service-files.ts';
import type { DeclaredFile, ServiceFile, Spot } from '../../core/entry/service-files.ts';
import type { Target } from '../../core/entry/plan.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { printableJson } from '../../core/text/printable.ts';
import { askComposeText } from '../compose/ask-compose.ts';
import { locateQuietly } from '../compose/project-of-folder.ts';
import type { Engine } from '../engine/engine.ts';
import { connectActions, query } from '../engine/engine-actions.ts';
import type { Caller } from './caller-environment.ts';
import { callerName } from './caller.ts';

const largest = 1024 * 1024;

export async function observeServiceFiles(
  request: RunRequest,
  target: Target,
  caller: Caller,
  engine: Engine,
): Promise<Result<readonly ServiceFile[]>> {
  const declared = await askWhich(request, target, caller);
  if (!declared.ok) return declared;
  const { files, settings, service } = declared.value;
  const tooMany = (reason: string): Result<never> => fail({ kind: 'service-files-too-many', service, reason });
  const many = excess(files);
  if (many !== undefined) return tooMany(many);
  const content = target.own === undefined ? contentIn(target, engine) : contentToBe(settings);
  const shown: ServiceFile[] = [];
  for (const file of files) {
    const placed = placeFile(file, spotFor(file.target));
    if (!placed.ok) return placed;
    const read = await content(file);
    if (!read.ok) return read;
    shown.push({ ...placed.value, content: read.value });
  }
  const much = excess(shown.map((file) => ({ ...file, target: pathOfFile(file) })));
  return much === undefined ? success(shown) : tooMany(much);
}

interface Declared {
  readonly files: readonly DeclaredFile[];
  readonly service: string;
  /** Those variables by which Compose would know. */
  readonly settings: Environment;
}

/** By the files that were named, else by those of which the container was made, wherever that was; by those that are here, where there is none. */
async function askWhich(request: RunRequest, target: Target, caller: Caller): Promise<Result<Declared>> {
  const { compose } = target.container;
  const service = target.own?.service ?? compose?.service ?? target.container.name;
  if (target.own === undefined && compose?.task !== undefined)
    return fail({ kind: 'service-files-of-task', service, container: target.container.name });
  const unread = (reason: string): Result<never> => fail({ kind: 'service-files-unread', service, reason });
  const isHere = target.own !== undefined || request.files.length > 0;
  const location = isHere ? locateQuietly(request, caller) : undefined;
  const project = target.own?.project ?? compose?.project;
  const made = compose?.files?.flatMap((file) => ['-f', file]) ?? [];
  const words = location === undefined ? made : location.words;
  if (project === undefined) return unread('Compose did not create its container');
  if (location === undefined && made.length === 0)
    return unread('its container has no label that names its Compose files');
  const folder = compose?.workingDirectory;
  const odd = location === undefined ? compose?.files?.flatMap((file) => notHere(file) ?? [])[0] : undefined;
  if (odd !== undefined) return fail({ kind: 'service-files-elsewhere', service, reason: odd });
  const told = await askComposeText(
    words,
    [
      '--profile',
      '*',
      '--project-name',
      project,
      ...(location !== undefined || folder === undefined ? [] : ['--project-directory', folder]),
    ],
    ['--format', 'json'],
  );
  if (told === undefined) return unread('a Compose file was a pipe, and has already been read');
  if (!told.ok) return unread(told.stderr.trim().split('\n').at(-1) || 'Compose could not read its files');
  const files = declaredFiles(told.stdout, service);
  const settings = { ...location?.dotEnv, ...caller.env };
  return files === undefined ? unread('its Compose files have no such service') : success({ files, service, settings });
}

/** A container's label may say anything, and Compose reads more than files: standard input, what it fetches from elsewhere. */
function notHere(file: string): string | undefined {
  const why = isAbsolute(file) ? withPlainFile(file, () => undefined) : 'not an absolute path';
  return why === undefined ? undefined : `its container was created from ${printableJson(file)}: ${why}`;
}

type Read = (file: DeclaredFile) => Promise<Result<Uint8Array>>;

/** The engine looks, within the container: whoever may ask it may read all of that. */
function contentIn({ container }: Target, { endpoint }: Engine): Read {
  const actions = connectActions(endpoint, callerName);
  return async (file) => {
    if (!actions.ok) return actions;
    const { what, name, target: path } = file;
    const unreadable = (reason: string): Result<never> =>
      fail({ kind: 'service-file-unreadable', what, name, target: path, reason, container: container.name });
    const archive = await actions.value.fetch(`GET /containers/${container.id}/archive${query({ path })}`);
    if (!archive.ok) {
      const { failure } = archive;
      const isMissing = failure.kind === 'engine-refused' && failure.status === 404;
      return isMissing ? unreadable(`the container has no ${path}`) : archive;
    }
    const content = fileInArchive(archive.value, largest);
    return typeof content === 'string' ? unreadable(content) : success(content);
  };
}

/** As Compose would have it in a new container. */
function contentToBe(settings: Environment): Read {
  return async ({ what, name, target, from }) => {
    const unreadable = (reason: string): Result<never> =>
      fail({ kind: 'service-file-unreadable', what, name, target, reason, container: undefined });
    if (from.content !== undefined) return success(Buffer.from(from.content));
    if (from.environment !== undefined) {
      const value = settings[from.environment];
      return value === undefined
        ? unreadable(`the variable ${from.environment} is not set`)
        : success(Buffer.from(value));
    }
    if (from.file === undefined) return unreadable('it is external, and Compose cannot read it either');
    const read = withPlainFile(from.file, (descriptor, size) =>
      size > largest ? `it is larger than ${largest / 1024 / 1024} MiB` : readFileSync(descriptor),
    );
    return typeof read === 'string' ? unreadable(`${from.file}: ${read}`) : success(read);
  };
}

/** @returns what is made of it, or why it cannot be read */
function withPlainFile<T>(file: string, use: (descriptor: number, size: number) => T): T | string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const stat = fstatSync(descriptor);
    return stat.isFile() ? use(descriptor, stat.size) : 'it is not a file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'no such file' : code === 'EACCES' ? 'permission denied' : String(code);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function spotFor(target: string): Spot {
  const taken = exists(target);
  let given = dirname(target);
  while (given !== '/' && !exists(given)) given = dirname(given);
  const rest = target.slice(given === '/' ? 1 : given.length + 1);
  try {
    const folder = realpathSync(given);
    const above = withParents(folder).map((each) => statSync(each));
    const firm = above.every(({ uid, mode }) => uid === 0 && (mode & 0o022) === 0);
    const open = above.every(({ mode }) => (mode & 0o005) === 0o005);
    return { taken, folder, rest, firm, open, entries: entriesOf(folder) };
  } catch {
    return { taken, folder: given, rest, firm: false, open: false, entries: undefined };
  }
}

/** A link that leads nowhere is there, too. */
function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // Below what is no folder there can be nothing, and nothing put.
    return (error as NodeJS.ErrnoException).code !== 'ENOTDIR';
  }
}

const withParents = (folder: string): readonly string[] =>
  folder === '/' ? [folder] : [folder, ...withParents(dirname(folder))];

function entriesOf(folder: string): number | undefined {
  try {
    if (!statSync(folder).isDirectory()) return undefined;
    accessSync(folder, constants.X_OK);
    return readdirSync(folder).length;
  } catch {
    return undefined;
  }
}
