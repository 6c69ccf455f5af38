// Where the milliseconds of a call go: what takes time says when it begins and ends, to whoever listens (waterfall.ts),
// which is nobody unless NETEXEC_TRACE is set. A channel of Node's kind, since files that are loaded on demand have this one each.
import { channel } from 'node:diagnostics_channel';

export interface Span {
  readonly what: string;
  /** In milliseconds since netexec was started. */
  readonly from: number;
  /** Not a number while it goes on. */
  to: number;
}

export const spans = channel('netexec.span');

/** The command that is started: whether it has got to COMMAND, and when it has ended. */
export interface StartedCommand {
  readonly hasStarted: () => boolean;
  readonly exited: Promise<unknown>;
}

/** Told of an `Entry`. */
export const entries = channel('netexec.entry');

/** `performance` would have to be loaded first. */
export const now = (): number => process.uptime() * 1000;

const deaf = (): void => {};

/** @returns what is to be called when it has ended */
export function begin(what: string): () => void {
  if (!spans.hasSubscribers) return deaf;
  const span: Span = { what, from: now(), to: Number.NaN };
  spans.publish(span);
  return () => (span.to = now());
}
