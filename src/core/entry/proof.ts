// What a process must look like, from outside and from within, to be the one that the engine calls a container's.
import type { Container } from '../engine/containers.ts';

export interface Proof {
  readonly ids: readonly string[];
  /**
   * For a line of /proc/PID/cgroup, and for one of /proc/PID/mountinfo: extended regular expressions, grep's as well as ours.
   * The stage looks for the ids in the former by patterns of its shell's (stage/prove.sh).
   */
  readonly cgroup: string;
  readonly mount: string;
}

/**
 * The container's id is the name of its cgroup (`/docker/ID`, `docker-ID.scope`). A rootless engine has none, but mounts the
 * files that it keeps for the container, below a folder of that name (containers/ID/hosts; podman: ID/userdata/hosts). The id
 * standing anywhere is not enough: every process of the machine has the layers of all images among its mounts.
 */
export function proofOf({ id, networkMode }: Container): Proof {
  // One that shares another's network has that one's files mounted.
  const owner = /^container:([0-9a-f]{64})$/.exec(networkMode)?.[1];
  const ids = owner === undefined ? [id] : [id, owner];
  const either = `(${ids.join('|')})`;
  return {
    ids,
    cgroup: `[/:-]${either}(\\.scope)?(/|$)`,
    mount: `/${either}/(userdata/)?(hosts|hostname|resolv\\.conf) /etc/`,
  };
}
