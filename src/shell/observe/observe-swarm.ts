// Asks a swarm's manager for what its nodes run.
import { decodeSwarm } from '../../core/engine/swarm.ts';
import type { Swarm } from '../../core/engine/swarm.ts';
import type { Engine } from '../engine/engine.ts';

/** @returns undefined where the engine is no manager, or does not tell */
export async function observeSwarm(engine: Engine): Promise<Swarm | undefined> {
  // An engine without a swarm is asked one thing only.
  const services = await engine.swarm('services');
  if (!services.ok) return undefined;
  const [tasks, nodes] = await Promise.all([engine.swarm('tasks'), engine.swarm('nodes')]);
  if (!tasks.ok || !nodes.ok) return undefined;
  return decodeSwarm([services.value.json, tasks.value.json, nodes.value.json]);
}
