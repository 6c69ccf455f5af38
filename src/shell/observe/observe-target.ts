// Finds the container that is meant: asks the engine as little as it can, and on the way to a failure as much as that needs.
import type { ProjectRequest, RunRequest, TargetRequest } from '../../core/arguments/argv.ts';
import type { Typed } from '../../core/compose/compose-line.ts';
import { decodeContainer, decodeList, isUp } from '../../core/engine/containers.ts';
import type { Container, ListedContainer } from '../../core/engine/containers.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Failure, Result } from '../../core/failure/failure.ts';
import { ofAll, ofAnyProject, ofProject, ofStack } from '../../core/engine/labels.ts';
import type { LabelFilter } from '../../core/engine/labels.ts';
import type { Target } from '../../core/entry/plan.ts';
import { chooseReplica, givenProjectName } from '../../core/compose/project.ts';
import type { ProjectName } from '../../core/compose/project.ts';
import { asksTunnel } from '../../core/ways/ways.ts';
import type { Caller } from './caller-environment.ts';
import type { Located } from '../compose/compose-files.ts';
import { sent } from '../engine/engine.ts';
import type { Engine } from '../engine/engine.ts';
import { proveProcess } from './prove-process.ts';

/** @returns the running container, proven to be a process of this machine */
export async function observeTarget(
  run: TargetRequest,
  caller: Caller,
  engine: Engine,
  manner?: Manner,
): Promise<Result<Target>> {
  const target = await explained(run, caller, engine, manner);
  return target.ok ? proven(target.value, engine) : target;
}

/** @returns the running container, of whichever kernel; where there is none, how it has ended */
async function explained(run: TargetRequest, caller: Caller, engine: Engine, manner?: Manner): Promise<Result<Target>> {
  const target = await findTarget(run, caller, engine, manner);
  if (target.ok) return target;
  const { howItEnded } = await import('../engine/how-it-ended.ts');
  return fail(await howItEnded(target.failure, run, engine));
}

/** @returns the running container, of whichever kernel that is */
export async function observeAnywhere(
  run: Pick<RunRequest, 'elevate'> & TargetRequest,
  caller: Caller,
  engine: Engine,
  manner?: Manner,
): Promise<Result<Target>> {
  const target = await explained(run, caller, engine, manner);
  return target.ok ? reachable(target.value, run, engine) : target;
}

/** @returns the container, where its network can be entered, or reached by the engine */
export async function reachable(
  target: Target,
  { elevate = 'auto' }: Pick<RunRequest, 'elevate'>,
  engine: Engine,
): Promise<Result<Target>> {
  if (asksTunnel(elevate)) return success(target);
  const here = await proven(target, engine);
  if (here.ok || !isElsewhere(here.failure)) return here;
  // Another way was asked for.
  if (elevate !== 'auto') return fail({ ...here.failure, elevate });
  return success({ ...target, remoteEngine: true });
}

/** Whether the network cannot be entered, and can be reached by the engine. */
export const isElsewhere = (failure: Failure): failure is Failure & { kind: 'container-not-here' } =>
  failure.kind === 'container-not-here';

/** Whether its process is one of this machine. */
export async function proven(target: Target, engine: Engine): Promise<Result<Target>> {
  const { container } = target;
  const proof = proveProcess(container);
  // Where the proof may not be read, the privileged stage reads it.
  if (proof === 'container' || proof === 'unreadable') return success(target);
  const { containerNotHere } = await import('./container-not-here.ts');
  return containerNotHere(container, proof, engine);
}

/** @returns the running container, wherever the engine is */
export async function findTarget(
  run: TargetRequest,
  caller: Caller,
  engine: Engine,
  manner?: Manner,
): Promise<Result<Target>> {
  const found = run.container
    ? await (await import('./find-container.ts')).findContainer(run, engine)
    : await findService(run, caller, engine, manner);
  if (!found.ok) return fail(await (await import('./in-swarm.ts')).inSwarm(found.failure, run, caller, engine));
  const { container } = found.value;
  if (!isUp(container.state) || container.pid === 0) {
    return fail({
      kind: 'container-not-running',
      container: container.name,
      state: container.state,
      exitCode: container.exitCode,
    });
  }
  const network = await observeNetwork(container, engine, run);
  return network.ok ? success({ ...found.value, ...network.value }) : network;
}

