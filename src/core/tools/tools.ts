// The programs of this machine without which a run is refused before anything starts, by what takes them. All that is started,
// with its packages and options, stands in tool-table.ts, which no run loads.

export const required = {
  /** Every run. */
  run: ['sh', 'nsenter', 'setpriv', 'unshare', 'env', 'grep'],
  /** The private view. */
  view: ['mount', 'umount'],
  /** --service-files. */
  files: ['mkdir', 'cp', 'dd', 'chmod'],
  /** --pid. */
  pid: ['mount', 'sleep'],
  /** Ways in by which COMMAND is not netexec's child: sudo, doas, the engine. */
  guarded: ['prlimit', 'mkfifo', 'setsid'],
} as const;

export type RequiredTool = (typeof required)[keyof typeof required][number];
