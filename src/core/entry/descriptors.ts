// Which number a descriptor has, by whose it is. The shell texts have the same numbers in them: a test compares.

export const descriptors = {
  /** Of entry.sh, which hands them on to the stage: the container's network, and the folders in /proc of netexec's process and the container's. */
  entry: { network: 3, supervisor: 4, process: 6 },
  /**
   * Of the stage. `errors`: where a shell's own words are not to be seen; `hostFiles`: the host's /etc; `processes`: the process
   * namespace of --pid; `folder`: the one that COMMAND is to be in, where it has no name; `alive`: the pipe that ends with
   * netexec; `held`: the one of --intercept; `files`: what is in those of --service-files, `newRoot`: what becomes / for them; `ready`: what is told that COMMAND starts.
   * The last step finds `executable`, `environment` and `folder`.
   */
  stage: {
    errors: 3,
    held: 4,
    hostFiles: 5,
    processes: 5,
    process: 6,
    folder: 6,
    alive: 7,
    executable: 7,
    files: 7,
    newRoot: 8,
    environment: 8,
    ready: 9,
  },
  /** Of what reads the container's files. Each of them is 7 first; resolv.conf goes to standard output. */
  reader: { root: 3, mounts: 4, hosts: 5, resolvConfSource: 6, hostsSource: 7 },
  guard: { ready: 8 },
  waiter: { errors: 5, ready: 9 },
  interceptor: { warnings: 3, told: 4, held: 5 },
} as const;
