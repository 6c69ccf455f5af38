// Reads what test/engines/record.ts recorded from a real engine.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Json = Record<string, unknown>;

export interface Recording {
  /** The answer to GET /containers/json. */
  readonly list: readonly Json[];
  /** The answers to GET /containers/ID/json, by the container's name. */
  readonly containers: Readonly<Record<string, Json>>;
  /** The answer to GET /networks. */
  readonly networks: readonly Json[];
  /** The answer to GET /info. */
  readonly info: Json;
}

/** @returns a copy of its own for each caller, which may bend it */
export function readRecording(name: string): Recording {
  const folder = join(import.meta.dirname, 'fixtures/engine', name);
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const files = readdirSync(join(folder, 'inspect'));
  return {
    list: read('list.json') as Json[],
    containers: Object.fromEntries(
      files.map((file) => [file.replace(/\.json$/, ''), read(join('inspect', file)) as Json]),
    ),
    networks: read('networks.json') as Json[],
    info: read('info.json') as Json,
  };
}

/** The recorded project as it would be, had it been made from another folder, and were its processes others. */
export function recordingWith({
  folder = '/src/shop',
  pids = {},
}: { folder?: string; pids?: Readonly<Record<string, number>> } = {}): Recording {
  const text = JSON.stringify(readRecording('shop')).replaceAll('/src/shop', folder);
  const recording = JSON.parse(text) as Recording;
  for (const [name, pid] of Object.entries(pids)) {
    const container = recording.containers[name] ?? {};
    container['State'] = { ...(container['State'] as Json), Pid: pid };
  }
  return recording;
}
