// What Podman cannot do that docker's engine can: facts only, as in failure.ts.

/** It has no DNS names that a HOSTALIASES file could lead to. */
export interface PodmanFailure {
  readonly kind: 'no-alias-targets';
}
