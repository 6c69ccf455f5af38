// Which of a container's networks this machine is on: only their addresses can be reached from here.
import { isOn } from '../engine/containers.ts';
import type { NamedAttachment } from '../engine/containers.ts';
import type { Network } from '../engine/networks.ts';
import { hasNames } from './names.ts';

/** What the kernel says of this machine's network (proc(5)). */
export interface Routes {
  /** The text of /proc/net/route: a line an IPv4 route, the interface first. */
  readonly ipv4: string;
  /** The text of /proc/net/ipv6_route: a line a route, its destination first, the interface last. */
  readonly ipv6: string;
}

export interface Reach {
  readonly reached: readonly NamedAttachment[];
  /** Those that have names, but no way that leads there from here. */
  readonly unreached: readonly { readonly network: string; readonly driver: string }[];
}

/**
 * The machine of a rootless engine, or of one that is elsewhere, is another, and may have networks of the same addresses. A
 * bridge has its network's id in its name, and a route where the machine has an address on it. Beside macvlan, ipvlan and
 * Swarm's networks the machine itself is left out.
 */
export function reach(endpoints: readonly NamedAttachment[], networks: readonly Network[], routes: Routes): Reach {
  const interfaces = new Set([
    ...routes.ipv4.split('\n').map((line) => line.split('\t')[0]),
    ...routes.ipv6.split('\n').flatMap((line) => (/^f[ef]/.test(line) ? [] : [line.split(/\s+/).at(-1)])),
  ]);
  const named = endpoints.filter(({ network }) => hasNames(network));
  const networkOf = (endpoint: NamedAttachment): Network | undefined => networks.find((each) => isOn(endpoint, each));
  const isReached = (endpoint: NamedAttachment): boolean => {
    const bridge = networkOf(endpoint)?.bridge;
    return bridge !== undefined && interfaces.has(bridge);
  };
  return {
    reached: named.filter(isReached),
    unreached: named
      .filter((endpoint) => !isReached(endpoint))
      .map((endpoint) => ({ network: endpoint.network, driver: networkOf(endpoint)?.driver ?? 'unknown' })),
  };
}
