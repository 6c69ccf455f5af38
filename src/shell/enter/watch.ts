// Watches, while COMMAND runs, over the network that it is in: a container that ends takes its network along, and an
// engine that goes away the names in it.
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type Docker from 'dockerode';
import { readEvent, wantedEvents } from '../../core/engine/network-events.ts';
import type { NetworkEvent } from '../../core/engine/network-events.ts';
import type { EntryPlan } from '../../core/entry/plan.ts';
import { dockerode } from '../engine/dockerode.ts';
import { releaseCode } from './release-code.ts';

/** What it takes to listen is loaded by then. */
export const settled = { milliseconds: 1000 };

export interface Watch {
  readonly plan: EntryPlan;
  /** When to begin, in seconds since 1970: the engine tells of what was before as well. */
  readonly since: number;
  /** Whether the container's process has ended, for what the engine has forgotten. */
  readonly containerEnded: () => boolean;
  /** Aborted once there is nothing to watch any more. */
  readonly stopping: AbortController;
  readonly tell: (event: NetworkEvent) => void;
}

/** Tells what happens until the container ends, also where the engine itself goes away and comes back meanwhile. */
export async function watchNetwork({ plan, since, containerEnded, stopping, tell }: Watch): Promise<void> {
  const { endpoint, target } = plan;
  const docker = dockerode(endpoint);
  if (!docker.ok) return;
  const { signal } = stopping;
  let from = since;
  const report = (event: NetworkEvent): void => {
    // The engine tells of the networks first when a container ends.
    if (signal.aborted || (event.kind === 'network-changed' && !event.joined && containerEnded())) return;
    if (event.kind === 'container-ended') stopping.abort();
    tell(event);
  };
  // An engine that ends takes its containers along, and its memory of them.
  const lookForEnd = (): void => {
    if (containerEnded()) report({ kind: 'container-ended', container: target.container.name, status: undefined });
  };
  const listen = async (): Promise<void> => {
    const stream = await openEvents(docker.value, from, signal);
    // Where it has happened already, what the engine still knows of it comes first, and says more.
    if (containerEnded()) setTimeout(lookForEnd, 1000).unref();
    else report({ kind: 'engine-seen', there: true });
    for await (const line of linesOf(stream)) {
      from = Date.now() / 1000;
      const event = readEvent(line, target);
      if (event !== undefined) report(event);
    }
  };
  setTimeout(releaseCode, settled.milliseconds).unref();
  while (!signal.aborted) {
    const lost = await listen().catch((error: NodeJS.ErrnoException) => error.code);
    lookForEnd();
    if (lost === 'ECONNREFUSED' || lost === 'ENOENT') report({ kind: 'engine-seen', there: false });
    await pause(1000, undefined, { ref: false });
  }
}

/** How long the engine may take to tell of an end that the kernel has told of, in seconds. */
const delay = 2;

/** Of a container that has ended while it was entered: only the engine knows with which status. */
export async function askHowItEnded({ plan, since }: Watch): Promise<NetworkEvent> {
  const { endpoint, target } = plan;
  const unknown = { kind: 'container-ended', container: target.container.name, status: undefined } as const;
  const docker = dockerode(endpoint);
  if (!docker.ok) return unknown;
  try {
    // It may have ended between the engine's last answer and the entry.
    const stream = await openEvents(docker.value, since - delay, AbortSignal.timeout(delay * 1000));
    try {
      for await (const line of linesOf(stream)) {
        const event = readEvent(line, target);
        if (event?.kind === 'container-ended') return event;
      }
    } finally {
      stream.destroy();
    }
  } catch {
    // The engine may be away, or have nothing to tell.
  }
  return unknown;
}

export async function openEvents(
  docker: Docker,
  since: number,
  abortSignal: AbortSignal,
  events: object = wantedEvents,
): Promise<Readable> {
  const asked = { since: since.toFixed(6), filters: JSON.stringify(events), abortSignal };
  return (await docker.getEvents(asked as object)) as Readable;
}

// The attributes of an event are the labels of its container, too.
const longestLine = 1024 * 1024;

/** Ends where a line has no end, as if the connection had. */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let unfinished = '';
  for await (const piece of stream.setEncoding('utf8')) {
    const [first = '', ...others] = String(piece).split('\n');
    unfinished += first;
    if (unfinished.length > longestLine) return;
    for (const next of others) {
      yield unfinished;
      unfinished = next;
    }
  }
}
