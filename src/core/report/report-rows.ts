// What the reports say: a row for each network, name or HOSTALIASES file, and the warnings that belong to them.
import type { AliasFile } from '../names/aliases.ts';
import { notLookedUp } from '../names/dns-names.ts';
import { isUp } from '../engine/containers.ts';
import type { ListedContainer } from '../engine/containers.ts';
import { serviceOf } from '../names/names.ts';
import type { NetworkName } from '../names/names.ts';
import type { Network, ProjectNetwork } from '../engine/networks.ts';
import type { Column, Row } from './render-report.ts';

export const networkColumns = columns('Network', 'Key', 'Driver', 'Subnet', 'Internal', 'Services').map(
  spare('Driver', 'Internal', 'Key'),
);
export const nameColumns = columns('Name', 'Network', 'Address', 'Service', 'Container');
export const aliasColumns = columns('Network', 'File', 'Names').map(spare('Network', 'Names'));

/** What the table of --list-names has: a row a container and network, where programs get one a name. */
export const namesTableColumns = columns('Names', 'Network', 'Address', 'Service').map(spare('Service'));

function columns(...keys: readonly string[]): readonly Column[] {
  return keys.map((key) => ({ key, header: key.toUpperCase() }));
}

/** @param keys those that may be left out, in this order */
function spare(...keys: readonly string[]): (column: Column) => Column {
  return (column) => (keys.includes(column.key) ? { ...column, spare: keys.indexOf(column.key) } : column);
}

/** @param containers all that there are */
export const networkRows = (
  project: string,
  networks: readonly ProjectNetwork[],
  containers: readonly ListedContainer[],
): readonly Row[] =>
  networks.map(({ name, key, internal, network }) => {
    const here = containers.filter(
      ({ state, endpoints }) => isUp(state) && endpoints.some((each) => each.network === name),
    );
    const services = here.map((container) => serviceOf(container, project)[0] ?? container.name);
    return {
      Network: name,
      Key: key ?? '',
      Driver: driverOf(network),
      Subnet: network?.subnets ?? [],
      Internal: internal,
      Services: [...new Set(services)].toSorted(),
    };
  });

const driverOf = (network: Network | undefined): string =>
  network?.reach === undefined ? (network?.driver ?? '') : `${network.driver} (${network.reach})`;

export const nameRows = (names: readonly NetworkName[]): readonly Row[] =>
  names.map(({ name, network, addresses, services, containers }) => ({
    Name: name,
    Network: network ?? '',
    Address: addresses,
    Service: services,
    Container: containers,
  }));

/**
 * With all its names together; those of a service that has several containers stand in the rows of all of them.
 * @param withIds whether the short ids, by which hardly anybody asks, are wanted, too
 */
export function namesTableRows(names: readonly NetworkName[], withIds: boolean): readonly Row[] {
  const groups = new Map<string, NetworkName[]>();
  for (const each of names) {
    if (!withIds && each.containers.length === 1 && /^[0-9a-f]{12}$/.test(each.name)) continue;
    // What stands in a hosts file is told apart by the address alone.
    const holders = each.containers.length > 0 ? each.containers : [each.addresses.join(' ')];
    for (const holder of holders) {
      const key = JSON.stringify([each.network, holder]);
      groups.set(key, [...(groups.get(key) ?? []), each]);
    }
  }
  return [...groups.values()].map((group) => {
    // A container's own name is nobody else's: its addresses are the container's.
    const own = group.find(({ containers }) => containers.length < 2) ?? group[0];
    return {
      Names: group.map(({ name }) => name),
      Network: own?.network ?? '',
      Address: own?.addresses ?? [],
      Service: own?.services ?? [],
    };
  });
}

export const aliasRows = (files: readonly (AliasFile & { readonly file: string })[]): readonly Row[] =>
  files.map(({ file, networks: [network = ''], names }) => ({ Network: network, File: file, Names: names }));

/** A line for each name that is there, and that no program finds. */
export const namesNotLookedUp = (names: readonly NetworkName[]): readonly string[] =>
  [...new Set(names.map(({ name }) => name))].flatMap((name) => {
    const why = notLookedUp(name);
    return why === undefined ? [] : [`programs cannot look up ${JSON.stringify(name)}: it ${why}`];
  });

export const changedResolvConf = (service: string, servers: readonly string[], own: readonly string[]): string =>
  `/etc/resolv.conf of ${service} was changed: it names ${servers.join(' and ') || 'no server'}, not the engine's ${own.join(' or ')}; listing only the names in /etc/hosts`;
