// What is said of --reverse: where a port of the service's localhost leads, and why nobody is reached there.
import { hostPort } from '../names/ip-address.ts';
import { describeReason } from './local-port-text.ts';
import type { Upstream } from './local-ports.ts';
import type { Reverse } from './reverses.ts';

/** `localhost:9003 in web`. */
export const describeInside = ({ inside }: Pick<Reverse, 'inside'>, service: string): string =>
  `localhost:${inside} in ${service}`;

/** `localhost:9003 in web → localhost:9003 on this machine`, `localhost:3128 in web → proxy.corp:3128`. */
export const describeReverse = (reverse: Reverse, service: string): string =>
  `${describeInside(reverse, service)} → ${describeHere(reverse)}`;

const describeHere = ({ host, port }: Upstream): string =>
  host === undefined ? `localhost:${port} on this machine` : hostPort(host, port);

/** Of a tunnel. @param code of the system's */
export const notReversed = (inside: number, container: string, code: string): string =>
  `programs in ${container} cannot reach this machine at localhost:${inside}: ${
    refusals[code] ?? `netexec cannot listen on it there: ${code}`
  }`;

const refusals: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program there already listens on it',
  EACCES: 'only root may use ports below 1024 there',
};

/** A line of JSON. */
export const reverseJson = ({ inside, host, port }: Reverse, service: string): string =>
  JSON.stringify({ Kind: 'reverse', Service: service, Port: inside, Host: host ?? 'localhost', HostPort: port });

/**
 * Why a connection to it has failed.
 * @param error a code of the system's, or of its resolver's
 */
export const describeReverseFailure = (upstream: Upstream, error: string): string =>
  `${describeHere(upstream)}: ${describeReason(upstream.host, error, 'here')}`;
