// The far end of a tunnel, in a container of its own: connects to where the near end asks for, and carries what is said, on its
// standard streams. It listens where the near end has it listen, and ends with its input.
import { readFileSync } from 'node:fs';
import { helloBytes } from '../../core/relay/frames.ts';
import type { Upstream } from '../../core/relay/local-ports.ts';
import { Asked } from './asked.ts';
import { carryDatagrams } from './far-datagrams.ts';
import { listenForNear } from './far-listening.ts';
import { openFarOutput } from './far-output.ts';
import { mostAtOnce, settle } from './join.ts';
import { reachBy } from './reach.ts';
import { Tunnel } from './tunnel.ts';
import type { TunnelStream } from './tunnel-stream.ts';

/** In milliseconds: a near end that is there asks more often than that. */
const patience = 60_000;

export function far(): void {
  // Each failure is told to who has asked.
  const reach = reachBy(() => {});
  const most = mostAtOnce();
  const tunnel = new Tunnel(openFarOutput(1), 'far');
  tunnel.asked = (stream: TunnelStream, upstream: Upstream): void => {
    if (tunnel.size() > most) stream.refuse('EMFILE');
    else new Asked(reach, stream).connect(upstream);
  };
  process.stdin.on('data', (piece: Buffer) => {
    if (!tunnel.take(piece)) process.exit(1);
  });
  // What the near end has said before may be on its way still.
  process.stdin.on('end', () => void settle().then(() => process.exit(0)));
  setInterval(() => {
    if (tunnel.silence() > patience) process.exit(0);
  }, patience / 4);
  tunnel.beside = {
    datagram: carryDatagrams((id, kind, payload) => tunnel.isFull() || tunnel.send(id, kind, payload)),
    ...listenForNear(tunnel),
  };
  const [resolvConf, hosts] = [read('/etc/resolv.conf'), read('/etc/hosts')];
  tunnel.send(0, 'hello', helloBytes({ resolvConf, hosts }));
}

/** The engine has put the service's own there. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
