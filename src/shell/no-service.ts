// A call without SERVICE: an error, which says what there is to name.
import type { MissingService } from '../core/arguments/argv.ts';
import { fail } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { runningProjects, runningServices } from '../core/project.ts';
import type { Caller } from './caller-environment.ts';
import type { Engine } from './engine.ts';
import { observeProject } from './observe.ts';

/** An engine that cannot be asked is not this call's fault: then the error is all that is said. */
export async function whatThereIs(
  missing: MissingService,
  caller: Caller,
  engine: Result<Engine>,
): Promise<Result<never>> {
  const kind = 'missing-service';
  const { usage } = missing;
  const seen =
    missing.container || !engine.ok ? undefined : await observeProject(missing, caller, engine.value, 'SERVICE');
  if (seen === undefined || !seen.ok) return fail({ kind, usage, project: undefined, running: [] });
  const { project, containers } = seen.value;
  const running = project === undefined ? runningProjects(containers) : runningServices(containers, project.name);
  return fail({ kind, usage, project: project?.name, running });
}
