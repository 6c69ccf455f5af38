// The image of a tunnel's far end: this executable and the libraries that it runs with, and nothing else, as a tar archive.
import { basename } from 'node:path/posix';
import type { Shape } from '../json/shape.ts';
import { decodeShape, fields, listOf, number, string } from '../json/shape.ts';
import { imageRepository } from '../engine/empty-image.ts';

export const farExecutable = '/netexec';

/** Where its libraries are, for the loader: LD_LIBRARY_PATH. */
export const farLibraries = '/lib';

export interface ArchivedFile {
  /** Where it is in the image, from the root: without a slash in front. */
  readonly name: string;
  /** Where it is on this machine, or what it has in it. */
  readonly from: string | Buffer;
}

/** By which file name each is loaded. Another one that is loaded is the caller's (LD_PRELOAD), and stays here. */
const libraries: Readonly<Record<string, string>> = {
  libc: 'libc.so.6',
  libm: 'libm.so.6',
  libdl: 'libdl.so.2',
  libpthread: 'libpthread.so.0',
  'libstdc++': 'libstdc++.so.6',
  libgcc_s: 'libgcc_s.so.1',
};

/** What glibc loads by itself for a name's address, as long as it is of its own version. */
export const nameServices: readonly string[] = ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2'];

/**
 * How glibc looks names up, as on most machines. Without them it asks DNS before the service's hosts file, and takes that file's
 * first line for a name alone.
 */
export const lookupFiles: readonly ArchivedFile[] = [
  { name: 'etc/nsswitch.conf', from: Buffer.from('hosts: files dns\n') },
  { name: 'etc/host.conf', from: Buffer.from('multi on\n') },
];

/**
 * @param interpreter as the executable names it
 * @param maps /proc/self/maps of a process of it
 * @returns undefined where it does not show libc
 */
export function farFiles(executable: string, interpreter: string, maps: string): readonly ArchivedFile[] | undefined {
  const loaded = [...new Set([...maps.matchAll(/ (\/\S+\.so[.\d]*)$/gm)].map(([, file = '']) => file))];
  const found = loaded.flatMap((file) => {
    const [stem = ''] = /^[^.]*?(?=-[\d.]+\.so|\.so)/.exec(basename(file)) ?? [];
    const name = libraries[stem];
    return name === undefined ? [] : [{ name: `${farLibraries.slice(1)}/${name}`, from: file }];
  });
  const isMusl = interpreter.includes('musl');
  if (!isMusl && !found.some(({ name }) => name.endsWith('/libc.so.6'))) return undefined;
  return [
    { name: farExecutable.slice(1), from: executable },
    { name: interpreter.slice(1), from: interpreter },
    ...found.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  ];
}

const PT_INTERP = 3;

/**
 * @param head the first bytes of an ELF file of 64 bits, little-endian (elf(5))
 * @returns the loader that it names
 */
export function interpreterOf(head: Buffer): string | undefined {
  if (head.length < 64 || head.toString('latin1', 0, 6) !== '\u007fELF\u0002\u0001') return undefined;
  const [at, size, count] = [Number(head.readBigUInt64LE(32)), head.readUInt16LE(54), head.readUInt16LE(56)];
  for (let index = 0; index < count; index += 1) {
    const header = head.subarray(at + index * size, at + (index + 1) * size);
    if (header.length < 56 || header.readUInt32LE(0) !== PT_INTERP) continue;
    const from = Number(header.readBigUInt64LE(8));
    const text = head.toString('latin1', from, from + Number(header.readBigUInt64LE(32)) - 1);
    return /^\/[\w./+-]+$/.test(text) ? text : undefined;
  }
  return undefined;
}

/** @param sum of the archive, SHA-256 in hex */
export const farTag = (sum: string): string => `${imageRepository}:far-${sum.slice(0, 12)}`;

/**
 * Whoever can have an image loaded could give it this name; by its layer it is known to hold what was sent.
 * @param json of GET /images/NAME/json
 * @returns its id; undefined where it is another
 */
export function farImageId(json: unknown, sum: string): string | undefined {
  const layers: Shape<readonly string[]> = listOf(string);
  const decoded = decodeShape(fields({ Id: string, RootFS: fields({ Layers: layers }) }), json);
  if (!decoded.ok) return undefined;
  const { Id: id, RootFS: root } = decoded.value;
  return root.Layers.length === 1 && root.Layers[0] === `sha256:${sum}` ? id : undefined;
}

/** In seconds: nobody who has been at it lately is to send his again. */
const unused = 30 * 24 * 3600;

/**
 * @param json of GET /images/json
 * @param now in seconds since 1970
 * @returns the names of those of other versions that were made long ago
 */
export function oldFarImages(json: unknown, own: string, now: number): readonly string[] {
  const decoded = decodeShape(listOf(fields({ RepoTags: listOf(string), Created: number })), json);
  return (decoded.ok ? decoded.value : [])
    .filter(({ Created: created }) => created < now - unused)
    .flatMap(({ RepoTags: tags }) => tags)
    .filter((tag) => tag.startsWith(`${imageRepository}:far-`) && tag !== own);
}
