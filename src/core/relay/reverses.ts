// What --reverse is given, [PORT:][HOST:]PORT → which port of the service's localhost leads where of this machine.
import { fail } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import type { PortFault } from '../failure/port-failure.ts';
import { mostPorts, readEach, readForward } from './local-ports.ts';
import type { Upstream, Forward } from './local-ports.ts';
import type { BoundPort } from './local-port-text.ts';

/** As a --forward has it, the other way round. */
export interface Reverse extends Upstream {
  /** Of the localhost inside. */
  readonly inside: number;
}

/** @param words each of one --reverse */
export function readReverses(words: readonly string[], flag: string): Result<readonly Reverse[]> {
  if (words.length > mostPorts) return fail({ kind: 'ports-too-many', count: words.length, most: mostPorts });
  const reverses = readEach(words, flag, readReverse);
  if (!reverses.ok) return reverses;
  const ports = reverses.value.map(({ inside }) => inside);
  const twice = ports.find((port, index) => ports.indexOf(port) < index);
  return twice === undefined ? reverses : fail({ kind: 'reverse-twice', inside: twice });
}

/** @returns what is wrong with it */
export function readReverse(text: string): Reverse | PortFault {
  const forward = readForward(text);
  if (typeof forward === 'string') return forward === 'not-an-address' ? 'form' : forward;
  const { address, local: inside, host, port } = forward;
  if (address !== undefined) return 'form';
  return inside === 0 ? 'inside-zero' : { inside, host, port };
}

/** A port of this machine that leads inside, from where it leads back: each connection would make the next. */
export function findCircle(
  forwards: readonly Forward[],
  reverses: readonly Reverse[],
): Pick<Reverse, 'inside' | 'port'> | undefined {
  const found = reverses.find(
    ({ inside, host, port }) =>
      isOwnHost(host) &&
      forwards.some((forward) => forward.local === port && forward.port === inside && isOwnHost(forward.host)),
  );
  return found && { inside: found.inside, port: found.port };
}

/** Whether it is localhost. */
const isOwnHost = (host: string | undefined): boolean =>
  host === undefined || host === 'localhost' || host === '::1' || host.startsWith('127.');

/** In a network that is this machine's own: what would connect to where it listens. @returns its port */
export const findLoop = (localPorts: readonly BoundPort[], reverses: readonly Reverse[]): number | undefined =>
  localPorts
    .filter((each) => each.kind === 'forward')
    .find(({ listening, host, port }) => listening === port && isOwnHost(host))?.port ??
  reverses.find(({ inside, host, port }) => inside === port && isOwnHost(host))?.port;
