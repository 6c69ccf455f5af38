// Words and variables of the system's are bytes, mostly UTF-8. A byte that is none is kept as a lone surrogate, U+DC80 to
// U+DCFF, as Python's surrogateescape has it: a text holds it, and it comes out again as it was.

/** @returns a text; each byte that is not UTF-8 as one lone surrogate */
export function fromBytes(bytes: Buffer): string {
  const text = bytes.toString();
  // Most are whole, and a replacement character may have been there before.
  if (!text.includes('\ufffd')) return text;
  let whole = '';
  for (let at = 0; at < bytes.length;) {
    const size = [1, 2, 3, 4].find((count) => isCharacter(bytes.subarray(at, at + count)));
    whole +=
      size === undefined ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0)) : bytes.toString('utf8', at, at + size);
    at += size ?? 1;
  }
  return whole;
}

const isCharacter = (bytes: Buffer): boolean => Buffer.from(bytes.toString()).equals(bytes);

/** @param text of `fromBytes`, or any other */
export function toBytes(text: string): Buffer {
  if (!hasRawBytes(text)) return Buffer.from(text);
  const parts = text.split(/([\udc80-\udcff])/u);
  // Every second one is what was split at.
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.of(part.charCodeAt(0) - 0xdc00) : Buffer.from(part))),
  );
}

/** Whether a text has bytes that are not UTF-8. */
export const hasRawBytes = (text: string): boolean => /[\udc80-\udcff]/u.test(text);
