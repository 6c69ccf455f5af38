// A machine of one's own: a mount namespace whose /etc and /run a test may change, with the engine of the real one.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { RunOptions, Scenario } from './scenario.ts';

// Mounts are shared within, as systemd has it on every machine: one that leaked out of netexec's namespace would show.
const prepare = `
  set -e
  # The engine's mounts come and go with other tests' containers, and what is held here it could not remove. Not those
  # of programs: another docker may stand in the place of the machine's (test/engines/with-docker, test/engines/with-engine).
  findmnt -rno TARGET | grep -E '/docker.*/(overlay2|rootfs|containers|netns)/' | sort -r | xargs -r umount -l 2>/dev/null || :
  mount -t tmpfs -o mode=0755 machine "$1"
  # A file may go while it is copied: whoever edits users makes some for a moment.
  cp -a /etc "$1/etc" 2>/dev/null || cp -a /etc/. "$1/etc"
  # The real one's DNS server may be slow to say that it knows nothing.
  rm -f "$1/etc/resolv.conf"
  echo 'nameserver 127.0.0.1' >"$1/etc/resolv.conf"
  mkdir "$1/run"
  for entry in /run/*; do
    # With the real one's nscd its programs would see the real files.
    if [ "$entry" = /run/nscd ]; then
      :
    elif [ -L "$entry" ]; then
      cp -a "$entry" "$1$entry"
    elif [ -d "$entry" ]; then
      mkdir "$1$entry" && mount --rbind "$entry" "$1$entry"
    else
      : >"$1$entry" && mount --bind "$entry" "$1$entry"
    fi
  done
  mount --bind "$1/etc" /etc
  mount --rbind "$1/run" /run
  mount --make-rshared /
  echo ready
  read -r _ || :
`;

/** The words that hold a machine: it is there once they say `ready`, and goes when their input ends, or with the last process in it. */
export const holdMachine = (folder: string, network = false): readonly string[] => [
  'unshare',
  ...(network ? ['--net'] : []),
  '--mount',
  '--propagation',
  'private',
  '--',
  'sh',
  '-c',
  prepare,
  'machine',
  folder,
];

/** The words that run a program in a machine, in a folder of it; no shell in between changes anything. */
export const insideMachine = (
  keeper: number,
  cwd: string,
  argv: readonly string[],
  network = false,
): readonly string[] => [
  'nsenter',
  ...(network ? [`--net=/proc/${keeper}/ns/net`] : []),
  `--mount=/proc/${keeper}/ns/mnt`,
  `--wdns=${cwd}`,
  '--',
  ...argv,
];

export interface Machine {
  /** The words that run a program there. */
  inside(argv: readonly string[]): readonly string[];
  /** Where a file of it is seen from outside; a link in it leads nowhere from there. */
  path(file: string): string;
}

/**
 * It goes with the scenario, or with the last process in it.
 * @param network whether it has a network of its own too, for daemons that serve on it
 * @param within the options of a step of root's on the machine that this one is made like
 */
export async function ownMachine(
  s: Scenario,
  { network = false, within = {} }: { readonly network?: boolean; readonly within?: RunOptions } = {},
): Promise<Machine> {
  const folder = mkdtempSync(join(s.folder, 'machine-'));
  const keeper = await s.start(holdMachine(folder, network), { ...within, timeout: 3_600_000 });
  await keeper.says('ready');
  const cwd = within.cwd ?? s.projectFolder;
  return {
    inside: (argv) => insideMachine(keeper.pid, cwd, argv, network),
    path: (file) => join(`/proc/${keeper.pid}/root`, file),
  };
}
