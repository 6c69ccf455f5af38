// Where the body of an HTTP request ends (RFC 9112, 6 and 7.1). Nothing of it is changed.

export interface Body {
  /** What comes next: bytes of it, a line that tells how many, a line behind the last of them, or nothing. */
  readonly next: 'bytes' | 'size' | 'trailer' | 'nothing';
  /** Bytes that are to come before anything else. */
  readonly left: number;
  /** Of a line, as far as it has come. */
  readonly line: string;
}

export const sized = (left: number): Body => ({ next: 'bytes', left, line: '' });
export const chunked: Body = { next: 'size', left: 0, line: '' };

/** Of a chunk's size, or of a trailer. */
const longestLine = 8192;

/** @returns how many of these bytes belong to it, and what is still to come; undefined where it is none */
export function follow(body: Body, bytes: Buffer): { readonly body: Body; readonly length: number } | undefined {
  let { next, left, line } = body;
  let at = 0;
  for (;;) {
    const skipped = Math.min(left, bytes.length - at);
    at += skipped;
    left -= skipped;
    if (next === 'bytes' && left === 0) next = 'nothing';
    if (next === 'nothing' || at === bytes.length) return { body: { next, left, line }, length: at };
    const end = bytes.indexOf('\n', at);
    const until = end < 0 ? bytes.length : end + 1;
    line += bytes.toString('latin1', at, until);
    at = until;
    if (line.length > longestLine) return undefined;
    if (end < 0) continue;
    if (next === 'size') {
      const [, size] = /^([\da-f]{1,12})[ \t]*(?:;.*)?\r?\n$/i.exec(line) ?? [];
      if (size === undefined) return undefined;
      // Behind each chunk stands the end of a line.
      left = size === '0'.repeat(size.length) ? 0 : Number.parseInt(size, 16) + 2;
      if (left === 0) next = 'trailer';
    } else if (line === '\r\n' || line === '\n') next = 'nothing';
    line = '';
  }
}
