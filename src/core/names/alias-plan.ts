// Which HOSTALIASES files a run writes, where, and which of them is COMMAND's.
import { join } from 'node:path/posix';
import { aliasFile, joinedNames, withNamesOfFile } from './aliases.ts';
import type { AliasTarget } from './aliases.ts';
import type { EntryContext } from '../entry/environment.ts';
import type { NetworkName } from './names.ts';

/** The names on a container's networks, as far as they were asked for. */
export interface NamesSeen {
  /** The full name of the network that --network named. */
  readonly pinned: string | undefined;
  /** In the order in which the engine asks them for a name. */
  readonly networks: readonly {
    readonly name: string;
    readonly id: string;
    readonly names: readonly NetworkName[];
    /** The text of the file that is there already. */
    readonly earlier: string;
  }[];
  /** Whether aliases are among the names, or only what the list tells. */
  readonly complete: boolean;
  /** What kept it from being all names. */
  readonly warnings: readonly string[];
  /** `bare`: the DNS server knows no name but the bare one, as Podman's, and there is nothing to ask for instead. */
  readonly target: AliasTarget | { readonly kind: 'bare' };
}

export interface AliasPlan {
  /** The private folder for all of these, made if need be. */
  readonly folder: string;
  readonly files: readonly { readonly file: string; readonly text: string; readonly networks: readonly string[] }[];
  /** COMMAND's HOSTALIASES. */
  readonly use: string;
}

/**
 * @param folder RUNTIME/docker-netexec
 * @returns undefined where the container is on no network with names, or its DNS server has no others for them
 */
export function planAliases(at: EntryContext, seen: NamesSeen, folder: string): AliasPlan | undefined {
  const { target } = seen;
  if (target.kind === 'bare') return undefined;
  const networks = seen.networks.map((network) => {
    const file = aliasPath(folder, at.project, network.name, target);
    // A run that knows less than the file that is there keeps its names, where that cannot hide another network's: an
    // alias that has moved there is found without the file, and would not be with it.
    const keeps = !seen.complete && seen.networks.length === 1;
    const names = keeps ? withNamesOfFile(network.name, network.id, network.names, network.earlier) : network.names;
    return { ...network, names, file };
  });
  const files = networks.map((network) => ({
    file: network.file,
    ...aliasFile([network], network.names, target),
  }));
  const pinned = networks.find(({ name }) => name === seen.pinned);
  const only = networks.length === 1 ? networks[0] : undefined;
  // Names that the pinned network does not know are for the engine to answer; a provider answers what the file names.
  const own = only ?? (target.kind === 'engine' ? pinned : undefined);
  if (own !== undefined) return { folder, files, use: own.file };
  if (networks.length === 0) return undefined;
  const here = at.container ?? networks.map(({ name }) => name).join('.');
  const of = pinned === undefined ? here : `${here}.${pinned.name}`;
  const use = aliasPath(folder, at.project, `${of}.joined`, target);
  const ordered = pinned === undefined ? networks : [pinned, ...networks.filter((network) => network !== pinned)];
  const names = ordered.map((network) => network.names);
  // With addresses for targets it is the file that chooses among networks, and so does as the engine would.
  const joined = target.kind === 'engine' ? joinedNames(names) : firstOfEach(names.flat());
  return { folder, files: [...files, { file: use, ...aliasFile(ordered, joined, target) }], use };
}

/** RUNTIME/docker-netexec/PROJECT/NETWORK.hostaliases; with a provider's targets NETWORK.PROVIDER.hostaliases. */
export function aliasPath(folder: string, project: string | undefined, network: string, target: AliasTarget): string {
  const provider = target.kind === 'provider' ? `.${target.domain}` : '';
  return join(folder, safeName(project || '-'), `${safeName(network)}${provider}.hostaliases`);
}

/**
 * Labels, and the networks of old engines, may be any text; a file's name takes no slash, is no way up, and has 255
 * bytes at most: of a longer one both ends stay, and its length.
 */
function safeName(name: string): string {
  const safe = encodeURIComponent(name.replaceAll(/\p{Cs}/gu, '?')).replace(/^\./, '%2E');
  return safe.length <= 120 ? safe : `${safe.slice(0, 60)}~${safe.length}~${safe.slice(-50)}`;
}

const firstOfEach = (names: readonly NetworkName[]): readonly NetworkName[] =>
  names.filter(
    ({ name }, index) => names.findIndex((other) => other.name.toLowerCase() === name.toLowerCase()) === index,
  );
