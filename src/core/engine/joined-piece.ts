// Two pieces of what has come, between which stood a head that has been read: they go on as one, which takes half the calls.

/**
 * Moves the second behind the first, within the bytes that they are both of.
 * @returns undefined where they are of others
 */
export function joinedPiece(first: Buffer, second: Buffer): Buffer | undefined {
  if (first.buffer !== second.buffer) return undefined;
  const joined = Buffer.from(first.buffer, first.byteOffset, first.length + second.length);
  joined.set(second, first.length);
  return joined;
}
