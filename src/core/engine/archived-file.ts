// The archive of one file (pax(1), ustar), as the engine tells what a container has at a path.

const block = 512;

/** @returns its content; why it is none, where it is not that of a plain file */
export function fileInArchive(archive: Buffer, largest: number): Buffer | string {
  for (let at = 0; at + block <= archive.length;) {
    const type = String.fromCharCode(archive[at + 156] ?? 0);
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 136), 8);
    if (!(size >= 0)) break;
    at += block;
    // What describes the entry behind it: its name or owner are too long for the header.
    if (/[xgLK]/.test(type)) {
      at += Math.ceil(size / block) * block;
      continue;
    }
    if (type === '2') return 'it is a link';
    if (type !== '0' && type !== '\0') return 'it is no file';
    if (size > largest) return `it is larger than ${largest / 1024 / 1024} MiB`;
    return at + size > archive.length ? 'the engine told half of it' : archive.subarray(at, at + size);
  }
  return 'the engine told no file';
}
