// --reverse by a tunnel: the far end listens on the service's own localhost, and this machine is reached from there.
import { listeningNumber } from '../../core/relay/frames.ts';
import type { Reverse } from '../../core/relay/reverses.ts';
import { Asked } from './asked.ts';
import { mostAtOnce } from './join.ts';
import { reachHere } from './listen-inside.ts';
import { betweenTries } from './own-ports.ts';
import type { Tunnel } from './tunnel.ts';

/** @param refused is told of a port that cannot be had there at first, and of a code of why; it is tried again */
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
  let [first, current]: (Tunnel | undefined)[] = [];
  const told = new Set<number>();
  let listens!: () => void;
  const ready = new Promise<void>((resolve) => (listens = resolve));
  const listen = (tunnel: Tunnel): void => {
    if (numbered.size === 0) return listens();
    first ??= tunnel;
    current = tunnel;
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
        if (left.size === 0) listens();
        return numbered.has(number) || beside.listened?.(number, payload) === true;
      },
      unlistened: (number, code) => {
        const reverse = numbered.get(number);
        if (reverse === undefined) return beside.unlistened?.(number, code) === true;
        // A far end that was lost may hold it for a while.
        if (tunnel === first && !told.has(number)) refused(reverse, code.toString('latin1'));
        told.add(number);
        setTimeout(() => current === tunnel && tunnel.send(number, 'listen'), betweenTries).unref();
        return true;
      },
    };
    for (const number of numbered.keys()) tunnel.send(number, 'listen');
  };
  return { listen, ready };
}
