// Who is around the container that --check asks from, as far as the engine tells: who has a name there, or should have it.
import type { TargetRequest } from '../arguments/argv.ts';
import type { Typed } from '../compose/compose-line.ts';
import type { Asker, Candidate, HeldSocket, AttachedNetwork } from './check-facts.ts';
import type { WholeContainer } from '../engine/container-details.ts';
import { isLoopback, plainAddress } from './socket-tables.ts';
import { isOn, isUp, shortId } from '../engine/containers.ts';
import type { Container, Attachment, ListedContainer } from '../engine/containers.ts';
import { isIP } from '../names/ip-address.ts';
import type { NameServer } from '../names/name-server.ts';
import { networkNames, serviceOf } from '../names/names.ts';
import type { NamedContainer, NetworkName } from '../names/names.ts';
import type { Network } from '../engine/networks.ts';
import type { Swarm } from '../engine/swarm.ts';
import type { Target } from '../entry/plan.ts';
import { visibleNames } from '../names/visible-names.ts';

export interface Surroundings {
  readonly asker: Asker;
  /** The container whose networks the asker is in. */
  readonly owner: Container;
  readonly networks: readonly Network[];
  readonly listed: readonly ListedContainer[];
  /** What can be resolved there. */
  readonly visible: readonly NetworkName[];
  /** Every name on every network of the asker's and its project's. */
  readonly everywhere: readonly NetworkName[];
  /** Where the asker or a neighbour is a task, and a manager tells. */
  readonly swarm?: Swarm | undefined;
  /** They are not of this kernel: what is not told by the engine, or from inside, cannot be seen. */
  readonly remoteEngine?: boolean | undefined;
}

/** The networks of the asker and of its project: whose names are wanted. */
export const networksAround = (owner: Container, networks: readonly Network[]): readonly Network[] =>
  networks.filter(
    (network) =>
      network.compose?.project === owner.compose?.project ||
      owner.endpoints.some((endpoint) => isOn(endpoint, network)),
  );

/**
 * @param named everybody on the networks around
 */
export function surroundingsOf(
  request: Pick<TargetRequest, keyof Typed | 'service'>,
  { owner, lost, remoteEngine }: Target,
  listed: readonly ListedContainer[],
  networks: readonly Network[],
  named: readonly NamedContainer[],
  server: NameServer = 'embedded',
): Surroundings {
  const project = owner.compose?.project;
  const names = networksAround(owner, networks).map(({ name }) => name);
  return {
    asker: {
      called: request.service,
      typed: request,
      container: owner.name,
      compose: owner.compose,
      networks: owner.endpoints.map((endpoint) => placeOf(endpoint, networks, project)),
      lost,
    },
    owner,
    networks,
    listed,
    visible: visibleNames(owner, named, networks, undefined, server),
    everywhere: networkNames(project, named, names),
    remoteEngine,
  };
}

function placeOf(endpoint: Attachment, networks: readonly Network[], project?: string): AttachedNetwork {
  const { network, ipv4, ipv6 } = endpoint;
  const known = networks.find((each) => isOn(endpoint, each));
  return {
    network,
    key: known?.compose !== undefined && known.compose.project === project ? known.compose.key : network,
    internal: known?.internal ?? false,
    addresses: [ipv4, ipv6].flatMap((address) => (address === undefined ? [] : [plainAddress(address)])),
  };
}

/** What a name means on the asker's networks. */
export const meaningOf = (host: string, { visible }: Surroundings): NetworkName | undefined =>
  isIP(host) ? undefined : visible.find(({ name }) => name.toLowerCase() === host.toLowerCase());

/** Those who have the name or address, else those who have it elsewhere or would have it. */
export function holdersOf(host: string, around: Surroundings): readonly ListedContainer[] {
  const { listed, owner, everywhere } = around;
  if (host === 'localhost' || isLoopback(host)) return listed.filter(({ id }) => id === owner.id);
  if (isIP(host)) {
    const address = plainAddress(host);
    return listed.filter(({ endpoints }) =>
      endpoints.some(({ ipv4, ipv6 }) => ipv4 === address || plainAddress(ipv6 ?? '') === address),
    );
  }
  const meant = meaningOf(host, around);
  if (meant !== undefined && meant.containers.length > 0)
    return listed.filter(({ name }) => meant.containers.includes(name));
  const service = ownService(host, around);
  if (service.length > 0) return service;
  const elsewhere = everywhere.filter(({ name }) => name.toLowerCase() === host.toLowerCase());
  const holders = elsewhere.flatMap(({ containers }) => containers);
  return listed.filter(({ name, id }) => name === host || shortId(id) === host || holders.includes(name));
}

/** The container of the asker's own service of this name, where others answer to it. */
export function displacedBy(meant: NetworkName | undefined, around: Surroundings): ListedContainer | undefined {
  if (meant?.network === undefined) return undefined;
  const own = ownService(meant.name, around);
  return own.some(({ name }) => meant.containers.includes(name)) ? undefined : own[0];
}

/** Whether all who answer to a name are of other projects, and the asker's has no service of that name that runs. */
export const isForeign = (meant: NetworkName | undefined, around: Surroundings): boolean =>
  meant !== undefined &&
  ownService(meant.name, around).length === 0 &&
  meant.services.every((service) => service.includes('/'));

/** The containers of the asker's project whose service has this name, those that run first. */
function ownService(host: string, { listed, owner }: Surroundings): readonly ListedContainer[] {
  const project = owner.compose?.project;
  return listed
    .filter(({ compose }) => compose !== undefined && compose.project === project && !compose.oneOff)
    .filter(({ compose }) => compose?.service.toLowerCase() === host.toLowerCase())
    .toSorted((one, other) => Number(isUp(other.state)) - Number(isUp(one.state)));
}

/** The asker's neighbours that run. */
export function neighboursOf({ listed, owner }: Surroundings): readonly ListedContainer[] {
  const networks = owner.endpoints.map(({ networkId }) => networkId);
  return listed.filter(
    ({ id, state, endpoints }) =>
      id !== owner.id && isUp(state) && endpoints.some(({ networkId }) => networks.includes(networkId)),
  );
}

/**
 * @param listeners what listens in it; undefined where that could not be looked at
 * @param lost the network that it shared, and that is gone
 */
export function candidateOf(
  container: WholeContainer,
  { asker, networks, listed }: Surroundings,
  listeners: readonly HeldSocket[] | undefined,
  lost?: Candidate['lost'],
): Candidate {
  const shared = /^container:(.+)$/.exec(container.networkMode)?.[1];
  const sharer = shared === undefined ? undefined : listed.find(({ id }) => id === shared);
  const project = asker.compose?.project;
  return {
    ...container.details,
    container: container.name,
    pid: container.pid,
    service: serviceOf(container, project)[0],
    state: container.state,
    status: listed.find(({ id }) => id === container.id)?.status ?? container.state,
    networks: container.endpoints.map((endpoint) => placeOf(endpoint, networks, project)),
    lost,
    sharesWith: sharer === undefined ? undefined : (serviceOf(sharer, project)[0] ?? sharer.name),
    listeners,
  };
}
