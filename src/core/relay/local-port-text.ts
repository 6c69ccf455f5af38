// What is said of --forward and --proxy: where a port leads, and why nobody is reached there.
import type { Environment } from '../engine/engine-address.ts';
import { isOpen, listenedOn } from './local-ports.ts';
import type { Upstream, LocalPort } from './local-ports.ts';
import { bracketed, hostPort } from '../names/ip-address.ts';
import { printable, shellWord } from '../text/printable.ts';

/** `postgres:5432`, `localhost:9229 in web`. */
const describeUpstream = ({ host, port }: Upstream, service: string): string =>
  host === undefined ? `localhost:${port} in ${service}` : hostPort(host, port);

/** `127.0.0.1:15432 → postgres:5432`, `127.0.0.1:1080 → proxy into web's network`. */
export const describeLocalPort = (localPort: BoundPort, service: string): string =>
  `${describeListenAddress(localPort)} → ${localPort.kind === 'proxy' ? `proxy into ${service}'s network` : describeUpstream(localPort, service)}`;

/** `127.0.0.1:15432`. */
export const describeListenAddress = (localPort: BoundPort): string =>
  hostPort(listenedOn(localPort)[0] ?? '', localPort.listening);

/** What others than this machine reach by it. */
export function describeOpenness(localPort: BoundPort, service: string): string | undefined {
  if (!isOpen(localPort)) return undefined;
  const place = describeListenAddress(localPort);
  return localPort.kind === 'proxy'
    ? `anyone who can reach this machine can reach all of ${service}'s network through ${place}`
    : `anyone who can reach this machine can use ${place}`;
}

/**
 * Of a port that is opened by what netexec itself runs: whoever means to reach it is probably outside.
 * @param env what netexec was started with
 */
export function describeNesting(env: Environment): string | undefined {
  const { NETEXEC_NETWORKS: networks = '', NETEXEC_SERVICE: service, NETEXEC_CONTAINER: container } = env;
  // That of the machine is one.
  if (networks === '' || networks === 'host') return undefined;
  const where = service ?? container;
  return `you are ${where === undefined ? `on ${printable(networks)}` : `in ${printable(where)}'s network`}: the port is open there, not on this machine`;
}

/** One that stands: LOCAL may have been another. */
export type BoundPort = LocalPort & { readonly listening: number };

/** A line of JSON. */
export function localPortJson(localPort: BoundPort, service: string): string {
  const row = { Kind: localPort.kind, Address: listenedOn(localPort)[0], Port: localPort.listening, Service: service };
  if (localPort.kind === 'proxy') return JSON.stringify(row);
  return JSON.stringify({ ...row, Host: localPort.host ?? 'localhost', HostPort: localPort.port });
}

/** What a value has behind its port of this machine, or of the localhost inside: `9003`, `proxy.corp:3128`. */
export const valueOfUpstream = ({ host, port }: Upstream): string =>
  host === undefined ? `${port}` : hostPort(host, port);

/** As it is typed: `15432:postgres:5432`. */
export const valueOf = (localPort: LocalPort): string =>
  [
    ...(localPort.address === undefined ? [] : [bracketed(localPort.address)]),
    ...(localPort.kind === 'forward' && localPort.local === localPort.port && !localPort.address
      ? []
      : [localPort.local]),
    ...(localPort.kind === 'proxy' ? [] : [valueOfUpstream(localPort)]),
  ].join(':');

/** One that reminds of it: 8080 for 80, 19003 for 9003. */
export const anotherPort = (port: number): number =>
  port < 1024 ? port + 8000 : port + 10_000 > 65_535 ? port - 10_000 : port + 10_000;

/**
 * Why a connection to it has failed.
 * @param error a code of the system's, or of its resolver's
 * @param netexec netexec's line, for --check; undefined where that cannot be asked of it
 */
export function describeFailure(upstream: Upstream, service: string, error: string, netexec?: string): string {
  const hint =
    upstream.host === undefined || isNameUnknown(error) || netexec === undefined
      ? ''
      : ` (${netexec} --check ${shellWord(service)} ${shellWord(hostPort(upstream.host, upstream.port))} shows why)`;
  return `${describeUpstream(upstream, service)}: ${describeReason(upstream.host, error)}${hint}`;
}

export const describeReason = (host: string | undefined, error: string, where: 'there' | 'here' = 'there'): string =>
  isNameUnknown(error)
    ? `no host ${where} has the name ${host ?? 'localhost'} at the moment`
    : (reasons[error] ?? error);

export const isNameUnknown = (error: string): boolean => unknown.includes(error);

const unknown: readonly string[] = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME', 'EAI_NODATA', 'ENODATA', 'DNS_ENOTFOUND'];

const reasons: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'the network has no addresses of that IP version',
  ECONNREFUSED: 'connection refused: nothing is listening there',
  ECONNRESET: 'the server closed the connection without a response',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network unreachable',
  EPROTO: 'the server there does not speak HTTP',
  ETIMEDOUT: 'no answer',
  EMFILE: 'too many open files (ulimit -n)',
};

/** Said with the first of them. */
export const tooMany = 'too many connections at once: resetting new ones until some have ended';

/** Of a port that COMMAND listens on, in a network of its own. @param code of the system's */
export const notMirrored = (port: number, container: string, code: string): string =>
  `other containers do not reach COMMAND's port ${port}: ${
    code === 'EADDRINUSE' ? `${container} listens on it itself` : `${container} cannot listen on it: ${code}`
  }`;

/** Of one of UDP. */
export const datagramsNotLed = (port: number): string =>
  `other containers do not reach COMMAND's UDP port ${port}: through a tunnel, they reach its TCP ports only`;

/** Said when a proxy's clients have failed to reach many. */
const tellsThemAlone = 'from now on, only the clients of the proxy see their failures';

/** What a proxy's clients ask for is their own, and its host their own words: no more than so many lines have them. */
const mostAsked = 20;

/**
 * Which lines are said of a connection that fails.
 * @param asked how many of what clients have asked for have failed before
 * @param line of this one
 */
export function sayFailure(
  localPorts: readonly LocalPort[],
  asked: number,
  { host, port }: Upstream,
  line: string,
): { readonly asked: number; readonly lines: readonly string[] } {
  const isGiven = localPorts.some((each) => each.kind === 'forward' && each.host === host && each.port === port);
  if (isGiven) return { asked, lines: [line] };
  if (asked >= mostAsked) return { asked, lines: [] };
  return { asked: asked + 1, lines: asked + 1 < mostAsked ? [line] : [line, tellsThemAlone] };
}
