// Watches, while COMMAND runs, over the network that it is in: a container that ends takes its network along, and an
// engine that goes away the names in it.
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type Docker from 'dockerode';
import { fail } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { hasNames } from '../core/names.ts';
import { readEvent, wantedEvents } from '../core/network-events.ts';
import type { NetworkEvent } from '../core/network-events.ts';
import type { EntryPlan, Target } from '../core/plan.ts';
import { dockerode } from './dockerode.ts';
import { releaseCode } from './release-code.ts';

/** What it takes to listen is loaded by then. */
const settled = { milliseconds: 1000 };

/**
 * Tells what happens, its end once, also where the engine itself goes away and comes back meanwhile.
 * @param since when to begin, in seconds since 1970: the engine tells of what was before as well
 * @param hasEnded whether the container's process has ended, for what the engine has forgotten
 * @returns what stops it
 */
export function watchNetwork(
  plan: EntryPlan,
  since: number,
  hasEnded: () => boolean,
  tell: (event: NetworkEvent) => void,
): () => void {
  const docker = dockerode(plan.endpoint);
  if (!docker.ok) return () => {};
  const stopping = new AbortController();
  const left = new Set<string>();
  const heard = (event: NetworkEvent): void => {
    if (stopping.signal.aborted || !isNews(event, left, hasEnded) || !concerns(event, plan)) return;
    if (event.kind === 'ended') stopping.abort();
    tell(event);
  };
  setTimeout(releaseCode, settled.milliseconds).unref();
  void follow(docker.value, plan.target, since, hasEnded, stopping.signal, heard);
  return () => stopping.abort();
}

/** How long the engine may take to tell of an end that the kernel has told of, in seconds. */
const delay = 2;

/** Of a container that has ended while it was entered: only the engine knows with which status. */
export async function tellHowItEnded({ endpoint, target }: EntryPlan, since: number): Promise<Result<never>> {
  const unknown = { kind: 'container-ended', container: target.container.name, status: undefined } as const;
  const docker = dockerode(endpoint);
  if (!docker.ok) return fail(unknown);
  const limit = AbortSignal.timeout(delay * 1000);
  // It may have ended between the engine's last answer and the entry.
  const asked = { since: (since - delay).toFixed(6), filters: JSON.stringify(wantedEvents), abortSignal: limit };
  try {
    const stream = (await docker.value.getEvents(asked as object)) as Readable;
    try {
      for await (const line of linesOf(stream)) {
        const event = readEvent(line, target);
        if (event?.kind === 'ended') return fail({ ...unknown, container: event.container, status: event.status });
      }
    } finally {
      stream.destroy();
    }
  } catch {
    // The engine may be away, or have nothing to tell.
  }
  return fail(unknown);
}

/** The engine is COMMAND's DNS server, in the private view of a network that has names. */
function concerns({ kind }: NetworkEvent, { view, target }: EntryPlan): boolean {
  const isOfEngine = kind === 'engine-away' || kind === 'engine-back';
  return !isOfEngine || (view !== undefined && target.owner.endpoints.some(({ network }) => hasNames(network)));
}

/** @param left the networks that the container has left, as far as that was told */
function isNews(event: NetworkEvent, left: Set<string>, hasEnded: () => boolean): boolean {
  switch (event.kind) {
    case 'joined':
      return left.delete(event.network);
    case 'left':
      // The engine tells of the networks first when a container ends, and tells twice when one is taken off a network.
      if (hasEnded() || left.has(event.network)) return false;
      left.add(event.network);
      return true;
    case 'ended':
    case 'engine-away':
    case 'engine-back':
      return true;
  }
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
  let away = false;
  // An engine that ends takes its containers along, and its memory of them.
  const lookForEnd = (): void => {
    if (hasEnded()) heard({ kind: 'ended', container: target.container.name, status: undefined });
  };
  const listen = async (): Promise<void> => {
    const asked = { since: from.toFixed(6), filters: JSON.stringify(wantedEvents), abortSignal: signal };
    const stream = await docker.getEvents(asked as object);
    // Where it has happened already, what the engine still knows of it comes first, and says more.
    if (hasEnded()) setTimeout(lookForEnd, 1000).unref();
    if (away && !hasEnded()) heard({ kind: 'engine-back' });
    away = false;
    for await (const line of linesOf(stream)) {
      from = Date.now() / 1000;
      const event = readEvent(line, target);
      if (event !== undefined) heard(event);
    }
  };
  while (!signal.aborted) {
    const lost = await listen().catch((error: NodeJS.ErrnoException) => error.code);
    lookForEnd();
    if (!away && (lost === 'ECONNREFUSED' || lost === 'ENOENT')) {
      away = true;
      heard({ kind: 'engine-away' });
    }
    await pause(1000, undefined, { ref: false });
  }
}

// The attributes of an event are the labels of its container, too.
const longestLine = 1024 * 1024;

/** Ends where a line has no end, as if the connection had. */
async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
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
