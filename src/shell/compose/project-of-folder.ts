// The project that is not named outright: by Compose's settings and files, and by the labels of containers made from its folder.
import type { ProjectRequest } from '../../core/arguments/argv.ts';
import type { Environment } from '../../core/engine/engine-address.ts';
import type { ListedContainer } from '../../core/engine/containers.ts';
import { success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import { chooseProject } from '../../core/compose/project.ts';
import type { ChosenProject, ComposeName } from '../../core/compose/project.ts';
import type { Caller } from '../observe/caller-environment.ts';
import { locateCompose, nowhere, realPath } from './compose-files.ts';
import type { Located } from './compose-files.ts';
import type { ReadText } from './env-files.ts';
import { composeName } from './project-name.ts';
import { readFileText, readLastingText } from '../files/file-text.ts';
import type { SeenProject } from '../observe/observe-target.ts';

/** @param listing the engine's answer, which is under way: every container that Compose made */
export async function observeFolder(
  request: ProjectRequest,
  caller: Caller,
  listing: Promise<Result<readonly ListedContainer[]>>,
  subject: string,
  sparePipes: boolean,
): Promise<Result<SeenProject>> {
  const read = sparePipes ? readLastingText : readFileText;
  const location = await locate(request, caller, read);
  const named = location.ok ? await composeName(location.value, caller.env) : location;
  const containers = await listing;
  if (!location.ok) return location;
  if (!named.ok) return named;
  if (!containers.ok) return containers;
  const project = await choose(location.value, named.value, containers.value, subject, caller.env);
  if (!project.ok) return project;
  const notes = project.value?.note === undefined ? [] : [project.value.note];
  const found = async (): Promise<Located> => location.value;
  return success({ project: project.value, containers: containers.value, notes, locate: found });
}

/** Where the files are, for what they say besides: nothing is waited for, and nothing that is missing matters. */
export function locateQuietly(request: ProjectRequest, { env, folder }: Caller): Located {
  const located = locateCompose(request, env, folder, readLastingText);
  return located.ok ? located.value : { ...nowhere, read: readLastingText };
}

async function locate(request: ProjectRequest, { env, folder }: Caller, read: ReadText): Promise<Result<Located>> {
  const located = locateCompose(request, env, folder, read);
  if (!located.ok || located.value.other === undefined) return located;
  const { settleLocation } = await import('./settle-location.ts');
  return settleLocation(located.value, env);
}

async function choose(
  location: Located,
  named: ComposeName | undefined,
  containers: readonly ListedContainer[],
  subject: string,
  env: Environment,
): Promise<Result<ChosenProject | undefined>> {
  const { folder } = location;
  // A setting names a project where no file is, too.
  if (folder === undefined) return success(named);
  const labelled = containers.flatMap(({ compose }) => compose?.workingDirectory ?? []);
  const realPaths = new Map([folder, ...labelled].map((path) => [path, realPath(path)]));
  const chosen = chooseProject(containers, named, folder, realPaths, subject);
  if (!chosen.ok || chosen.value !== undefined) return chosen;
  const { declaredProject } = await import('./declared-project.ts');
  const declared = await declaredProject(location, env);
  if (!declared.ok) return declared;
  return success(
    declared.value.name === undefined
      ? undefined
      : { name: declared.value.name, source: `the Compose file in ${folder}` },
  );
}
