// Finds a container by its own name or id: that of --container, or one that is called as no service is.
import type { TargetRequest } from '../../core/arguments/argv.ts';
import { isUp } from '../../core/engine/containers.ts';
import type { Container } from '../../core/engine/containers.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Failure, Result } from '../../core/failure/failure.ts';
import { ofAll } from '../../core/engine/labels.ts';
import { chooseTask } from '../../core/compose/project.ts';
import type { Caller } from './caller-environment.ts';
import type { Engine } from '../engine/engine.ts';
import { inspect, list } from './observe-target.ts';
import type { Found, SeenProject } from './observe-target.ts';

export async function findContainer(
  { service: name, serviceEnv }: TargetRequest,
  engine: Engine,
): Promise<Result<Found>> {
  const container = await inspect(name, engine, serviceEnv);
  if (!container.ok && !isSeveral(container.failure)) return container;
  if (container.ok && container.value !== undefined)
    return success({ container: container.value, cause: '--container', neighbours: [] });
  const all = await list(ofAll, engine);
  if (!all.ok) return all;
  if (!container.ok) {
    const candidates = all.value.filter(({ id }) => id.startsWith(name)).map((each) => each.name);
    return fail({ kind: 'container-ambiguous', container: name, candidates: candidates.toSorted() });
  }
  const running = all.value.filter(({ state, name: each }) => isUp(state) && !isOwn(each)).map((each) => each.name);
  return fail({ kind: 'container-unknown', container: name, running: running.toSorted() });
}

/** No such service: a container may have that name. */
export async function findByName(
  run: TargetRequest,
  seen: SeenProject,
  caller: Caller,
  engine: Engine,
): Promise<Result<Found>> {
  const { service } = run;
  const container = run.index === undefined ? await inspect(service, engine, run.serviceEnv) : success(undefined);
  if (!container.ok && !isSeveral(container.failure)) return container;
  if (container.ok && container.value !== undefined && isCalled(container.value, service)) {
    const cause = 'the container with that name or id';
    const notes =
      seen.project === undefined ? [`no project here; using container ${container.value.name}`] : seen.notes;
    return success({ container: container.value, cause, neighbours: seen.containers, notes });
  }
  const all = await list(ofAll, engine);
  if (!all.ok) return all;
  const task = chooseTask(all.value, seen.project?.name, service, run.index);
  const found = task === undefined ? success(undefined) : await inspect(task.id, engine, run.serviceEnv);
  if (!found.ok) return found;
  if (found.value !== undefined) {
    const stack = found.value.compose?.project;
    const neighbours = all.value.filter(({ compose }) => compose?.project === stack);
    return success({ container: found.value, cause: `task ${found.value.name} of stack ${stack}`, neighbours });
  }
  const { explainUnknownService } = await import('./unknown-service.ts');
  return explainUnknownService(run, seen, all.value, caller);
}

/** One of netexec's, for the time of a run. */
const isOwn = (name: string): boolean => /^docker-netexec(?:-\d+){3}$/.test(name);

/** The engine takes the beginning of an id, too, however short: a slip of the fingers is not to enter what it hits. */
const isCalled = ({ name, id }: Container, word: string): boolean =>
  word.replace(/^\//, '') === name || (word.length >= 12 && id.startsWith(word));

/** The engine found more than one id that begins so. */
const isSeveral = (failure: Failure): boolean =>
  failure.kind === 'engine-refused' && /multiple ids found/i.test(failure.message);
