// Looks from outside, by the engine and the Compose files: who is asking, and who has or should have the name it asks for.
import { existsSync } from 'node:fs';
import type { ProjectRequest, TargetRequest } from '../../core/arguments/argv.ts';
import type { Typed } from '../../core/compose/compose-line.ts';
import type { Candidate, NameFacts } from '../../core/check/check-facts.ts';
import { serviceOfHost } from '../../core/check/check-swarm.ts';
import type { CheckedEndpoint } from '../../core/check/checked-endpoint.ts';
import { decodeDetails } from '../../core/engine/container-details.ts';
import type { WholeContainer } from '../../core/engine/container-details.ts';
import {
  candidateOf,
  displacedBy,
  holdersOf,
  isForeign,
  meaningOf,
  networksAround,
  surroundingsOf,
} from '../../core/check/surroundings.ts';
import type { Surroundings } from '../../core/check/surroundings.ts';
import { decodeContainer, isUp } from '../../core/engine/containers.ts';
import type { ListedContainer } from '../../core/engine/containers.ts';
import { success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { isIP } from '../../core/names/ip-address.ts';
import { ofAll } from '../../core/engine/labels.ts';
import type { Target } from '../../core/entry/plan.ts';
import { nameServerOf } from '../../core/names/name-server.ts';
import { readResolvConf } from '../../core/names/resolver-configuration.ts';
import type { Caller } from '../observe/caller-environment.ts';
import { declaredProject } from '../compose/declared-project.ts';
import type { DeclaredProject } from '../compose/declared-project.ts';
import type { Engine } from '../engine/engine.ts';
import type { Vantage } from './vantage.ts';
import { containersOn, listNetworks } from '../observe/observe-networks.ts';
import { list, observeNetwork } from '../observe/observe-target.ts';
import { locateQuietly } from '../compose/project-of-folder.ts';
import { readOrEmpty } from '../files/attempt.ts';

export async function observeSurroundings(
  request: Pick<TargetRequest, keyof Typed | 'service'>,
  target: Target,
  engine: Engine,
): Promise<Result<Surroundings>> {
  const [listed, networks] = [await list(ofAll, engine), await listNetworks(engine)];
  if (!listed.ok) return listed;
  if (!networks.ok) return networks;
  const named = await containersOn(networksAround(target.owner, networks.value), engine, listed.value);
  if (!named.ok) return named;
  const { containers, swarm } = named.value;
  const server = nameServerOf(engine.podman());
  return success({ ...surroundingsOf(request, target, listed.value, networks.value, containers, server), swarm });
}

/** Whether programs there search for names: by the container's configuration, else by its machine's, which it gets. */
export async function hasSearchList(
  { owner, remoteEngine }: Surroundings,
  { env }: Caller,
  engine: Engine,
): Promise<boolean> {
  // That machine's file is not seen.
  if (remoteEngine === true) return true;
  const seen = await inspectWhole(owner.id, engine);
  const configured = seen.ok ? (seen.value?.details.search ?? []) : [];
  const text = configured.length > 0 ? `search ${configured.join(' ')}` : readOrEmpty('/etc/resolv.conf');
  return readResolvConf(text, env).search.length > 0;
}

/** What is known of the names that are asked for. @returns it by the endpoints' hosts */
export async function observeAsked(
  wanted: readonly CheckedEndpoint[],
  around: Surroundings,
  request: ProjectRequest,
  caller: Caller,
  engine: Vantage,
): Promise<Result<ReadonlyMap<string, NameFacts>>> {
  const hosts = [...new Set(wanted.map((endpoint) => endpoint.host))];
  const names = await Promise.all(hosts.map((host) => observeName(host, around, request, caller, engine)));
  const found: (readonly [string, NameFacts])[] = [];
  for (const [index, name] of names.entries()) {
    if (!name.ok) return name;
    found.push([hosts[index] ?? '', name.value]);
  }
  return success(new Map(found));
}

/** By the engine, and where it knows nothing, by the Compose files. */
async function observeName(
  asked: string,
  around: Surroundings,
  request: ProjectRequest,
  caller: Caller,
  engine: Vantage,
): Promise<Result<NameFacts>> {
  // A dot at the end says that nothing is to be searched for.
  const host = asked.replace(/\.$/, '');
  const same = (name: string): boolean => name.toLowerCase() === host.toLowerCase();
  const meant = meaningOf(host, around);
  const swarm = observeService(host, around);
  const candidates = await observeCandidates(
    swarm === undefined ? holdersOf(host, around) : tasksOf(swarm.service, around),
    around,
    engine,
  );
  if (!candidates.ok) return candidates;
  const other = swarm === undefined ? displacedBy(meant, around) : undefined;
  const displaced = await observeCandidates(other === undefined ? [] : [other], around, engine);
  if (!displaced.ok) return displaced;
  const isKnown = swarm !== undefined || meant !== undefined || candidates.value.length > 0 || isIP(host) !== 0;
  const project = around.owner.compose?.project;
  const declared = isKnown && !isForeign(meant, around) ? none : await declaredServices(request, caller, project);
  const behind = [...declared.behindProfile];
  return success({
    meant,
    candidates: candidates.value,
    displaced: displaced.value[0],
    swarm,
    declared: declared.services.some(same),
    behindProfile: behind.find(([service]) => same(service))?.[1],
    others: [...around.visible.map(({ name }) => name), ...declared.services, ...behind.map(([service]) => service)],
  });
}

function observeService(host: string, { swarm, owner, remoteEngine }: Surroundings): NameFacts['swarm'] {
  const joined = owner.endpoints.map(({ networkId }) => networkId);
  const service = swarm && serviceOfHost(host, swarm, owner.compose?.project, joined);
  // The engine has the kernel load it for the first virtual address.
  return service && { service, hasIpvs: remoteEngine === true || existsSync('/proc/net/ip_vs') };
}

const tasksOf = ({ name }: { readonly name: string }, { listed }: Surroundings): readonly ListedContainer[] =>
  listed.filter(({ compose, state }) => compose?.task?.service === name && isUp(state));

async function observeCandidates(
  listed: readonly ListedContainer[],
  around: Surroundings,
  engine: Vantage,
): Promise<Result<readonly Candidate[]>> {
  const seen = await observeListeners(listed, around, engine);
  if (!seen.ok) return seen;
  const candidates: Candidate[] = [];
  for (const { container, listeners } of seen.value) {
    const network = await observeNetwork(container, engine, around.asker.typed);
    if (!network.ok) return network;
    candidates.push(candidateOf(container, around, listeners, network.value.lost));
  }
  return success(candidates);
}

/** The engine is asked for one after another, and what listens is looked for in several at once. */
export async function observeListeners(
  listed: readonly Pick<ListedContainer, 'id'>[],
  around: Surroundings,
  engine: Vantage,
): Promise<Result<readonly Listening[]>> {
  const looking: (readonly [WholeContainer, ReturnType<Vantage['sockets']>])[] = [];
  for (const { id } of listed) {
    const container = await inspectWhole(id, engine);
    if (!container.ok) return container;
    if (container.value !== undefined) looking.push([container.value, engine.sockets(container.value, around)]);
  }
  const seen: Listening[] = [];
  for (const [container, sockets] of looking) {
    const listeners = await sockets;
    if (!listeners.ok) return listeners;
    seen.push({ container, listeners: listeners.value });
  }
  return success(seen);
}

interface Listening {
  readonly container: WholeContainer;
  /** Undefined where they could not be looked at. */
  readonly listeners: Candidate['listeners'];
}

/** @returns undefined for one that is gone */
export async function inspectWhole(id: string, engine: Engine): Promise<Result<WholeContainer | undefined>> {
  const answer = await engine.inspect(id);
  if (!answer.ok) return answer;
  if (answer.value === undefined) return success(undefined);
  const container = decodeContainer(answer.value.request, answer.value.json);
  if (!container.ok) return container;
  const details = decodeDetails(answer.value.request, answer.value.json);
  return details.ok ? success({ ...container.value, details: details.value }) : details;
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
