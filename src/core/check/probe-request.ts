// What the program that looks from inside is asked for: its one argument, as JSON.
import type { CheckedEndpoint } from './checked-endpoint.ts';

export interface ProbeRequest {
  readonly endpoints: readonly CheckedEndpoint[];
  /** A name that the engine's DNS server must know: the container's own. */
  readonly known: string;
  /** Of each step, in milliseconds. */
  readonly timeout: number;
  /** The socket that it tells what it finds. */
  readonly answers: string;
}
