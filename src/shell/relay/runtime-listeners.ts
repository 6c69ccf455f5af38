// Ports that listen by the runtime's own means, where the C library of Linux is not there to be called.
import type { Handlers, Stream, StreamOwner } from './join.ts';

interface Opened {
  readonly listener: Bun.Listener<StreamOwner>;
  /** Those that have connected before anybody serves them. */
  readonly early: Set<Stream>;
}

const opened = new Map<number, Opened>();

/** @returns the socket, by its descriptor; or a code such as EADDRINUSE */
export function listenByRuntime(
  hostname: string,
  port: number,
): { readonly descriptor: number; readonly port: number } | string {
  const early = new Set<Stream>();
  const wait = (client: Stream): void => {
    client.pause();
    early.add(client);
  };
  const leave = (client: Stream): void => void early.delete(client);
  try {
    const socket = { open: wait, data: () => {}, drain: () => {}, end: () => {}, error: leave, close: leave };
    const listener = Bun.listen<StreamOwner>({ hostname, port, ipv6Only: true, allowHalfOpen: true, socket });
    // Where it never leads anywhere, netexec does not stay for it.
    listener.unref();
    opened.set(listener.fd, { listener, early });
    return { descriptor: listener.fd, port: listener.port };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'UNKNOWN';
  }
}

/** @returns undefined where the socket is not one of these */
export function serveByRuntime(
  descriptor: number,
  socket: Handlers & { open(client: Stream): void },
): { stop(): void } | undefined {
  const found = opened.get(descriptor);
  if (found === undefined) return undefined;
  found.listener.ref();
  found.listener.reload({ socket });
  for (const client of found.early) {
    socket.open(client);
    client.resume();
  }
  found.early.clear();
  return found.listener;
}

/** @returns whether it was one of these */
export function closeByRuntime(descriptor: number): boolean {
  const found = opened.get(descriptor);
  found?.listener.stop();
  opened.delete(descriptor);
  return found !== undefined;
}
