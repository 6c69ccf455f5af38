// Reaches where a port leads, for each connection anew: from the inside for --forward, from this machine for --reverse.
import { closeSync } from 'node:fs';
import { promises as dns } from 'node:dns';
import { setTimeout as pause } from 'node:timers/promises';
import { isIP } from '../../core/names/ip-address.ts';
import { connectError, dial, errorName } from '../process/libc.ts';

interface End {
  /** Undefined: localhost. */
  readonly host: string | undefined;
  readonly port: number;
}

/** Each cause is told once, until it is over. @returns what is told each outcome, undefined where it went well */
export function causeOf(tell: (error: string) => void): (error: string | undefined) => void {
  let last: string | undefined;
  return (error) => {
    if (error !== undefined && error !== last) tell(error);
    last = error;
  };
}

/** @returns the descriptor of a socket that is connected */
export async function reach(
  { host, port }: End,
  tell: (error: string | undefined) => void,
  givenUp: AbortSignal,
): Promise<number | undefined> {
  const errors: string[] = [];
  try {
    for (const address of await addressesOf(host)) {
      const found = await connect(address, port, givenUp);
      if (found === 'given up') return undefined;
      if (typeof found === 'number') {
        tell(undefined);
        return found;
      }
      errors.push(found);
    }
  } catch (failure) {
    errors.push((failure as NodeJS.ErrnoException).code ?? String(failure));
  }
  // The others may be of a kind that the network has none of.
  tell(errors[0] ?? 'ENOTFOUND');
  return undefined;
}

/** Anew for each connection, as a program there would: containers come and go. */
async function addressesOf(host: string | undefined): Promise<readonly string[]> {
  if (host === undefined) return ['127.0.0.1', '::1'];
  if (isIP(host)) return [host];
  const found = await dns.lookup(host, { all: true, order: 'verbatim' });
  return [...new Set(found.map(({ address }) => address))];
}

/** @returns the descriptor, or a code of the system's */
async function connect(address: string, port: number, givenUp: AbortSignal): Promise<number | string> {
  const { descriptor, error } = dial(address, port);
  const failed = (code: string): string => {
    if (descriptor >= 0) closeSync(descriptor);
    return code;
  };
  if (error !== 0) return failed(errorName(error));
  for (let asked = 0; ; asked += 1) {
    const errno = connectError(descriptor);
    if (errno === 0) return descriptor;
    if (errno !== undefined) return failed(errorName(errno));
    // What is near answers at once.
    await pause(asked < 20 ? 1 : 10);
    if (givenUp.aborted) return failed('given up');
  }
}
