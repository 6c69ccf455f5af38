// Of --host-network: the container whose names are wanted, or the networks, and what each of their names means on this machine.
import type { RunRequest } from '../../core/arguments/argv.ts';
import { keyOf } from '../../core/engine/containers.ts';
import type { Container, ListedContainer } from '../../core/engine/containers.ts';
import type { Network } from '../../core/engine/networks.ts';
import { isRootlessEngine } from '../../core/engine/rootless-engine.ts';
import { projectOf } from '../../core/entry/plan.ts';
import type { Target } from '../../core/entry/plan.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { reach } from '../../core/names/reachable.ts';
import { nameServerOf } from '../../core/names/name-server.ts';
import { visiblePinned } from '../../core/names/visible-names.ts';
import { plannedContainer, planOwnContainer } from '../../core/own-container/own-container.ts';
import type { Engine } from '../engine/engine.ts';
import { readOrEmpty } from '../files/attempt.ts';
import type { Caller } from './caller-environment.ts';
import { provenNumbers } from './proven-numbers.ts';
import { findNetwork } from './observe-names.ts';
import { containersOn, listNetworks } from './observe-networks.ts';
import { observeProjectNetworks } from './observe-project-networks.ts';
import { observeTarget } from './observe-target.ts';

/** @param last what was meant before: it may have ended since, and nothing is said of it again */
export async function observeHostNetwork(
  run: RunRequest,
  caller: Caller,
  engine: Engine,
  last?: Target,
): Promise<Result<Target>> {
  const asked = await (run.on.length > 0 ? askNetworks(run, caller, engine) : askService(run, caller, engine, last));
  if (!asked.ok) return asked;
  const { target, listed, networks: told } = asked.value;
  const isPodman = engine.podman() !== undefined;
  const bridged = isPodman ? await (await import('./podman-bridges.ts')).withBridges(told, engine) : success(told);
  if (!bridged.ok) return bridged;
  const networks = bridged.value;
  const { owner } = target;
  const pinned =
    run.network === undefined
      ? success(undefined)
      : await findNetwork(run, run.network, owner, projectOf(target), caller, engine);
  if (!pinned.ok) return pinned;
  const { reached, unreached } = reach(owner.endpoints, networks, routes());
  const [lost] = unreached;
  const of = run.service ?? run.on.join(',');
  if (lost !== undefined && reached.length === 0) {
    const info = await engine.info();
    const whose = info.ok && isRootlessEngine(info.value.json) ? 'a rootless engine' : undefined;
    return fail({ kind: 'network-not-here', ...lost, whose, of });
  }
  const named = await containersOn(reached.map(keyOf), engine, listed);
  if (!named.ok) return named;
  const [first] = reached;
  if (isPodman && first !== undefined && !(await import('./podman-bridges.ts')).areHere(named.value.containers))
    return fail({ kind: 'network-not-here', network: first.network, driver: 'bridge', whose: undefined, of });
  const asker: Container = { ...owner, endpoints: reached };
  const visible = visiblePinned(asker, named.value.containers, networks, pinned.value, nameServerOf(engine.podman()));
  if (reached.length === 0 && visible.length === 0) return fail({ kind: 'no-names', service: of });
  const left = unreached.map(
    ({ network, driver }) => `this machine cannot reach addresses on ${network} (${driver}): omitting its names`,
  );
  const notes = [...(target.notes ?? []), ...named.value.warnings, ...left];
  return success({ ...target, owner: asker, visible, notes });
}

interface Asked {
  readonly target: Target;
  readonly listed: readonly ListedContainer[] | undefined;
  readonly networks: readonly Network[];
}

async function askService(run: RunRequest, caller: Caller, engine: Engine, last?: Target): Promise<Result<Asked>> {
  const { service = '' } = run;
  const [target, networks] = await Promise.all([
    observeTarget({ ...run, service }, caller, engine, { whose: 'all' }),
    listNetworks(engine),
  ]);
  if (!networks.ok) return networks;
  if (!target.ok)
    return last === undefined ? target : success({ target: last, listed: undefined, networks: networks.value });
  // Of --container no list was asked for.
  const listed = run.container ? undefined : target.value.neighbours;
  return success({ target: target.value, listed, networks: networks.value });
}

async function askNetworks(run: RunRequest, caller: Caller, engine: Engine): Promise<Result<Asked>> {
  const seen = await observeProjectNetworks(run, '--on', caller, engine);
  if (!seen.ok) return seen;
  const { project, containers, networks } = seen.value;
  const numbers = await provenNumbers(engine);
  if (!numbers.ok) return numbers;
  const plan = planOwnContainer(run.on, project.name, networks);
  if (!plan.ok) return plan;
  // Nothing is made: it is as a container there would be.
  const container = plannedContainer(plan.value, process.pid);
  const own = { project: project.name };
  const target: Target = { container, owner: container, lost: undefined, cause: '--on', neighbours: [], own };
  return success({ target, listed: containers, networks: networks.flatMap(({ network }) => network ?? []) });
}

/** The kernel may be without IPv6. */
const routes = () => ({ ipv4: readOrEmpty('/proc/net/route'), ipv6: readOrEmpty('/proc/net/ipv6_route') });
