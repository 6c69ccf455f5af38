// Listeners → `postgres (pid 71) on 0.0.0.0:5432 and [::]:5432`.
import type { HeldSocket } from './check-facts.ts';
import { list, unique } from './judgement.ts';
import { hostPort } from '../names/ip-address.ts';

export function describeSockets(listeners: readonly HeldSocket[]): string {
  const holders = unique(listeners.map(({ process }) => process));
  return holders
    .map((holder) => {
      const own = listeners.filter(({ process }) => process === holder);
      const places = list(unique(own.map(({ address, port }) => hostPort(address, port))));
      return holder === undefined ? places : `${holder} on ${places}`;
    })
    .join('; ');
}
