// Looks from outside, by the engine and the Compose files: who is asking, and who has or should have the name it asks for.
import { readFileSync } from 'node:fs';
import type { ProjectRequest } from '../../core/arguments/argv.ts';
import type { Asker, Candidate, NameFacts, Place } from '../../core/check/check-facts.ts';
import { decodeDetails } from '../../core/check/container-details.ts';
import type { ContainerDetails } from '../../core/check/container-details.ts';
import { decodeContainer, isUp, shortId } from '../../core/engine-state.ts';
import type { Container, Endpoint, ListedContainer } from '../../core/engine-state.ts';
import { success } from '../../core/failure.ts';
import type { Result } from '../../core/failure.ts';
import { isIP } from '../../core/ip-address.ts';
import { ofAll } from '../../core/labels.ts';
import { networkNames, serviceOf } from '../../core/names.ts';
import type { NetworkName } from '../../core/names.ts';
import type { Network } from '../../core/networks.ts';
import type { Target } from '../../core/plan.ts';
import { isLoopback, plainAddress } from '../../core/check/socket-tables.ts';
import { readResolvConf } from '../../core/resolver-configuration.ts';
import { visibleNames } from '../../core/visible-names.ts';
import type { Caller } from '../caller-environment.ts';
import { declaredProject } from '../declared-project.ts';
import type { DeclaredProject } from '../declared-project.ts';
import type { Engine } from '../engine.ts';
import { observeListeners } from './listeners.ts';
import { containersOn, listNetworks } from '../observe-networks.ts';
import { list, observeNetwork } from '../observe.ts';
import { locateQuietly } from '../project-of-folder.ts';

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
  readonly engine: Engine;
}

export async function observeSurroundings(
  called: string,
  { owner, lost }: Target,
  engine: Engine,
): Promise<Result<Surroundings>> {
  const [listed, networks] = [await list(ofAll, engine), await listNetworks(engine)];
  if (!listed.ok) return listed;
  if (!networks.ok) return networks;
  const project = owner.compose?.project;
  const ids = networks.value
    .filter(
      ({ id, compose }) => compose?.project === project || owner.endpoints.some(({ networkId }) => networkId === id),
    )
    .map(({ id }) => id);
  const named = await containersOn(ids, engine, listed.value);
  if (!named.ok) return named;
  const names = networks.value.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
  return success({
    asker: {
      called,
      container: owner.name,
      compose: owner.compose,
      networks: owner.endpoints.map((endpoint) => place(endpoint, networks.value, project)),
      lost,
    },
    owner,
    networks: networks.value,
    listed: listed.value,
    visible: visibleNames(owner, named.value.containers, networks.value),
    everywhere: networkNames(project, named.value.containers, names),
    engine,
  });
}

function place({ network, networkId, ipv4, ipv6 }: Endpoint, networks: readonly Network[], project?: string): Place {
  const known = networks.find(({ id }) => id === networkId);
  return {
    network,
    key: known?.compose !== undefined && known.compose.project === project ? known.compose.key : network,
    internal: known?.internal ?? false,
    addresses: [ipv4, ipv6].flatMap((address) => (address === undefined ? [] : [plainAddress(address)])),
  };
}

/** Whether programs there search for names: by the container's configuration, else by this machine's, which it gets. */
export async function hasSearchList({ owner, engine }: Surroundings, { env }: Caller): Promise<boolean> {
  const seen = await inspectWhole(owner.id, engine);
  const configured = seen.ok ? (seen.value?.details.search ?? []) : [];
  const text = configured.length > 0 ? `search ${configured.join(' ')}` : hostsResolvConf();
  return readResolvConf(text, env).search.length > 0;
}

function hostsResolvConf(): string {
  try {
    return readFileSync('/etc/resolv.conf', 'utf8');
  } catch {
    return '';
  }
}

/** What is known of a name: by the engine, and where it knows nothing, by the Compose files. */
export async function observeName(
  asked: string,
  around: Surroundings,
  request: ProjectRequest,
  caller: Caller,
): Promise<Result<NameFacts>> {
  // A dot at the end says that nothing is to be searched for.
  const host = asked.replace(/\.$/, '');
  const same = (name: string): boolean => name.toLowerCase() === host.toLowerCase();
  const meant = isIP(host) ? undefined : around.visible.find(({ name }) => same(name));
  const candidates = await observeCandidates(holdersOf(host, meant, around), around);
  if (!candidates.ok) return candidates;
  const own = meant === undefined ? [] : ownService(host, around);
  const answers = own.some(({ name }) => meant?.containers.includes(name));
  const displaced = await observeCandidates(answers || meant?.network === undefined ? [] : own.slice(0, 1), around);
  if (!displaced.ok) return displaced;
  const isForeign = meant !== undefined && own.length === 0 && meant.services.every((service) => service.includes('/'));
  const isKnown = meant !== undefined || candidates.value.length > 0 || isIP(host) !== 0;
  const declared =
    isKnown && !isForeign ? none : await declaredServices(request, caller, around.owner.compose?.project);
  const behind = [...declared.behindProfile];
  return success({
    meant,
    candidates: candidates.value,
    displaced: displaced.value[0],
    declared: declared.services.some(same),
    behindProfile: behind.find(([service]) => same(service))?.[1],
    others: [...around.visible.map(({ name }) => name), ...declared.services, ...behind.map(([service]) => service)],
  });
}

