// The files that make names mean what they mean inside the container, for every kind of resolver on the host.
import type { EntryContext } from '../entry/environment.ts';
import { notCarried } from './dns-names.ts';
import { hasNames } from './names.ts';
import type { NetworkName } from './names.ts';
import { isPrintableWord, printable } from '../text/printable.ts';

/** Laid over the host's /etc in COMMAND's own mount namespace; head and tail go around what the container's file says. */
export interface PrivateView {
  readonly of: 'container';
  readonly resolvConf: {
    readonly head: string;
    readonly tail: string;
    /** What is searched behind the network of --network, where the container has search domains of its own: before these. */
    readonly between: readonly string[];
  };
  readonly hosts: { readonly head: string };
  readonly nsswitch: string;
  /** What is mounted in /etc, beside the three files: the overlay must not hide it. */
  readonly mounts: readonly string[];
  /** Folders of sockets through which glibc would ask a daemon of the host before it reads any file. */
  readonly hidden: readonly string[];
  /** A folder of the host on which the files are laid out for a moment, unseen by others. */
  readonly staging: string;
}

export interface ViewFacts {
  readonly hostName: string;
  /** The text of the host's own hosts file, as far as it matters. */
  readonly hosts: string;
  /** The text of the host's nsswitch.conf; undefined where there is none. */
  readonly nsswitch: string | undefined;
  readonly nscdFolders: readonly string[];
  /** The text of /proc/self/mountinfo. */
  readonly mountinfo: string;
  readonly staging: string;
}

/**
 * @param pinned the one network on which names mean what they mean, if --network named it
 * @param names those that are known on the container's networks
 * @param written the names of the pinned network, where its DNS server cannot be asked for that network's alone
 */
export function makePrivateView(
  facts: ViewFacts,
  at: EntryContext,
  pinned: string | undefined,
  names: readonly string[],
  written?: readonly NetworkName[],
): PrivateView {
  // The engine may call a container anything, also what would be a line of its own.
  const origin = printable(
    [
      ...(at.container === undefined ? [] : [`container ${at.container}`]),
      ...(at.networks.length === 0 ? [] : [`networks ${at.networks.join(', ')}`]),
    ].join(', '),
  );
  const head = `# docker netexec: as in ${origin}\n`;
  return {
    of: 'container',
    resolvConf: { head, ...pin(written === undefined ? pinned : undefined, at.networks) },
    hosts: { head: `${head}${ownNames(facts, names)}${writtenNames(pinned, written ?? [])}` },
    nsswitch: privateNsswitch(facts.nsswitch ?? '', origin),
    mounts: mountsInEtc(facts.mountinfo),
    hidden: facts.nscdFolders,
    staging: facts.staging,
  };
}

/** @returns in the order in which they were mounted, a lower one before those in it */
export function mountsInEtc(mountinfo: string): readonly string[] {
  const covered = ['/etc/resolv.conf', '/etc/hosts', '/etc/nsswitch.conf'];
  const points = mountinfo.split('\n').flatMap((line) => {
    const point = line.split(' ', 5)[4];
    // The kernel writes what would end a field or a line as \040 (proc(5)); a line's end has no place among ours either.
    return point === undefined || !point.startsWith('/etc/') || point.includes('\\012') ? [] : [unescape(point)];
  });
  return [...new Set(points)].filter((point) => !covered.includes(point));
}

const unescape = (field: string): string =>
  field.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/**
 * The host's own name stays known: sudo and many a server look it up. Its address is the loopback one, as on Debian. And
 * it stays first: by the first line that has it sudo tells, with `fqdn`, whose rules count.
 */
function ownNames({ hostName, hosts }: ViewFacts, taken: readonly string[]): string {
  if (isTaken(hostName, taken) || !isPrintableWord(hostName)) return '';
  const lines = hosts.split('\n').map((line) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1));
  const line = lines.find((names) => isTaken(hostName, names)) ?? [];
  const names = line.filter(
    (name) => /^[\w.-]+$/.test(name) && !/^(localhost|ip6-)/i.test(name) && !isTaken(name, taken),
  );
  const own = names.length === 0 ? [hostName] : [...new Set(names)];
  return `# the host's own name\n127.0.1.1\t${own.join(' ')}\n`;
}

/** A laptop that is called `web` must not stand in the way of the service: the hosts file answers before DNS does. */
export const isTaken = (name: string, names: readonly string[]): boolean =>
  names.some((each) => each.toLowerCase() === name.toLowerCase());

/** A service on another network comes before what a search domain of the container's makes of its name. */
function pin(pinned: string | undefined, networks: readonly string[]): Omit<PrivateView['resolvConf'], 'head'> {
  if (pinned === undefined || !canSearch(pinned)) return { tail: '', between: [] };
  return { tail: pinnedSearch(pinned), between: networks.filter((each) => each !== pinned && canSearch(each)) };
}

/**
 * The engine answers `name.network` for that network alone, so a search domain of that name pins every resolver that
 * searches. The last `search` and the last `ndots` win; with ndots:1 a bare name is tried with the domain first.
 */
const pinnedSearch = (network: string): string => `\n# --network ${network}\nsearch ${network}\noptions ndots:1\n`;

/** A line an address: the hosts file answers before DNS does, with all that it has for a name. */
function writtenNames(network: string | undefined, written: readonly NetworkName[]): string {
  const lines = written.flatMap(({ name, addresses }) =>
    isPrintableWord(name) ? addresses.map((address) => `${address}\t${name}\n`) : [],
  );
  return lines.length === 0 ? '' : `# --network ${printable(network ?? '')}\n${lines.join('')}`;
}

const canSearch = (network: string): boolean => hasNames(network) && notCarried(network) === undefined;

/**
 * The host's nsswitch.conf with one change: host names come from the hosts file and DNS alone. Modules such as
 * nss-resolve and nss-mdns talk to daemons that live outside the namespace and know nothing of the container.
 */
function privateNsswitch(text: string, origin: string): string {
  const others = text.split('\n').filter((line) => !/^\s*hosts\s*:/.test(line));
  while (others.at(-1) === '') others.pop();
  return [
    `# docker netexec: the host's own, but for hosts, which are as in ${origin}`,
    ...others,
    'hosts: files dns',
    '',
  ].join('\n');
}
