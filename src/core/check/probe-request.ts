// What the program that looks from inside is asked for, as JSON: its one argument, or, in a helper container, a line of its input.
import type { Environment } from '../engine/engine-address.ts';
import type { CheckedEndpoint } from './checked-endpoint.ts';

export interface ProbeRequest {
  readonly endpoints: readonly CheckedEndpoint[];
  /** A name that the engine's DNS server must know: the container's own. */
  readonly known: string;
  /** Of each step, in milliseconds. */
  readonly timeout: number;
  /** The socket that it tells what it finds; undefined in a helper container, where it tells that on standard output. */
  readonly answers?: string;
}

/**
 * It looks up as COMMAND would, by the caller's RES_OPTIONS as well; but glibc must not wait longer than is asked for.
 * @param timeout in seconds
 */
export const lookupOptions = ({ RES_OPTIONS: options = '' }: Environment, timeout: number): string =>
  `RES_OPTIONS=${options} timeout:${Math.max(1, Math.round(timeout))} attempts:1`;

/**
 * What a helper container does not have of the caller's, and looks names up by.
 * @param pinned the network of --network: as a search domain it comes before all others
 * @returns `NAME=VALUE` each
 */
export function farVariables(env: Environment, timeout: number, pinned: string | undefined): readonly string[] {
  const options = lookupOptions(env, timeout);
  const { LOCALDOMAIN: local } = env;
  if (local !== undefined) return [options, `LOCALDOMAIN=${local}`];
  return pinned === undefined ? [options] : [`${options} ndots:1`, `LOCALDOMAIN=${pinned}`];
}
