// Folders for what takes a name for a moment: the caller's alone, and gone when what was made in there is open. Those that
// a kill -9 has left are tidied away by a later run.
import * as fs from 'node:fs';
import { chmodSync, closeSync, constants, fstatSync, mkdtempSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path/posix';
import { promisify } from 'node:util';
import { callerUid } from './caller.ts';

/** What stands in such a folder: a name of its own, by which a folder that is left is known to hold nothing else. */
export type OwnName = (typeof ownNames)[number];
const ownNames = ['lifeline', 'answers'] as const;

export interface OwnFolder {
  readonly file: string;
  remove(): void;
}

/** The caller's runtime folder where it is that, else the folder for temporary files. */
export function temporaryBase(): string {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  return runtime !== undefined && isOwn(runtime) ? runtime : tmpdir();
}

/** Under a name that nobody can have prepared. */
export function makeOwnFolder(base: string, name: OwnName): OwnFolder {
  const folder = mkdtempSync(join(base, 'docker-netexec-'));
  // The caller's umask may have taken the owner's own rights.
  chmodSync(folder, 0o700);
  return {
    file: join(folder, name),
    remove: () => {
      rmSync(join(folder, name), { force: true });
      rmdirSync(folder);
    },
  };
}

/** A bound: others may have put anything there, and in any number. */
const most = { looked: 2000, removed: 20 };

// node:fs/promises would take longer to load than all that is done with it here.
const lstat = promisify(fs.lstat);
const open = promisify(fs.open);
const readdir = promisify(fs.readdir);
const readFile = promisify(fs.readFile);
const rmdir = promisify(fs.rmdir);
const unlink = promisify(fs.unlink);

/**
 * Tidies up beside the run, for which it is of no consequence: what cannot be looked at, or removed, stays. So does what
 * somebody has mounted there, which might never answer. A folder that is just being made is younger than a minute.
 */
export async function removeForgottenFolders(base: string): Promise<void> {
  let removed = 0;
  try {
    const names = (await readdir(base)).filter((name) => /^docker-netexec-(probe-)?\w{6}$/.test(name));
    for (const name of names.slice(0, most.looked)) {
      if (removed >= most.removed) return;
      if (String(await readFile('/proc/self/mountinfo')).includes(`/${name} `)) continue;
      if (await removeForgotten(join(base, name)).catch(() => false)) removed += 1;
    }
  } catch {
    // A folder that all may write into need not be one that all may list.
  }
}

/** Whatever the folder's own mode: by a descriptor that needs no right to it (O_PATH of linux/fcntl.h), and follows no link. */
async function removeForgotten(folder: string): Promise<boolean> {
  const { mtimeMs, uid } = await lstat(folder);
  if (uid !== callerUid() || Date.now() - mtimeMs < 60_000) return false;
  const held = await open(folder, 0o10_000_000 | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    const path = `/proc/self/fd/${held}`;
    if (fstatSync(held).uid !== callerUid()) return false;
    chmodSync(path, 0o700);
    for (const name of ownNames) await unlink(join(path, name)).catch(() => {});
  } finally {
    closeSync(held);
  }
  await rmdir(folder);
  return true;
}

function isOwn(folder: string): boolean {
  try {
    const stat = statSync(folder);
    return stat.isDirectory() && stat.uid === callerUid() && (stat.mode & 0o077) === 0;
  } catch {
    return false;
  }
}
