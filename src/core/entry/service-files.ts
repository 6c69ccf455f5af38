// --service-files: a service's secrets and configs, and where COMMAND may find them.
import { join } from 'node:path/posix';
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import { printable } from '../text/printable.ts';

/** As the Compose file has it. */
export interface DeclaredFile {
  readonly what: 'secret' | 'config';
  /** Its key in the Compose file. */
  readonly name: string;
  /** Where the service finds it: absolute. */
  readonly target: string;
  /** Permission bits; a file that its reader cannot read is of no use. */
  readonly mode: number;
  readonly from: Readonly<Partial<Record<'file' | 'environment' | 'content', string | undefined>>>;
}

/** One that COMMAND gets. */
export interface ServiceFile {
  readonly what: DeclaredFile['what'];
  readonly name: string;
  /** The nearest folder of this machine, by its real path. */
  readonly folder: string;
  /** Its path from there, which this machine does not have. */
  readonly rest: string;
  readonly mode: number;
  readonly content: Uint8Array;
}

/** What this machine has where the file is to be. */
export interface Spot {
  /** Something is there already. */
  readonly taken: boolean;
  /** The nearest folder that is there, by its real path. */
  readonly folder: string;
  /** The path from there. */
  readonly rest: string;
  /** Nobody but root can put another in its place. */
  readonly firm: boolean;
  /** Anybody may look into it, and all above it: what lies over it is open to all. */
  readonly open: boolean;
  /** How many things are in it; undefined where the caller may not look. */
  readonly entries: number | undefined;
}

/** Each costs a mount of its own. */
const mostEntries = 100;
const mostFiles = 500;
/** A word of a command line has up to 128 KiB (execve(2)). */
const mostOfPaths = 64 * 1024;
/** The tmpfs has 32 MiB, and each file whole pages of it. */
const mostContent = 24 * 1024 * 1024;

/** @returns why all of them cannot be shown; what is in them counts as far as it is known */
export function excess(
  files: readonly (Pick<DeclaredFile, 'target'> & Partial<Pick<ServiceFile, 'content'>>)[],
): string | undefined {
  const total = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);
  if (files.length > mostFiles) return `${files.length}, but at most ${mostFiles} are allowed`;
  if (total(files.map(({ target }) => Buffer.byteLength(target))) > mostOfPaths)
    return `their paths are longer than ${mostOfPaths} bytes in total`;
  return total(files.map(({ content }) => content?.length ?? 0)) > mostContent
    ? `they are larger than ${mostContent / 1024 / 1024} MiB in total`
    : undefined;
}

/** @returns where it is laid; nothing of this machine's is covered, or written to */
export function placeFile(
  { what, name, target, mode }: DeclaredFile,
  spot: Spot,
): Result<Omit<ServiceFile, 'content'>> {
  const { folder, rest, taken } = spot;
  if (taken) return fail({ kind: 'service-file-taken', what, name, target });
  const reason = objection(target, spot);
  if (reason !== undefined) return fail({ kind: 'service-file-placeless', what, name, target, reason });
  return success({ what, name, folder, rest, mode });
}

function objection(target: string, { folder, rest, firm, open, entries }: Spot): string | undefined {
  if (printable(target) !== target || target.endsWith('/')) return 'it is not the path of a file';
  const path = join(folder, rest);
  // What is root's on the way to COMMAND must find nothing there that a container has written.
  if (ofPrograms.test(path)) return "this machine's own programs read files there";
  // What lies over /etc is an overlay, which takes any number, and needs no look.
  if (entries === undefined && !isInEtc(folder)) return `you cannot read ${folder}`;
  if (!firm) return `users other than root can change ${folder}`;
  if (!open) return `not every user can read ${folder}`;
  if (entries === undefined || isInEtc(folder)) return undefined;
  return entries > mostEntries ? `${folder} has more than ${mostEntries} entries` : undefined;
}

/** Below these the kernel, the loader and what root runs look for what is theirs. */
const ofPrograms =
  /^\/(?:usr|bin|sbin|lib[^/]*|proc|sys|dev|boot|nix)(?:\/|$)|^\/etc\/(?:ld[.-]|suid-debug|selinux|mtab|fstab)/;

/** @param folder an absolute path, without links and without `/` at its end */
export const isInEtc = (folder: string): boolean => folder === '/etc' || folder.startsWith('/etc/');

/** It takes another root for COMMAND. */
export const isInRoot = ({ folder }: Pick<ServiceFile, 'folder'>): boolean => folder === '/';

/** Where COMMAND finds it. */
export const pathOfFile = ({ folder, rest }: Pick<ServiceFile, 'folder' | 'rest'>): string => join(folder, rest);
