// The inner end of a relay: takes the connections of sockets that were handed to it, and joins each with one to where that leads.
// --forward and --proxy run it as COMMAND, the way that every COMMAND is run: the sockets listen outside, and it connects inside.
// For --reverse it listens inside, and hands those sockets out.
import { closeSync, readFileSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { ignoredBy } from '../../core/entry/ignored-signals.ts';
import { isNameUnknown } from '../../core/relay/local-port-text.ts';
import type { LocalPort } from '../../core/relay/local-ports.ts';
import type { RelayTask, RelayWord } from '../../core/relay/relay-talk.ts';
import { settle } from './join.ts';
import { addressesOf, reachBy } from './reach.ts';
import { serve } from './serve.ts';
import { connectTo, handOver, listenOnEach, takeOver } from './sockets.ts';

/** @param given the task, in JSON */
export async function relay([given = '']: readonly string[]): Promise<void> {
  const { path, localPorts, listens, names, beside } = JSON.parse(given) as RelayTask;
  if (beside) for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const) process.on(signal, () => {});
  else endBySignals();
  const heard = listenOnAll(listens);
  const socket = connectTo(path);
  const handed = handOver(socket, heard.descriptors);
  const taken = handed ?? takeOver(socket, localPorts.length, -1);
  if (typeof taken === 'string') return giveUp(socket, taken);
  // It is netexec that takes these connections, and that has them end.
  for (const each of heard.descriptors) closeSync(each);
  await serveAll(localPorts, taken, heard, names, socket).catch((error: NodeJS.ErrnoException) =>
    giveUp(socket, error.code ?? error.message),
  );
}

/** @param taken the listening sockets */
async function serveAll(
  localPorts: readonly LocalPort[],
  taken: readonly number[],
  heard: Heard,
  names: readonly string[],
  socket: number,
): Promise<void> {
  const tell = await talk(socket);
  if (heard.refused !== undefined) return tell({ kind: 'unlistenable', ...heard.refused });
  const reach = reachBy(({ host, port }, error) => tell({ kind: 'failed', host, port, error }));
  for (const [index, localPort] of localPorts.entries())
    serve(localPort, taken[index] ?? -1, reach, () => tell({ kind: 'full' }));
  tell({ kind: 'ready', leadsTo: heard.leadsTo });
  for (const name of names)
    addressesOf(name).catch(({ code = '' }: NodeJS.ErrnoException) => {
      if (isNameUnknown(code)) tell({ kind: 'nameless', name });
    });
}

/** As by themselves; but the runtime would then set the terminal as it has found it, before anyone is asked. */
function endBySignals(): void {
  const ignored = ignoredBy(readFileSync('/proc/self/stat', 'utf8'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const number = constants.signals[signal];
    if (!ignored.includes(number)) process.on(signal, () => process.exit(128 + number));
  }
}

/** netexec is gone, or a limit of open files is in the way. */
function giveUp(socket: number, error: string): void {
  const word: RelayWord = { kind: 'unable', error };
  try {
    writeSync(socket, `${JSON.stringify(word)}\n`);
    // Until that is heard.
    takeOver(socket, 0, -1);
  } catch {
    // Nobody hears it.
  }
  process.exit(1);
}

interface Heard {
  readonly descriptors: readonly number[];
  /** The number of the port of each. */
  readonly leadsTo: number[];
  readonly refused?: { readonly number: number; readonly error: string };
}

function listenOnAll(ports: RelayTask['listens']): Heard {
  const descriptors: number[] = [];
  const leadsTo: number[] = [];
  for (const [number, { port, open }] of ports.entries()) {
    const found = listenOnEach(open ? ['0.0.0.0', '::'] : ['127.0.0.1', '::1'], port);
    if ('error' in found) return { descriptors, leadsTo, refused: { number, error: found.error } };
    descriptors.push(...found.descriptors);
    leadsTo.push(...found.descriptors.map(() => number));
  }
  return { descriptors, leadsTo };
}

/** @returns what tells netexec something; when that ends, so does this */
async function talk(descriptor: number): Promise<(word: RelayWord) => void> {
  const end = (): void => void settle().then(() => process.exit(0));
  const ignore = (): void => {};
  const socket = { open: ignore, data: ignore, drain: ignore, end, error: ignore, close: end };
  const stream = await Bun.connect({ fd: descriptor, data: undefined, allowHalfOpen: true, socket });
  return (word) => void stream.write(Buffer.from(`${JSON.stringify(word)}\n`));
}
