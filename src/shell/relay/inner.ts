// The inner end of a relay: takes the connections of sockets that were handed to it, and joins each with one to where that leads.
// --forward and --proxy run it as COMMAND, the way that every COMMAND is run: the sockets listen outside, and it connects inside.
import { closeSync } from 'node:fs';
import { promises as dns } from 'node:dns';
import { setTimeout as pause } from 'node:timers/promises';
import { isIP } from '../../core/names/ip-address.ts';
import type { End } from '../../core/relay/relay-listeners.ts';
import type { RelayTask, RelayWord } from '../../core/relay/relay-talk.ts';
import { connectError, dial, errorName } from '../process/libc.ts';
import { Joined, takeAll } from './join.ts';
import type { Reach } from './join.ts';
import { Proxied } from './proxied.ts';
import { takeOver } from './sockets.ts';

/** @param given the task, in JSON */
export async function relay([given = '']: readonly string[]): Promise<void> {
  const { path, listeners, service, beside } = JSON.parse(given) as RelayTask;
  if (beside) for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const) process.on(signal, () => {});
  const taken = takeOver(path, listeners.length);
  // netexec is gone.
  if (typeof taken === 'string') process.exit(1);
  const tell = await talk(taken.socket);
  const reach = reachBy(tellCauses(tell));
  for (const [index, listener] of listeners.entries())
    takeAll(taken.taken[index] ?? -1, (client) => {
      if (listener.kind === 'proxy') new Proxied(reach, service).take(client);
      else new Joined(reach).take(client).connect(listener);
    });
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

type Outcome = (end: End, error: string | undefined) => void;

/** Of how many ends it is known what failed: clients of a proxy may ask for any. */
const mostFailing = 1000;

/** Each cause is told once, until it is over. @returns what is told each outcome, undefined where it went well */
function tellCauses(tell: (word: RelayWord) => void): Outcome {
  const failing = new Map<string, string>();
  return ({ host, port }, error) => {
    const place = `${host} ${port}`;
    const last = failing.get(place);
    failing.delete(place);
    if (error === undefined) return;
    failing.set(place, error);
    if (error !== last) tell({ kind: 'failed', host, port, error });
    const [oldest = ''] = failing.keys();
    if (failing.size > mostFailing) failing.delete(oldest);
  };
}

const reachBy =
  (tell: Outcome): Reach =>
  async (end, givenUp) => {
    const errors: string[] = [];
    try {
      for (const address of await addressesOf(end.host)) {
        const found = await connect(address, end.port, givenUp);
        if (found === 'given up') return found;
        if (typeof found === 'number') {
          tell(end, undefined);
          return found;
        }
        errors.push(found);
      }
    } catch (failure) {
      errors.push((failure as NodeJS.ErrnoException).code ?? String(failure));
    }
    // The others may be of a kind that the network has none of.
    const [error = 'ENOTFOUND'] = errors;
    tell(end, error);
    return error;
  };

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
