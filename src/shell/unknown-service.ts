// Neither a service nor a container has that name: the failure says what there is instead.
import { fail } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { knownServices, projectsWith, runningProjects } from '../core/project.ts';
import { declaredProject } from './declared-project.ts';
import type { Engine } from './engine.ts';
import { workingDirectory } from './host.ts';
import { list } from './observe.ts';
import type { SeenProject } from './observe.ts';

export async function whatIsInstead(
  service: string,
  { location, project, containers }: SeenProject,
  engine: Engine,
): Promise<Result<never>> {
  const all = await list(['com.docker.compose.project'], engine);
  if (!all.ok) return all;
  const running = runningProjects(all.value);
  const elsewhere = projectsWith(all.value, service);
  if (project === undefined) {
    const folder = location.folder ?? workingDirectory(process.env) ?? 'this folder';
    return fail({ kind: 'no-project', name: service, folder, running, elsewhere });
  }
  const declared = await declaredProject(location);
  // Files that cannot be read explain nothing; a project named outright may have no files here at all.
  const ours = declared.ok && declared.value.name === project.name ? declared.value.services : [];
  if (ours.includes(service))
    return fail({ kind: 'service-not-running', project: project.name, service, containers: [] });
  const known = knownServices(containers, project.name);
  if (known.length === 0) {
    const { name, source } = project;
    return fail({ kind: 'project-empty', project: name, source, service, declared: ours, running });
  }
  const services = [...new Set([...known, ...ours])].toSorted();
  return fail({ kind: 'service-unknown', project: project.name, service, services, elsewhere });
}
