// A machine of one's own: a mount namespace whose /etc and /run a scenario may change, with the engine of the real one.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from './scenario.ts';

// Mounts are shared within, as systemd has it on every machine: one that leaked out of netexec's namespace would show.
const prepare = `
  set -e
  # The engine's mounts come and go with other tests' containers, and what is held here it could not remove.
  findmnt -rno TARGET | grep /docker | sort -r | xargs -r umount -l 2>/dev/null || :
  mount -t tmpfs -o mode=0755 machine "$1"
  cp -a /etc "$1/etc"
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

export interface Machine {
  /** The words that run a program there. */
  inside(argv: readonly string[]): readonly string[];
  /** Where a file of it is seen from outside; a link in it leads nowhere from there. */
  path(file: string): string;
}

/**
 * It goes with the scenario, or with the last process in it.
 * @param network whether it has a network of its own too, for daemons that serve on it
 */
export async function ownMachine(s: Scenario, { network = false } = {}): Promise<Machine> {
  const folder = mkdtempSync(join(s.folder, 'machine-'));
  const script = ['sh', '-c', prepare, 'machine', folder];
  const own = ['--mount', '--propagation', 'private', ...(network ? ['--net'] : [])];
  const keeper = await s.start(['unshare', ...own, '--', ...script], { timeout: 300_000 });
  await keeper.says('ready');
  const namespaces = ['--mount', ...(network ? ['--net'] : [])];
  const enter = ['nsenter', `--target=${keeper.pid}`, ...namespaces, '--', 'sh', '-c', 'cd "$0" && exec "$@"'];
  return {
    inside: (argv) => [...enter, s.projectFolder, ...argv],
    path: (file) => join(`/proc/${keeper.pid}/root`, file),
  };
}
