// What the two ends of a relay tell each other beside the streams: the inner one's task, and what it says of it, a line of
// JSON each.
import * as z from 'zod/mini';
import { ownVariables, withoutRuntimes } from '../entry/environment.ts';
import type { EntryPlan } from '../entry/plan.ts';
import { decode } from '../json/decode.ts';
import type { Decoded } from '../json/decode.ts';
import { ways } from '../ways/ways.ts';
import type { LocalPort } from './local-ports.ts';

/** The last word of the inner end's command line. */
export interface RelayTask {
  /** The socket on which the listening ones are handed to it. */
  readonly path: string;
  /** What each of those is, in the order in which they are handed over. */
  readonly localPorts: readonly LocalPort[];
  /** The ports in there on which it listens for netexec: on the localhost, or for all where others are led there (--intercept). */
  readonly listens: readonly { readonly port: number; readonly open: boolean }[];
  /** Names that are looked up before anyone connects. */
  readonly names: readonly string[];
  /** A COMMAND runs beside it: what the terminal sends is for that. */
  readonly beside: boolean;
}

/** The plan of the entry whose COMMAND is the inner end. */
export function innerPlan(plan: EntryPlan, task: RelayTask): EntryPlan {
  const [executable, ...words] = plan.command.words;
  const command = { ...plan.command, words: [executable, ...words, JSON.stringify(task)] as const };
  const environment = { ...withoutRuntimes(plan.environment), ...ownVariables, ...lookups };
  // Input and output are COMMAND's. By the engine the terminal would be the relay's own, whose Ctrl-Z nobody hears.
  const apart = task.beside || ways[plan.way.kind].parent === 'daemon';
  // The caller's further descriptors are COMMAND's.
  const handed = plan.lifelines.handed.filter(({ holds }) => holds !== 'caller');
  const own = { ...plan, command, environment, lifelines: { ...plan.lifelines, handed } };
  return { ...own, ...(apart ? { streams: ['nothing', 'nothing', 'caller'] } : {}) };
}

/** Of a name that nobody tells a thread waits for ten seconds: there are more than browsers ask for at once. */
const lookups = { UV_THREADPOOL_SIZE: '256' };

const schema = z.discriminatedUnion('kind', [
  /** It takes connections. Of each listening socket that it has handed over, the number among those that it was to listen on. */
  z.object({ kind: z.literal('ready'), leadsTo: z.array(z.int()) }),
  /** It cannot listen on that one of them, and ends: a code of the system's. */
  z.object({ kind: z.literal('unlistenable'), number: z.int(), error: z.string() }),
  /** It could not take over the sockets, or use them, and ends: a code of the system's. */
  z.object({ kind: z.literal('unable'), error: z.string() }),
  /** Nobody has that one of the names. */
  z.object({ kind: z.literal('nameless'), name: z.string() }),
  /** There are too many connections at once. */
  z.object({ kind: z.literal('full') }),
  /** The first connection there, or the first since one succeeded, that fails for this cause: a code of the system's. */
  z.object({ kind: z.literal('failed'), host: z.optional(z.string()), port: z.int(), error: z.string() }),
]);

export type RelayWord = z.infer<typeof schema>;

export const decodeRelayWord = (json: unknown): Decoded<RelayWord> => decode(schema, json);
