// Reaches where a port leads, for each connection anew: from the inside for --forward and --proxy, from this machine for --reverse.
import { closeSync } from 'node:fs';
import { promises as dns } from 'node:dns';
import { setTimeout as pause } from 'node:timers/promises';
import { isIP } from '../../core/names/ip-address.ts';
import type { Upstream } from '../../core/relay/local-ports.ts';
import { connectError, dial, errorName } from '../process/libc.ts';
import { isLinux } from '../process/system.ts';
import type { Attach, Reach } from './join.ts';
import { connectByRuntime } from './runtime-connections.ts';

/** @param tell each cause once, until it is over */
export function reachBy(tell: (upstream: Upstream, error: string) => void): Reach {
  const outcome = tellCauses(tell);
  return async (upstream, givenUp) => {
    const errors: string[] = [];
    try {
      for (const address of await addressesOf(upstream.host)) {
        const found = await connect(address, upstream.port, givenUp);
        if (found === 'given up') return found;
        if (typeof found !== 'string') {
          outcome(upstream, undefined);
          return found;
        }
        errors.push(found);
      }
    } catch (failure) {
      errors.push((failure as NodeJS.ErrnoException).code ?? String(failure));
    }
    // The others may be of a kind that the network has none of.
    const [error = 'ENOTFOUND'] = errors;
    outcome(upstream, error);
    return error;
  };
}

export const attachTo =
  (descriptor: number): Attach =>
  (data, socket) =>
    Bun.connect({ fd: descriptor, data, allowHalfOpen: true, socket });

/** Of how many ends it is known what failed: clients of a proxy may ask for any. */
const mostFailing = 1000;

/** @returns what is told each outcome, undefined where it went well */
export function tellCauses(
  tell: (upstream: Upstream, error: string) => void,
): (upstream: Upstream, error: string | undefined) => void {
  const failing = new Map<string, string>();
  return (upstream, error) => {
    const place = `${upstream.host} ${upstream.port}`;
    const last = failing.get(place);
    failing.delete(place);
    if (error === undefined) return;
    failing.set(place, error);
    if (error !== last) tell(upstream, error);
    const [oldest = ''] = failing.keys();
    if (failing.size > mostFailing) failing.delete(oldest);
  };
}

/** Anew for each connection, as a program there would: containers come and go. */
export async function addressesOf(host: string | undefined): Promise<readonly string[]> {
  if (host === undefined) return ['127.0.0.1', '::1'];
  if (isIP(host)) return [host];
  const found = await dns.lookup(host, { all: true, order: 'verbatim' });
  return [...new Set(found.map(({ address }) => address))];
}

/** @returns the connection, or a code of the system's */
async function connect(address: string, port: number, givenUp: AbortSignal): Promise<Attach | string> {
  if (!isLinux) return connectByRuntime(address, port, givenUp);
  const { descriptor, error } = dial(address, port);
  const found = await connected(descriptor, error, givenUp);
  return typeof found === 'string' ? found : attachTo(found);
}

/**
 * Waits until it is.
 * @param descriptor of a socket that is being connected, and is closed where that fails
 * @param error the number of one that it began with, or 0
 */
export async function connected(descriptor: number, error: number, givenUp: AbortSignal): Promise<number | string> {
  const failed = (code: string): string => {
    if (descriptor >= 0) closeSync(descriptor);
    return code;
  };
  if (error !== 0) return failed(errorName(error));
  for (let asked = 0; ; asked += 1) {
    const errno = connectError(descriptor);
    if (errno === 0) return descriptor;
    if (errno !== undefined) return failed(errorName(errno));
    // What is near answers at once; what gives no answer is asked less and less.
    await pause(asked < 20 ? 1 : Math.min(asked, 250));
    if (givenUp.aborted) return failed('given up');
  }
}
