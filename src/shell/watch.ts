// Watches, while COMMAND runs, over the network that it is in: a container that ends takes its network along.
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Endpoint } from '../core/endpoint.ts';
import { readEvent, wantedEvents } from '../core/network-events.ts';
import type { NetworkEvent } from '../core/network-events.ts';
import type { Target } from '../core/plan.ts';
import { dockerode } from './dockerode.ts';

/**
 * Tells what happens, its end once, also where the engine itself goes away and comes back meanwhile.
 * @param since when to begin, in seconds since 1970: the engine tells of what was before as well
 * @param hasEnded whether the container's process has ended, for what the engine has forgotten
 * @returns what stops it
 */
export function watchNetwork(
  endpoint: Endpoint,
  target: Target,
  since: number,
  hasEnded: () => boolean,
  tell: (event: NetworkEvent) => void,
): () => void {
  const docker = dockerode(endpoint);
  if (!docker.ok) return () => {};
  const stopping = new AbortController();
  const left = new Set<string>();
  const heard = (event: NetworkEvent): void => {
    if (stopping.signal.aborted || !isNews(event, left, hasEnded)) return;
    if (event.kind === 'ended') stopping.abort();
    tell(event);
  };
  void follow(docker.value, target, since, hasEnded, stopping.signal, heard);
  return () => stopping.abort();
}

/** @param left the networks that the container has left, as far as that was told */
function isNews(event: NetworkEvent, left: Set<string>, hasEnded: () => boolean): boolean {
  if (event.kind === 'ended') return true;
  if (event.kind === 'joined') return left.delete(event.network);
  // The engine tells of the networks first when a container ends, and tells twice when one is taken off a network.
  if (hasEnded() || left.has(event.network)) return false;
  left.add(event.network);
  return true;
}

async function follow(
  docker: Docker,
  target: Target,
  since: number,
  hasEnded: () => boolean,
  signal: AbortSignal,
  heard: (event: NetworkEvent) => void,
): Promise<void> {
  let from = since;
  while (!signal.aborted) {
    try {
      const asked = { since: from.toFixed(6), filters: JSON.stringify(wantedEvents), abortSignal: signal };
      const stream = await docker.getEvents(asked as object);
      for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
        from = Date.now() / 1000;
        const event = readEvent(line, target);
        if (event !== undefined) heard(event);
      }
    } catch {
      // The engine is away, or the watch is over.
    }
    // An engine that ends takes its containers along, and its memory of them.
    if (hasEnded()) heard({ kind: 'ended', container: target.container.name, status: undefined });
    await pause(1000, undefined, { ref: false });
  }
}
