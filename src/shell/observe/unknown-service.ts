// Neither a service nor a container has that name: the failure says what there is instead.
import type { TargetRequest } from '../../core/arguments/argv.ts';
import type { ListedContainer } from '../../core/engine/containers.ts';
import { fail } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { knownServices, projectsWith, runningProjects, runningServices } from '../../core/compose/project.ts';
import type { Caller } from './caller-environment.ts';
import { declaredProject } from '../compose/declared-project.ts';
import { hasFiles } from '../compose/compose-files.ts';
import type { Located } from '../compose/compose-files.ts';
import type { SeenProject } from './observe-target.ts';

export async function explainUnknownService(
  { service }: TargetRequest,
  { locate, project, containers, notes }: SeenProject,
  all: readonly ListedContainer[],
  caller: Caller,
): Promise<Result<never>> {
  const location = await locate();
  const running = runningProjects(all);
  const alsoIn = projectsWith(all, service);
  if (project === undefined)
    return fail({ kind: 'no-project', name: service, folder: folderOf(location, caller), running, alsoIn });
  const declared = await declaredProject(location, caller.env);
  // Files that cannot be read explain nothing; a project named outright may have no files here at all.
  const ours = declared.ok && (declared.value.name === project.name || notes.length > 0) ? declared.value : undefined;
  const named = ours?.name ?? project.name;
  if (ours?.services.includes(service) === true)
    return fail({ kind: 'service-not-running', project: named, service, containers: [] });
  const profiles = ours?.behindProfile.get(service);
  if (profiles !== undefined) return fail({ kind: 'service-behind-profile', project: named, service, profiles });
  const known = knownServices(containers, project.name);
  if (known.length === 0) {
    const { name, source } = project;
    return fail({ kind: 'project-empty', project: name, source, service, hasFiles: hasFiles(location), running });
  }
  const services = [...new Set([...known, ...(ours?.services ?? [])])].toSorted();
  return fail({
    kind: 'service-unknown',
    project: project.name,
    service,
    services,
    running: runningServices(containers, project.name),
    alsoIn,
  });
}

/** There is no project here, or nothing of it runs. */
export async function explainIdleProject(
  { locate, project, containers }: SeenProject,
  caller: Caller,
): Promise<Result<never>> {
  const location = await locate();
  const running = runningProjects(containers);
  if (project === undefined)
    return fail({ kind: 'no-project', name: undefined, folder: folderOf(location, caller), running, alsoIn: [] });
  const { name, source } = project;
  const stopped = knownServices(containers, name).length > 0;
  return fail({
    kind: 'project-empty',
    project: name,
    stopped,
    source,
    service: undefined,
    hasFiles: hasFiles(location),
    running,
  });
}

const folderOf = ({ folder }: Located, caller: Caller): string => folder ?? caller.folder ?? 'this folder';
