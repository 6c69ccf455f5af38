// Every name on every network, and who answers to it there.
import { isUp, shortId } from '../engine/containers.ts';
import type { Container, ListedContainer, NamedAttachment } from '../engine/containers.ts';
import { isIngress } from '../engine/labels.ts';

/** A name on a network, with everyone who answers to it: the replicas of a service share one. */
export interface NetworkName {
  readonly name: string;
  /** Undefined: the name is in a hosts file, whatever the network. */
  readonly network: string | undefined;
  readonly addresses: readonly string[];
  /** SERVICE, or PROJECT/SERVICE for another project's. */
  readonly services: readonly string[];
  readonly containers: readonly string[];
}

/** What is known of a container that others may ask for. */
export type NamedContainer = Pick<Container, 'id' | 'name' | 'state' | 'compose' | 'endpoints'>;

/** A container as far as the list tells: not its aliases, but the names that Compose gives to every service. */
export function namedByList(container: ListedContainer): NamedContainer {
  const { id, name, compose } = container;
  // One-offs do not answer to their service's name (`compose run` without --use-aliases).
  const service = compose === undefined || compose.oneOff ? [] : [compose.service];
  const names = [...new Set([name, ...service, shortId(id)])];
  const namesAt = (network: string): readonly string[] => (isIngress(compose, network) ? [] : names);
  const endpoints = container.endpoints.map((each) => ({ ...each, names: namesAt(each.network), links: [] }));
  return { ...container, endpoints };
}

/** All names on these networks, by network and name. Stopped containers answer to none. */
export function networkNames(
  project: string | undefined,
  containers: readonly NamedContainer[],
  networks: readonly string[],
): readonly NetworkName[] {
  return networks.flatMap((network) => namesOn(network, containers, project));
}

/** The engine serves names on the networks that users make, not on its own three. */
export const hasNames = (network: string): boolean => !['bridge', 'host', 'none'].includes(network);

/** @returns the names on one network: those of services, then of containers, then ids, each by the alphabet; upper and lower case are one */
export function namesOn(
  network: string,
  containers: readonly NamedContainer[],
  project: string | undefined,
): readonly NetworkName[] {
  if (!hasNames(network)) return [];
  const entries = new Map<string, NetworkName>();
  for (const container of containers) {
    const endpoint = container.endpoints.find((each) => each.network === network);
    if (endpoint === undefined || !isUp(container.state)) continue;
    for (const name of endpoint.names) {
      const key = name.toLowerCase();
      entries.set(key, joinNames(entries.get(key), describe(name, network, container, endpoint, project)));
    }
  }
  const rank = rankNames(containers);
  return [...entries.values()].toSorted((one, other) =>
    compareRanks([rank(one.name), one.name], [rank(other.name), other.name]),
  );
}

/** What people call a service comes before the names of containers, and those before their ids. */
function rankNames(containers: readonly NamedContainer[]): (name: string) => number {
  const names = new Set(containers.map(({ name }) => name));
  const ids = new Set(containers.map(({ id }) => shortId(id)));
  return (name) => (ids.has(name) ? 2 : names.has(name) ? 1 : 0);
}

function describe(
  name: string,
  network: string,
  container: NamedContainer,
  { ipv4, ipv6 }: NamedAttachment,
  project: string | undefined,
): NetworkName {
  const addresses = [ipv4, ipv6].filter((address) => address !== undefined);
  return { name, network, addresses, services: serviceOf(container, project), containers: [container.name] };
}

/** Compares what orders two things: the first difference counts. */
export function compareRanks(one: readonly (number | string)[], other: readonly (number | string)[]): number {
  for (const [index, value] of one.entries()) {
    const against = other[index];
    if (against !== undefined && value !== against) return value < against ? -1 : 1;
  }
  return 0;
}

/** Two accounts of one name: everyone who answers to it. */
export function joinNames(known: NetworkName | undefined, more: NetworkName): NetworkName {
  if (known === undefined) return more;
  const union = (one: readonly string[], other: readonly string[]): readonly string[] => [
    ...new Set([...one, ...other]),
  ];
  return {
    ...known,
    addresses: union(known.addresses, more.addresses),
    services: union(known.services, more.services),
    containers: union(known.containers, more.containers),
  };
}

/** How a container's service is called in a report about this project. */
export function serviceOf({ compose }: Pick<Container, 'compose'>, project: string | undefined): readonly string[] {
  if (compose === undefined) return [];
  return [compose.project === project ? compose.service : `${compose.project}/${compose.service}`];
}
