// Which Compose project is meant, and which of its containers: by labels, as `docker compose` itself chooses.
import type { ListedContainer } from '../engine/containers.ts';
import { isUp } from '../engine/containers.ts';
import type { Environment } from '../engine/engine-address.ts';
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import type { ComposeLabels } from '../engine/labels.ts';

/** Where Compose would look, given the command line, the environment and the working directory. */
export interface ComposeLocation {
  /** The project directory, absolute; undefined when there is no Compose file here or above. */
  readonly folder: string | undefined;
  /** The Compose files, absolute, in the order in which they are merged. */
  readonly files: readonly string[];
  /** What the project's .env file sets, and the environment does not. */
  readonly dotEnv: Environment;
  /** What that file is called, for messages. */
  readonly dotEnvSource?: string;
  /** Some of the files are fetched from elsewhere, or come by standard input, which is COMMAND's. */
  readonly remote?: boolean;
  /** The options with which Compose would find the same; undefined where it cannot: what was a pipe is read. */
  readonly words: readonly string[] | undefined;
}

export interface ProjectName {
  readonly name: string;
  readonly source: string;
}

/** What Compose would call the project, containers or not: by a setting, by the files' own word, else by the folder. */
export interface ComposeName extends ProjectName {
  readonly by: 'setting' | 'file' | 'folder';
}

/** A container that Compose made. */
export type ComposeContainer = ListedContainer & { readonly compose: ComposeLabels };

/** The project's name where it was given outright: --project-name, COMPOSE_PROJECT_NAME, the same in .env. */
export function givenProjectName(
  flag: string | undefined,
  env: Environment,
  dotEnv: Environment,
  dotEnvSource = '.env',
): Result<ProjectName | undefined> {
  const key = 'COMPOSE_PROJECT_NAME';
  const given: readonly (readonly [string | undefined, string])[] = [
    [flag, '--project-name'],
    [env[key], key],
    [dotEnv[key], `${key} in ${dotEnvSource}`],
  ];
  const found = given.find(([value]) => value !== undefined && value !== '');
  if (found === undefined) return success(undefined);
  const [name = '', source] = found;
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name)) return fail({ kind: 'project-name-invalid', name, source });
  return success({ name, source });
}

export interface ChosenProject extends ProjectName {
  /** Said where this is not the project that Compose would take. */
  readonly note?: string;
}

/**
 * The project of a folder: the one that Compose finds by its settings and files. Where nothing names it, or what is
 * named has no containers, the one whose containers were made from the folder; undefined when there is none.
 */
export function chooseProject(
  containers: readonly ListedContainer[],
  named: ComposeName | undefined,
  folder: string,
  realPaths: ReadonlyMap<string, string>,
  service: string,
): Result<ChosenProject | undefined> {
  if (named?.by === 'setting') return success({ name: named.name, source: named.source });
  const here = madeFrom(containers, folder, realPaths).map(({ compose }) => compose.project);
  const exists = composeContainers(containers).some(({ compose }) => compose.project === named?.name);
  if (named !== undefined && exists) {
    if (here.includes(named.name)) return success({ name: named.name, source: byContainers(folder) });
    if (named.by === 'file' || here.length === 0) return success({ name: named.name, source: named.source });
  }
  const made = projectOfFolder(containers, folder, realPaths, service);
  if (!made.ok || made.value === undefined || named === undefined || (named.by === 'folder' && !exists)) return made;
  const instead = `using "${made.value.name}", created from ${folder}`;
  const note = exists
    ? `docker compose would take project "${named.name}" here; ${instead}`
    : `project "${named.name}" (${named.source}) has no containers; ${instead}`;
  return success({ ...made.value, note });
}

/**
 * The project whose containers say that they were made from this folder; undefined when none says so.
 * Running containers count first: a stopped project from the same folder is no rival to them.
 * @param realPaths the label's folders → the same with every link resolved
 */
export function projectOfFolder(
  containers: readonly ListedContainer[],
  folder: string,
  realPaths: ReadonlyMap<string, string>,
  service: string,
): Result<ProjectName | undefined> {
  const here = madeFrom(containers, folder, realPaths);
  const running = here.filter(({ state }) => isUp(state));
  const projects = unique((running.length > 0 ? running : here).map(({ compose }) => compose.project));
  if (projects.length > 1) return fail({ kind: 'project-ambiguous', folder, projects, service });
  return success(projects[0] === undefined ? undefined : { name: projects[0], source: byContainers(folder) });
}

const byContainers = (folder: string): string => `the containers created from ${folder}`;

