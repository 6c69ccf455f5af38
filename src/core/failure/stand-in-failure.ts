// The ways in which --stand-in fails: facts only, as in failure.ts.

/** A service cannot be stood in for. */
export type StandInFailure =
  | { readonly kind: 'stand-in-runs'; readonly service: string; readonly containers: readonly string[] }
  /** By the process number of the netexec that does already. */
  | { readonly kind: 'stand-in-taken'; readonly service: string; readonly pid: string }
  /** Swarm keeps its tasks running. */
  | { readonly kind: 'stand-in-of-stack'; readonly service: string }
  /** It has no network of its own: its `network_mode`. */
  | { readonly kind: 'stand-in-shares'; readonly service: string; readonly mode: string }
  /** Compose does not tell what it is made of; why, where it says so. */
  | { readonly kind: 'stand-in-unread'; readonly service: string; readonly reason: string | undefined };
