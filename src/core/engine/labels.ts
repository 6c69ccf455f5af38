// The labels by which Compose says what its containers and networks are (docker/compose, pkg/api/labels.go), and Swarm what its
// tasks are (moby, daemon/cluster/executor/container/container.go; docker/cli, cli/compose/convert). Nothing else reads them.

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
  /** Of a stack's service alone: Swarm has made it, not Compose. */
  readonly task?: Task;
}

/** A container as Swarm counts it. */
export interface Task {
  readonly id: string;
  /** `STACK_SERVICE`. */
  readonly service: string;
  /** `STACK_SERVICE.1`; of a global service the node's id stands in the number's place. */
  readonly name: string;
}

const compose = 'com.docker.compose';
const swarm = 'com.docker.swarm';
const stack = 'com.docker.stack.namespace';

/** @returns undefined for a container that is no service's */
export function readComposeLabels(labels: Labels): ComposeLabels | undefined {
  const own = (key: string): string | undefined => labels?.[`${compose}.${key}`];
  const [project, service, number] = [own('project'), own('service'), own('container-number')];
  // Containers of lifecycle hooks carry the service's name, but are not the service.
  if (project === undefined || service === undefined) return readStackLabels(labels);
  if (own('hook') !== undefined) return undefined;
  return {
    project,
    service,
    number: number !== undefined && /^\d+$/.test(number) ? Number(number) : undefined,
    oneOff: own('oneoff')?.toLowerCase() === 'true',
    workingDirectory: own('project.working_dir'),
    files: own('project.config_files')?.split(','),
  };
}

/** A stack is a project, its services' names less the stack's are those of the Compose file, and the slots are the replicas' numbers. */
function readStackLabels(labels: Labels): ComposeLabels | undefined {
  const own = (key: string): string | undefined => labels?.[`${swarm}.${key}`];
  const [project, service, id, full] = [labels?.[stack], own('service.name'), own('task.id'), own('task.name')];
  if (!project || service === undefined || id === undefined || full === undefined) return undefined;
  const name = full.replace(/\.[^.]*$/, '');
  const [slot = ''] = name.split('.').slice(-1);
  return {
    project,
    service: inStack(service, project),
    number: /^\d{1,9}$/.test(slot) ? Number(slot) : undefined,
    oneOff: false,
    workingDirectory: undefined,
    task: { id, service, name },
  };
}

/** A name as the stack's file has it. */
export const inStack = (name: string, project: string): string =>
  name.startsWith(`${project}_`) ? name.slice(project.length + 1) : name;

/** The engine's DNS server knows nobody by this network, by which ports of all nodes lead to a task. */
export const isIngress = (labels: ComposeLabels | undefined, network: string): boolean =>
  labels?.task !== undefined && network === 'ingress';

/** The stack that a service of the engine's belongs to. */
export const stackOf = (labels: Labels): string | undefined => labels?.[stack];

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

/** @param name the network's: of a stack's it tells the key */
export function readNetworkLabels(labels: Labels, name: string): NetworkLabels | undefined {
  const [project, key] = [labels?.[`${compose}.project`], labels?.[`${compose}.network`]];
  if (project !== undefined && key !== undefined) return { project, key };
  const made = stackOf(labels);
  return made === undefined ? undefined : { project: made, key: inStack(name, made) };
}

/** What the engine's list of containers can be limited to: those that carry every one of these labels, `key` or `key=value`. */
export type LabelFilter = readonly string[];

export const ofAll: LabelFilter = [];
/** Those that Compose has made, and those of one of its projects. */
export const ofAnyProject: LabelFilter = [`${compose}.project`];
export const ofProject = (name: string): LabelFilter => [`${compose}.project=${name}`];
/** The engine's list cannot be limited to those that carry one label or another. */
export const ofStack = (name: string): LabelFilter => [`${stack}=${name}`];
