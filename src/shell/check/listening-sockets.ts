// Looks at what listens in a container: the kernel's tables of its network, and whose sockets they are where that may be seen.
import { readdirSync, readlinkSync } from 'node:fs';
import type { HeldSocket } from '../../core/check/check-facts.ts';
import { listeningSockets } from '../../core/check/socket-tables.ts';
import type { ListeningSocket } from '../../core/check/socket-tables.ts';
import { holdingProcess } from '../observe/held-process.ts';
import { attempt, readText } from '../files/attempt.ts';
import { isLinux } from '../process/system.ts';

/**
 * @param among the processes of that network, or all: one may hold a socket of a network that it is not in
 * @returns undefined where there is no such process, or its tables may not be read
 */
export const observeHeldSockets = (pid: number, among: 'own' | 'all' = 'own'): readonly HeldSocket[] | undefined =>
  observe(pid, (folder) => {
    const found = readTables(folder);
    const holders = found === undefined ? new Map<number, string>() : socketHolders(folder, among);
    return found?.map((listener) => ({ ...listener, process: holders.get(listener.inode) }));
  });

/** The same, whosever they are: in no time. */
export const observeListeningSockets = (pid: number): readonly ListeningSocket[] | undefined =>
  observe(pid, readTables);

const observe = <Found>(pid: number, look: (folder: string) => Found | undefined): Found | undefined =>
  pid === 0 || !isLinux ? undefined : attempt(() => holdingProcess(pid, look));

/** @param folder of the process in /proc */
export function readTables(folder: string): readonly ListeningSocket[] | undefined {
  const table = (name: string): string | undefined => readText(`${folder}/net/${name}`);
  const tcp = table('tcp');
  if (tcp === undefined) return undefined;
  // Without IPv6 in the kernel there are no tables of it.
  return listeningSockets({ tcp, tcp6: table('tcp6') ?? '', udp: table('udp') ?? '', udp6: table('udp6') ?? '' });
}

/** The processes, by the sockets that they hold; another user's may not be looked at. */
function socketHolders(folder: string, among: 'own' | 'all'): ReadonlyMap<number, string> {
  const network = networkOf(folder);
  const holders = new Map<number, string>();
  if (network === undefined) return holders;
  for (const other of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (among === 'own' && networkOf(`/proc/${other}`) !== network) continue;
    const name = readText(`/proc/${other}/comm`)?.trim();
    for (const descriptor of attempt(() => readdirSync(`/proc/${other}/fd`)) ?? []) {
      const inode = /^socket:\[(\d+)\]$/.exec(
        attempt(() => readlinkSync(`/proc/${other}/fd/${descriptor}`)) ?? '',
      )?.[1];
      if (inode !== undefined && !holders.has(Number(inode))) holders.set(Number(inode), `${name} (pid ${other})`);
    }
  }
  return holders;
}

const networkOf = (folder: string): string | undefined => attempt(() => readlinkSync(`${folder}/ns/net`));
