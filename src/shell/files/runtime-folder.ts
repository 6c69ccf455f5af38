// The caller's own folder for what netexec writes: nobody else can have prepared it, read it, or put a link in its place.
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path/posix';
import type { AliasPlan } from '../../core/names/alias-plan.ts';
import type { Environment } from '../../core/engine/engine-address.ts';
import type { Failure } from '../../core/failure/failure.ts';
import { accountsHome, callerUid } from '../observe/caller.ts';
import { attempt } from './attempt.ts';

/** RUNTIME/docker-netexec: below $XDG_RUNTIME_DIR, else in the caller's home, which nobody shares as they do /tmp. */
export function runtimeFolder(env: Environment): string {
  // The XDG specification has folders that are not absolute ignored. sudo may leave root those of the user who called.
  const usable = (folder: string | undefined): folder is string =>
    folder !== undefined && isAbsolute(folder) && !isOtherUsers(folder);
  const named = [env['XDG_RUNTIME_DIR'], env['XDG_STATE_HOME']].find(usable);
  const home = usable(env['HOME']) ? env['HOME'] : (accountsHome() ?? env['HOME'] ?? '/');
  return join(named ?? join(home, '.local', 'state'), 'docker-netexec');
}

function isOtherUsers(folder: string): boolean {
  const owner = attempt(() => statSync(folder))?.uid;
  return owner !== undefined && owner !== 0 && owner !== callerUid();
}

export type FolderFailure = Extract<Failure, { readonly kind: 'runtime-folder-unusable' | 'runtime-folder-full' }>;

/** @returns what kept it from being done */
export function writeAliasFiles(plan: Pick<AliasPlan, 'folder' | 'files'>): FolderFailure | undefined {
  const base = unsafeBase(dirname(plan.folder));
  if (base !== undefined) return base;
  for (const folder of new Set([plan.folder, ...plan.files.map(({ file }) => dirname(file))])) {
    const failure = privateFolder(folder);
    if (failure !== undefined) return failure;
  }
  for (const { file, text } of plan.files) {
    const failure = isWritten(file, text) ? undefined : writeWhole(file, text);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** Most runs find what the one before has written: renaming a file takes a disk longer than reading it. */
function isWritten(file: string, text: string): boolean {
  try {
    const stat = lstatSync(file);
    const isOwn = stat.isFile() && stat.nlink === 1 && stat.uid === callerUid();
    return isOwn && (stat.mode & 0o7777) === 0o600 && readAliasFile(file) === text;
  } catch {
    return false;
  }
}

/** @returns what is in it, or '' */
export function readAliasFile(file: string): string {
  try {
    return readFileSync(file, { encoding: 'utf8', flag: constants.O_RDONLY | constants.O_NOFOLLOW });
  } catch {
    return '';
  }
}

/** In a folder that is another's, or that others may change, what is made can have something else put in its place. */
function unsafeBase(folder: string): FolderFailure | undefined {
  const stat = attempt(() => statSync(folder));
  if (stat === undefined) return folder === dirname(folder) ? undefined : unsafeBase(dirname(folder));
  if (stat.uid !== callerUid() && stat.uid !== 0) return unusableFolder(folder, 'it belongs to another user');
  // A group that may write there is the caller's own choice: with a umask of 002 every folder is so.
  return (stat.mode & 0o002) === 0 ? undefined : unusableFolder(folder, 'other users may write to it');
}

function unusableFolder(folder: string, reason: string): FolderFailure {
  return { kind: 'runtime-folder-unusable', folder, reason };
}

/** Makes a folder for the caller alone, or makes sure that the one that is there is that. */
function privateFolder(folder: string): FolderFailure | undefined {
  try {
    makeFolder(folder);
  } catch (error) {
    return { kind: 'runtime-folder-full', folder, reason: (error as NodeJS.ErrnoException).code ?? String(error) };
  }
  const stat = lstatSync(folder);
  const unusable = (reason: string): FolderFailure => unusableFolder(folder, reason);
  if (stat.isSymbolicLink()) return unusable('it is a symbolic link');
  if (!stat.isDirectory()) return unusable('it is not a directory');
  if (stat.uid !== callerUid()) return unusable('it belongs to another user');
  // Others could have put something into it that is not to be trusted.
  if ((stat.mode & 0o022) !== 0) return unusable('other users may write to it');
  // A umask of the caller's may have taken the owner's own rights.
  if ((stat.mode & 0o777) !== 0o700) chmodSync(folder, 0o700);
  return undefined;
}

/**
 * One folder after the other: mkdir's own `recursive` never ends where a file system makes no folders, as /proc.
 * Whatever is there already is left as it is: another run may be making the same ones.
 */
function makeFolder(folder: string): void {
  if (!existsSync(dirname(folder))) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
    chmodSync(folder, 0o700);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Whoever reads the file while it is replaced has the old one or the new one, whole. */
function writeWhole(file: string, text: string): FolderFailure | undefined {
  const next = `${file}.${process.pid}`;
  try {
    rmSync(next, { force: true });
    const descriptor = openSync(
      next,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      0o600,
    );
    fchmodSync(descriptor, 0o600);
    writeFileSync(descriptor, text);
    closeSync(descriptor);
    renameSync(next, file);
    return undefined;
  } catch (error) {
    rmSync(next, { force: true });
    return {
      kind: 'runtime-folder-full',
      folder: dirname(file),
      reason: (error as NodeJS.ErrnoException).code ?? String(error),
    };
  }
}
