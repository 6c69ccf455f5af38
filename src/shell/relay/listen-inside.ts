// --reverse, at its outer end: takes over the sockets that listen inside, and leads their connections to where this machine knows.
import type { Failure } from '../../core/failure/failure.ts';
import { describeInside, describeReverseFailure, leadsTo } from '../../core/relay/reverse-text.ts';
import type { Reverse } from '../../core/relay/reverses.ts';
import { say } from '../terminal/say.ts';
import { joinAll } from './join.ts';
import type { Listener } from './join.ts';
import { holderOf } from './listen.ts';
import { causeOf, reach } from './reach.ts';
import { takeOver } from './sockets.ts';

/** Of sockets that listen inside the outer end takes the connections. */
export function listenInside(reverses: readonly Reverse[]) {
  let taken: readonly number[] = [];
  let listeners: readonly Listener[] = [];
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
      const causes = reverses.map((each) => causeOf((error) => say(describeReverseFailure(each, error))));
      listeners = taken.flatMap((descriptor, index) => {
        const number = numbers[index] ?? -1;
        const [reverse, cause] = [reverses[number], causes[number]];
        if (reverse === undefined || cause === undefined) return [];
        return [joinAll(descriptor, (givenUp) => reach(reverse, cause, givenUp))];
      });
    },
    close: (): void => {
      for (const each of listeners) each.stop(true);
      listeners = [];
    },
  };
}

/**
 * @param pid a process of that network
 * @param error a code of the system's
 */
export const refusalInside = (pid: number, reverse: Reverse, service: string, error: string): Failure => ({
  kind: 'reverse-refused',
  place: describeInside(reverse, service),
  inside: reverse.inside,
  leadsTo: leadsTo(reverse),
  error,
  holder: holderOf(pid, '127.0.0.1', reverse.inside),
});
