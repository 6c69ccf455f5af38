// One end of a tunnel: the connections in it are streams like those of sockets (join.ts), on whatever carries the frames.
import type { Writable } from 'node:stream';
import { accept, begun, end, hear, mayBeSaid, over, said, took } from '../../core/relay/channel.ts';
import type { Channel } from '../../core/relay/channel.ts';
import { creditBytes, endBytes, frame, longestPiece, readEnd, tunnelReader } from '../../core/relay/frames.ts';
import type { Frame, FrameKind } from '../../core/relay/frames.ts';
import type { Upstream } from '../../core/relay/local-ports.ts';
import type { Handlers, StreamOwner, Stream } from './join.ts';

/** How much may wait for the carrier before connections are to wait for it. */
const mostWaiting = 1024 * 1024;

/** What is told beside the connections, false where it makes no sense; what is left out makes none to this end. */
type Beside = Partial<Record<(typeof besides)[number], (id: number, payload: Buffer) => boolean>>;

const besides = ['hello', 'datagram', 'unreached', 'listen', 'unlisten', 'unlistened', 'listened'] as const;
const isBeside = (kind: FrameKind): kind is (typeof besides)[number] =>
  (besides as readonly FrameKind[]).includes(kind);

/** The numbers of the far end's connections begin here. */
const farFirst = 0x8000_0000;

export class Tunnel {
  /** Set once somebody wants it. */
  beside: Beside = {};
  /** For a connection by the other end, which may ask for none where there is none. */
  asked: ((stream: TunnelStream, upstream: Upstream) => void) | undefined;
  readonly #carrier: Writable;
  readonly #read = tunnelReader();
  readonly #streams = new Map<number, TunnelStream>();
  /** Those that have more to say than the carrier takes, in the order in which they are let. */
  readonly #waiting = new Set<TunnelStream>();
  readonly #first: number;
  /** The last number of this end's, and of the other's. */
  #last: number;
  #lastAsked: number;
  #heardAt = Date.now();
  #draining = false;

  constructor(carrier: Writable, side: 'near' | 'far' = 'near') {
    this.#carrier = carrier;
    this.#first = side === 'far' ? farFirst : 0;
    this.#last = this.#first;
    this.#lastAsked = farFirst - this.#first;
  }

