// What was seen of an endpoint, from outside, from inside and of this machine: put together for the verdict.
import type { EndpointFacts, NameFacts } from './check-facts.ts';
import { withPort } from './checked-endpoint.ts';
import type { CheckedEndpoint } from './checked-endpoint.ts';
import type { Finding } from './findings.ts';
import { straysAmong } from './own-addresses.ts';
import { isLoopback, plainAddress } from './socket-tables.ts';
import type { ListeningSocket } from './socket-tables.ts';
import type { Surroundings } from './surroundings.ts';
import type { Environment } from '../engine/engine-address.ts';
import type { ListedContainer } from '../engine/containers.ts';
import { isLocal, isServed, proxyFor } from '../entry/proxy-variables.ts';

/** An endpoint, and what is known of its name. */
export interface Asked {
  readonly endpoint: CheckedEndpoint;
  readonly name: NameFacts;
}

/** What this machine has to do with what is asked. */
export interface Here {
  /** The caller's variables. */
  readonly env: Environment;
  readonly hostName: string;
  /** All that are its own but the loopback ones. */
  readonly addresses: readonly string[];
  /** How large a packet may be on the way out of it, in bytes. */
  readonly outerMtu: number | undefined;
  /** What listens in the asker's network; undefined where that could not be looked at. */
  readonly sockets: readonly ListeningSocket[] | undefined;
}

/**
 * Each endpoint with what is known of its name; one without a port becomes one for each port that is found.
 * @param names by the endpoints' hosts
 */
export const askedEndpoints = (
  wanted: readonly CheckedEndpoint[],
  names: ReadonlyMap<string, NameFacts>,
): readonly Asked[] =>
  wanted.flatMap((endpoint) => {
    const name = names.get(endpoint.host);
    return name === undefined ? [] : withPorts(endpoint, name);
  });

function withPorts(endpoint: CheckedEndpoint, name: NameFacts): readonly Asked[] {
  const [first] = name.candidates;
  if (endpoint.port !== undefined || first === undefined) return [{ endpoint, name }];
  const open = (first.listeners ?? []).filter(({ transport, address }) => transport === 'tcp' && !isLoopback(address));
  const ports = open.length > 0 || first.listeners !== undefined ? open.map(({ port }) => port) : first.exposed;
  if (ports.length === 0) return [{ endpoint, name }];
  const sorted = [...new Set(ports)].toSorted((one, other) => one - other);
  return sorted.map((port) => ({ endpoint: withPort(endpoint, port), name }));
}

/**
 * @param findings of the look from inside; none before it
 * @param timeout of each step, in seconds
 */
export function endpointFacts(
  { endpoint, name }: Asked,
  around: Surroundings,
  here: Here,
  timeout: number,
  findings: readonly Finding[] = [],
): EndpointFacts {
  const ofKind = <Kind extends Finding['kind']>(kind: Kind): readonly Extract<Finding, { kind: Kind }>[] =>
    findings.filter((finding): finding is Extract<Finding, { kind: Kind }> => finding.kind === kind);
  const connections = ofKind('connection');
  const failed = connections.flatMap(({ address, error }) => (error === null ? [] : [address]));
  const taken = [
    ...addressesOfAll(around.listed),
    ...around.everywhere.flatMap(({ addresses }) => addresses),
    ...here.addresses,
  ];
  return {
    endpoint,
    asker: around.asker,
    name,
    machine: ofKind('machine')[0],
    names: ofKind('names')[0],
    connections,
    strays: failed.length === 0 ? [] : straysAmong(failed, around.networks, taken),
    tls: ofKind('tls')[0],
    words: ofKind('words')[0],
    rules: [],
    proxy: proxyOf(endpoint, around, { ...here, sockets: ofKind('sockets')[0]?.sockets ?? here.sockets }),
    outerMtu: name.candidates.length === 0 ? here.outerMtu : undefined,
    otherListeners: [],
    timeout,
  };
}

/** One on localhost that the container itself has is as good there as any. */
function proxyOf(
  { host, protocol, tls, guessed }: CheckedEndpoint,
  { owner }: Surroundings,
  { env, hostName, sockets }: Here,
): EndpointFacts['proxy'] {
  if (protocol !== 'http' || guessed) return undefined;
  const proxy = proxyFor(tls ? 'https' : 'http', host, env);
  if (proxy === undefined) return undefined;
  const local = owner.networkMode !== 'host' && isLocal(proxy, hostName);
  return local && isServed(proxy, sockets) ? undefined : { ...proxy, isLocal: local };
}

const addressesOfAll = (listed: readonly ListedContainer[]): readonly string[] =>
  listed.flatMap(({ endpoints }) =>
    endpoints.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6].flatMap((address) => (address ? [plainAddress(address)] : []))),
  );
