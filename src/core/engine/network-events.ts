// A line of the engine's events → what it means for the network that COMMAND is in.
import * as z from 'zod/mini';
import { decode, parseJson } from '../json/decode.ts';
import type { Target } from '../entry/plan.ts';

export type NetworkEvent =
  /** The container has ended, or the one whose network it shares, and the network with it. */
  | { readonly kind: 'container-ended'; readonly container: string; readonly status: number | undefined }
  /** The container goes on, on this network or without it. */
  | { readonly kind: 'network-changed'; readonly container: string; readonly network: string; readonly joined: boolean }
  /** The container goes on, and its connections, with an engine that answers for names or without one. */
  | { readonly kind: 'engine-seen'; readonly there: boolean };

/** What the engine is asked for, as the filters of GET /events. Podman 4 tells of a `die` to whoever asks for `died`. */
export const wantedEvents = { type: ['container', 'network'], event: ['die', 'died', 'disconnect', 'connect'] };

/** Of --host-network: whatever may give a name another address, or take it away. */
export const nameEvents = {
  type: ['container', 'network'],
  event: ['start', 'die', 'died', 'rename', 'disconnect', 'connect'],
};

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
  // Of a network's event Podman has the container for its actor, and from 5 on the network's name beside.
  const concerned = [container, owner].find(
    ({ id }) => id === (type === 'network' ? (attributes['container'] ?? actor.ID) : actor.ID),
  );
  if (concerned === undefined) return undefined;
  if (type === 'container' && action === 'die') {
    const status = Number(attributes['exitCode'] ?? Number.NaN);
    return { kind: 'container-ended', container: concerned.name, status: Number.isNaN(status) ? undefined : status };
  }
  if (type !== 'network' || (action !== 'connect' && action !== 'disconnect')) return undefined;
  const isDockers = attributes['container'] !== undefined;
  const network = isDockers ? (attributes['name'] ?? actor.ID) : attributes['network'];
  if (network === undefined) return undefined;
  return { kind: 'network-changed', container: concerned.name, network, joined: action === 'connect' };
}
