// A line of the engine's events → what it means for the network that COMMAND is in, and what is said of it.
import * as z from 'zod/mini';
import { decode, parseJson } from './decode.ts';
import type { Target } from './plan.ts';

export type NetworkEvent =
  /** The container has ended, or the one whose network it shares, and the network with it. */
  | { readonly kind: 'ended'; readonly container: string; readonly status: number | undefined }
  /** The container goes on, without this network. */
  | { readonly kind: 'left' | 'joined'; readonly container: string; readonly network: string }
  /** The container goes on, and its connections, without an engine that answers for names. */
  | { readonly kind: 'engine-away' | 'engine-back' };

/** What the engine is asked for, as the filters of GET /events. */
export const wantedEvents = { type: ['container', 'network'], event: ['die', 'disconnect', 'connect'] };

// Fields: moby, api/types/events. Engines add to them; nothing else is read.
const engineEvent = z.object({
  Type: z.string(),
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.optional(z.nullable(z.record(z.string(), z.string()))) }),
});

/** @returns undefined where it is about something else, or nothing that can be read */
export function readEvent(line: string, { container, owner }: Target): NetworkEvent | undefined {
  const decoded = decode(engineEvent, parseJson(line));
  if (!decoded.ok) return undefined;
  const { Type: type, Action: action, Actor: actor } = decoded.value;
  const attributes = actor.Attributes ?? {};
  const concerned = [container, owner].find(
    ({ id }) => id === (type === 'network' ? attributes['container'] : actor.ID),
  );
  if (concerned === undefined) return undefined;
  if (type === 'container' && action === 'die') {
    const status = Number(attributes['exitCode'] ?? Number.NaN);
    return { kind: 'ended', container: concerned.name, status: Number.isNaN(status) ? undefined : status };
  }
  const kind = type === 'network' ? networkKinds[action] : undefined;
  return kind && { kind, container: concerned.name, network: attributes['name'] ?? actor.ID };
}

const networkKinds: Readonly<Record<string, 'left' | 'joined'>> = { disconnect: 'left', connect: 'joined' };

/** One line, for the terminal that COMMAND runs in. */
export function describeEvent(event: NetworkEvent, restart: boolean): string {
  switch (event.kind) {
    case 'left':
      return `${event.container} has left the network ${event.network}`;
    case 'joined':
      return `${event.container} is on the network ${event.network} again`;
    case 'engine-away':
      return 'the engine is away: until it is back, COMMAND finds services by their addresses only';
    case 'engine-back':
      return 'the engine is back, and with it the names of services';
    case 'ended': {
      const ended = `${event.container} has ended${event.status === undefined ? '' : ` with status ${event.status}`}`;
      return restart
        ? `${ended}: COMMAND is ended, to start again with it`
        : `${ended}, and its network with it: COMMAND goes on without one (--restart would start it again)`;
    }
  }
}
