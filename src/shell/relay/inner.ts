// The inner end of a relay: takes the connections of sockets that were handed to it, and joins each with one to where that leads.
// --forward runs it as COMMAND, the way that every COMMAND is run: the sockets listen outside, and it connects inside.
import { closeSync } from 'node:fs';
import { promises as dns } from 'node:dns';
import { setTimeout as pause } from 'node:timers/promises';
import { isIP } from '../../core/names/ip-address.ts';
import type { RelayTask, RelayWord } from '../../core/relay/relay-talk.ts';
import { connectError, dial, errorName } from '../process/libc.ts';
import { joinAll } from './join.ts';
import { takeOver } from './sockets.ts';

type End = RelayTask['ends'][number];

/** @param given the task, in JSON */
export async function relay([given = '']: readonly string[]): Promise<void> {
  const { path, ends, leadsTo, beside } = JSON.parse(given) as RelayTask;
  if (beside) for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const) process.on(signal, () => {});
  const taken = takeOver(path, leadsTo.length);
  // netexec is gone.
  if (typeof taken === 'string') process.exit(1);
  const tell = await talk(taken.socket);
  const causes = ends.map((_, index) => causeOf((error) => tell({ kind: 'failed', end: index, error })));
  for (const [index, listening] of taken.taken.entries()) {
    const number = leadsTo[index] ?? 0;
    const [end, cause] = [ends[number], causes[number]];
    if (end !== undefined && cause !== undefined) joinAll(listening, (givenUp) => reach(end, cause, givenUp));
  }
  tell({ kind: 'ready' });
}

/** @returns what tells netexec something; when that ends, so does this */
async function talk(descriptor: number): Promise<(word: RelayWord) => void> {
  const end = (): never => process.exit(0);
  const ignore = (): void => {};
  const socket = { open: ignore, data: ignore, drain: ignore, end, error: ignore, close: end };
  const stream = await Bun.connect({ fd: descriptor, data: undefined, allowHalfOpen: true, socket });
  return (word) => void stream.write(Buffer.from(`${JSON.stringify(word)}\n`));
}

/** Each cause is told once, until it is over. @returns what is told each outcome, undefined where it went well */
function causeOf(tell: (error: string) => void): (error: string | undefined) => void {
  let last: string | undefined;
  return (error) => {
    if (error !== undefined && error !== last) tell(error);
    last = error;
  };
}

/** @returns the descriptor of a socket that is connected */
async function reach(
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

/** Anew for each connection, as a program in there would: containers come and go. */
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
