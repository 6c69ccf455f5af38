// One connection of a tunnel, as either end has it: what may be said on it now, and what that which is heard means.
// Whoever says more than it was let say, or what makes no sense, has the whole tunnel end.
import type { Frame } from './frames.ts';
import { readCode } from './frames.ts';

export interface Channel {
  /** `asked`: this end has asked for it. `asking`: the other has, and is to be answered. */
  readonly kind: 'asked' | 'asking' | 'open' | 'over';
  /** So many bytes this end may say. */
  readonly credit: number;
  /** So many the other. */
  readonly window: number;
  /** So many the other, once all that it has said is taken. */
  readonly whole: number;
  /** What has been taken of it, and it has not been told of. */
  readonly owed: number;
  readonly saidEnd: boolean;
  readonly heardEnd: boolean;
}

/** How much of what is said may be on its way: at first, and where it is taken as fast as it comes. */
export const firstWindow = 512 * 1024;
export const widestWindow = 4 * 1024 * 1024;

export const begun = (kind: 'asked' | 'asking'): Channel => ({
  kind,
  credit: firstWindow,
  window: firstWindow,
  whole: firstWindow,
  owed: 0,
  saidEnd: false,
  heardEnd: false,
});

export interface Heard {
  readonly channel: Channel;
  readonly told:
    | { readonly kind: 'opened' | 'ended' | 'reset' | 'credited' }
    | { readonly kind: 'refused'; readonly code: string }
    | { readonly kind: 'came'; readonly data: Buffer };
}

/** @returns undefined where the other end does not keep to what was agreed */
export function hear(channel: Channel, { kind, payload }: Frame): Heard | undefined {
  switch (kind) {
    case 'opened':
      return channel.kind === 'asked' ? { channel: { ...channel, kind: 'open' }, told: { kind } } : undefined;
    case 'refused':
      return channel.kind === 'asked' ? { channel: over(channel), told: { kind, code: readCode(payload) } } : undefined;
    case 'data': {
      const window = channel.window - payload.length;
      if (channel.kind !== 'open' || channel.heardEnd || window < 0) return undefined;
      return { channel: { ...channel, window }, told: { kind: 'came', data: payload } };
    }
    case 'end':
      if (channel.kind !== 'open' || channel.heardEnd) return undefined;
      return { channel: settled({ ...channel, heardEnd: true }), told: { kind: 'ended' } };
    case 'reset':
      return { channel: over(channel), told: { kind } };
    case 'credit': {
      const credit = channel.credit + payload.readUInt32BE();
      if (channel.kind !== 'open' || credit > widestWindow) return undefined;
      return { channel: { ...channel, credit }, told: { kind: 'credited' } };
    }
    // Of the tunnel itself, or of what is not there yet.
    case 'hello':
    case 'open':
    case 'ping':
    case 'datagram':
    case 'unreached':
    case 'listen':
    case 'unlisten':
    case 'unlistened':
    case 'listened':
      return undefined;
  }
}

export const accept = (channel: Channel): Channel => ({ ...channel, kind: 'open' });

export const over = (channel: Channel): Channel => ({ ...channel, kind: 'over' });

/** How many bytes may be said now. */
export const mayBeSaid = ({ kind, credit, saidEnd }: Channel): number => (kind === 'open' && !saidEnd ? credit : 0);

export const said = (channel: Channel, bytes: number): Channel => ({ ...channel, credit: channel.credit - bytes });

export const end = (channel: Channel): Channel => settled({ ...channel, saidEnd: true });

/**
 * Of what was heard so much has been taken.
 * @param room how much wider the window may become: a way that is long carries no more than that at a time
 * @returns how much the other end is to be let say: 0 where that is not worth a frame yet, or it has said its last
 */
export function took(channel: Channel, bytes: number, room = 0): { readonly channel: Channel; readonly grant: number } {
  const owed = channel.owed + bytes;
  if (channel.kind !== 'open' || channel.heardEnd || owed < channel.whole / 4)
    return { channel: { ...channel, owed }, grant: 0 };
  const wider = Math.min(channel.whole, widestWindow - channel.whole, room);
  const grant = owed + wider;
  return {
    channel: { ...channel, owed: 0, window: channel.window + grant, whole: channel.whole + wider },
    grant,
  };
}

/** Once both have said their last it is over. */
const settled = (channel: Channel): Channel => (channel.saidEnd && channel.heardEnd ? over(channel) : channel);
