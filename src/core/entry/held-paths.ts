// Where the stage finds what is held open for it.
import { descriptors } from './descriptors.ts';
import { isOwnChild } from '../ways/ways.ts';
import type { Way } from '../ways/ways.ts';

const path = (descriptor: number): string => `/proc/self/fd/${descriptor}`;

/** Where the stage finds what entry.sh holds. */
export const held = {
  supervisor: path(descriptors.entry.supervisor),
  process: path(descriptors.entry.process),
  network: path(descriptors.entry.network),
} as const;

/** Where the stage finds what it has inherited. */
export const inheritedAs = {
  environment: path(descriptors.stage.environment),
  files: path(descriptors.stage.files),
  ready: path(descriptors.stage.ready),
  held: path(descriptors.stage.held),
} as const;

/** Netexec's folder in /proc, for whoever is its child, or has been let in by entry.sh. */
export const folderOf = (way: Way, supervisor: number): string =>
  isOwnChild(way) ? `/proc/${supervisor}` : held.supervisor;

/** The path of a descriptor of netexec's. */
export const heldBy = (way: Way, supervisor: number, descriptor: number): string =>
  `${folderOf(way, supervisor)}/fd/${descriptor}`;
