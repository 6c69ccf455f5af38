// Words and variables of the system's are bytes, mostly UTF-8. A byte that is none is kept as a lone surrogate, U+DC80 to
// U+DCFF, as Python's surrogateescape has it: a text holds it, and it comes out again as it was.

/** Whole characters in UTF-8 (RFC 3629), or else single bytes, one character of the text each. */
const pieces =
  /[\u0000-\u007f]+|[\u00c2-\u00df][\u0080-\u00bf]|\u00e0[\u00a0-\u00bf][\u0080-\u00bf]|[\u00e1-\u00ec\u00ee\u00ef][\u0080-\u00bf]{2}|\u00ed[\u0080-\u009f][\u0080-\u00bf]|\u00f0[\u0090-\u00bf][\u0080-\u00bf]{2}|[\u00f1-\u00f3][\u0080-\u00bf]{3}|\u00f4[\u0080-\u008f][\u0080-\u00bf]{2}|[^]/g; // oxlint-disable-line no-control-regex

export function fromBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  // Most are whole, and a replacement character may have been there before.
  if (!text.includes('\ufffd')) return text;
  return bytes.toString('latin1').replaceAll(pieces, (piece) => {
    const first = piece.charCodeAt(0);
    if (piece.length === 1 && first >= 0x80) return String.fromCharCode(0xdc00 + first);
    return Buffer.from(piece, 'latin1').toString('utf8');
  });
}

export function toBytes(text: string): Buffer {
  if (!hasRawBytes(text)) return Buffer.from(text);
  const parts = text.split(/([\udc80-\udcff])/u);
  // Every second one is what was split at.
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.of(part.charCodeAt(0) - 0xdc00) : Buffer.from(part))),
  );
}

/** A path as the system has it. */
export const pathOf = (text: string): string | Buffer => (hasRawBytes(text) ? toBytes(text) : text);

/** Whether a text has bytes that are not UTF-8. */
export const hasRawBytes = (text: string): boolean => /[\udc80-\udcff]/u.test(text);
