// A service that has no container here: in a swarm its tasks may run on another node, or nowhere.
import type { TargetRequest } from '../../core/arguments/argv.ts';
import { askedOfSwarm, failureOf, serviceMeant } from '../../core/compose/stack-service.ts';
import type { SwarmNode } from '../../core/engine/swarm.ts';
import { ofStack } from '../../core/engine/labels.ts';
import type { Failure } from '../../core/failure/failure.ts';
import type { Caller } from './caller-environment.ts';
import { findContext, knownContexts } from '../engine/docker-context.ts';
import { dockerFolder } from '../engine/docker-file.ts';
import type { Engine } from '../engine/engine.ts';
import { listNetworks } from './observe-networks.ts';
import { observeSwarm } from './observe-swarm.ts';
import { list } from './observe-target.ts';

/** @returns the same failure where the engine's swarm does not know better */
export async function inSwarm(failure: Failure, run: TargetRequest, caller: Caller, engine: Engine): Promise<Failure> {
  const { service: word } = run;
  const asked = askedOfSwarm(failure);
  if (asked === undefined) return failure;
  const services = await engine.swarm('services');
  if (!services.ok) {
    // So it refuses where there is a swarm, and this node is not to answer for it.
    const isWorker = services.failure.kind === 'engine-refused' && /worker nodes/i.test(services.failure.message);
    const mayKnow = isWorker && asked.project !== undefined && (await isStack(failure, asked.project, engine));
    return mayKnow ? { kind: 'no-manager', service: word, stack: asked.project } : failure;
  }
  const [swarm, networks, info] = await Promise.all([observeSwarm(engine), listNetworks(engine), engine.info()]);
  const service = serviceMeant(swarm?.services ?? [], asked.project, word);
  if (service === undefined) return failure;
  const contextTo = (node: SwarmNode): string | undefined =>
    contextOf(node, dockerFolder(run.docker.config, caller.env));
  const { Swarm: own } = (info.ok ? info.value.json : {}) as { readonly Swarm?: { readonly NodeID?: string } };
  const joinable = networks.ok ? networks.value : [];
  return failureOf(service, word, run.index, own?.NodeID ?? '', joinable, contextTo) ?? failure;
}

/** As far as a worker can tell. */
async function isStack(failure: Failure, project: string, engine: Engine): Promise<boolean> {
  if (failure.kind === 'project-empty') return true;
  const tasks = await list(ofStack(project), engine);
  return tasks.ok && tasks.value.length > 0;
}

/** The context whose engine is at the node's address, or called as the node is. */
function contextOf({ name, address }: SwarmNode, folder: string): string | undefined {
  return knownContexts(folder).find((context) => {
    const found = context === 'default' ? undefined : findContext(folder, context);
    const { hostname = '' } = (found?.ok === true && URL.parse(found.value.host)) || {};
    return hostname !== '' && [name.toLowerCase(), address].includes(hostname.replace(/^\[|\]$/g, '').toLowerCase());
  });
}
