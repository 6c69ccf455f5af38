// Folders for what takes a name for a moment: the caller's alone, and gone when what was made in there is open. Those that
// a kill -9 has left are tidied away by a later run.
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  mkdtempSync,
  opendirSync,
  openSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path/posix';
import { callerUid } from '../observe/caller.ts';
import { pathOnly } from './path-only.ts';

/** What stands in such a folder: a name of its own, by which a folder that is left is known to hold nothing else. */
export type OwnName = (typeof ownNames)[number];
const ownNames = ['lifeline', 'answers', 'relay', 'ssh', 'hosts'] as const;

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

/**
 * Tidies up, which is of no consequence for the run: what cannot be looked at, or removed, stays. So does what somebody
 * has mounted there, which might never answer. A folder that is just being made is younger than a minute.
 */
export function removeForgottenFolders(base: string): void {
  try {
    const folder = opendirSync(base);
    let removed = 0;
    for (let looked = 0; looked < most.looked && removed < most.removed; looked += 1) {
      const name = folder.readSync()?.name;
      if (name === undefined) break;
      if (/^docker-netexec-(probe-)?\w{6}$/.test(name) && isRemoved(base, name)) removed += 1;
    }
    folder.closeSync();
  } catch {
    // A folder that all may write into need not be one that all may list.
  }
}

/** Whatever the folder's own mode: by a descriptor that needs no right to it and follows no link. */
function isRemoved(base: string, name: string): boolean {
  const path = join(base, name);
  let held: number | undefined;
  try {
    if (readFileSync('/proc/self/mountinfo', 'utf8').includes(`/${name} `)) return false;
    held = openSync(path, pathOnly | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    const { mtimeMs, uid } = fstatSync(held);
    if (uid !== callerUid() || Date.now() - mtimeMs < 60_000) return false;
    const folder = `/proc/self/fd/${held}`;
    chmodSync(folder, 0o700);
    for (const each of ownNames) rmSync(join(folder, each), { force: true });
    rmdirSync(path);
    return true;
  } catch {
    return false;
  } finally {
    if (held !== undefined) closeSync(held);
  }
}

function isOwn(folder: string): boolean {
  try {
    const stat = statSync(folder);
    return stat.isDirectory() && stat.uid === callerUid() && (stat.mode & 0o077) === 0;
  } catch {
    return false;
  }
}
