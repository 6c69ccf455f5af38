// The networks of a project, made or declared, and every name on them: what reports are about.
import type { ProjectRequest } from '../../core/arguments/argv.ts';
import { success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { networkNames } from '../../core/names/names.ts';
import type { NetworkName } from '../../core/names/names.ts';
import { projectNetworks } from '../../core/engine/networks.ts';
import type { ProjectNetwork } from '../../core/engine/networks.ts';
import { runningServices } from '../../core/compose/project.ts';
import type { ProjectName } from '../../core/compose/project.ts';
import type { Caller } from './caller-environment.ts';
import { sent } from '../engine/engine.ts';
import type { Engine } from '../engine/engine.ts';
import { containersOn, listNetworks } from './observe-networks.ts';
import { observeProject } from './observe-target.ts';
import type { SeenProject } from './observe-target.ts';
import { warn } from '../terminal/say.ts';

export interface SeenNetworks extends SeenProject {
  readonly project: ProjectName;
  readonly networks: readonly ProjectNetwork[];
}

/** @param subject what the caller wants of the project, for messages */
export async function observeProjectNetworks(
  request: ProjectRequest,
  subject: string,
  caller: Caller,
  engine: Engine,
): Promise<Result<SeenNetworks>> {
  const asking = Promise.all([
    observeProject(request, caller, engine, subject, { whose: 'all' }),
    listNetworks(engine),
  ]);
  // While the engine thinks: what reads Compose files is loaded.
  await sent();
  const { declaredNetworks } = await import('../compose/declared-project.ts');
  const [seen, networks] = await asking;
  if (!seen.ok) return seen;
  for (const note of seen.value.notes) warn(note);
  const { project, containers } = seen.value;
  const location = await seen.value.locate();
  const idle = async () => (await import('./unknown-service.ts')).explainIdleProject(seen.value, caller);
  if (project === undefined) return idle();
  if (!networks.ok) return networks;
  const declared = location.files.length > 0 ? await declaredNetworks(location, project.name) : [];
  const own = projectNetworks(project.name, networks.value, containers, declared);
  // Some share this machine's network.
  if (own.length === 0 && runningServices(containers, project.name).length === 0) return idle();
  return success({ ...seen.value, project, networks: own });
}

/** Warns of containers that could not be asked for all of their names. */
export async function namesOnAll(
  { project, networks, containers: listed }: SeenNetworks,
  engine: Engine,
): Promise<Result<readonly NetworkName[]>> {
  const made = networks.flatMap(({ network }) => network ?? []);
  const containers = await containersOn(made, engine, listed);
  if (!containers.ok) return containers;
  for (const warning of containers.value.warnings) warn(warning);
  const all = networks.map(({ name }) => name);
  return success(networkNames(project.name, containers.value.containers, all));
}
