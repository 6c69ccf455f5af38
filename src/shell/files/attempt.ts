// Looks at what may be gone by now, or not be the caller's to look at: files of /proc above all.
import { readFileSync, statSync } from 'node:fs';

/** @returns undefined where `look` throws */
export function attempt<Value>(look: () => Value): Value | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/** @returns undefined where it cannot be read */
export const readText = (file: string): string | undefined => attempt(() => readFileSync(file, 'utf8'));

/** @returns '' where it cannot be read */
export const readOrEmpty = (file: string): string => readText(file) ?? '';

/** A link to one is one. */
export const isFolder = (path: string): boolean => attempt(() => statSync(path).isDirectory()) === true;
