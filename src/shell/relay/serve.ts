// Takes the connections of sockets that listen for --forward and --proxy, and joins each with where it leads.
import type { LocalPort } from '../../core/relay/local-ports.ts';
import { Joined, takeAll } from './join.ts';
import type { Reach } from './join.ts';
import { ProxyConnection } from './proxy-connection.ts';

/** @param full is told that there are too many at once */
export function serve(localPort: LocalPort, listening: number, reach: Reach, full: () => void): void {
  takeAll(
    listening,
    (client) => {
      if (localPort.kind === 'proxy') new ProxyConnection(reach).take(client);
      else new Joined(reach).take(client).connect(localPort);
    },
    full,
  );
}
