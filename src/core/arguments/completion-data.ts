// What the engine's list of containers offers for completion: services, containers, networks, projects, endpoints.
import { isUp } from '../engine/containers.ts';
import type { ListedContainer } from '../engine/containers.ts';
import { isLoopback } from '../check/socket-tables.ts';
import type { ListeningSocket } from '../check/socket-tables.ts';
import type { Candidate } from './completion.ts';

/** Those that run come first; one that only the files know of says so. */
export function serviceCandidates(
  containers: readonly ListedContainer[],
  project: string,
  declared: readonly string[],
  behindProfile: ReadonlyMap<string, readonly string[]> = new Map(),
): readonly Candidate[] {
  const own = containers.filter(({ compose }) => compose?.project === project);
  const names = [
    ...new Set([...own.flatMap(({ compose }) => compose?.service ?? []), ...declared, ...behindProfile.keys()]),
  ].toSorted();
  const all = names.map((value) => {
    const made = own.filter(({ compose }) => compose?.service === value);
    const up = made.filter(({ state }) => isUp(state));
    const one = (up.length > 0 ? up : made).toSorted((first, second) => number(first) - number(second))[0];
    const replicas = up.length > 1 ? `, ${up.length} containers` : '';
    const profiles = behindProfile.get(value);
    const idle = profiles === undefined ? 'not started' : `in profile ${profiles.join(', ')}`;
    const description = one === undefined ? idle : `${about(one)}${replicas}`;
    return { candidate: { value, description }, rank: up.length > 0 ? 0 : 1 };
  });
  return all.toSorted((one, other) => one.rank - other.rank).map(({ candidate }) => candidate);
}

export const containerCandidates = (containers: readonly ListedContainer[]): readonly Candidate[] =>
  containers
    .filter(({ state }) => isUp(state))
    .map((container) => ({ value: container.name, description: about(container) }))
    .toSorted(byValue);

/** By the key in the Compose file where the name shows one, with the services that are on it. */
export function networkCandidates(containers: readonly ListedContainer[], project: string): readonly Candidate[] {
  const services = new Map<string, Set<string>>();
  for (const { compose, endpoints, state } of containers) {
    if (compose?.project !== project || !isUp(state)) continue;
    for (const { network } of endpoints) {
      if (['bridge', 'host', 'none'].includes(network)) continue;
      const key = network.startsWith(`${project}_`) ? network.slice(project.length + 1) : network;
      services.set(key, (services.get(key) ?? new Set()).add(compose.service));
    }
  }
  return [...services].map(([value, on]) => ({ value, description: [...on].toSorted().join(', ') })).toSorted(byValue);
}

export function projectCandidates(containers: readonly ListedContainer[]): readonly Candidate[] {
  const running = new Map<string, number>();
  for (const { compose, state } of containers) {
    if (compose === undefined) continue;
    running.set(compose.project, (running.get(compose.project) ?? 0) + (isUp(state) ? 1 : 0));
  }
  return [...running]
    .map(([value, count]) => ({ value, description: count === 0 ? 'stopped' : `running(${count})` }))
    .toSorted(byValue);
}

/** The numbers of all services' replicas: SERVICE is not typed yet. */
export function indexCandidates(containers: readonly ListedContainer[], project: string): readonly Candidate[] {
  const own = containers.filter(({ compose, state }) => compose?.project === project && isUp(state));
  const numbers = [...new Set(own.flatMap(({ compose }) => (compose?.oneOff === false ? (compose.number ?? []) : [])))];
  return numbers
    .toSorted((one, other) => one - other)
    .map((wanted) => {
      const services = own.flatMap(({ compose }) => (compose?.number === wanted ? compose.service : []));
      return { value: String(wanted), description: [...new Set(services)].toSorted().join(', ') };
    });
}

/** What SERVICE may be checked against: the other services of the project, with each port that they say they have. */
export function endpointCandidates(
  containers: readonly ListedContainer[],
  project: string,
  service: string,
): readonly Candidate[] {
  const endpoints = new Map<string, string>();
  for (const container of containers) {
    const { compose, image } = container;
    const ports = image?.ports ?? [];
    if (compose?.project !== project || compose.service === service || compose.oneOff) continue;
    const names = ports.length === 0 ? [compose.service] : ports.map((port) => `${compose.service}:${port}`);
    for (const name of names) if (!endpoints.has(name)) endpoints.set(name, about(container));
  }
  return [...endpoints].map(([value, description]) => ({ value, description })).toSorted(byValue);
}

/** Of a project, without what `compose run` started. */
export const runningOf = (containers: readonly ListedContainer[], project: string): readonly ListedContainer[] =>
  containers.filter(({ compose, state }) => compose?.project === project && !compose.oneOff && isUp(state));

/**
 * What --forward may lead to: each port by itself, as a localhost has it, and by the name of whose it is.
 * @param listening by the container's id; where that is not known, what it exposes counts
 * @param prefix what is typed: with a LOCAL in front, that stays
 */
export function portCandidates(
  containers: readonly ListedContainer[],
  listening: ReadonlyMap<string, readonly Pick<ListeningSocket, 'port' | 'address'>[]>,
  prefix: string,
): readonly Candidate[] {
  const front = /^(?:.*:)?\d+:/.exec(prefix)?.[0] ?? '';
  const localhosts = new Map<number, readonly string[]>();
  const named = new Map<string, string>();
  for (const container of containers) {
    const service = container.compose?.service ?? container.name;
    const exposed = (container.image?.ports ?? []).map((port) => ({ port, address: '0.0.0.0' }));
    for (const { port, address } of listening.get(container.id) ?? exposed) {
      localhosts.set(port, [...new Set([...(localhosts.get(port) ?? []), service])]);
      if (!isLoopback(address) && container.networkOf === undefined) named.set(`${service}:${port}`, about(container));
    }
  }
  const own = [...localhosts].toSorted(([one], [other]) => one - other);
  return [
    ...own.map(([port, services]) => ({
      value: `${port}`,
      description: `localhost of ${services.toSorted().join(', ')}`,
    })),
    ...[...named].map(([value, description]) => ({ value, description })).toSorted(byValue),
  ].map(({ value, description }) => ({ value: `${front}${value}`, description }));
}

/** What --intercept may take from others: each port on which a service listens for them, as far as it is to be typed. */
export function interceptCandidates(
  containers: readonly ListedContainer[],
  listening: ReadonlyMap<string, readonly Pick<ListeningSocket, 'port' | 'address'>[]>,
): readonly Candidate[] {
  const all = portCandidates(containers, listening, '').flatMap(({ value }) => {
    const [service = '', port] = value.split(':');
    return port === undefined ? [] : [{ service, port: Number(port) }];
  });
  const ports = [...new Set(all.map(({ port }) => port))].toSorted((one, other) => one - other);
  return ports.map((port) => ({
    value: `${port}:`,
    description: all.flatMap((each) => (each.port === port ? each.service : [])).join(', '),
  }));
}

const about = ({ image, status }: ListedContainer): string => (image?.name ? `${image.name}, ${status}` : status);

const number = ({ compose }: ListedContainer): number => (compose?.oneOff === false ? (compose.number ?? 1e9) : 1e9);

const byValue = ({ value: one }: Candidate, { value: other }: Candidate): number => (one < other ? -1 : 1);
