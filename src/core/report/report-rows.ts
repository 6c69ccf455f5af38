// What the reports say: a row for each network, name or HOSTALIASES file, and the warnings that belong to them.
import type { AliasFile } from '../names/aliases.ts';
import { notLookedUp } from '../names/dns-names.ts';
import { isUp } from '../engine/containers.ts';
import type { ListedContainer } from '../engine/containers.ts';
import { serviceOf } from '../names/names.ts';
import type { NetworkName } from '../names/names.ts';
import type { ProjectNetwork } from '../engine/networks.ts';
import type { Column, Row } from './render-report.ts';

export const networkColumns = columns('Network', 'Key', 'Driver', 'Subnet', 'Internal', 'Services');
export const nameColumns = columns('Name', 'Network', 'Address', 'Service', 'Container');
export const aliasColumns = columns('Network', 'File', 'Names');

function columns(...keys: readonly string[]): readonly Column[] {
  return keys.map((key) => ({ key, header: key.toUpperCase() }));
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
      Driver: network?.driver ?? '',
      Subnet: network?.subnets ?? [],
      Internal: internal,
      Services: [...new Set(services)].toSorted(),
    };
  });

export const nameRows = (names: readonly NetworkName[]): readonly Row[] =>
  names.map(({ name, network, addresses, services, containers }) => ({
    Name: name,
    Network: network ?? '',
    Address: addresses,
    Service: services,
    Container: containers,
  }));

export const aliasRows = (files: readonly (AliasFile & { readonly file: string })[]): readonly Row[] =>
  files.map(({ file, networks: [network = ''], names }) => ({ Network: network, File: file, Names: names }));

/** A line for each name that is there, and that no program finds. */
export const namesNotLookedUp = (names: readonly NetworkName[]): readonly string[] =>
  [...new Set(names.map(({ name }) => name))].flatMap((name) => {
    const why = notLookedUp(name);
    return why === undefined ? [] : [`no program finds ${JSON.stringify(name)}: it ${why}`];
  });

export const changedResolvConf = (service: string, servers: readonly string[]): string =>
  `/etc/resolv.conf of ${service} was changed: it names ${servers.join(' and ') || 'no server'}, not the engine's 127.0.0.11; listed is what stands in /etc/hosts`;
