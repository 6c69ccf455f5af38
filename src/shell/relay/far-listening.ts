// The far end of a tunnel listens on the ports on which COMMAND does: other containers reach it there as they would the service.
import { Joined, takeAll } from './join.ts';
import type { Accepting } from './join.ts';
import { reachByTunnel } from './reach-by-tunnel.ts';
import { listenOnEach } from './sockets.ts';
import type { Tunnel } from './tunnel.ts';

/** @returns what takes the frames of the near end's */
export function listenForNear(tunnel: Tunnel): Required<Pick<Tunnel['beside'], 'listen' | 'unlisten'>> {
  const open = new Map<number, readonly Accepting[]>();
  const reach = reachByTunnel(tunnel);
  return {
    listen: (port) => {
      if (open.has(port) || port === 0 || port > 0xffff) return false;
      const found = listenOnEach(['0.0.0.0', '::'], port);
      if ('error' in found) tunnel.send(port, 'unlistened', Buffer.from(found.error));
      else
        open.set(
          port,
          found.descriptors.map((each) =>
            takeAll(
              each,
              (client) => new Joined(reach).take(client).connect({ host: undefined, port }),
              () => {},
            ),
          ),
        );
      return true;
    },
    unlisten: (port) => {
      for (const each of open.get(port) ?? []) each.stop();
      open.delete(port);
      return true;
    },
  };
}
