// A call without SERVICE: an error, which says what there is to name.
import type { Call } from '../call.ts';
import type { DockerOptions, MissingService } from '../core/arguments/argv.ts';
import { fail } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { runningProjects, runningServices } from '../core/compose/project.ts';
import { observeProject } from '../shell/observe/observe-target.ts';
import { warn } from '../shell/terminal/say.ts';

/** An engine that cannot be asked is not this call's fault: then the error is all that is said. */
export async function noService(missing: MissingService, docker: DockerOptions, call: Call): Promise<Result<never>> {
  const kind = 'missing-service';
  const { usage } = missing;
  const engine = await call.engine(docker, warn);
  const seen =
    missing.container || !engine.ok ? undefined : await observeProject(missing, call, engine.value, 'SERVICE');
  if (seen === undefined || !seen.ok) return fail({ kind, usage, project: undefined, running: [] });
  const { project, containers } = seen.value;
  const running = project === undefined ? runningProjects(containers) : runningServices(containers, project.name);
  return fail({ kind, usage, project: project?.name, running });
}
