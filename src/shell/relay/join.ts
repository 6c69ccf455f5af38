// A connection that is relayed: the sockets of both sides, with which is done what src/core/relay/joined-streams.ts says.
import { begin, next } from '../../core/relay/joined-streams.ts';
import type { Effect, Event, Side, State } from '../../core/relay/joined-streams.ts';

/** What a socket belongs to. */
interface Place {
  readonly joined: Joined;
  readonly side: Side;
}

type Stream = Bun.Stream<Place>;

/** Reaches the server. @returns its socket's descriptor, or undefined where nobody is reached, or `given up` tells to leave off */
export type Reach = (givenUp: AbortSignal) => Promise<number | undefined>;

export interface Listener {
  /** @param closes whether its connections end, too */
  stop(closes?: boolean): void;
}

/**
 * Takes connections on a socket that listens.
 * @param reach is called for each
 */
export const joinAll = (listening: number, reach: Reach): Listener =>
  Bun.listen<Place>({
    fd: listening,
    allowHalfOpen: true,
    socket: { ...handlers, open: (client) => new Joined().begin(client, reach) },
  });

class Joined {
  #state: State = begin;
  readonly #streams: Partial<Record<Side, Stream>> = {};
  /** What came from each side and has not been taken. */
  readonly #held: Record<Side, Uint8Array[]> = { client: [], server: [] };
  readonly #givenUp = new AbortController();

  begin(client: Stream, reach: Reach): void {
    client.data = { joined: this, side: 'client' };
    this.#streams.client = client;
    client.setNoDelay(true);
    this.#reach(reach).catch(() => this.tell({ kind: 'refused' }));
  }

  async #reach(reach: Reach): Promise<void> {
    const descriptor = await reach(this.#givenUp.signal);
    if (descriptor === undefined) return this.tell({ kind: 'refused' });
    const data: Place = { joined: this, side: 'server' };
    const socket = { ...handlers, open: (server: Stream) => this.#open(server) };
    await Bun.connect({ fd: descriptor, data, allowHalfOpen: true, socket });
  }

  #open(server: Stream): void {
    this.#streams.server = server;
    server.setNoDelay(true);
    if (this.#state.kind === 'over') server.terminate();
    else this.tell({ kind: 'opened' });
  }

  came(from: Side, data: Uint8Array): void {
    this.#held[from].push(data);
    this.tell({ kind: 'came', from, bytes: data.length });
  }

  tell(event: Event): void {
    const { state, effects } = next(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#act(effect);
  }

  #act({ do: what, side }: Effect): void {
    const stream = this.#streams[side];
    switch (what) {
      case 'give':
        return this.#give(side);
      case 'pause':
        return stream?.pause();
      case 'resume':
        return stream?.resume();
      case 'end':
        return stream?.shutdown();
      case 'close':
        return stream?.end();
      case 'reset':
        this.#givenUp.abort();
        return stream?.terminate();
    }
  }

  #give(side: Side): void {
    const held = this.#held[side === 'client' ? 'server' : 'client'];
    let bytes = 0;
    for (let first = held[0]; first !== undefined; first = held[0]) {
      const taken = Math.max(0, this.#streams[side]?.write(first) ?? 0);
      bytes += taken;
      if (taken === first.length) held.shift();
      else {
        held[0] = first.subarray(taken);
        break;
      }
    }
    this.tell({ kind: 'took', side, bytes });
  }
}

const tell = ({ data }: Stream, event: Event): void => data.joined.tell(event);

const handlers = {
  data: ({ data: { joined, side } }: Stream, data: Uint8Array) => joined.came(side, data),
  drain: (stream: Stream) => tell(stream, { kind: 'ready', side: stream.data.side }),
  end: (stream: Stream) => tell(stream, { kind: 'ended', side: stream.data.side }),
  // `close` comes as well, with the error.
  error: () => {},
  close: (stream: Stream, error?: Error) =>
    tell(stream, { kind: 'gone', side: stream.data.side, clean: error === undefined }),
};
