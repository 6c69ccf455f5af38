// A connection that is relayed: the sockets of both sides, with which is done what src/core/relay/joined-streams.ts says.
import { setTimeout as pause } from 'node:timers/promises';
import { begin, isQuiet, isTold, next } from '../../core/relay/joined-streams.ts';
import type { Effect, Event, Side, State } from '../../core/relay/joined-streams.ts';
import type { Upstream } from '../../core/relay/local-ports.ts';
import { openFilesLimit } from '../process/libc.ts';
import { serveByRuntime } from './runtime-listeners.ts';

/** What a socket belongs to. */
export interface StreamOwner {
  readonly joined: Joined;
  readonly side: Side;
}

/** A socket, or a connection of a tunnel. */
export type Stream = Omit<Bun.Stream<StreamOwner>, 'fd'>;

/** What is told of it; of what is there already `open` comes first. */
export interface Handlers {
  open?(stream: Stream): void;
  data(stream: Stream, data: Uint8Array): void;
  drain(stream: Stream): void;
  end(stream: Stream): void;
  error(stream: Stream): void;
  close(stream: Stream, error?: Error): void;
}

/** Has a connection that is made told of. */
export type Attach = (data: StreamOwner, handlers: Handlers & Required<Pick<Handlers, 'open'>>) => unknown;

/** @returns the connection; or why it is not made, a code, which does not matter where `givenUp` told to leave off */
export type Reach = (upstream: Upstream, givenUp: AbortSignal) => Promise<Attach | string>;

export interface Accepting {
  stop(): void;
}

/**
 * Takes connections on a socket that listens; those that are too many at once are reset.
 * @param take is called with each
 * @param full is called with the first that is too many, and again once half of them have ended
 */
export function takeAll(listening: number, take: (client: Stream) => void, full: () => void): Accepting {
  const most = mostAtOnce();
  let isFull = false;
  const open = (client: Stream): void => {
    if (current.size < most / 2) isFull = false;
    if (current.size < most) return take(client);
    drop(client);
    if (!isFull) full();
    isFull = true;
  };
  const socket = { ...handlers, open };
  return serveByRuntime(listening, socket) ?? Bun.listen<StreamOwner>({ fd: listening, allowHalfOpen: true, socket });
}

/** Those that are not over. */
const current = new Set<Joined>();

/**
 * Each may hold half a megabyte of what is not taken, and has two sockets. Without descriptors the runtime would try to
 * take the next one again and again.
 */
export const mostAtOnce = (): number => Math.max(4, Math.min(2000, Math.floor((openFilesLimit() - 64) / 2)));

/** At the end, that of what is slow to be taken. */
const longestEnd = { milliseconds: 2000 };
/** Of a COMMAND that has ended all comes, and the end behind it. A process that it has left may hold a connection for ever. */
const longestTelling = { milliseconds: 5000 };

/** What somebody has said before he ended may not even be read yet: waits until all of it is on its way by the kernel. */
export async function settle(): Promise<void> {
  const telling = Date.now() + longestTelling.milliseconds;
  while (![...current].every((each) => each.isTold()) && Date.now() < telling) await pause(5);
  const end = Date.now() + longestEnd.milliseconds;
  for (let quiet = 0; quiet < 2 && Date.now() < end;) {
    await pause(5);
    quiet = [...current].every((each) => each.isQuiet()) ? quiet + 1 : 0;
  }
}

export class Joined {
  #state: State = begin;
  readonly #reach: Reach;
  readonly #whose: 'anybody' | 'COMMAND';
  readonly #streams: Partial<Record<Side, Stream>> = {};
  /** What came from each side and has not been taken. */
  readonly #held: Record<Side, Uint8Array[]> = { client: [], server: [] };
  readonly #givenUp = new AbortController();

  /** @param whose the client is: the end of COMMAND is waited for (settle) */
  constructor(reach: Reach, whose: 'anybody' | 'COMMAND' = 'anybody') {
    this.#reach = reach;
    this.#whose = whose;
  }

