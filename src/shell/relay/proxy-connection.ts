// A connection to --proxy: one that is relayed, to whom its client asks for. What is said to either side is src/core/relay/proxy-dialogue.ts's.
import type { Event, Side } from '../../core/relay/joined-streams.ts';
import { begin, ended, failed, hear, reached } from '../../core/relay/proxy-dialogue.ts';
import type { DialogueState, DialogueStep } from '../../core/relay/proxy-dialogue.ts';
import { Joined } from './join.ts';
import type { Stream } from './join.ts';

/** How long a client may take to say what it asks for, and, having been turned away, to go. */
const limits = { milliseconds: { asking: 15_000, going: 5000 } };

export class ProxyConnection extends Joined {
  #proxy: DialogueState = begin;
  #limit: NodeJS.Timeout | undefined;

  override take(client: Stream): this {
    this.#limit = setTimeout(() => this.#follow(ended(this.#proxy, 'client')), limits.milliseconds.asking);
    return super.take(client);
  }

  override came(from: Side, data: Uint8Array): void {
    this.#follow(hear(this.#proxy, from, Buffer.from(data.buffer, data.byteOffset, data.byteLength)));
  }

  override tell(event: Event): void {
    if (event.kind === 'ended' || event.kind === 'gone') this.#follow(ended(this.#proxy, event.side));
    super.tell(event);
    if (event.kind === 'gone' && event.side === 'client') clearTimeout(this.#limit);
  }

  protected override opened(): void {
    super.opened();
    this.#follow(reached(this.#proxy));
  }

  protected override failed(error: string): void {
    this.#follow(failed(this.#proxy, error));
  }

  #follow({ state, toClient, toServer, connect }: DialogueStep): void {
    const before = this.#proxy.kind;
    this.#proxy = state;
    if (before === 'asking' && state.kind !== 'asking') clearTimeout(this.#limit);
    if (toServer !== undefined && toServer.length > 0) super.came('client', toServer);
    if (toClient !== undefined && toClient.length > 0) super.came('server', toClient);
    if (connect !== undefined) this.connect(connect);
    if (state.kind !== 'over' || before === 'over') return;
    this.#limit = setTimeout(() => this.resetClient(), limits.milliseconds.going);
    this.dismissServer();
  }
}
