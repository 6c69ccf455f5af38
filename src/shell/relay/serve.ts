// Takes the connections of sockets that listen for --forward and --proxy, and joins each with where it leads.
import type { Listener } from '../../core/relay/relay-listeners.ts';
import { Joined, takeAll } from './join.ts';
import type { Reach } from './join.ts';
import { Proxied } from './proxied.ts';

/** @param full is told that there are too many at once */
export function serve(listener: Listener, listening: number, reach: Reach, full: () => void): void {
  takeAll(
    listening,
    (client) => {
      if (listener.kind === 'proxy') new Proxied(reach).take(client);
      else new Joined(reach).take(client).connect(listener);
    },
    full,
  );
}
