// The names on a container's networks: from what was seen anyway, unless the addresses must be written down.
import { isUp } from '../core/engine-state.ts';
import type { Container, ListedContainer } from '../core/engine-state.ts';
import type { RunRequest } from '../core/argv.ts';
import { aliasPath } from '../core/alias-plan.ts';
import type { NamesSeen } from '../core/alias-plan.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { answeringOrder, namedByList, networkNames } from '../core/names.ts';
import { decodeNetworks } from '../core/networks.ts';
import type { Network } from '../core/networks.ts';
import type { Target } from '../core/plan.ts';
import type { Engine } from './engine.ts';
import { inspect, list } from './observe.ts';
import { readAliasFile } from './runtime-folder.ts';

const defaultProvider = 'sslip.io';

/** @param folder where HOSTALIASES files are */
export async function observeNames(
  run: RunRequest,
  target: Target,
  folder: string,
  engine: Engine,
): Promise<Result<NamesSeen>> {
  const { owner } = target;
  const pinned = run.network === undefined ? success(undefined) : await findNetwork(run.network, owner, engine);
  if (!pinned.ok) return pinned;
  if (run.resolver !== 'hostaliases') {
    const others = target.neighbours.filter(({ id }) => id !== owner.id).map(namedByList);
    return success(
      namesOf(owner, [owner, ...others], owner.endpoints, pinned.value, false, { kind: 'engine' }, folder),
    );
  }
  const networks = await listNetworks(engine);
  if (!networks.ok) return networks;
  const containers = await containersOn(
    owner.endpoints.map(({ networkId }) => networkId),
    engine,
  );
  if (!containers.ok) return containers;
  const order = answeringOrder(owner.endpoints, networks.value);
  const domain = run.provider ?? defaultProvider;
  return success(namesOf(owner, containers.value, order, pinned.value, true, { kind: 'provider', domain }, folder));
}

function namesOf(
  owner: Container,
  containers: Parameters<typeof networkNames>[1],
  order: Container['endpoints'],
  pinned: string | undefined,
  complete: boolean,
  target: NamesSeen['target'],
  folder: string,
): NamesSeen {
  const project = owner.compose?.project;
  const networks = order
    // The default bridge has no names, host and none no network of the engine's.
    .filter(({ network }) => !['bridge', 'host', 'none'].includes(network))
    .map(({ network, networkId }) => ({
      name: network,
      id: networkId,
      names: networkNames(project, containers, [network]),
      earlier: complete ? '' : readAliasFile(aliasPath(folder, project, network, target)),
    }));
  return { pinned, networks, complete, target };
}

/** The full name of one of the container's networks, given that or the key in the Compose file. */
async function findNetwork(wanted: string, owner: Container, engine: Engine): Promise<Result<string>> {
  const joined = owner.endpoints.map(({ network }) => network);
  const project = owner.compose?.project;
  const usual = joined.find((name) => name === wanted) ?? joined.find((name) => name === `${project}_${wanted}`);
  if (usual !== undefined) return success(usual);
  // A network may have a name that its key is no part of; its labels tell.
  const networks = await listNetworks(engine);
  if (!networks.ok) return networks;
  const named = networks.value.find(({ name, compose }) => compose?.key === wanted && joined.includes(name));
  if (named !== undefined) return success(named.name);
  return fail({ kind: 'network-not-joined', network: wanted, of: `container ${owner.name}`, networks: joined });
}

export async function listNetworks(engine: Engine): Promise<Result<readonly Network[]>> {
  const answer = await engine.networks();
  return answer.ok ? decodeNetworks(answer.value.request, answer.value.json) : answer;
}

/** Every running container on one of these networks, whoever made it, in full. */
export async function containersOn(
  networkIds: readonly string[],
  engine: Engine,
): Promise<Result<readonly Container[]>> {
  const all = await list([], engine);
  if (!all.ok) return all;
  const joined = all.value.filter(
    ({ state, endpoints }) => isUp(state) && endpoints.some(({ networkId }) => networkIds.includes(networkId)),
  );
  return inspectAll(joined, engine);
}

// More at a time would not be faster: the engine answers them one after the other.
const atOnce = 8;

/** Those that ended in the meantime are left out. */
async function inspectAll(
  containers: readonly ListedContainer[],
  engine: Engine,
): Promise<Result<readonly Container[]>> {
  const waiting = [...containers];
  const found: Container[] = [];
  let failed: Result<never> | undefined;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && failed === undefined; next = waiting.shift()) {
      const container = await inspect(next.id, engine);
      if (!container.ok) failed = container;
      else if (container.value !== undefined) found.push(container.value);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return failed ?? success(found.toSorted((one, other) => (one.name < other.name ? -1 : 1)));
}
