// What the program that looks from inside the network tells, a line of JSON each; probe.ts writes them, --check reads them.
import * as z from 'zod/mini';
import { decode } from '../json/decode.ts';
import type { Decoded } from '../json/decode.ts';
import { isIP } from '../names/ip-address.ts';

/** The addresses that were found, or the code of what went wrong. */
const answerSchema = z.object({ addresses: z.array(z.string()), error: z.nullable(z.string()) });
export type Answer = z.infer<typeof answerSchema>;

const machineSchema = z.object({
  kind: z.literal('machine'),
  nameservers: z.array(z.string()),
  search: z.array(z.string()),
  /** Addresses of interfaces that are up. */
  addresses: z.array(z.string()),
  /** Whether there is a way to addresses that are on none of the networks. */
  gateway: z.boolean(),
  /** How large a packet may be there, by the largest interface; null where the kernel does not tell. */
  mtu: z.nullable(z.int()),
  /** Where the engine's DNS server listens, behind its NAT rules. */
  enginesDnsPort: z.nullable(z.int()),
  /** Whether it knows the asker's own name, and whether it answers behind its rules; null where that was not tried. */
  enginesDnsKnows: z.nullable(z.boolean()),
  enginesDnsAnswers: z.nullable(z.boolean()),
});

const beginSchema = z.object({
  kind: z.literal('begin'),
  endpoint: z.int(),
  step: z.enum(['dns', 'connect', 'tls', 'words', 'end']),
});

const namesSchema = z.object({
  kind: z.literal('names'),
  endpoint: z.int(),
  /** What the hosts file says. */
  hosts: z.array(z.string()),
  /** What a search domain makes of the name, where that is what was answered. */
  longer: z.nullable(z.string()),
  ipv4: answerSchema,
  ipv6: answerSchema,
  /** What a program gets (getaddrinfo), hosts file and search domains included. */
  program: answerSchema,
  milliseconds: z.number(),
});

const connectionSchema = z.object({
  kind: z.literal('connection'),
  endpoint: z.int(),
  address: z.string(),
  /** Null: it connected. `TIMEOUT` or a code of the system's. */
  error: z.nullable(z.string()),
  milliseconds: z.number(),
});

/** What JavaScript has no date for it cannot show either (ECMA-262, Time Values). */
const time = z.number().check(z.minimum(-8.64e15), z.maximum(8.64e15));

const tlsSchema = z.object({
  kind: z.literal('tls'),
  endpoint: z.int(),
  /** A handshake that failed; null where it did not. */
  error: z.nullable(z.string()),
  version: z.nullable(z.string()),
  /** Why the certificate is not trusted: a code of Node's; null where it is. */
  untrusted: z.nullable(z.string()),
  /** The names in the certificate. */
  names: z.array(z.string()),
  nameFits: z.boolean(),
  /** When it starts and ends to hold; milliseconds since 1970. */
  from: z.nullable(time),
  until: z.nullable(time),
  now: time,
});

const wordsSchema = z.object({
  kind: z.literal('words'),
  endpoint: z.int(),
  said: z.nullable(z.string()),
  trouble: z.nullable(z.enum(['not-ready', 'rejected', 'other'])),
  advertised: z.array(z.string()),
  /** Nothing was said: `TIMEOUT`, `CLOSED` or a code of the system's. */
  error: z.nullable(z.string()),
  /** Whether the server speaks TLS, tried where it said nothing without; null where that was not tried. */
  speaksTls: z.nullable(z.boolean()),
});

/** What listens in the network, where this machine cannot look. */
const socketsSchema = z.object({
  kind: z.literal('sockets'),
  sockets: z.array(
    z.object({
      transport: z.enum(['tcp', 'udp']),
      address: z.string().check(z.refine((address) => isIP(address) !== 0)),
      port: z.int().check(z.minimum(0), z.maximum(65_535)),
      inode: z.int(),
      uid: z.optional(z.int()),
    }),
  ),
});

const schema = z.discriminatedUnion('kind', [
  socketsSchema,
  machineSchema,
  beginSchema,
  namesSchema,
  connectionSchema,
  tlsSchema,
  wordsSchema,
]);

export type Finding = z.infer<typeof schema>;
export type Machine = z.infer<typeof machineSchema>;
export type Begun = z.infer<typeof beginSchema>;
export type NamesFound = z.infer<typeof namesSchema>;
export type Connection = z.infer<typeof connectionSchema>;
export type TlsFound = z.infer<typeof tlsSchema>;
export type WordsFound = z.infer<typeof wordsSchema>;

export const decodeFinding = (json: unknown): Decoded<Finding> => decode(schema, json);
