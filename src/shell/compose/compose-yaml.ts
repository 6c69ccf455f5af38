// Reads the few facts of a Compose file that are wanted when no container tells them: its name, its services and networks.
import { LineCounter, isAlias, isCollection, isMap, isScalar, isSeq, parseAllDocuments, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import * as z from 'zod/mini';
import { decode } from '../../core/json/decode.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { readFileText } from '../files/file-text.ts';
import type { ReadText } from './env-files.ts';

export interface ComposeFile {
  /** Each with the profiles that it is behind. */
  readonly services: Readonly<Record<string, readonly string[]>>;
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
    profiles: z.optional(z.unknown()),
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

const largest = 1024 * 1024;

/** Interpolation, include, extends and profiles are Compose's own: where they matter, ask `docker compose config`. */
export function readComposeFile(file: string, readText: ReadText = readFileText): Result<ComposeFile> {
  const invalid = (reason: string): Result<ComposeFile> => fail({ kind: 'compose-file-invalid', file, reason });
  const read = readText(file);
  if (read === undefined) return invalid('no such file');
  if (!read.ok) return invalid(read.reason);
  const { text } = read;
  // Its parser would take minutes for what nobody writes by hand.
  if (text.length > largest) return invalid(`it is larger than ${largest / 1024 / 1024} MiB`);
  // Tags such as !reset and !override are Compose's; they are no fault of the file's.
  const lines = new LineCounter();
  const document = parseDocument(text, { logLevel: 'error', merge: true, prettyErrors: false, lineCounter: lines });
  const invalidAt = (reason: string, offset = 0): Result<ComposeFile> => {
    const { line, col } = lines.linePos(offset);
    return invalid(`${reason} at line ${line}, column ${col}`);
  };
  const problem = document.errors[0];
  if (problem !== undefined) return invalidAt(problem.message, problem.pos[0]);
  // Compose takes none. To make texts of them, one in the other, would take minutes.
  const key = findCollectionAsKey(document.contents);
  if (key !== undefined) return invalidAt('a list or a mapping cannot be a key', key.range?.[0]);
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

function findCollectionAsKey(contents: Node | null): Node | undefined {
  const left: unknown[] = [contents];
  while (left.length > 0) {
    const node = left.pop();
    if (isSeq(node)) for (const item of node.items) left.push(item);
    if (isMap(node))
      for (const { key, value } of node.items) {
        if (isCollection(key)) return key;
        left.push(value);
      }
  }
  return undefined;
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
  return {
    services: Object.fromEntries(
      Object.entries(file.services ?? {}).map(([key, each]) => [key, texts(each?.profiles)]),
    ),
    networks,
    incomplete,
  };
}

const texts = (list: unknown): readonly string[] =>
  Array.isArray(list) ? list.filter((each): each is string => typeof each === 'string') : [];

/** The name that the last of a file's documents says; undefined where only Compose could tell. */
export function nameInYaml(text: string): string | undefined {
  const documents = parseAllDocuments(text, { logLevel: 'silent', merge: true, prettyErrors: false });
  // Compose's own reader may make something of what is a mistake to this one.
  if ([...documents].some(({ errors }) => errors.length > 0)) return undefined;
  const names = [...documents].map((document) => nameIn(document.contents, document, 0));
  if (names.includes(undefined)) return undefined;
  return names.findLast((name) => name !== '') ?? '';
}

function nameIn(node: unknown, document: Document, depth: number): string | undefined {
  const map = isAlias(node) ? node.resolve(document) : node;
  if (!isMap(map) || depth > 10) return '';
  const own = map.items.find(({ key }) => isScalar(key) && key.value === 'name')?.value as Node | null | undefined;
  const value = isAlias(own) ? own.resolve(document) : own;
  if (isScalar(value)) return typeof value.value === 'string' ? value.value : undefined;
  if (value !== undefined && value !== null) return undefined;
  // What is merged into the top of the file.
  const merged = map.items.find(({ key }) => isScalar(key) && (key.source === '<<' || key.value === '<<'))?.value;
  const sources = isSeq(merged) ? merged.items : [merged];
  return sources.map((source) => nameIn(source, document, depth + 1)).find((name) => name !== '') ?? '';
}
