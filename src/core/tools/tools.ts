// The programs of this machine without which a run is refused before anything starts, by what takes them. All that is started,
// with its packages and options, stands in tool-table.ts, which no run loads.

export const required = {
  /** Every run. */
  run: ['sh', 'nsenter', 'setpriv', 'unshare', 'env', 'grep'],
  /** The private view. */
  view: ['mount', 'umount'],
  /** --service-files. */
  files: ['mkdir', 'cp', 'dd', 'chmod', 'pivot_root'],
  /** --host-network. */
  outside: ['mount', 'mkdir', 'ln'],
  /** --pid. */
  pid: ['mount', 'sleep'],
  /** Ways in by which COMMAND is not netexec's child: sudo, doas, the engine. */
  guarded: ['prlimit', 'mkfifo', 'setsid'],
  /** --intercept. */
  intercept: ['nft', 'mkfifo', 'setsid', 'sleep'],
  /** A tunnel. */
  tunnel: ['ip', 'nft'],
} as const;

export type RequiredTool = (typeof required)[keyof typeof required][number];

/** Programs of the entry, by absolute path. What else the stage starts, grep and prlimit among it, it finds on a PATH of its own. */
export interface Tools {
  readonly sh: string;
  readonly nsenter: string;
  readonly unshare: string;
  readonly setpriv: string;
  readonly mount: string;
  readonly env: string;
  /** Of --intercept. */
  readonly nft?: string | undefined;
}
