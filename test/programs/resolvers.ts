// How to ask each kind of resolver for the IPv4 addresses of a name, with the programs that ./build makes.
import { isIPv4 } from 'node:net';

export type Resolver = {
  readonly name: string;
  /** The argv that resolves `host`; `folder` is what ./build printed, with a Node in it. */
  command(folder: string, host: string): readonly string[];
  /**
   * The addresses in what the command printed, sorted as strings; none if the name didn't resolve. Judge by this and
   * not by the exit code: dig's is 0 for a name that doesn't exist.
   */
  addresses(stdout: string): readonly string[];
  /** Whether it reads /etc/hosts. */
  readonly hostsFile: boolean;
  /** Whether it applies the search list of a resolv.conf with `ndots:0`, as Docker's are, to a name without a dot. */
  readonly searchList: boolean;
};

/** The lines that are an address, or whose first word is one; dig prints CNAMEs too, getent an address and a type. */
const firstWords = (stdout: string): readonly string[] => {
  const words = stdout.split('\n').map((line) => line.split(/\s/, 1)[0] ?? '');
  return [...new Set(words.filter((word) => isIPv4(word)))].toSorted();
};

/** busybox nslookup: the server's own address stands above the first `Name:`, and has a port. */
const nslookupAddresses = (stdout: string): readonly string[] => {
  const found = [...stdout.matchAll(/^Name:.*\nAddress(?: \d+)?:\s*(\S+)/gm)].map((match) => match[1] ?? '');
  return [...new Set(found.filter((word) => isIPv4(word)))].toSorted();
};

const likeLibc = { addresses: firstWords, hostsFile: true, searchList: true };

export const resolvers: readonly Resolver[] = [
  // Finds nothing in a namespace whose only addresses are 127.x ones: it asks for AI_ADDRCONFIG.
  { ...likeLibc, name: 'getent', command: (_folder, host) => ['getent', 'ahostsv4', host] },
  { ...likeLibc, name: 'glibc', command: (folder, host) => [`${folder}/resolve-glibc`, host] },
  { ...likeLibc, name: 'glibc static', command: (folder, host) => [`${folder}/resolve-glibc-static`, host] },
  {
    ...likeLibc,
    name: 'musl static',
    command: (folder, host) => [`${folder}/resolve-musl-static`, host],
    searchList: false,
  },
  { ...likeLibc, name: 'go static', command: (folder, host) => [`${folder}/resolve-go`, host] },
  // Debian's own, not one that a version manager put first on PATH: psycopg2 and redis are installed for this one.
  { ...likeLibc, name: 'python', command: (folder, host) => ['/usr/bin/python3', `${folder}/resolve.py`, host] },
  { ...likeLibc, name: 'perl', command: (folder, host) => ['/usr/bin/perl', `${folder}/resolve.pl`, host] },
  { ...likeLibc, name: 'jvm', command: (folder, host) => ['java', '-cp', folder, 'Resolve', host] },
  { ...likeLibc, name: 'node lookup', command: (folder, host) => [`${folder}/node`, `${folder}/lookup.mjs`, host] },
  {
    name: 'node resolve4',
    command: (folder, host) => [`${folder}/node`, `${folder}/resolve4.mjs`, host],
    addresses: firstWords,
    hostsFile: false,
    searchList: false,
  },
  {
    name: 'dig',
    command: (_folder, host) => ['dig', '+search', '+short', 'A', host],
    addresses: firstWords,
    hostsFile: false,
    searchList: false,
  },
  {
    name: 'busybox nslookup',
    // The dot at the end: where there is a search list, it never asks for a name without a dot as it stands.
    command: (_folder, host) => ['busybox', 'nslookup', '-type=a', `${host}.`],
    addresses: nslookupAddresses,
    hostsFile: false,
    searchList: false,
  },
];
