// What listens in the network of a service whose port is intercepted, or of a stand-in → what is to be said of it.
import { isLoopback } from '../check/socket-tables.ts';
import type { ListeningSocket } from '../check/socket-tables.ts';
import type { Intercept } from './intercepts.ts';

/** A published port may have been taken for the service's own. */
export function idleNote(
  intercepts: readonly Intercept[],
  listeners: readonly ListeningSocket[],
  service: string,
): string | undefined {
  const open = listeners.filter(({ transport, address }) => transport === 'tcp' && !isLoopback(address));
  const ports = [...new Set(open.map((each) => each.port))].toSorted((one, other) => one - other);
  const idle = intercepts.flatMap(({ port }) => (ports.includes(port) ? [] : [port]));
  if (idle.length === 0) return undefined;
  const others = ports.length === 0 ? '' : `; it listens on ${someOf(ports)}`;
  const which = `port${idle.length > 1 ? 's' : ''} ${someOf(idle)}`;
  return `nothing listens on ${which} of ${service}${others}: use the port inside the container with --intercept`;
}

const someOf = (ports: readonly number[]): string =>
  [...ports.slice(0, 5), ...(ports.length > 5 ? ['…'] : [])].join(', ');

/** Without a transport it is one of TCP. */
type Listener = Pick<ListeningSocket, 'address' | 'port'> & Partial<Pick<ListeningSocket, 'transport'>>;

/**
 * Of ports that are to be COMMAND's.
 * @returns what is said of them now, and those that nothing listens on as yet
 */
export function reachNotes(
  ports: readonly number[],
  listeners: readonly Listener[],
): { readonly notes: readonly string[]; readonly awaited: readonly number[] } {
  const notes = ports.map((port) => reachNote(port, listeners));
  return {
    notes: [...new Set(notes.flatMap((note) => note || []))],
    awaited: ports.filter((_, index) => notes[index] === undefined),
  };
}

/**
 * Most servers of frameworks listen on their localhost unless they are told otherwise.
 * @returns undefined where nothing listens as yet
 */
function reachNote(port: number, listeners: readonly Listener[]): string | false | undefined {
  const on = listeners.filter((each) => each.transport !== 'udp' && each.port === port);
  if (on.length === 0) return undefined;
  return (
    on.every(({ address }) => isLoopback(address)) &&
    `port ${port} is open on localhost only, which others cannot reach: make COMMAND listen on 0.0.0.0 (its --host or --bind)`
  );
}
