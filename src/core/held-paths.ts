// Where the stage finds what is held open for it.
import { isOwnChild } from './ways.ts';
import type { Way } from './ways.ts';

/** As entry.sh holds netexec's process, and the container's. */
export const held = { supervisor: '/proc/self/fd/4', process: '/proc/self/fd/6', network: '/proc/self/fd/3' } as const;

/** The path of a descriptor of netexec's, for whoever is its child, or has been let in by entry.sh. */
export const heldBy = (way: Way, supervisor: number, descriptor: number): string =>
  `${isOwnChild(way) ? `/proc/${supervisor}` : held.supervisor}/fd/${descriptor}`;
