// What was asked and what was seen → the plan of one entry: a plain value that says everything that will be done, and why.
import type { Elevate, RunRequest } from './argv.ts';
import type { Endpoint, Environment } from './endpoint.ts';
import type { Container, ListedContainer } from './engine-state.ts';
import { aliasLimits } from './alias-limits.ts';
import type { ResolverFacts } from './alias-limits.ts';
import { planAliases } from './alias-plan.ts';
import type { AliasPlan, NamesSeen } from './alias-plan.ts';
import { applyChanges, environmentChanges, isShellName } from './environment.ts';
import type { Variable, Whereabouts } from './environment.ts';
import { fail, success } from './failure.ts';
import type { Result } from './failure.ts';
import { makePrivateView } from './private-view.ts';
import type { PrivateView, ViewFacts } from './private-view.ts';

export interface EntryPlan {
  readonly endpoint: Endpoint;
  readonly target: Target;
  readonly whereabouts: Whereabouts;
  readonly process: { readonly pid: number; readonly provenBy: readonly string[] };
  readonly way: Way;
  readonly tools: Tools;
  /** Undefined: names stay the host's. */
  readonly view: PrivateView | undefined;
  /** The HOSTALIASES files to write, and the one for COMMAND. */
  readonly aliases: AliasPlan | undefined;
  /** Warnings, to be said before COMMAND starts. */
  readonly notes: readonly string[];
  readonly changes: readonly Variable[];
  readonly environment: Readonly<Record<string, string>>;
  /** How the environment reaches COMMAND: by inheritance, or through an unlinked file where something in between would strip it. */
  readonly carriage: { readonly kind: 'inherit' | 'file'; readonly cause: string };
  readonly identity: { readonly become: Identity | undefined; readonly cause: string };
  readonly workdir: string | undefined;
  /** Signals that the caller has set to be ignored, as nohup does; Node resets them. */
  readonly ignoredSignals: readonly number[];
  readonly umask: number;
  /** The caller's soft limit of open files, which Node has raised for itself; undefined where it is not known. */
  readonly openFiles: string | undefined;
  readonly command: { readonly file: string; readonly words: readonly [string, ...string[]]; readonly cause: string };
}

export interface Target {
  readonly container: Container;
  /** The container whose networks it is in: itself, or the one whose network it shares. */
  readonly owner: Container;
  /** How it was found: `service web of project shop, by the containers made from /src/shop`. */
  readonly cause: string;
  /** The containers of its project, as the list told them on the way. */
  readonly neighbours: readonly ListedContainer[];
}

/** How the privilege to enter is come by. */
export type Way =
  | { readonly kind: 'root'; readonly cause: string }
  | { readonly kind: 'sudo'; readonly program: string; readonly cause: string };

