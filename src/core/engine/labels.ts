// The labels by which Compose says what its containers and networks are (docker/compose, pkg/api/labels.go). Nothing else reads them.

/** As the engine tells them; it leaves them out where there are none. */
export type Labels = Readonly<Record<string, string>> | null | undefined;

/** Which part of a project a container is. */
export interface ComposeLabels {
  readonly project: string;
  readonly service: string;
  /** Undefined for one-offs of newer versions. */
  readonly number: number | undefined;
  readonly oneOff: boolean;
  readonly workingDirectory: string | undefined;
  /** The Compose files that it was made from, as Compose names them; undefined where that is not told. */
  readonly files?: readonly string[] | undefined;
}

const compose = 'com.docker.compose';

/** @returns undefined for a container that is no service's */
export function readComposeLabels(labels: Labels): ComposeLabels | undefined {
  const own = (key: string): string | undefined => labels?.[`${compose}.${key}`];
  const [project, service, number] = [own('project'), own('service'), own('container-number')];
  // Containers of lifecycle hooks carry the service's name, but are not the service.
  if (project === undefined || service === undefined || own('hook') !== undefined) return undefined;
  return {
    project,
    service,
    number: number !== undefined && /^\d+$/.test(number) ? Number(number) : undefined,
    oneOff: own('oneoff')?.toLowerCase() === 'true',
    workingDirectory: own('project.working_dir'),
    files: own('project.config_files')?.split(','),
  };
}

/** Those by which Compose takes a container for its own, and for one that is as its files say. */
export const composeLabelsOf = (container: {
  readonly project: string;
  readonly service: string;
  readonly hash: string;
  readonly image: string;
  readonly folder: string;
  readonly files: readonly string[];
}): Readonly<Record<string, string>> => ({
  [`${compose}.project`]: container.project,
  [`${compose}.service`]: container.service,
  [`${compose}.container-number`]: '1',
  [`${compose}.oneoff`]: 'False',
  [`${compose}.config-hash`]: container.hash,
  [`${compose}.image`]: container.image,
  [`${compose}.project.working_dir`]: container.folder,
  [`${compose}.project.config_files`]: container.files.join(','),
});

export const volumeLabelsOf = (project: string, key: string): Readonly<Record<string, string>> => ({
  [`${compose}.project`]: project,
  [`${compose}.volume`]: key,
});

/** The services that Compose starts before a container: version 2 writes SERVICE:CONDITION:RESTART, a comma between; 1 wrote none. */
export const readDependencies = (labels: Labels): readonly string[] =>
  (labels?.[`${compose}.depends_on`] ?? '').split(',').flatMap((entry) => entry.split(':', 1)[0] || []);

/** The project that made a network, and its key in the Compose file. */
export interface NetworkLabels {
  readonly project: string;
  readonly key: string;
}

export function readNetworkLabels(labels: Labels): NetworkLabels | undefined {
  const [project, key] = [labels?.[`${compose}.project`], labels?.[`${compose}.network`]];
  return project === undefined || key === undefined ? undefined : { project, key };
}

/** What the engine's list of containers can be limited to: those that carry every one of these labels, `key` or `key=value`. */
export type LabelFilter = readonly string[];

export const ofAll: LabelFilter = [];
export const ofAnyProject: LabelFilter = [`${compose}.project`];
export const ofProject = (name: string): LabelFilter => [`${compose}.project=${name}`];
