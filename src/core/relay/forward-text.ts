// What is said of --forward: where a port leads, and why nobody is reached there.
import { listenedOn } from './forwards.ts';
import type { Forward } from './forwards.ts';
import { shellWord } from '../text/printable.ts';

/** `postgres:5432`, `localhost:9229 in web`. */
export const describeEnd = ({ host, port }: Pick<Forward, 'host' | 'port'>, service: string): string =>
  host === undefined ? `localhost:${port} in ${service}` : `${bracketed(host)}:${port}`;

/** `127.0.0.1:15432 → postgres:5432`. */
export const describeForward = (forward: Listening, service: string): string =>
  `${describePlace(forward)} → ${describeEnd(forward, service)}`;

/** `127.0.0.1:15432`. */
export const describePlace = (forward: Listening): string =>
  `${bracketed(listenedOn(forward)[0] ?? '')}:${forward.listening}`;

/** One that stands: LOCAL may have been another. */
export interface Listening extends Forward {
  readonly listening: number;
}

/** A line of JSON. */
export function forwardJson(forward: Listening, service: string): string {
  const { host, port, listening } = forward;
  const row = {
    Address: listenedOn(forward)[0],
    Port: listening,
    Service: service,
    Host: host ?? 'localhost',
    HostPort: port,
  };
  return JSON.stringify(row);
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/**
 * Why a connection to it has failed.
 * @param error a code of the system's, or of its resolver's
 * @param isService whether --check can be asked of it
 */
export function describeFailure(
  end: Pick<Forward, 'host' | 'port'>,
  service: string,
  error: string,
  isService = true,
): string {
  const place = `${describeEnd(end, service)}: `;
  if (unknown.includes(error)) return `${place}nobody has the name ${end.host ?? 'localhost'} there at the moment`;
  const hint =
    end.host === undefined || !isService
      ? ''
      : ` (docker netexec --check ${shellWord(service)} ${shellWord(checked(end))} tells why)`;
  return `${place}${reasons[error] ?? error}${hint}`;
}

const checked = ({ host = '', port }: Pick<Forward, 'host' | 'port'>): string => `${bracketed(host)}:${port}`;

const unknown: readonly string[] = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME', 'EAI_NODATA', 'ENODATA', 'DNS_ENOTFOUND'];

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection is refused: nothing listens there',
  EHOSTUNREACH: 'no such machine is to be reached from there',
  ENETUNREACH: 'no network leads there',
  ETIMEDOUT: 'no answer',
  EMFILE: 'no more connections at once: a limit of open files (ulimit -n)',
};
