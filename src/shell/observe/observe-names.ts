// The names on a container's networks: from what was seen anyway, unless the addresses must be written down.
import { keyOf } from '../../core/engine/containers.ts';
import type { Container } from '../../core/engine/containers.ts';
import type { RunRequest } from '../../core/arguments/argv.ts';
import { aliasPath } from '../../core/names/alias-plan.ts';
import type { NamesSeen } from '../../core/names/alias-plan.ts';
import { success } from '../../core/failure/failure.ts';
import { needsProvider } from '../../core/names/resolvers.ts';
import type { Result } from '../../core/failure/failure.ts';
import { hasNames, namedByList, networkNames } from '../../core/names/names.ts';
import type { NamedContainer } from '../../core/names/names.ts';
import { projectOf } from '../../core/entry/plan.ts';
import type { Target } from '../../core/entry/plan.ts';
import type { Caller } from './caller-environment.ts';
import type { Engine } from '../engine/engine.ts';
import { readAliasFile } from '../files/runtime-folder.ts';

export async function observeNames(
  run: RunRequest,
  target: Target,
  caller: Caller,
  engine: Engine,
): Promise<Result<NamesSeen>> {
  const { owner, visible } = target;
  if (visible !== undefined) return success(nothingAsked);
  const project = projectOf(target);
  const pinned =
    run.network === undefined
      ? success(undefined)
      : await findNetwork(run, run.network, owner, project, caller, engine);
  if (!pinned.ok) return pinned;
  const known = await observeKnown(run, target, engine, pinned.value);
  if (!known.ok) return known;
  const { target: asked } = known.value;
  const networks = known.value.order
    .filter(({ network }) => hasNames(network))
    .map(({ network, networkId }) => ({
      name: network,
      id: networkId,
      names: networkNames(project, known.value.containers, [network]),
      earlier: asked.kind === 'bare' ? '' : readAliasFile(aliasPath(caller.runtimeFolder, project, network, asked)),
    }));
  return success({ ...known.value, pinned: pinned.value, networks });
}

/** --host-network has no use for HOSTALIASES, which lead to the engine's DNS. */
const nothingAsked: NamesSeen = {
  pinned: undefined,
  networks: [],
  complete: true,
  warnings: [],
  target: { kind: 'engine' },
};

export interface Known extends Pick<NamesSeen, 'complete' | 'target' | 'warnings'> {
  readonly containers: readonly NamedContainer[];
  /** The container's networks in the order in which the engine asks them. */
  readonly order: Container['endpoints'];
}

/** What the run's two requests have told already. */
function knownNames({ owner, neighbours }: Target): Known {
  const others = neighbours.filter(({ id }) => id !== owner.id).map(namedByList);
  const containers = [owner, ...others];
  return { containers, order: owner.endpoints, complete: false, target: { kind: 'engine' }, warnings: [] };
}

async function observeKnown(
  run: RunRequest,
  target: Target,
  engine: Engine,
  pinned: string | undefined,
): Promise<Result<Known>> {
  const { owner } = target;
  const isPodman = engine.podman() !== undefined;
  if (needsProvider(run.resolver)) return (await import('./observe-networks.ts')).askForNames(run, owner, engine);
  if (!isPodman) return success(knownNames(target));
  const bare = { ...knownNames(target), target: { kind: 'bare' } } as const;
  if (pinned === undefined) return success(bare);
  const { containersOn } = await import('./observe-networks.ts');
  const named = await containersOn(owner.endpoints.map(keyOf), engine);
  return named.ok ? success({ ...bare, ...named.value, complete: true }) : named;
}

/** The full name of one of the container's networks, given that or the key in the Compose file. */
export async function findNetwork(
  run: RunRequest,
  wanted: string,
  owner: Container,
  project: string | undefined,
  caller: Caller,
  engine: Engine,
): Promise<Result<string>> {
  const joined = owner.endpoints.map(({ network }) => network);
  const usual = [wanted, `${project}_${wanted}`].find((name) => joined.includes(name));
  if (usual !== undefined) return success(usual);
  const { findByKey } = await import('./observe-networks.ts');
  return findByKey(run, wanted, owner, project, caller, engine);
}
