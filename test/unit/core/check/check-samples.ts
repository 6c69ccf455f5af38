// The facts that the tables of --check's tests start from: web asks for redis, on one network, and all is well.
import { nothingTyped } from '../../../../src/core/compose/compose-line.ts';
import type {
  Asker,
  Candidate,
  EndpointFacts,
  HeldSocket,
  MachineEnd,
  NameFacts,
  AttachedNetwork,
} from '../../../../src/core/check/check-facts.ts';
import { parseCheckedEndpoint } from '../../../../src/core/check/checked-endpoint.ts';
import type { CauseKind } from '../../../../src/core/check/check-verdict.ts';
import type { CheckedEndpoint } from '../../../../src/core/check/checked-endpoint.ts';
import type { Connection, Machine, NamesFound, TlsFound, WordsFound } from '../../../../src/core/check/findings.ts';

export const front = (address: string): AttachedNetwork => ({
  network: 'shop_front',
  key: 'front',
  internal: false,
  addresses: [address],
});

export const asker: Asker = {
  called: 'web',
  typed: nothingTyped,
  container: 'shop-web-1',
  compose: { project: 'shop', service: 'web' },
  networks: [front('172.20.0.2')],
  lost: undefined,
};

export const listens = (address: string, port: number, given: Partial<HeldSocket> = {}): HeldSocket => ({
  transport: 'tcp',
  address,
  port,
  inode: 1,
  process: 'redis-server (pid 71)',
  ...given,
});

export const redis: Candidate = {
  container: 'shop-redis-1',
  pid: 71,
  service: 'redis',
  state: 'running',
  status: 'Up 3 minutes',
  health: undefined,
  outOfMemory: false,
  restarts: 0,
  exposed: [],
  published: [],
  networks: [front('172.20.0.3')],
  sharesWith: undefined,
  lost: undefined,
  listeners: [listens('0.0.0.0', 6379)],
};

export const known: NameFacts = {
  meant: {
    name: 'redis',
    network: 'shop_front',
    addresses: ['172.20.0.3'],
    services: ['redis'],
    containers: ['shop-redis-1'],
  },
  candidates: [redis],
  displaced: undefined,
  declared: false,
  others: ['web', 'redis', 'postgres'],
};

export const nameless: NameFacts = { ...known, meant: undefined, candidates: [] };

export const machine: Machine = {
  kind: 'machine',
  nameservers: ['127.0.0.11'],
  search: [],
  addresses: ['127.0.0.1', '172.20.0.2'],
  gateway: true,
  mtu: 1500,
  enginesDnsPort: 41_234,
  enginesDnsKnows: null,
  enginesDnsAnswers: null,
};

export const resolved: NamesFound = {
  kind: 'names',
  endpoint: 0,
  hosts: [],
  longer: null,
  ipv4: { addresses: ['172.20.0.3'], error: null },
  ipv6: { addresses: [], error: 'ENODATA' },
  program: { addresses: ['172.20.0.3'], error: null },
  milliseconds: 2,
};

export const unresolved = (error: string): NamesFound => {
  const answer = { addresses: [], error };
  return { ...resolved, ipv4: answer, ipv6: answer, program: answer };
};

export const connected: Connection = {
  kind: 'connection',
  endpoint: 0,
  address: '172.20.0.3',
  error: null,
  milliseconds: 0.4,
};

export const pong: WordsFound = {
  kind: 'words',
  endpoint: 0,
  said: 'Redis: PONG',
  trouble: null,
  advertised: [],
  error: null,
  speaksTls: null,
};

export const secured: TlsFound = {
  kind: 'tls',
  endpoint: 0,
  error: null,
  version: 'TLSv1.3',
  untrusted: null,
  names: ['api'],
  nameFits: true,
  from: Date.UTC(2025, 0, 1),
  until: Date.UTC(2027, 0, 1),
  now: Date.UTC(2026, 0, 1),
};

export function endpoint(text: string): CheckedEndpoint {
  const parsed = parseCheckedEndpoint(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

/** What was seen where all is well, except as given. */
export const facts = (given: Partial<EndpointFacts> = {}): EndpointFacts => ({
  endpoint: endpoint('redis:6379'),
  asker,
  name: known,
  machine,
  names: resolved,
  connections: [connected],
  tls: undefined,
  words: pong,
  rules: [],
  otherListeners: [],
  outerMtu: undefined,
  timeout: 3,
  ...given,
});

/** Nothing connected, for this reason; what listens there instead. */
export const failing = (error: string, listeners?: Candidate['listeners'], given: Partial<Candidate> = {}) =>
  facts({
    connections: [{ ...connected, error }],
    words: undefined,
    name: { ...known, candidates: [{ ...redis, listeners, ...given }] },
  });

/** The server was connected to, and said this. */
export const words = (given: Partial<WordsFound>, text = 'redis://redis:6379'): EndpointFacts =>
  facts({ endpoint: endpoint(text), words: { ...pong, ...given } });

/** This machine's servers are asked for by host.docker.internal: it is 172.17.0.1, and these listen on it. */
export const fromMachine = (
  listeners: readonly HeldSocket[],
  error = 'ECONNREFUSED',
  given: Partial<MachineEnd> = {},
  address = '172.17.0.1',
): EndpointFacts =>
  facts({
    endpoint: endpoint('host.docker.internal:8123'),
    name: {
      ...nameless,
      meant: { name: 'host.docker.internal', network: undefined, addresses: [address], services: [], containers: [] },
    },
    names: { ...resolved, hosts: [address] },
    connections: [{ ...connected, address, error }],
    words: undefined,
    machineEnd: { addresses: [address], listeners, publishers: [], ...given },
  });

/** A situation, and what must be made of it. */
export type Row = readonly [situation: string, kind: CauseKind, seen: EndpointFacts, what: RegExp, hint: RegExp];