  /** @returns false once that makes no sense: the tunnel is to be closed */
  take(piece: Buffer): boolean {
    this.#heardAt = Date.now();
    const frames = this.#read(piece);
    return frames?.every((each) => this.#hear(each)) === true;
  }

  /** In milliseconds. */
  silence(): number {
    return Date.now() - this.#heardAt;
  }

  /** Connects by the other end. */
  open(to: Upstream): TunnelStream {
    const stream = this.#add((this.#last += 1), 'asked');
    if (this.#carrier.destroyed) stream.lost();
    else this.send(stream.id, 'open', endBytes(to));
    return stream;
  }

  send(id: number, kind: FrameKind, payload?: Uint8Array): void {
    if (!this.#carrier.destroyed) this.#carrier.write(frame(id, kind, payload));
  }

  /** Nothing comes or goes any more: all that is open is reset. */
  close(): void {
    for (const stream of this.#streams.values()) stream.lost();
    this.#streams.clear();
    this.#waiting.clear();
  }

  size(): number {
    return this.#streams.size;
  }

  isFull(): boolean {
    return this.#carrier.writableLength > mostWaiting;
  }

  /** Tells it when the carrier takes more. */
  await(stream: TunnelStream): void {
    this.#waiting.add(stream);
    if (this.#draining) return;
    this.#draining = true;
    this.#carrier.once('drain', () => {
      this.#draining = false;
      for (const each of this.#waiting) {
        if (this.isFull()) break;
        this.#waiting.delete(each);
        each.ready();
      }
      const [next] = this.#waiting;
      if (next !== undefined) this.await(next);
    });
  }

  forget(stream: TunnelStream): void {
    this.#streams.delete(stream.id);
    this.#waiting.delete(stream);
  }

  #add(id: number, kind: 'asked' | 'asking'): TunnelStream {
    const stream = new TunnelStream(this, id, kind);
    this.#streams.set(id, stream);
    return stream;
  }

  #hear(heard: Frame): boolean {
    const { id, kind, payload } = heard;
    if (kind === 'ping') {
      // Its silence would be taken for its end. Who asks is answered once, and answers none.
      if (this.#first === farFirst) this.send(0, 'ping');
      return true;
    }
    if (isBeside(kind)) return this.beside[kind]?.(id, payload) ?? false;
    const isOwn = id >= farFirst === this.#first >= farFirst;
    if (kind === 'open') {
      if (this.asked === undefined || isOwn || id <= this.#lastAsked) return false;
      this.#lastAsked = id;
      this.asked(this.#add(id, 'asking'), readEnd(payload));
      return true;
    }
    const stream = this.#streams.get(id);
    // What is over here may go on there for a moment.
    return stream === undefined ? id <= (isOwn ? this.#last : this.#lastAsked) : stream.hear(heard);
  }
}

/** A connection of it. */
export class TunnelStream implements Stream {
  data!: StreamOwner;
  readonly id: number;
  readonly #tunnel: Tunnel;
  #channel: Channel;
  #handlers: Handlers | undefined;
  #answered: ((code: string | undefined) => void) | undefined;
  /** What has come before anybody listens. */
  #early: (() => void)[] = [];
  #paused = false;
  #isBehind = false;

  constructor(tunnel: Tunnel, id: number, kind: 'asked' | 'asking') {
    this.#tunnel = tunnel;
    this.id = id;
    this.#channel = begun(kind);
  }

  /** @returns undefined once it stands, or why it does not: a code */
  answer(): Promise<string | undefined> {
    // Of a tunnel that is lost already.
    if (this.#channel.kind === 'over') return Promise.resolve('ECONNRESET');
    return new Promise((resolve) => (this.#answered = resolve));
  }

  /** Has what comes of it told. */
  readonly attach = (data: StreamOwner, handlers: Handlers): void => {
    this.data = data;
    this.#handlers = handlers;
    handlers.open?.(this);
    for (const each of this.#early.splice(0)) each();
    this.#take(0);
  };

  /** Answers that it stands, as it was asked for. */
  accept(): void {
    if (this.#channel.kind !== 'asking') return;
    this.#channel = accept(this.#channel);
    this.#tunnel.send(this.id, 'opened');
  }

  /** @param code of the system's */
  refuse(code: string): void {
    if (this.#channel.kind !== 'asking') return;
    this.#tunnel.send(this.id, 'refused', Buffer.from(code.slice(0, 40)));
    this.#leave();
  }

  hear(heard: Frame): boolean {
    const next = hear(this.#channel, heard);
    if (next === undefined) return false;
    this.#channel = next.channel;
    const { told } = next;
    switch (told.kind) {
      case 'opened':
        this.#answered?.(undefined);
        break;
      case 'refused':
        this.#answered?.(told.code);
        break;
      case 'credited':
        this.ready();
        break;
      case 'came': {
        // A piece may be a byte of a large one, which it would keep in memory for as long as it waits.
        const data = this.#handlers === undefined ? Buffer.from(told.data) : told.data;
        this.#tell((handlers) => handlers.data(this, data));
        // What is held here is not to grow.
        this.#take(data.length);
        break;
      }
      case 'ended':
        this.#tell((handlers) => handlers.end(this));
        break;
      case 'reset':
        this.lost();
    }
    if (this.#channel.kind === 'over') this.#tunnel.forget(this);
    return true;
  }

  /** It may go on. */
  ready(): void {
    if (!this.#isBehind) return;
    this.#isBehind = false;
    this.#tell((handlers) => handlers.drain(this));
  }

  /** It is not there any more. */
  lost(): void {
    this.#leave();
    this.#answered?.('ECONNRESET');
    this.#tell((handlers) => handlers.close(this, new Error('reset')));
  }

  write(data: Uint8Array): number {
    if (this.#channel.kind === 'over') return -1;
    const most = Math.min(data.length, mayBeSaid(this.#channel));
    let at = 0;
    while (at < most && !this.#tunnel.isFull()) {
      const piece = data.subarray(at, Math.min(at + longestPiece, most));
      this.#tunnel.send(this.id, 'data', piece);
      at += piece.length;
    }
    this.#channel = said(this.#channel, at);
    this.#isBehind = at < data.length;
    if (at < most) this.#tunnel.await(this);
    return at;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#take(0);
  }

  shutdown(): void {
    if (this.#channel.kind !== 'open' || this.#channel.saidEnd) return;
    this.#tunnel.send(this.id, 'end');
    this.#channel = end(this.#channel);
    if (this.#channel.kind === 'over') this.#leave();
  }

  end(): void {
    this.shutdown();
  }

  terminate(): void {
    if (this.#channel.kind === 'over') return;
    this.#tunnel.send(this.id, 'reset');
    this.#leave();
  }

  setNoDelay(): void {
    // What is said goes at once.
  }

  #take(bytes: number): void {
    if (this.#paused || this.#handlers === undefined) {
      this.#channel = { ...this.#channel, owed: this.#channel.owed + bytes };
      return;
    }
    const { channel, grant } = took(this.#channel, bytes);
    this.#channel = channel;
    if (grant > 0) this.#tunnel.send(this.id, 'credit', creditBytes(grant));
  }

  #leave(): void {
    this.#channel = over(this.#channel);
    this.#tunnel.forget(this);
  }

  #tell(tell: (handlers: Handlers) => void): void {
    if (this.#handlers === undefined) this.#early.push(() => this.#tell(tell));
    else tell(this.#handlers);
  }
}
