// All networks, and every name on them: for reports, and for runs that know a network by its key alone or write addresses down.
import type { RunRequest } from '../../core/arguments/argv.ts';
import { isOn, isUp, keyOf } from '../../core/engine/containers.ts';
import type { Container, ListedContainer, NetworkKey } from '../../core/engine/containers.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Failure, Result } from '../../core/failure/failure.ts';
import { ofAll } from '../../core/engine/labels.ts';
import { namedByList } from '../../core/names/names.ts';
import type { NamedContainer } from '../../core/names/names.ts';
import { decodeNetworks } from '../../core/engine/networks.ts';
import type { Network } from '../../core/engine/networks.ts';
import type { Swarm } from '../../core/engine/swarm.ts';
import { defaultProvider } from '../../core/arguments/settings.ts';
import { answeringOrder } from '../../core/names/visible-names.ts';
import type { Caller } from './caller-environment.ts';
import type { Engine } from '../engine/engine.ts';
import type { Known } from './observe-names.ts';
import { inspect, list } from './observe-target.ts';

/** Addresses for targets: every name must be there, and the networks be in order. */
export async function askForNames(run: RunRequest, owner: Container, engine: Engine): Promise<Result<Known>> {
  const networks = await listNetworks(engine);
  if (!networks.ok) return networks;
  const named = await containersOn(owner.endpoints.map(keyOf), engine);
  if (!named.ok) return named;
  const order = answeringOrder(owner.endpoints, networks.value);
  const target = { kind: 'provider', domain: run.provider ?? defaultProvider } as const;
  return success({ ...named.value, order, complete: true, target });
}

/** The full name of one of the container's networks, given its key in the Compose file. */
export async function findByKey(
  run: RunRequest,
  wanted: string,
  owner: Container,
  project: string | undefined,
  caller: Caller,
  engine: Engine,
): Promise<Result<string>> {
  const joined = owner.endpoints.map(({ network }) => network);
  // A network may have a name that its key is no part of; its labels tell.
  const networks = await listNetworks(engine);
  if (!networks.ok) return networks;
  const named = networks.value.find(({ name, compose }) => compose?.key === wanted && joined.includes(name));
  if (named !== undefined) return success(named.name);
  // One that another project made has that one's labels, or none: only the files know it by this key.
  if (project !== undefined) {
    const { locateQuietly } = await import('../compose/project-of-folder.ts');
    const { declaredNetworks } = await import('../compose/declared-project.ts');
    const declared = await declaredNetworks(locateQuietly(run, caller), project);
    const external = declared.find(({ key, name }) => key === wanted && joined.includes(name));
    if (external !== undefined) return success(external.name);
  }
  // Said as they are typed: by their keys, as far as the labels tell them.
  const keyIn = ({ name, compose }: Network): string =>
    compose !== undefined && compose.project === project ? compose.key : name;
  const keys = networks.value.filter(({ name }) => joined.includes(name)).map(keyIn);
  return fail({
    kind: 'network-not-joined',
    network: wanted,
    of: run.on.length === 0 ? `container ${owner.name}` : `--on ${run.on.join(',')}`,
    networks: keys.toSorted(),
  });
}

export async function listNetworks(engine: Engine): Promise<Result<readonly Network[]>> {
  const answer = await engine.networks();
  return answer.ok ? decodeNetworks(answer.value.request, answer.value.json) : answer;
}

/** Containers with their names, and what kept it from being all of them. */
export interface NamedContainers {
  readonly containers: readonly NamedContainer[];
  readonly warnings: readonly string[];
  /** Of a swarm's manager, where tasks are among them. */
  readonly swarm?: Swarm | undefined;
}

/**
 * Every running container on one of these networks, whoever made it.
 * @param listed all containers there are, where they have been asked for already
 */
export async function containersOn(
  networks: readonly NetworkKey[],
  engine: Engine,
  listed?: readonly ListedContainer[],
): Promise<Result<NamedContainers>> {
  const all = listed === undefined ? await list(ofAll, engine) : success(listed);
  if (!all.ok) return all;
  const joined = all.value.filter(
    ({ state, endpoints }) => isUp(state) && endpoints.some((place) => networks.some((each) => isOn(place, each))),
  );
  const named = await inspectAll(joined, engine);
  if (!named.ok || !joined.some(({ compose }) => compose?.task !== undefined)) return named;
  return withSwarm(named.value, networks, joined, engine);
}

/** Names of services, and tasks of other nodes, are in no container's. */
async function withSwarm(
  named: NamedContainers,
  networks: readonly NetworkKey[],
  joined: readonly ListedContainer[],
  engine: Engine,
): Promise<Result<NamedContainers>> {
  const { observeSwarm } = await import('./observe-swarm.ts');
  const swarm = await observeSwarm(engine);
  if (swarm === undefined) return success(named);
  const { namedBySwarm } = await import('../../core/engine/swarm.ts');
  const places = joined
    .flatMap(({ endpoints }) => endpoints)
    .filter((place) => networks.some((each) => isOn(place, each)));
  const joinedNetworks = places.map(({ networkId: id, network: name }) => ({ id, name }));
  return success({ ...named, containers: [...named.containers, ...namedBySwarm(swarm, joinedNetworks)], swarm });
}

// More at a time would not be faster: the engine answers them one after the other.
const atOnce = 8;

/**
 * Asks for each container's aliases. One that cannot be asked keeps the names that the list tells, with a warning;
 * one that ended in the meantime has none.
 */
async function inspectAll(listed: readonly ListedContainer[], engine: Engine): Promise<Result<NamedContainers>> {
  const waiting = [...listed];
  const containers: NamedContainer[] = [];
  let silent: Failure | undefined;
  const failures: { readonly container: ListedContainer; readonly failure: Failure }[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      // An engine that does not answer for one is not waited for again with each of the others.
      const container: Result<Container | undefined> =
        silent === undefined ? await inspect(next.id, engine) : fail(silent);
      if (!container.ok && container.failure.kind === 'engine-silent') silent = container.failure;
      if (!container.ok) failures.push({ container: next, failure: container.failure });
      else if (container.value !== undefined) containers.push(container.value);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const first = failures[0];
  if (first !== undefined && failures.length === listed.length) return fail(first.failure);
  const { explain } = await import('../../core/failure/explain.ts');
  const warnings = failures.map(
    ({ container, failure }) => `cannot read the aliases of ${container.name}: ${explain(failure).what}`,
  );
  const known = [...containers, ...failures.map(({ container }) => namedByList(container))];
  return success({ containers: known.toSorted((one, other) => (one.name < other.name ? -1 : 1)), warnings });
}