/** Whose network it is: one that shares another's has none of its own. */
export async function observeNetwork(
  container: Container,
  engine: Engine,
  typed: Typed,
): Promise<Result<Pick<Target, 'owner' | 'lost'>>> {
  if (!container.networkMode.startsWith('container:')) return success({ owner: container, lost: undefined });
  const { observeShared } = await import('./shared-network.ts');
  return observeShared(container, typed, (id) => inspect(id, engine));
}

export type Found = Omit<Target, 'owner' | 'lost'>;

async function findService(
  run: TargetRequest,
  caller: Caller,
  engine: Engine,
  manner?: Manner,
): Promise<Result<Found>> {
  const seen = await observeProject(run, caller, engine, run.service, manner);
  if (!seen.ok) return seen;
  const { project, containers, notes } = seen.value;
  if (project !== undefined) {
    const replica = chooseReplica(containers, project.name, run.service, run.index);
    if (!replica.ok) return replica;
    if (replica.value !== undefined) {
      const container = await inspect(replica.value.id, engine, run.serviceEnv);
      if (!container.ok) return container;
      const cause = `service ${run.service} of project ${project.name}, by ${project.source}`;
      if (container.value !== undefined) {
        return success({ container: container.value, cause, neighbours: containers, notes });
      }
    }
  }
  const { findByName } = await import('./find-container.ts');
  return findByName(run, seen.value, caller, engine);
}

export interface SeenProject {
  /** Undefined when there is none here. */
  readonly project: ProjectName | undefined;
  /** The project's containers, and, where no name was given or all were asked for, those of others too. */
  readonly containers: readonly ListedContainer[];
  /** To be said: the project is not the one that Compose would take. */
  readonly notes: readonly string[];
  /** Where its files are. With a name given outright it does not matter whether there are any. */
  readonly locate: () => Promise<Located>;
}

export interface Manner {
  /** Whose containers to ask the engine for. */
  readonly whose?: 'the project' | 'all';
  /** Whether the containers' images and ports are wanted, too. */
  readonly withImages?: boolean;
  /** Whether pipes that are settings or Compose files are left unread. */
  readonly sparePipes?: boolean;
}

/** @param subject what the caller wants of the project, for messages */
export async function observeProject(
  request: ProjectRequest,
  caller: Caller,
  engine: Engine,
  subject: string,
  manner: Manner = {},
): Promise<Result<SeenProject>> {
  const seen = await lookForProject(request, caller, engine, subject, manner);
  if (!seen.ok) return seen;
  const { containers, project } = seen.value;
  // A TAB says nothing.
  if (project === undefined || manner.sparePipes || !containers.some(({ replaced }) => replaced)) return seen;
  const { warnOfForgotten } = await import('../own-container/forgotten.ts');
  await warnOfForgotten(containers, project.name, engine);
  return seen;
}

async function lookForProject(
  request: ProjectRequest,
  caller: Caller,
  engine: Engine,
  subject: string,
  { whose = 'the project', withImages = false, sparePipes = false }: Manner,
): Promise<Result<SeenProject>> {
  const project = givenProjectName(request.projectName, caller.env, {});
  if (!project.ok) return project;
  const ofProjects = project.value === undefined ? ofAnyProject : ofProject(project.value.name);
  const listing = list(whose === 'all' ? ofAll : ofProjects, engine, withImages);
  if (project.value === undefined) {
    // While the engine thinks: the folder, its settings and its files are looked at.
    await sent();
    const { observeFolder } = await import('../compose/project-of-folder.ts');
    return observeFolder(request, caller, listing, subject, sparePipes);
  }
  const made = await listing;
  // Only where Compose has made none: it may be a stack's name.
  const isStack = made.ok && made.value.length === 0 && whose === 'the project';
  const containers = isStack ? await list(ofStack(project.value.name), engine, withImages) : made;
  if (!containers.ok) return containers;
  const locate = async (): Promise<Located> =>
    (await import('../compose/project-of-folder.ts')).locateQuietly(request, caller);
  return success({ project: project.value, containers: containers.value, notes: [], locate });
}

export async function list(
  labels: LabelFilter,
  engine: Engine,
  withImages = false,
): Promise<Result<readonly ListedContainer[]>> {
  const answer = await engine.list(labels);
  return answer.ok ? decodeList(answer.value.request, answer.value.json, withImages) : answer;
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
