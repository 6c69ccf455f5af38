// The far end of a tunnel, in a container of its own: connects to where the near end asks for, and carries what is said, on its
// standard streams. It listens nowhere, and ends with its input.
import type { End } from '../../core/relay/relay-listeners.ts';
import { openOutput } from '../enter/open-output.ts';
import { handlers, Joined, mostAtOnce } from './join.ts';
import type { Reach } from './join.ts';
import { reachBy } from './reach.ts';
import { Tunnel } from './tunnel.ts';
import type { TunnelStream } from './tunnel.ts';

/** In milliseconds: a near end that is there asks more often than that. */
const patience = 60_000;

export function far(): void {
  // Each failure is told to who has asked.
  const reach = reachBy(() => {});
  const most = mostAtOnce();
  const asked = (stream: TunnelStream, end: End): void => {
    if (tunnel.size() > most) stream.refuse('EMFILE');
    else new Asked(reach, stream).connect(end);
  };
  const tunnel = new Tunnel(openOutput(1), asked);
  process.stdin.on('data', (piece: Buffer) => {
    if (!tunnel.take(piece)) process.exit(1);
  });
  process.stdin.on('end', () => process.exit(0));
  setInterval(() => {
    if (tunnel.silence() > patience) process.exit(0);
  }, patience / 4);
  tunnel.send(0, 'hello');
}

/** One that the near end has asked for: that is told what comes of it. */
class Asked extends Joined {
  readonly #stream: TunnelStream;

  constructor(reach: Reach, stream: TunnelStream) {
    super(reach);
    this.#stream = stream;
    stream.attach({ joined: this, side: 'client' }, handlers);
    this.take(stream);
  }

  protected override opened(): void {
    this.#stream.accept();
    super.opened();
  }

  protected override failed(error: string): void {
    this.#stream.refuse(error);
    super.failed(error);
  }
}
