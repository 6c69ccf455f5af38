// --reverse by a tunnel: the far end listens on the service's own localhost, and this machine is reached from there.
import { listeningNumber } from '../../core/relay/frames.ts';
import type { Reverse } from '../../core/relay/reverses.ts';
import { Asked } from './asked.ts';
import { mostAtOnce } from './join.ts';
import { reachHere } from './listen-inside.ts';
import { betweenTries } from './own-ports.ts';
import type { Tunnel } from './tunnel.ts';

/**
 * In milliseconds: another netexec's far end, which has been left there, is removed in less; one that has lost its connection
 * may hold a port for as long as it waits for it.
 */
const patience = { first: 2500, again: 65_000 };

/** @param refused is told, once for each far end, of a port that cannot be had there, and of a code of why; it is tried again */
export function reverseByTunnel(
  reverses: readonly Reverse[],
  refused: (reverse: Reverse, code: string) => void,
): {
  /** Has this one's far end listen; all that it is told beside that is as before. */
  listen(tunnel: Tunnel): void;
  /** Nobody waits for them any more: of those that could not be had so far it is told. */
  finish(): void;
  /** When a far end listens on each port. */
  readonly ready: Promise<void>;
} {
  const numbered = new Map(reverses.map((each) => [listeningNumber({ port: each.inside, alone: true }), each]));
  const reach = reachHere();
  const most = mostAtOnce();
  let current: Tunnel | undefined;
  let isReady = false;
  /** Those that could not be had, of which it was not told, and why. */
  let untold = new Map<number, string>();
  const tell = (number: number): void => {
    const reverse = numbered.get(number);
    const code = untold.get(number);
    if (reverse !== undefined && code !== undefined) refused(reverse, code);
    untold.delete(number);
  };
  let listens!: () => void;
  const ready = new Promise<void>((resolve) => (listens = resolve));
  const listen = (tunnel: Tunnel): void => {
    if (numbered.size === 0) return listens();
    current = tunnel;
    const told = new Set<number>();
    untold = new Map();
    const late = Date.now() + (isReady ? patience.again : patience.first);
    const { asked, beside } = tunnel;
    const left = new Set(numbered.keys());
    tunnel.asked = (stream, to) => {
      const reverse = numbered.get(listeningNumber({ port: to.port, alone: true }));
      if (to.host === undefined) return asked === undefined ? stream.refuse('ECONNREFUSED') : asked(stream, to);
      if (reverse === undefined || tunnel.size() > most) return stream.refuse('ECONNREFUSED');
      new Asked(reach, stream).connect(reverse);
    };
    tunnel.beside = {
      ...beside,
      listened: (number, payload) => {
        left.delete(number);
        untold.delete(number);
        isReady ||= left.size === 0;
        if (isReady) listens();
        return numbered.has(number) || beside.listened?.(number, payload) === true;
      },
      unlistened: (number, code) => {
        if (!numbered.has(number)) return beside.unlistened?.(number, code) === true;
        if (!told.has(number)) untold.set(number, code.toString('latin1'));
        if (Date.now() > late && untold.has(number)) {
          told.add(number);
          tell(number);
        }
        setTimeout(() => current === tunnel && tunnel.listen(number), betweenTries).unref();
        return true;
      },
    };
    for (const number of numbered.keys()) tunnel.listen(number);
  };
  const finish = (): void => [...untold.keys()].forEach(tell);
  return { listen, finish, ready };
}