export interface Identity {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** The programs that the privileged stage starts, by absolute path. */
export interface Tools {
  readonly sh: string;
  readonly nsenter: string;
  readonly unshare: string;
  readonly setpriv: string;
  readonly prlimit: string;
}

export interface HostFacts extends ViewFacts, ResolverFacts {
  /** Where HOSTALIASES files go. */
  readonly aliasFolder: string;
  readonly caller: Identity;
  /** The user of --user, looked up. */
  readonly other: Identity | undefined;
  /** Whether PWD names the working directory that COMMAND will have; a shell on the way would make it so. */
  readonly pwdHolds: boolean;
  readonly ignoredSignals: readonly number[];
  readonly umask: number;
  readonly openFiles: string | undefined;
  readonly tools: Tools;
  readonly sudo: string | undefined;
  readonly environment: Environment;
  /** The command, found on the PATH that it will have. */
  readonly command: { readonly file: string; readonly words: readonly [string, ...string[]]; readonly cause: string };
}

export function makePlan(
  run: RunRequest,
  endpoint: Endpoint,
  target: Target,
  names: NamesSeen,
  host: HostFacts,
): Result<EntryPlan> {
  const { container, owner } = target;
  const way = chooseWay(run.elevate ?? 'auto', host);
  if (!way.ok) return way;
  const whereabouts: Whereabouts = {
    project: container.compose?.project,
    service: container.compose?.service,
    container: container.name,
    networks: owner.endpoints.map(({ network }) => network),
  };
  const aliases = run.resolver === 'host' ? undefined : planAliases(whereabouts, names, host.aliasFolder);
  const changes = environmentChanges(host.environment, run.env, whereabouts, aliases?.use);
  const environment = applyChanges(host.environment, changes);
  return success({
    endpoint,
    target,
    whereabouts,
    process: { pid: container.pid, provenBy: identifiers(container) },
    way: way.value,
    tools: host.tools,
    view: run.resolver === 'private' ? makePrivateView(host, whereabouts, names.pinned) : undefined,
    aliases,
    notes: [...names.warnings, ...(run.resolver === 'hostaliases' ? aliasNotes(host) : [])],
    changes,
    environment,
    carriage: chooseCarriage(way.value.kind, host.pwdHolds, environment),
    identity: chooseIdentity(way.value.kind, host),
    workdir: run.workdir,
    ignoredSignals: host.ignoredSignals,
    umask: host.umask,
    openFiles: host.openFiles,
    command: host.command,
  });
}

function chooseWay(elevate: Elevate, host: HostFacts): Result<Way> {
  const isRoot = host.caller.uid === 0;
  if (isRoot && elevate !== 'sudo') return success({ kind: 'root', cause: 'the caller is root' });
  const root = { way: 'root', reason: isRoot ? `--elevate ${elevate}` : 'the caller is not root' };
  if (elevate === 'none')
    return fail({ kind: 'not-permitted', tried: [root, { way: 'sudo', reason: 'switched off (elevate none)' }] });
  if (host.sudo === undefined)
    return fail({ kind: 'not-permitted', tried: [root, { way: 'sudo', reason: 'it is not installed' }] });
  return success({
    kind: 'sudo',
    program: host.sudo,
    cause: elevate === 'sudo' ? '--elevate sudo' : 'the caller is not root',
  });
}

/**
 * What the process's cgroup or mounts must name to be the container. One that shares another's network has that
 * one's files mounted, and on a rootless engine its cgroup tells nothing.
 */
function identifiers(container: Container): readonly string[] {
  const owner = /^container:([0-9a-f]{64})$/.exec(container.networkMode)?.[1];
  return owner === undefined ? [container.id] : [container.id, owner];
}

function chooseCarriage(
  way: Way['kind'],
  pwdHolds: boolean,
  environment: Readonly<Record<string, string>>,
): EntryPlan['carriage'] {
  if (way === 'sudo') return { kind: 'file', cause: 'sudo would strip the environment' };
  if (!pwdHolds) return { kind: 'file', cause: 'a shell would set PWD' };
  const lost = Object.keys(environment).filter((name) => !isShellName(name) || shellsOwn.includes(name));
  if (lost.length > 0) return { kind: 'file', cause: `a shell would not hand on ${lost.join(', ')}` };
  return { kind: 'inherit', cause: 'nothing in between changes it' };
}

function aliasNotes(host: HostFacts): readonly string[] {
  const { caller, other } = host;
  const reads = other === undefined || other.uid === caller.uid || other.uid === 0;
  return [...aliasLimits(host), ...(reads ? [] : ["the user of --user cannot read the caller's HOSTALIASES file"])];
}

/** Variables that a shell sets for itself when it starts. */
const shellsOwn = ['IFS', 'OPTIND', 'PPID'];

function chooseIdentity(way: Way['kind'], host: HostFacts): EntryPlan['identity'] {
  if (host.other !== undefined) return { become: host.other, cause: '--user' };
  if (way === 'root') return { become: undefined, cause: 'the caller, as is' };
  return { become: host.caller, cause: 'the caller' };
}
