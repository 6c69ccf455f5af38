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
  /** When a far end listens on each port. */
  readonly ready: Promise<void>;
} {
  const numbered = new Map(reverses.map((each) => [listeningNumber({ port: each.inside, alone: true }), each]));
  const reach = reachHere();
  const most = mostAtOnce();
  let current: Tunnel | undefined;
  let isReady = false;
  let listens!: () => void;
  const ready = new Promise<void>((resolve) => (listens = resolve));
  const listen = (tunnel: Tunnel): void => {
    if (numbered.size === 0) return listens();
    current = tunnel;
    const told = new Set<number>();
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
        isReady ||= left.size === 0;
        if (isReady) listens();
        return numbered.has(number) || beside.listened?.(number, payload) === true;
      },
      unlistened: (number, code) => {
        const reverse = numbered.get(number);
        if (reverse === undefined) return beside.unlistened?.(number, code) === true;
        if (Date.now() > late && !told.has(number)) {
          told.add(number);
          refused(reverse, code.toString('latin1'));
        }
        setTimeout(() => current === tunnel && tunnel.send(number, 'listen'), betweenTries).unref();
        return true;
      },
    };
    for (const number of numbered.keys()) tunnel.send(number, 'listen');
  };
  return { listen, ready };
}
