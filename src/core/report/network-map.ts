// What a drawing shows of a project: each network once, each service once, and which service is on which network.
import { isUp } from '../engine/containers.ts';
import type { ListedContainer } from '../engine/containers.ts';
import { compareRanks, serviceOf } from '../names/names.ts';
import type { ProjectNetwork } from '../engine/networks.ts';

/** Services of others stand on the left, the networks in the middle, the project's own services on the right. */
export interface NetworkMap {
  readonly project: string;
  readonly networks: readonly DrawnNetwork[];
  readonly services: readonly DrawnService[];
  readonly lines: readonly DrawnLine[];
}

export interface DrawnNetwork {
  /** What lines call it: a name from outside would have to be a word of the drawing's language. */
  readonly id: string;
  /** What stands in it, one below the other. */
  readonly texts: readonly string[];
  /** Nothing leads out of it. */
  readonly internal: boolean;
  readonly made: boolean;
}

export interface DrawnService {
  readonly id: string;
  readonly name: string;
  /** How many replicas it has. */
  readonly times: number;
}

/** From the left to the right. */
export interface DrawnLine {
  readonly from: string;
  readonly to: string;
  /** It is no network that it joins, but two services: the second is in the first one's network. */
  readonly shares: boolean;
}

/** Stopped containers are on no network. */
export function networkMap(
  project: string,
  networks: readonly ProjectNetwork[],
  containers: readonly ListedContainer[],
): NetworkMap {
  const up = containers.filter(({ state }) => isUp(state));
  const services = groupByService(shown(project, networks, up), project);
  const ids = new Map(services.flatMap(({ id, members }) => members.map((member) => [member.id, id])));
  return {
    project,
    networks: networks.map(drawNetwork),
    services: services.map(({ id, name, members }) => ({ id, name, times: replicas(members) })),
    lines: services.flatMap(({ id, own, members }) => {
      const joined = new Set(members.flatMap(({ endpoints }) => endpoints.map(({ network }) => network)));
      const places = networks.flatMap(({ name }, place) => (joined.has(name) ? networkId(place) : []));
      const owners = members.flatMap((member) => ids.get(networkOwner(member, up)?.id ?? '') ?? []);
      return [
        ...places.map((place) => ({ from: own ? place : id, to: own ? id : place, shares: false })),
        ...[...new Set(owners)].filter((owner) => owner !== id).map((owner) => ({ from: owner, to: id, shares: true })),
      ];
    }),
  };
}

const networkId = (place: number): string => `n${place + 1}`;

function drawNetwork({ key, name, internal, external, network }: ProjectNetwork, place: number): DrawnNetwork {
  const made = network !== undefined;
  const texts = [
    key ?? name,
    external && key !== undefined && key !== name ? name : '',
    internal ? 'internal' : '',
    external ? 'external' : '',
    made ? '' : 'not created yet',
  ];
  return { id: networkId(place), texts: texts.filter((text) => text !== ''), internal, made };
}

/** Who is on these networks, who shares the network of one that is, and whose network one of the project's shares. */
function shown(
  project: string,
  networks: readonly ProjectNetwork[],
  up: readonly ListedContainer[],
): readonly ListedContainer[] {
  const names = new Set(networks.map(({ name }) => name));
  const on = ({ endpoints }: ListedContainer): boolean => endpoints.some(({ network }) => names.has(network));
  const sharers = up.flatMap((container) => {
    const owner = networkOwner(container, up);
    const wanted = owner !== undefined && (on(owner) || container.compose?.project === project);
    return wanted ? [container, owner] : [];
  });
  return [...new Set([...up.filter(on), ...sharers])];
}

const longestChain = 16;

/** The container that the network belongs to in the end; undefined where it is the container's own. */
function networkOwner(container: ListedContainer, up: readonly ListedContainer[]): ListedContainer | undefined {
  let owner: ListedContainer | undefined;
  let wanted = container.networkOf;
  // One may share the network of one that shares; in a circle nobody has one.
  for (let steps = 0; wanted !== undefined && steps < Math.min(up.length, longestChain); steps++) {
    owner = up.find(({ id, name }) => id === wanted || name === wanted);
    wanted = owner?.networkOf;
  }
  return wanted === undefined ? owner : undefined;
}

interface Service {
  readonly id: string;
  readonly name: string;
  /** Whether it is the project's, and not one that is met on a network. */
  readonly own: boolean;
  readonly members: readonly ListedContainer[];
}

/** Replicas are one; a container that Compose did not make is itself. The project's come first, by name. */
function groupByService(containers: readonly ListedContainer[], project: string): readonly Service[] {
  const groups = new Map<string, ListedContainer[]>();
  for (const container of containers) {
    const { compose, name } = container;
    const key = JSON.stringify(compose === undefined ? name : [compose.project, compose.service]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [container]);
    else known.push(container);
  }
  const services = [...groups].map(([key, members]) => {
    const own = members[0]?.compose?.project === project;
    const name = members.flatMap((member) => serviceOf(member, project)[0] ?? member.name)[0] ?? '';
    return { name, own, members, rank: [own ? 0 : 1, name, key] };
  });
  return services
    .toSorted((one, other) => compareRanks(one.rank, other.rank))
    .map(({ name, own, members }, place) => ({ id: `s${place + 1}`, name, own, members }));
}

/** One-offs are none. */
const replicas = (members: readonly ListedContainer[]): number =>
  members.filter(({ compose }) => compose?.oneOff !== true).length;
