// The system's words byte by byte, whatever they are: what is not UTF-8 has signs of its own (src/core/text/raw-bytes.ts).
import type { Environment } from '../../core/engine/engine-address.ts';
import { hasRawBytes, toBytes } from '../../core/text/raw-bytes.ts';

export { fromBytes as textOf, hasRawBytes as isRaw, toBytes as bytesOf } from '../../core/text/raw-bytes.ts';

/** Whether any of these is, or of these variables. */
export const areRaw = (words: readonly string[], variables: Environment): boolean =>
  [...words, ...Object.entries(variables).flat()].some((text) => text !== undefined && hasRawBytes(text));

/** A path as the system has it. */
export const pathOf = (text: string): string | Buffer => (hasRawBytes(text) ? toBytes(text) : text);
