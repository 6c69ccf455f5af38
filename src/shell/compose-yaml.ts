// Reads the few facts of a Compose file that are wanted when no container tells them: its name and its services.
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import * as z from 'zod/mini';
import { decode } from '../core/decode.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';

export interface ComposeFile {
  readonly name: string | undefined;
  readonly services: readonly string[];
}

const schema = z.nullish(
  z.object({ name: z.optional(z.string()), services: z.nullish(z.record(z.string(), z.unknown())) }),
);

/** Interpolation, include, extends and profiles are Compose's own: where they matter, ask `docker compose config`. */
export function readComposeFile(file: string): Result<ComposeFile> {
  const invalid = (reason: string): Result<ComposeFile> => fail({ kind: 'compose-file-invalid', file, reason });
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return invalid(error instanceof Error ? error.message : String(error));
  }
  // Tags such as !reset and !override are Compose's; they are no fault of the file's.
  const document = parseDocument(text, { logLevel: 'error', merge: true });
  const problem = document.errors[0];
  if (problem !== undefined) return invalid(problem.message);
  const decoded = decode(schema, document.toJS());
  if (!decoded.ok) return invalid(decoded.problem);
  return success({ name: decoded.value?.name, services: Object.keys(decoded.value?.services ?? {}) });
}
