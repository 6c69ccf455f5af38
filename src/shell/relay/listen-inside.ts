// --reverse, at its outer end: takes over the sockets that listen inside, and leads their connections to where this machine knows.
import type { Failure } from '../../core/failure/failure.ts';
import { tooMany, valueOfUpstream } from '../../core/relay/local-port-text.ts';
import { describeInside, describeReverseFailure } from '../../core/relay/reverse-text.ts';
import type { Reverse } from '../../core/relay/reverses.ts';
import { say } from '../terminal/say.ts';
import { Joined, takeAll } from './join.ts';
import type { Accepting, Reach } from './join.ts';
import { holderOf } from './listen.ts';
import { reachBy } from './reach.ts';
import { takeOver } from './sockets.ts';

/** Of sockets that listen inside the outer end takes the connections. */
export function listenInside(reverses: readonly Reverse[]) {
  let taken: readonly number[] = [];
  let accepting: readonly Accepting[] = [];
  return {
    /** @returns a code */
    take: (socket: number): string | undefined => {
      // It connects, and hands them over.
      const found = takeOver(socket, 2 * reverses.length, 2000);
      if (typeof found === 'string') return found;
      taken = found;
      return undefined;
    },
    /** @param numbers of the reverse of each */
    listen: (numbers: readonly number[]): void => {
      const reach = reachHere();
      accepting = taken.flatMap((descriptor, index) => {
        const reverse = reverses[numbers[index] ?? -1];
        return reverse === undefined
          ? []
          : [
              takeAll(
                descriptor,
                (client) => new Joined(reach).take(client).connect(reverse),
                () => say(tooMany),
              ),
            ];
      });
    },
    /** Connections go on: what was said on them may be on its way. */
    close: (): void => {
      for (const each of accepting) each.stop();
      accepting = [];
    },
  };
}

/** Reaches what this machine knows, and says why it does not. */
export const reachHere = (): Reach => reachBy((upstream, error) => say(describeReverseFailure(upstream, error)));

/**
 * @param pid a process of that network; undefined where it is of another kernel
 * @param error a code of the system's
 */
export const refusalInside = (pid: number | undefined, reverse: Reverse, service: string, error: string): Failure => ({
  kind: 'reverse-refused',
  place: describeInside(reverse, service),
  inside: reverse.inside,
  leadsTo: valueOfUpstream(reverse),
  error,
  holder: pid === undefined ? undefined : holderOf(pid, '127.0.0.1', reverse.inside),
});
