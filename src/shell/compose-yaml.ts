// Reads the few facts of a Compose file that are wanted when no container tells them: its name and its services.
import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import * as z from 'zod/mini';
import { decode } from '../core/decode.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';

export interface ComposeFile {
  readonly name: string | undefined;
  readonly services: readonly string[];
  readonly networks: readonly {
    readonly key: string;
    readonly name: string | undefined;
    readonly external: boolean;
    readonly internal: boolean;
  }[];
  /** The file draws on others, or on variables, for what is asked of it here: only Compose can tell then. */
  readonly incomplete: boolean;
}

const serviceSchema = z.nullish(
  z.object({
    networks: z.optional(z.unknown()),
    network_mode: z.optional(z.unknown()),
    extends: z.optional(z.unknown()),
  }),
);
const networkSchema = z.nullish(
  z.object({ name: z.nullish(z.string()), external: z.optional(z.unknown()), internal: z.optional(z.unknown()) }),
);
const schema = z.nullish(
  z.object({
    name: z.optional(z.string()),
    include: z.optional(z.unknown()),
    services: z.nullish(z.record(z.string(), serviceSchema)),
    networks: z.nullish(z.record(z.string(), networkSchema)),
  }),
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
  const lines = new LineCounter();
  const document = parseDocument(text, { logLevel: 'error', merge: true, prettyErrors: false, lineCounter: lines });
  const problem = document.errors[0];
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0]);
    return invalid(`${problem.message} at line ${line}, column ${col}`);
  }
  let json: unknown;
  try {
    // Merging what cannot be merged, and aliases that would grow without end, show only here.
    json = document.toJS();
  } catch (error) {
    return invalid(error instanceof Error ? error.message : String(error));
  }
  const decoded = decode(schema, json);
  if (!decoded.ok) return invalid(decoded.problem);
  return success(summarize(decoded.value ?? {}));
}

function summarize(file: NonNullable<z.infer<typeof schema>>): ComposeFile {
  const services = Object.values(file.services ?? {});
  const declared = Object.entries(file.networks ?? {}).map(([key, network]) => ({
    key,
    name: network?.name ?? undefined,
    external: network?.external !== undefined && network.external !== false,
    internal: network?.internal === true,
  }));
  // A service that names no network is on the one called default (compose-go, loader/normalize.go).
  const implied = services.some((service) => service?.networks === undefined && service?.network_mode === undefined);
  const networks =
    implied && !declared.some(({ key }) => key === 'default')
      ? [...declared, { key: 'default', name: undefined, external: false, internal: false }]
      : declared;
  const incomplete =
    file.include !== undefined ||
    services.some((service) => service?.extends !== undefined) ||
    declared.some(({ name }) => name?.includes('$'));
  return { name: file.name, services: Object.keys(file.services ?? {}), networks, incomplete };
}
