// A container of netexec's own, for --on and --stand-in, in which nothing runs but a process that waits for netexec's end. What the engine is told of it.
import { helperLabel } from '../engine/helper-specification.ts';
import type { Container } from '../engine/containers.ts';
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import { hasNames } from '../names/names.ts';
import { findProjectNetwork } from '../engine/networks.ts';
import { farEnvironment } from './far-container.ts';
import { farExecutable } from './far-image.ts';
import { healthcheck, lookBySh } from './stand-in-health.ts';
import type { Network, ProjectNetwork } from '../engine/networks.ts';

/** What a container of netexec's own stands for: a project's networks; of --stand-in, a service, its container's name, and TCP ports. */
export interface StandsFor {
  readonly project: string;
  readonly service?: string;
  readonly container?: string;
  readonly ports?: readonly number[];
  /** Of which it is made where the engine is another machine's, and its far end, too: the image's id. */
  readonly farImage?: string;
}

/** On which networks it is, and what else it has: nothing, with --on. */
export interface OwnContainerPlan {
  readonly networks: readonly [JoinedNetwork, ...JoinedNetwork[]];
  /** Its name; undefined: one of netexec's. */
  readonly name?: string | undefined;
  /** Further fields of POST /containers/create. */
  readonly container?: Readonly<Record<string, unknown>>;
  readonly hostConfig?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** By which of its ports it is healthy, as `3000/tcp`; undefined: nobody asks. */
  readonly health?: readonly string[];
  /** As NAME=VALUE. */
  readonly environment?: readonly string[] | undefined;
}

export interface JoinedNetwork {
  readonly id: string;
  readonly name: string;
  /** Its place on it, as the engine's EndpointSettings. */
  readonly endpoint?: object;
}

/**
 * Of --on.
 * @param wanted keys or full names, or `all`
 */
export function planOwnContainer(
  wanted: readonly string[],
  project: string,
  networks: readonly ProjectNetwork[],
): Result<OwnContainerPlan> {
  // The engine's own three have no names, and what is on them is not this project's.
  const own = networks.filter(({ name }) => hasNames(name));
  const isAll = wanted.includes('all') && !own.some(({ key }) => key === 'all');
  // What only tasks may join, the network of ingress for one, is not among all of them.
  const made = own.flatMap(({ network }) => (network === undefined || !isOpen(network) ? [] : network));
  const found = isAll
    ? made.map((network) => success(network))
    : wanted.map((each) => findProjectNetwork(each, project, own));
  const chosen = new Map<string, Network>();
  for (const each of found) {
    if (!each.ok) return each;
    if (!isOpen(each.value)) return notAttachable(each.value, project);
    chosen.set(each.value.id, each.value);
  }
  const [first, ...others] = [...chosen.values()].map(({ id, name }) => ({ id, name }));
  // Only of `all` there may be none: at least one is declared, or one that is made cannot be joined.
  const closed = own.find(({ network }) => network !== undefined)?.network;
  if (first === undefined && closed !== undefined) return notAttachable(closed, project);
  if (first === undefined) return fail({ kind: 'network-not-made', network: own[0]?.name ?? 'all', project });
  return success({ networks: [first, ...others] });
}

const isOpen = ({ reach }: Network): boolean => reach !== 'swarm';

const notAttachable = ({ name, compose }: Network, project: string): Result<never> =>
  fail({ kind: 'not-attachable', network: name, key: compose?.key ?? name, project });

export interface OwnContainerFacts {
  /** By its id. */
  readonly image: string;
  readonly holder: Holder;
  readonly supervisor: string;
  readonly runtime: string | undefined;
}

/** What waits in it for netexec's end: this machine's sh, or the executable in the image, by its roles. */
export type Holder =
  | {
      readonly sh: string;
      /** The folders of this machine that hold it, and what it needs. */
      readonly folders: readonly string[];
    }
  | { readonly hold: string; readonly listens: string };

/** @returns the body of POST /containers/create; the further networks it joins before it starts */
export function ownContainerBody(
  plan: OwnContainerPlan,
  { image, holder, supervisor, runtime }: OwnContainerFacts,
): object {
  const [first] = plan.networks;
  const isHere = 'sh' in holder;
  return {
    Image: image,
    // Its input ends with netexec, also by kill -9. What somebody else types there does not end it.
    Entrypoint: isHere ? [holder.sh, '-c', 'while read -r _; do :; done'] : [farExecutable, holder.hold],
    Cmd: [],
    User: '65534:65534',
    WorkingDir: '/',
    ...(isHere ? {} : { Env: farEnvironment }),
    // The first of its processes heeds no other.
    StopSignal: 'SIGKILL',
    Healthcheck:
      plan.health === undefined
        ? { Test: ['NONE'] }
        : healthcheck(isHere ? lookBySh(holder.sh, plan.health) : [farExecutable, holder.listens, ...plan.health]),
    AttachStdin: true,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdout: false,
    AttachStderr: false,
    ...plan.container,
    Labels: { ...plan.labels, [helperLabel]: supervisor },
    HostConfig: {
      AutoRemove: true,
      LogConfig: { Type: 'none', Config: {} },
      NetworkMode: first.name,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges', ...(isHere ? ['label=disable'] : [])],
      ...(isHere ? { Binds: holder.folders.map((folder) => `${folder}:${folder}:ro`) } : {}),
      ...(runtime === undefined ? {} : { Runtime: runtime }),
      ...plan.hostConfig,
    },
    NetworkingConfig: { EndpointsConfig: { [first.name]: first.endpoint ?? {} } },
  };
}

/** As it would be, where it is not made. @param pid of a process that is as one in it would be */
export const plannedContainer = ({ networks, environment }: OwnContainerPlan, pid: number): Container => ({
  id: '',
  name: '',
  state: 'created',
  pid,
  exitCode: 0,
  startedAt: undefined,
  compose: undefined,
  networkMode: networks[0].name,
  endpoints: networks.map(({ name, id }) => ({
    network: name,
    networkId: id,
    ipv4: undefined,
    ipv6: undefined,
    priority: 0,
    names: [],
    links: [],
  })),
  extraHosts: [],
  environment,
});
