// HOSTALIASES files: names without a dot, each with a DNS name to ask for instead. glibc reads them (hostname(7), res_query(3)).
import { notCarried } from './dns-names.ts';
import type { NetworkName } from './names.ts';
import { isPrintableWord, printable } from '../text/printable.ts';

export interface AliasFile {
  /** The network it is for; for a file that joins several, all of them. */
  readonly networks: readonly string[];
  readonly text: string;
  readonly names: readonly string[];
}

/** How a name's target is made: by the engine's own DNS, or by a wildcard domain that spells the address. */
export type AliasTarget = { readonly kind: 'engine' } | { readonly kind: 'provider'; readonly domain: string };

/** @param networks those that the file is for, `names` of them all; a name that glibc could not read is left out */
export function aliasFile(
  networks: readonly { readonly name: string; readonly id: string }[],
  names: readonly NetworkName[],
  target: AliasTarget,
): AliasFile {
  const lines = names.flatMap((entry): readonly [string, string][] => {
    const to = isAlias(entry.name) ? targetOf(entry, target) : undefined;
    return to === undefined ? [] : [[entry.name, to]];
  });
  const from = target.kind === 'engine' ? "answered by the engine's own DNS" : `answered by ${target.domain}`;
  const head = [
    `# docker netexec: ${from}`,
    ...networks.map(({ name, id }) => `# network ${printable(name)} ${printable(id)}`),
  ];
  return {
    networks: networks.map(({ name }) => name),
    names: lines.map(([name]) => name),
    text: `${[...head, ...lines.map(([name, to]) => `${name} ${to}`)].join('\n')}\n`,
  };
}

/** A file for all of a container's networks. A name that several of them know is left out: the engine itself chooses then. */
export function joinedNames(perNetwork: readonly (readonly NetworkName[])[]): readonly NetworkName[] {
  const all = perNetwork.flat();
  const count = new Map<string, number>();
  for (const { name } of all) count.set(name.toLowerCase(), (count.get(name.toLowerCase()) ?? 0) + 1);
  return all.filter(({ name }) => count.get(name.toLowerCase()) === 1);
}

/** The names on a network that a run knows from the list alone, and those that a file written before knows of the same network. */
export function withNamesOfFile(
  network: string,
  id: string,
  names: readonly NetworkName[],
  text: string,
): readonly NetworkName[] {
  if (!text.includes(` ${id}\n`)) return names;
  const known = new Set(names.map(({ name }) => name.toLowerCase()));
  const older = text
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => name !== '' && !name.startsWith('#') && !known.has(name.toLowerCase()));
  return [...names, ...older.map((name) => ({ name, network, addresses: [], services: [], containers: [] }))];
}

// glibc looks up names without a dot only, and reads a line as two words.
export const isAlias = (name: string): boolean => isPrintableWord(name) && !/[.#]/.test(name);

function targetOf({ name, network, addresses }: NetworkName, target: AliasTarget): string | undefined {
  if (target.kind === 'engine') {
    // glibc that cannot ask for the target asks for nothing, and so finds no service at all; without the line it asks for the name.
    const full = `${name}.${network}`;
    return network === undefined || !isPrintableWord(network) || notCarried(full) !== undefined ? undefined : full;
  }
  const address = addresses.find((each) => !each.includes(':')) ?? addresses[0];
  return address === undefined ? undefined : `${spellAddress(address)}.${target.domain}`;
}

/** 172.20.0.3 → 172-20-0-3, fd00::3 → fd00--3: as sslip.io and its like read them; no label may begin or end with a hyphen. */
export const spellAddress = (address: string): string =>
  address.replaceAll(/[.:]/g, '-').replace(/^-/, '0-').replace(/-$/, '-0');

/** A domain name: labels of letters, digits and hyphens. */
export const isDomain = (text: string): boolean =>
  text.length <= 200 && /^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?$/i.test(text);
