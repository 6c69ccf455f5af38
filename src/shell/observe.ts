// Finds the container that is meant: asks the engine as little as it can, and on the way to a failure as much as that needs.
import type { ProjectRequest, TargetRequest } from '../core/arguments/argv.ts';
import type { Environment } from '../core/endpoint.ts';
import { decodeContainer, decodeList, isUp } from '../core/engine-state.ts';
import type { Container, ListedContainer } from '../core/engine-state.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import type { Target } from '../core/plan.ts';
import { chooseReplica, givenProjectName, projectOfFolder } from '../core/project.ts';
import type { ComposeLocation, ProjectName } from '../core/project.ts';
import { locateCompose, realPath } from './compose-files.ts';
import type { Engine } from './engine.ts';
import { workingDirectory } from './host.ts';
import { proveProcess } from './proof.ts';

/** @returns the running container, proven to be a process of this machine */
export async function observeTarget(run: TargetRequest, env: Environment, engine: Engine): Promise<Result<Target>> {
  const target = await findTarget(run, env, engine);
  if (!target.ok) {
    const { howItEnded } = await import('./how-it-ended.ts');
    return fail(await howItEnded(target.failure, run, engine));
  }
  const { container } = target.value;
  const proof = proveProcess(container);
  // Where the proof may not be read, the privileged stage reads it.
  if (proof === 'container' || proof === 'unreadable') return target;
  const { containerElsewhere } = await import('./elsewhere.ts');
  return containerElsewhere(container, proof, engine);
}

/** @returns the running container, wherever the engine is */
export async function findTarget(run: TargetRequest, env: Environment, engine: Engine): Promise<Result<Target>> {
  const found = run.container ? await findContainer(run, engine) : await findService(run, env, engine);
  if (!found.ok) return found;
  const { container } = found.value;
  if (!isUp(container.state) || container.pid === 0) {
    return fail({
      kind: 'container-not-running',
      container: container.name,
      state: container.state,
      exitCode: container.exitCode,
    });
  }
  const network = await observeNetwork(container, engine);
  return network.ok ? success({ ...found.value, ...network.value }) : network;
}

/** Whose network it is: one that shares another's has none of its own. */
export async function observeNetwork(
  container: Container,
  engine: Engine,
): Promise<Result<Pick<Target, 'owner' | 'lost'>>> {
  if (!container.networkMode.startsWith('container:')) return success({ owner: container, lost: undefined });
  const { observeShared } = await import('./shared-network.ts');
  return observeShared(container, (id) => inspect(id, engine));
}

type Found = Omit<Target, 'owner' | 'lost'>;

async function findContainer({ service: name, serviceEnv }: TargetRequest, engine: Engine): Promise<Result<Found>> {
  const container = await inspect(name, engine, serviceEnv);
  if (!container.ok) return container;
  if (container.value !== undefined)
    return success({ container: container.value, cause: '--container', neighbours: [] });
  const all = await list([], engine);
  if (!all.ok) return all;
  const running = all.value.filter(({ state }) => isUp(state)).map((each) => each.name);
  return fail({ kind: 'container-unknown', container: name, running: running.toSorted() });
}

async function findService(run: TargetRequest, env: Environment, engine: Engine): Promise<Result<Found>> {
  const seen = await observeProject(run, env, engine, run.service);
  if (!seen.ok) return seen;
  const { project, containers } = seen.value;
  if (project !== undefined) {
    const replica = chooseReplica(containers, project.name, run.service, run.index);
    if (!replica.ok) return replica;
    if (replica.value !== undefined) {
      const container = await inspect(replica.value.id, engine, run.serviceEnv);
      if (!container.ok) return container;
      const cause = `service ${run.service} of project ${project.name}, by ${project.source}`;
      if (container.value !== undefined) {
        return success({ container: container.value, cause, neighbours: containers });
      }
    }
  }
  return findByName(run, seen.value, engine);
}

export interface SeenProject {
  readonly location: ComposeLocation;
  /** Undefined when there is none here. */
  readonly project: ProjectName | undefined;
  /** The project's containers, and, where no name was given or all were asked for, those of others too. */
  readonly containers: readonly ListedContainer[];
}

/**
 * @param subject what the caller wants of the project, for messages
 * @param whose containers to ask the engine for
 */
export async function observeProject(
  request: ProjectRequest,
  env: Environment,
  engine: Engine,
  subject: string,
  whose: 'the project' | 'all' = 'the project',
): Promise<Result<SeenProject>> {
  const location = locateCompose(request, env, workingDirectory(env));
  if (!location.ok) return location;
  const given = givenProjectName(request.projectName, env, location.value.dotEnv);
  if (!given.ok) return given;
  const label = 'com.docker.compose.project';
  const labels = given.value === undefined ? label : `${label}=${given.value.name}`;
  const containers = await list(whose === 'all' ? [] : [labels], engine);
  if (!containers.ok) return containers;
  const project = given.value === undefined ? await nameProject(subject, location.value, containers.value) : given;
  if (!project.ok) return project;
  return success({ location: location.value, project: project.value, containers: containers.value });
}

/** The project that no name was given for: by the labels of containers made from its folder, else by its files. */
async function nameProject(
  service: string,
  location: ComposeLocation,
  containers: readonly ListedContainer[],
): Promise<Result<ProjectName | undefined>> {
  const { folder } = location;
  if (folder === undefined) return success(undefined);
  const labelled = containers.flatMap(({ compose }) => compose?.workingDirectory ?? []);
  const realPaths = new Map([folder, ...labelled].map((path) => [path, realPath(path)]));
  const made = projectOfFolder(containers, folder, realPaths, service);
  if (!made.ok || made.value !== undefined) return made;
  const { declaredProject } = await import('./declared-project.ts');
  const declared = await declaredProject(location);
  if (!declared.ok) return declared;
  return success(
    declared.value.name === undefined
      ? undefined
      : { name: declared.value.name, source: `the Compose file in ${folder}` },
  );
}

/** No such service: a container may have that name. */
async function findByName(run: TargetRequest, seen: SeenProject, engine: Engine): Promise<Result<Found>> {
  const { service } = run;
  const container = run.index === undefined ? await inspect(service, engine, run.serviceEnv) : success(undefined);
  if (!container.ok) return container;
  if (container.value !== undefined) {
    const cause = 'the container of that name or id';
    return success({ container: container.value, cause, neighbours: seen.containers });
  }
  const { whatIsInstead } = await import('./unknown-service.ts');
  return whatIsInstead(service, seen, engine);
}

export async function list(labels: readonly string[], engine: Engine): Promise<Result<readonly ListedContainer[]>> {
  const answer = await engine.list(labels);
  return answer.ok ? decodeList(answer.value.request, answer.value.json) : answer;
}

export async function inspect(
  name: string,
  engine: Engine,
  withEnvironment = false,
): Promise<Result<Container | undefined>> {
  const answer = await engine.inspect(name);
  if (!answer.ok) return answer;
  if (answer.value === undefined) return success(undefined);
  return decodeContainer(answer.value.request, answer.value.json, withEnvironment);
}
