// A connection of a tunnel: a stream like that of a socket (join.ts).
import { accept, begun, end, firstWindow, hear, mayBeSaid, over, said, took } from '../../core/relay/channel.ts';
import type { Channel } from '../../core/relay/channel.ts';
import { creditBytes, longestPiece } from '../../core/relay/frames.ts';
import type { Frame } from '../../core/relay/frames.ts';
import type { Handlers, StreamOwner, Stream } from './join.ts';
import type { Tunnel } from './tunnel.ts';

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
  /** It was waited for since more was granted. */
  #waited = false;
  #isBehind = false;

  constructor(tunnel: Tunnel, id: number, kind: 'asked' | 'asking') {
    this.#tunnel = tunnel;
    this.id = id;
    this.#channel = begun(kind);
  }

  /** By how much its window is wider than at first. */
  wider(): number {
    return this.#channel.whole - firstWindow;
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
      this.#channel = said(this.#channel, piece.length);
      this.#tunnel.send(this.id, 'data', piece);
      at += piece.length;
    }
    this.#isBehind = at < data.length;
    if (at < most) this.#tunnel.await(this);
    return at;
  }

  pause(): void {
    this.#paused = true;
    this.#waited = true;
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
      this.#waited = true;
      this.#channel = { ...this.#channel, owed: this.#channel.owed + bytes };
      return;
    }
    const before = this.wider();
    const { channel, grant } = took(this.#channel, bytes, this.#waited ? 0 : this.#tunnel.room());
    this.#channel = channel;
    this.#tunnel.widened(this.wider() - before);
    if (grant === 0) return;
    this.#waited = false;
    this.#tunnel.send(this.id, 'credit', creditBytes(grant));
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
