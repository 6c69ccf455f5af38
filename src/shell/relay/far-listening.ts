// The far end of a tunnel listens where the near end has it listen: on the ports on which COMMAND does, for other containers to
// reach it as they would the service, and on those of --reverse, for the service's own programs.
import { readListening } from '../../core/relay/frames.ts';
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
    listen: (number) => {
      const asked = readListening(number);
      if (asked === undefined || open.has(number)) return false;
      const { port, alone } = asked;
      const found = listenOnEach(alone ? ['127.0.0.1', '::1'] : ['0.0.0.0', '::'], port);
      if ('error' in found) {
        tunnel.send(number, 'unlistened', Buffer.from(found.error));
        return true;
      }
      const to = { host: alone ? 'localhost' : undefined, port };
      const accepting = found.descriptors.map((each) =>
        takeAll(
          each,
          (client) => new Joined(reach).take(client).connect(to),
          () => {},
        ),
      );
      open.set(number, accepting);
      tunnel.send(number, 'listened');
      return true;
    },
    unlisten: (number) => {
      for (const each of open.get(number) ?? []) each.stop();
      open.delete(number);
      return true;
    },
  };
}
