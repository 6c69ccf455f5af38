// Archives of files, as the engine takes and tells them (pax(1), ustar).

const block = 512;

/** The head of a file: always the same for the same bytes. */
export function tarHead(name: string, size: number): Buffer {
  const head = Buffer.alloc(block);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  // A long name has its folders in a field of their own.
  const cut = name.length > 100 ? name.indexOf('/', name.length - 101) : -1;
  head.write(name.slice(cut + 1), 0);
  // Its own sum counts as blanks.
  head.write(`${octal(0o755, 7)}${octal(0, 7)}${octal(0, 7)}${octal(size, 11)}${octal(0, 11)}        0`, 100);
  head.write('ustar\u000000', 257);
  if (cut >= 0) head.write(name.slice(0, cut), 345);
  const sum = head.reduce((total, byte) => total + byte);
  head.write(octal(sum, 6), 148);
  return head;
}

/** What fills the last block of a file. */
export const tarPadding = (size: number): Buffer => Buffer.alloc((block - (size % block)) % block);

/** Of an archive; by itself, one with nothing in it. */
export const tarEnd = Buffer.alloc(2 * block);

/** @returns where it leads, if the archive is of a symbolic link */
export function linkInArchive(archive: Buffer): string | undefined {
  if (archive.length < block || archive[156] !== 0x32) return undefined;
  return archive.toString('utf8', 157, 257).replace(/\0.*$/s, '');
}

/**
 * @param archive of one file: what a container has at a path
 * @returns its content; why it is none, where it is not that of a plain file */
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
    if (type === '2') return 'it is a symbolic link';
    if (type !== '0' && type !== '\0') return 'it is not a file';
    if (size > largest) return `it is larger than ${largest / 1024 / 1024} MiB`;
    return at + size > archive.length ? 'the engine sent only part of it' : archive.subarray(at, at + size);
  }
  return 'the engine sent no file';
}
