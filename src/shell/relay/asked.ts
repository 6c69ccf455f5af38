// A connection that the other end of a tunnel has asked for, and that is told what comes of it.
import { handlers, Joined } from './join.ts';
import type { Reach } from './join.ts';
import type { TunnelStream } from './tunnel-stream.ts';

export class Asked extends Joined {
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
