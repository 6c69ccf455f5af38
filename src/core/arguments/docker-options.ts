// Options that are docker's: what it takes itself, and what hands are used to that type `docker exec`.
import { listed } from './option-entry.ts';
import type { Flag } from './option-entry.ts';

type Flags = Readonly<Record<string, Flag>>;

/** Those that stand before the word `netexec` (docker/cli, cli/flags/options.go). */
const dockerFlags = {
  config: { value: { word: 'DIR' } },
  context: { short: 'c', value: { word: 'CONTEXT' } },
  debug: { short: 'D' },
  help: { short: 'h' },
  host: { short: 'H', value: { word: 'HOST' }, excludes: ['context'] },
  'log-level': { short: 'l', value: { word: 'LEVEL' } },
  tls: {},
  tlscacert: { value: { word: 'FILE' } },
  tlscert: { value: { word: 'FILE' } },
  tlskey: { value: { word: 'FILE' } },
  tlsverify: {},
  version: { short: 'v' },
} as const satisfies Flags;

/** By these `docker exec` and `docker compose exec` are asked for what COMMAND always has: they change nothing. */
const execFlags = { interactive: { short: 'i' }, tty: { short: 't' }, 'no-TTY': { short: 'T' }, 'no-tty': {} } as const;

export type DockerFlags = typeof dockerFlags & typeof execFlags;

export const dockerOptions = listed<keyof typeof dockerFlags, Flag<keyof DockerFlags>>(dockerFlags);
export const execOptions = listed<keyof typeof execFlags, Flag>(execFlags);
