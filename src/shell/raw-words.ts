// The system's words where netexec is one executable: byte by byte. Node has damaged them before netexec's first line, so
// that its bundle does without (scripts/bundle.ts says which of the two is made).
import type { Environment } from '../core/endpoint.ts';
import { fromBytes, hasRawBytes, toBytes } from '../core/raw-bytes.ts';

export const textOf = (bytes: Buffer): string =>
  process.versions['bun'] === undefined ? bytes.toString() : fromBytes(bytes);

export const bytesOf = (text: string): string | Buffer =>
  process.versions['bun'] === undefined ? text : toBytes(text);

export const isRaw = (text: string): boolean => process.versions['bun'] !== undefined && hasRawBytes(text);

/** Whether any of these is, or of these variables. */
export const areRaw = (words: readonly string[], variables: Environment): boolean =>
  process.versions['bun'] !== undefined &&
  [...words, ...Object.entries(variables).flat()].some((text) => text !== undefined && hasRawBytes(text));

/** A path as the system has it. */
export const pathOf = (text: string): string | Buffer =>
  process.versions['bun'] === undefined || !isRaw(text) ? text : toBytes(text);
