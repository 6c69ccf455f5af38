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
import { observeHeldSockets } from './listening-sockets.ts';
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

/** Whether programs there search for names: by the container's configuration, else by this machine's, which it gets. */
export async function hasSearchList({ owner }: Surroundings, { env }: Caller, engine: Engine): Promise<boolean> {
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
  engine: Engine,
): Promise<Result<ReadonlyMap<string, NameFacts>>> {
  const names = new Map<string, NameFacts>();
  for (const host of new Set(wanted.map((endpoint) => endpoint.host))) {
    const name = await observeName(host, around, request, caller, engine);
    if (!name.ok) return name;
    names.set(host, name.value);
  }
  return success(names);
}

/** By the engine, and where it knows nothing, by the Compose files. */
async function observeName(
  asked: string,
  around: Surroundings,
  request: ProjectRequest,
  caller: Caller,
  engine: Engine,
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

function observeService(host: string, { swarm, owner }: Surroundings): NameFacts['swarm'] {
  const joined = owner.endpoints.map(({ networkId }) => networkId);
  const service = swarm && serviceOfHost(host, swarm, owner.compose?.project, joined);
  // The engine has the kernel load it for the first virtual address.
  return service && { service, hasIpvs: existsSync('/proc/net/ip_vs') };
}

const tasksOf = ({ name }: { readonly name: string }, { listed }: Surroundings): readonly ListedContainer[] =>
  listed.filter(({ compose, state }) => compose?.task?.service === name && isUp(state));

async function observeCandidates(
  listed: readonly ListedContainer[],
  around: Surroundings,
  engine: Engine,
): Promise<Result<readonly Candidate[]>> {
  const candidates: Candidate[] = [];
  for (const { id } of listed) {
    const seen = await inspectWhole(id, engine);
    if (!seen.ok) return seen;
    if (seen.value === undefined) continue;
    const network = await observeNetwork(seen.value, engine, around.asker.typed);
    if (!network.ok) return network;
    candidates.push(candidateOf(seen.value, around, observeHeldSockets(seen.value.pid), network.value.lost));
  }
  return success(candidates);
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
