// One end of a tunnel: many connections (tunnel-stream.ts) on whatever carries the frames.
import type { Writable } from 'node:stream';
import { endBytes, frame, frameHead, readEnd, tunnelReader } from '../../core/relay/frames.ts';
import type { Frame, FrameKind } from '../../core/relay/frames.ts';
import type { Upstream } from '../../core/relay/local-ports.ts';
import { TunnelStream } from './tunnel-stream.ts';

/** How much may wait for the carrier before connections are to wait for it. */
const mostWaiting = 1024 * 1024;

/** What is shorter is sooner copied than written as a piece of its own. */
const leastUncopied = 4096;

/** By how much the windows of all connections may be wider than at first: for those that take it, so much is held here. */
const mostWidened = 64 * 1024 * 1024;

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
  /** Where the other end was asked to listen, and by how many answers it is behind. */
  readonly #listens = new Map<number, number>();
  /** Those that have more to say than the carrier takes, in the order in which they are let. */
  readonly #waiting = new Set<TunnelStream>();
  readonly #first: number;
  /** The last number of this end's, and of the other's. */
  #last: number;
  #lastAsked: number;
  #heardAt = Date.now();
  #draining = false;
  #widened = 0;

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

  /** @param payload stays as it is until the carrier has taken it */
  send(id: number, kind: FrameKind, payload?: Uint8Array): void {
    if (this.#carrier.destroyed) return;
    if (payload === undefined || payload.length < leastUncopied)
      return void this.#carrier.write(frame(id, kind, payload));
    this.#carrier.cork();
    this.#carrier.write(frameHead(id, kind, payload.length));
    this.#carrier.write(payload);
    process.nextTick(() => this.#carrier.uncork());
  }

  /** Has the other end listen there, which it answers once. @param number listeningNumber's */
  listen(number: number): void {
    this.#listens.set(number, (this.#listens.get(number) ?? 0) + 1);
    this.send(number, 'listen');
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

  /** By how much a window may become wider. */
  room(): number {
    return mostWidened - this.#widened;
  }

  widened(bytes: number): void {
    this.#widened += bytes;
  }

  forget(stream: TunnelStream): void {
    if (this.#streams.delete(stream.id)) this.widened(-stream.wider());
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
    if ((kind === 'listened' || kind === 'unlistened') && !this.#isAnswer(id)) return false;
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
  #isAnswer(number: number): boolean {
    const awaited = this.#listens.get(number) ?? 0;
    if (awaited > 1) this.#listens.set(number, awaited - 1);
    else this.#listens.delete(number);
    return awaited > 0;
  }
}
