// What a name means for one container that asks: its hosts file, its links, and the engine's order of its networks.
import type { Container, NamedAttachment } from '../engine/containers.ts';
import { isIP } from './ip-address.ts';
import { compareRanks, hasNames, joinNames, namesOn } from './names.ts';
import type { NamedContainer, NetworkName } from './names.ts';
import type { Network } from '../engine/networks.ts';
import { addressesOfServer } from './name-server.ts';
import type { NameServer } from './name-server.ts';
import { readResolvConf } from './resolver-configuration.ts';

/** Texts of a container's /etc. */
export interface ContainerFiles {
  readonly resolvConf: string;
  readonly hosts: string;
}

/**
 * What programs in this container's network can resolve, and to what. The hosts file comes first. The engine then looks
 * through the container's links, on all of its networks, and asks one network after the other: the first that knows
 * the name answers. For those behind it `name.network` still does, where no link has taken that as well.
 * @param files what they say now, where that is known: programs in there may have written them anew
 */
export function visibleNames(
  asker: Container,
  containers: readonly NamedContainer[],
  networks: readonly Network[],
  files?: ContainerFiles,
  server: NameServer = 'embedded',
): readonly NetworkName[] {
  const order = answeringOrder(asker.endpoints, networks);
  const perNetwork = order.map((endpoint) => ({
    endpoint,
    names: namesOn(endpoint.network, containers, asker.compose?.project),
  }));
  // What the engine writes for host-gateway unless it was configured otherwise.
  const hostGateway = networks.find(({ name }) => name === 'bridge')?.gateway;
  const configured = extraHosts(asker.extraHosts, hostGateway);
  const hosts = files === undefined ? configured : presentHosts(files.hosts, asker, configured);
  const addresses = addressesOfServer(server, asker, networks);
  if (files !== undefined && otherServers(asker, files, addresses) !== undefined) return hosts;
  const links = perNetwork.flatMap(({ endpoint, names }) => linkedNames(endpoint, names));
  const taken = new Set(hosts.map(({ name }) => name.toLowerCase()));
  const known = [...links, ...perNetwork.flatMap(({ names }) => names)];
  return [...(server === 'embedded' ? inOrder(known, taken) : atOnce(known, taken)), ...hosts];
}

/** Docker's: the first network that knows a name has it, and `name.network` means the others. */
function inOrder(known: readonly NetworkName[], takenBefore: ReadonlySet<string>): readonly NetworkName[] {
  const taken = new Set(takenBefore);
  return known.flatMap((entry): readonly NetworkName[] => {
    const qualified = `${entry.name}.${entry.network}`;
    // A link that nobody is meant by on this network takes the name there all the same.
    const means = entry.addresses.length > 0;
    const free = [entry.name, qualified].find((name) => !taken.has(name.toLowerCase()));
    if (means) taken.add(entry.name.toLowerCase());
    taken.add(qualified.toLowerCase());
    return free === undefined || !means ? [] : [{ ...entry, name: free }];
  });
}

/** Podman's: whoever has a name on any of the networks answers to it. */
function atOnce(known: readonly NetworkName[], taken: ReadonlySet<string>): readonly NetworkName[] {
  const entries = new Map<string, NetworkName>();
  for (const entry of known) {
    const key = entry.name.toLowerCase();
    if (!taken.has(key) && entry.addresses.length > 0) entries.set(key, joinNames(entries.get(key), entry));
  }
  return [...entries.values()];
}

/** The same, where `NAME.NETWORK` of one network is asked for before NAME is: --network. */
export function visiblePinned(
  asker: Container,
  containers: readonly NamedContainer[],
  networks: readonly Network[],
  pinned: string | undefined,
  server: NameServer = 'embedded',
): readonly NetworkName[] {
  const all = visibleNames(asker, containers, networks, undefined, server);
  const endpoints = asker.endpoints.filter(({ network }) => network === pinned);
  // The hosts file comes before what is searched, and stands in both.
  const first = visibleNames({ ...asker, endpoints }, containers, networks, undefined, server);
  const keys = new Set(first.map(({ name }) => name.toLowerCase()));
  const others = all.filter(({ name }) => !keys.has(name.toLowerCase()));
  // Of what has lost its name to the pinned network, that with the network's is left.
  const displaced = all.flatMap((each) => {
    const name = `${each.name}.${each.network}`;
    const isLost = keys.has(each.name.toLowerCase()) && ![undefined, pinned].includes(each.network);
    return isLost && !keys.has(name.toLowerCase()) ? [{ ...each, name }] : [];
  });
  return [...first, ...others, ...displaced];
}

/**
 * @param own the addresses of the engine's server
 * @returns the servers that resolv.conf names in place of that one, on a network where it would answer
 */
export function otherServers(
  asker: Container,
  { resolvConf }: ContainerFiles,
  own: readonly string[],
): readonly string[] | undefined {
  const { nameservers } = readResolvConf(resolvConf, {});
  const answers = asker.endpoints.some(({ network }) => hasNames(network));
  return answers && !nameservers.some((each) => own.includes(each)) ? nameservers : undefined;
}

/** The names in a hosts file, but for those that the engine writes into every one: its own, and those of the loopback addresses. */
function presentHosts(
  text: string,
  { endpoints }: Container,
  configured: readonly NetworkName[],
): readonly NetworkName[] {
  const own = endpoints.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]);
  const lines = text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const isEngines = (name: string): boolean =>
      (own.includes(address) || /^(localhost$|ip6-)/.test(name)) && !configured.some((each) => each.name === name);
    return isIP(address) === 0 ? [] : names.filter((name) => !isEngines(name)).map((name) => `${name}:${address}`);
  });
  return extraHosts(lines, undefined);
}

/** The engine's own order: by priority, internal networks last, dual-stack ones first, by name (moby, libnetwork, Endpoint.Less). */
export function answeringOrder(
  endpoints: readonly NamedAttachment[],
  networks: readonly Network[],
): readonly NamedAttachment[] {
  const facts = new Map(networks.map((network) => [network.name, network]));
  const rank = ({ network, priority, ipv4, ipv6 }: NamedAttachment): readonly [number, number, number, string] => {
    const internal = facts.get(network)?.internal === true ? 1 : 0;
    return [-priority, internal, ipv4 !== undefined && ipv6 !== undefined ? 0 : 1, network];
  };
  return endpoints.toSorted((one, other) => compareRanks(rank(one), rank(other)));
}

/** A link, `NAME:ALIAS` or `NAME`, makes an alias of any name on the network, for the linking container alone; of two the last counts. */
function linkedNames({ network, links }: NamedAttachment, names: readonly NetworkName[]): readonly NetworkName[] {
  const targets = new Map(
    links.map((link): [string, string] => {
      const [target = '', alias = target] = link.split(':');
      return [alias, target.toLowerCase()];
    }),
  );
  return [...targets].map(([alias, target]) => {
    const meant = names.find(({ name }) => name.toLowerCase() === target);
    return { network, addresses: [], services: [], containers: [], ...meant, name: alias };
  });
}

/** Lines of the hosts file, HOST:ADDRESS, where the address may have colons of its own; a host may have several. */
function extraHosts(lines: readonly string[], hostGateway: string | undefined): readonly NetworkName[] {
  const hosts = new Map<string, NetworkName>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    const written = line.slice(colon + 1);
    const address = written === 'host-gateway' ? (hostGateway ?? written) : written;
    const entry = { name, network: undefined, addresses: [address], services: [], containers: [] };
    hosts.set(name, joinNames(hosts.get(name), entry));
  }
  return [...hosts.values()];
}