  take(client: Stream): this {
    client.data = { joined: this, side: 'client' };
    this.#streams.client = client;
    client.setNoDelay(true);
    current.add(this);
    return this;
  }

  isQuiet(): boolean {
    return isQuiet(this.#state);
  }

  isTold(): boolean {
    return this.#whose === 'anybody' || isTold(this.#state);
  }

  connect(upstream: Upstream): void {
    this.#connect(upstream).catch(() => this.failed('ECONNRESET'));
  }

  async #connect(upstream: Upstream): Promise<void> {
    const found = await this.#reach(upstream, this.#givenUp.signal);
    if (typeof found === 'string') return this.failed(found);
    await found({ joined: this, side: 'server' }, { ...handlers, open: (server) => this.#open(server) });
  }

  #open(server: Stream): void {
    if (this.#state.kind !== 'opening') return drop(server);
    this.#streams.server = server;
    server.setNoDelay(true);
    this.opened();
  }

  protected opened(): void {
    this.tell({ kind: 'opened' });
  }

  protected failed(_error: string): void {
    this.tell({ kind: 'refused' });
  }

  came(from: Side, data: Uint8Array): void {
    hold(this.#held[from], data);
    this.tell({ kind: 'came', from, bytes: data.length });
  }

  tell(event: Event): void {
    const { state, effects } = next(this.#state, event);
    this.#state = state;
    if (state.kind === 'over') current.delete(this);
    for (const effect of effects) this.#act(effect);
  }

  /** There is no server, or no more: the client is given what is held for it, and then told the end. */
  protected dismissServer(): void {
    this.#givenUp.abort();
    if (this.#streams.server !== undefined) drop(this.#streams.server);
    delete this.#streams.server;
    this.tell({ kind: 'opened' });
    this.tell({ kind: 'ended', side: 'server' });
  }

  protected resetClient(): void {
    this.#streams.client?.terminate();
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
      // Where nobody is there, it is as if it had been taken.
      const taken = Math.max(0, this.#streams[side]?.write(first) ?? first.length);
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

/** Those that are made here. */
const blocks = new WeakSet<ArrayBufferLike>();
const blockLength = 16 * 1024;

/**
 * A piece may be a byte of a large one, which it would keep in memory: what has to wait behind others is copied, one behind
 * the other, so that no more is held than was said.
 */
function hold(held: Uint8Array[], data: Uint8Array): void {
  const last = held.at(-1);
  if (last === undefined) return void held.push(data);
  const { buffer, byteOffset, length } = last;
  const fits = blocks.has(buffer) && byteOffset + length + data.length <= buffer.byteLength;
  const block = fits ? buffer : new ArrayBuffer(Math.max(blockLength, data.length));
  blocks.add(block);
  const whole = fits ? new Uint8Array(block, byteOffset, length + data.length) : new Uint8Array(block, 0, data.length);
  whole.set(data, fits ? length : 0);
  held.splice(fits ? -1 : held.length, 1, whole);
}

/** Resets what is made, and nobody wants. */
export const dismiss = (attach: Attach): void =>
  void attach({ joined: new Joined(() => Promise.resolve('')), side: 'server' }, { ...handlers, open: drop });

/** Nobody hears of it any more. */
function drop(server: Stream): void {
  server.data = { joined: new Joined(() => Promise.resolve('')), side: 'server' };
  server.terminate();
}

const tell = ({ data }: Stream, event: Event): void => data.joined.tell(event);

export const handlers = {
  data: ({ data: { joined, side } }: Stream, data: Uint8Array) => joined.came(side, data),
  drain: (stream: Stream) => tell(stream, { kind: 'ready', side: stream.data.side }),
  end: (stream: Stream) => tell(stream, { kind: 'ended', side: stream.data.side }),
  // `close` comes as well, with the error.
  error: () => {},
  close: (stream: Stream, error?: Error) =>
    tell(stream, { kind: 'gone', side: stream.data.side, clean: error === undefined }),
};
