// What --host-network lays over the host's /etc: a hosts file with names of containers in front, and an nsswitch.conf that asks it first.
import { isLoopback } from '../check/socket-tables.ts';
import { notLookedUp } from './dns-names.ts';
import { isIP } from './ip-address.ts';
import type { NetworkName } from './names.ts';
import { mountsInEtc } from './private-view.ts';
import type { PrivateView, ViewFacts } from './private-view.ts';

export interface HostView extends Pick<PrivateView, 'mounts' | 'hidden' | 'staging' | 'nsswitch'> {
  readonly of: 'host';
  /** What is written into its hosts file; netexec keeps that up to date while COMMAND runs. */
  readonly names: readonly HostName[];
  /** That file, once it is made: its path, and the descriptor by which netexec holds it. */
  readonly file?: { readonly path: string; readonly descriptor: number };
}

export interface HostName {
  readonly name: string;
  /** `NAME.NETWORK`, which means the same. */
  readonly qualified: string | undefined;
  readonly addresses: readonly string[];
}

export const makeHostView = (facts: ViewFacts, names: readonly NetworkName[]): HostView => ({
  of: 'host',
  names: hostNames(names),
  nsswitch: filesFirst(facts.nsswitch ?? ''),
  mounts: mountsInEtc(facts.mountinfo),
  hidden: facts.nscdFolders,
  staging: facts.staging,
});

/** What a program on this machine may look up, and get the right answer: a container's localhost is none. */
export function hostNames(names: readonly NetworkName[]): readonly HostName[] {
  const seen = new Set<string>();
  const all = new Set(names.map(({ name }) => name.toLowerCase()));
  return names.flatMap(({ name, network, addresses }) => {
    const key = name.toLowerCase();
    const known = addresses.filter((address) => isIP(address) !== 0 && !isLoopback(address));
    if (seen.has(key) || known.length === 0 || isMachines(key) || notLookedUp(name) !== undefined) return [];
    seen.add(key);
    const full = `${name}.${network}`;
    const isFree = network !== undefined && !key.endsWith(`.${network.toLowerCase()}`) && !all.has(full.toLowerCase());
    return [{ name, qualified: isFree && notLookedUp(full) === undefined ? full : undefined, addresses: known }];
  });
}

const isMachines = (name: string): boolean => /^(localhost$|localhost\.|ip6-)/.test(name);

/** @param own the text of the host's hosts file: of two lines with one name programs take both, or either */
export function hostsText(names: readonly HostName[], own: string): string {
  const taken = new Set(names.map(({ name }) => name.toLowerCase()));
  const lines = names.flatMap(({ name, qualified, addresses }) =>
    addresses.map((address) => `${address}\t${name}${qualified === undefined ? '' : ` ${qualified}`}`),
  );
  const others = own.replace(/\n$/, '').split('\n');
  const kept = others.flatMap((line) => withoutNames(line, taken));
  return ['# docker netexec --host-network: names of containers', ...lines, "# this machine's own", ...kept, ''].join(
    '\n',
  );
}

function withoutNames(line: string, taken: ReadonlySet<string>): readonly string[] {
  const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
  const free = names.filter((name) => !taken.has(name.toLowerCase()));
  if (free.length === names.length) return [line];
  return free.length === 0 ? [] : [`${address}\t${free.join(' ')}`];
}

/** The host's own nsswitch.conf, but that the hosts file comes before whatever else is asked for hosts. */
function filesFirst(text: string): string {
  const isHosts = (line: string): boolean => /^\s*hosts\s*:/.test(line);
  const lines = text.split('\n');
  while (lines.at(-1) === '') lines.pop();
  const asked =
    lines
      .findLast(isHosts)
      ?.replace(/#.*/, '')
      .replace(/^\s*hosts\s*:/, '') ?? '';
  const others = asked
    .replaceAll(/(?<!\S)files(\s*\[[^\]]*\])*(?!\S)/g, '')
    .trim()
    .replaceAll(/\s+/g, ' ');
  return [
    "# docker netexec --host-network: the host's own, and its hosts file first",
    ...lines.filter((line) => !isHosts(line)),
    `hosts: files ${others || 'dns'}`,
    '',
  ].join('\n');
}