/** The containers of the asker's project whose service has this name, those that run first. */
function ownService(host: string, { listed, owner }: Surroundings): readonly ListedContainer[] {
  const project = owner.compose?.project;
  return listed
    .filter(({ compose }) => compose !== undefined && compose.project === project && !compose.oneOff)
    .filter(({ compose }) => compose?.service.toLowerCase() === host.toLowerCase())
    .toSorted((one, other) => Number(isUp(other.state)) - Number(isUp(one.state)));
}

/** @returns those who have the name or address, else those who have it elsewhere or would have it */
function holdersOf(host: string, meant: NetworkName | undefined, around: Surroundings): readonly ListedContainer[] {
  const { listed, owner, everywhere } = around;
  if (host === 'localhost' || isLoopback(host)) return listed.filter(({ id }) => id === owner.id);
  if (isIP(host)) {
    const address = plainAddress(host);
    return listed.filter(({ endpoints }) =>
      endpoints.some(({ ipv4, ipv6 }) => ipv4 === address || plainAddress(ipv6 ?? '') === address),
    );
  }
  if (meant !== undefined && meant.containers.length > 0)
    return listed.filter(({ name }) => meant.containers.includes(name));
  const service = ownService(host, around);
  if (service.length > 0) return service;
  const elsewhere = everywhere.filter(({ name }) => name.toLowerCase() === host.toLowerCase());
  const holders = elsewhere.flatMap(({ containers }) => containers);
  return listed.filter(({ name, id }) => name === host || shortId(id) === host || holders.includes(name));
}

async function observeCandidates(
  listed: readonly ListedContainer[],
  around: Surroundings,
): Promise<Result<readonly Candidate[]>> {
  const candidates: Candidate[] = [];
  for (const { id } of listed) {
    const seen = await inspectWhole(id, around.engine);
    if (!seen.ok) return seen;
    if (seen.value === undefined) continue;
    const network = await observeNetwork(seen.value, around.engine);
    if (!network.ok) return network;
    candidates.push({ ...candidateOf(seen.value, around), lost: network.value.lost });
  }
  return success(candidates);
}

export type WholeContainer = Container & { readonly details: ContainerDetails };

export async function inspectWhole(id: string, engine: Engine): Promise<Result<WholeContainer | undefined>> {
  const answer = await engine.inspect(id);
  if (!answer.ok) return answer;
  if (answer.value === undefined) return success(undefined);
  const container = decodeContainer(answer.value.request, answer.value.json);
  if (!container.ok) return container;
  const details = decodeDetails(answer.value.request, answer.value.json);
  return details.ok ? success({ ...container.value, details: details.value }) : details;
}

export function candidateOf(container: WholeContainer, { owner: asker, networks, listed }: Surroundings): Candidate {
  const shared = /^container:(.+)$/.exec(container.networkMode)?.[1];
  const sharer = shared === undefined ? undefined : listed.find(({ id }) => id === shared);
  return {
    ...container.details,
    container: container.name,
    pid: container.pid,
    service: serviceOf(container, asker.compose?.project)[0],
    state: container.state,
    status: listed.find(({ id }) => id === container.id)?.status ?? container.state,
    networks: container.endpoints.map((endpoint) => place(endpoint, networks, asker.compose?.project)),
    lost: undefined,
    sharesWith: sharer === undefined ? undefined : (serviceOf(sharer, asker.compose?.project)[0] ?? sharer.name),
    listeners: observeListeners(container.pid),
  };
}

async function declaredServices(
  request: ProjectRequest,
  caller: Caller,
  project: string | undefined,
): Promise<DeclaredProject> {
  if (project === undefined) return none;
  const declared = await declaredProject(locateQuietly(request, caller), caller.env);
  return declared.ok && declared.value.name === project ? declared.value : none;
}

const none: DeclaredProject = { name: undefined, services: [], behindProfile: new Map() };