function madeFrom(
  containers: readonly ListedContainer[],
  folder: string,
  realPaths: ReadonlyMap<string, string>,
): readonly ComposeContainer[] {
  const wanted = realPaths.get(folder) ?? folder;
  return composeContainers(containers).filter(({ compose: { workingDirectory: label } }) => {
    return label !== undefined && (label === folder || (realPaths.get(label) ?? label) === wanted);
  });
}

/** The name that Compose gives to a project that has none: the folder's, in Compose's alphabet (compose-go, loader.go). */
export const normalizeProjectName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');

/**
 * The container of a service that `docker compose exec` would take: the lowest number, one-offs last.
 * Undefined when the project has no such service.
 */
export function chooseReplica(
  containers: readonly ListedContainer[],
  project: string,
  service: string,
  index: number | undefined,
): Result<ListedContainer | undefined> {
  const replicas = composeContainers(containers).filter(
    ({ compose }) => compose.project === project && compose.service === service,
  );
  if (replicas.length === 0) return success(undefined);
  const running = replicas.filter(({ state }) => isUp(state)).toSorted(byReplica);
  if (running.length === 0) return fail({ kind: 'service-not-running', project, service, containers: replicas });
  const chosen =
    index === undefined ? running[0] : running.find(({ compose }) => !compose.oneOff && compose.number === index);
  if (chosen !== undefined) return success(chosen);
  const numbers = running.flatMap(({ compose }) =>
    compose.oneOff || compose.number === undefined ? [] : [compose.number],
  );
  return fail({ kind: 'replica-unknown', project, service, index: index ?? 0, running: numbers });
}

/**
 * A running task of a stack by what docker's own reports call it: STACK_SERVICE, SERVICE.1 or STACK_SERVICE.1, or an id of
 * a task's as `docker service ps` has it. Undefined where none is called so.
 * @param project whose SERVICE.1 is meant; STACK_SERVICE says it itself
 */
export function chooseTask(
  containers: readonly ListedContainer[],
  project: string | undefined,
  word: string,
  index?: number,
): ListedContainer | undefined {
  const isMeant = ({ compose: { project: stack, service, number, task }, state }: ComposeContainer): boolean => {
    if (task === undefined || !isUp(state) || (index !== undefined && index !== number)) return false;
    if ([task.service, task.name].includes(word) || (word.length >= 12 && task.id.startsWith(word))) return true;
    return stack === project && word === `${service}${task.name.slice(task.service.length)}`;
  };
  return composeContainers(containers).filter(isMeant).toSorted(byReplica)[0];
}

/** The numbers of a service's running containers, without one-offs. */
export const runningReplicas = (
  containers: readonly ListedContainer[],
  project: string,
  service: string,
): readonly number[] =>
  composeContainers(containers)
    .filter(({ compose, state }) => compose.project === project && compose.service === service && isUp(state))
    .flatMap(({ compose }) => (compose.oneOff || compose.number === undefined ? [] : [compose.number]))
    .toSorted((one, other) => one - other);

function byReplica({ compose: one }: ComposeContainer, { compose: other }: ComposeContainer): number {
  if (one.oneOff !== other.oneOff) return one.oneOff ? 1 : -1;
  return (one.number ?? Infinity) - (other.number ?? Infinity) || 0;
}

/** The projects with a running container, sorted. */
export const runningProjects = (containers: readonly ListedContainer[]): readonly string[] =>
  unique(composeContainers(containers).flatMap(({ state, compose }) => (isUp(state) ? [compose.project] : [])));

/** The projects in which a service of this name runs, sorted. */
export const projectsWith = (containers: readonly ListedContainer[], service: string): readonly string[] =>
  runningProjects(containers.filter(({ compose }) => compose?.service === service));

/** The services of a project with a running container, sorted. */
export const runningServices = (containers: readonly ListedContainer[], project: string): readonly string[] =>
  knownServices(
    containers.filter(({ state }) => isUp(state)),
    project,
  );

/** The services of a project that have a container, whatever its state, sorted. */
export const knownServices = (containers: readonly ListedContainer[], project: string): readonly string[] =>
  unique(
    composeContainers(containers).flatMap(({ compose }) => (compose.project === project ? [compose.service] : [])),
  );

const composeContainers = (containers: readonly ListedContainer[]): readonly ComposeContainer[] =>
  containers.filter((container): container is ComposeContainer => container.compose !== undefined);

const unique = (words: readonly string[]): readonly string[] => [...new Set(words)].toSorted();
