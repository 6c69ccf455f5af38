// What was asked and what was seen → the plan of one entry: a plain value that says everything that will be done, and why.
import type { RunRequest } from '../arguments/argv.ts';
import type { EngineAddress, Environment } from '../engine/engine-address.ts';
import type { Container, ListedContainer } from '../engine/containers.ts';
import { planAliases } from '../names/alias-plan.ts';
import type { AliasPlan, NamesSeen } from '../names/alias-plan.ts';
import type { NetworkName } from '../names/names.ts';
import { chooseWay } from '../ways/choose-way.ts';
import { namesKnown, namesToWrite } from '../names/pinned-names.ts';
import { chooseCarriage } from './carriage.ts';
import { applyChanges, environmentChanges } from './environment.ts';
import type { Variable, EntryContext } from './environment.ts';
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import { chooseIdentity, chooseRestraints } from './identity.ts';
import { planNotes } from './plan-notes.ts';
import { planLifelines } from './lifelines.ts';
import type { LifelinePlan } from './lifelines.ts';
import type { Limit } from './limits.ts';
import type { WayFacts } from '../ways/objections.ts';
import { proofOf } from './proof.ts';
import type { Proof } from './proof.ts';
import { viewProcesses } from './processes.ts';
import type { ProcessFacts, ProcessView } from './processes.ts';
import { isIP } from '../names/ip-address.ts';
import { makeHostView } from '../names/host-view.ts';
import type { HostView } from '../names/host-view.ts';
import { isTaken, makePrivateView } from '../names/private-view.ts';
import type { PrivateView, ViewFacts } from '../names/private-view.ts';
import type { Tools } from '../tools/tools.ts';
import type { StandsFor } from '../own-container/own-container.ts';
import { notIntercepted } from '../relay/intercepts.ts';
import type { Intercept } from '../relay/intercepts.ts';
import { notByTunnel } from '../relay/only-here.ts';
import { resolvers } from '../names/resolvers.ts';
import type { ServiceFile } from './service-files.ts';
import { asksTunnel, isOwnChild, isTunnel } from '../ways/ways.ts';
import type { Way } from '../ways/ways.ts';

export interface EntryPlan {
  readonly endpoint: EngineAddress;
  readonly target: Target;
  readonly context: EntryContext;
  /** One that is in the caller's own network, which nobody without privilege may enter again, is there already. */
  readonly process: { readonly pid: number; readonly provenBy: Proof; readonly ownNetwork?: boolean };
  readonly way: Way;
  readonly tools: Tools;
  /** Undefined: names stay the host's. */
  readonly view: PrivateView | HostView | undefined;
  /** The network of COMMAND's own, where it has one. */
  readonly tunnel?: OwnNetwork;
  /** Of --service-files: seen in the private view. */
  readonly files: readonly ServiceFile[];
  /** Of --pid. */
  readonly processes: ProcessView | undefined;
  /** Of --intercept. */
  readonly intercepts: readonly Intercept[];
  /** The HOSTALIASES files to write, and the one for COMMAND. */
  readonly aliases: AliasPlan | undefined;
  /** Warnings, to be said before COMMAND starts. */
  readonly notes: readonly string[];
  readonly changes: readonly Variable[];
  readonly environment: Readonly<Record<string, string>>;
  /** How the environment reaches COMMAND: by inheritance, or through an unlinked file where something in between would strip it. */
  readonly carriage: { readonly kind: 'inherit' | 'file'; readonly cause: string };
  /** What ties the entry to netexec. */
  readonly lifelines: LifelinePlan;
  readonly identity: {
    readonly become: Identity | undefined;
    /** By a user namespace that shows COMMAND these numbers; it keeps the rights of the one that it is made by. */
    readonly mapped: boolean;
    readonly cause: string;
  };
  /** As setpriv(1) takes them. */
  readonly restraints: { readonly options: readonly string[]; readonly cause: string };
  /** Of --cap-add: those that COMMAND keeps. */
  readonly capabilities: readonly string[];
  readonly workdir: string | undefined;
  /** Signals that the caller has set to be ignored, as nohup does; the runtime resets them. */
  readonly ignoredSignals: readonly number[];
  readonly umask: number;
  /** The caller's, for ways that change them. */
  readonly limits: readonly Limit[];
  /** The caller's soft limit of open files, which the runtime has raised for itself; undefined where it is not known. */
  readonly openFiles: string | undefined;
  readonly command: { readonly file: string; readonly words: readonly [string, ...string[]]; readonly cause: string };
  /** Where there are any, the terminal is not COMMAND's, and what it reads and prints is not the caller's. */
  readonly streams?: OwnStreams;
}

/** By number: nothing, the caller's own, or a descriptor of netexec's by its number. */
export type OwnStreams = readonly ['nothing', 'nothing' | number, 'caller' | number];

/** Whose connections a far end makes. */
export interface OwnNetwork {
  /** Those of the container. */
  readonly addresses: readonly string[];
  /** The word by which netexec's executable opens it, and where netexec waits for that, once it does. */
  readonly opener?: { readonly word: string; readonly meeting: string };
}

export interface Target {
  readonly container: Container;
  /** The container whose networks it is in: itself, or the one whose network it shares. */
  readonly owner: Container;
  /** The network that it shared, where nothing of that is left to it: it is its own owner then, on no network. */
  readonly lost: LostNetwork | undefined;
  /** How it was found: `service web of project shop, by the containers made from /src/shop`. */
  readonly cause: string;
  /** The containers of its project, as the list told them on the way. */
  readonly neighbours: readonly ListedContainer[];
  /** It is not of this kernel. */
  readonly remoteEngine?: true;
  /** It is a container of netexec's own. */
  readonly own?: StandsFor;
  /** Of --host-network: what each name means, and which it is for. No container is entered then. */
  readonly visible?: readonly NetworkName[];
  /** To be said before COMMAND starts: it may not be the one that the caller thinks of. */
  readonly notes?: readonly string[];
}

export const projectOf = ({ owner, own }: Target): string | undefined => own?.project ?? owner.compose?.project;

/** A network that was shared, and that its owner has left, and with it all that was on it but lo. */
export interface LostNetwork {
  /** What has happened, and what is to be done. */
  readonly said: string;
  /** The line to type. */
  readonly cure: string;
}

export interface Identity {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

export interface HostFacts extends ViewFacts, WayFacts {
  /** What --resolver hostaliases cannot do here; nothing where another is asked for. */
  readonly aliasLimits: readonly string[];
  /** Where HOSTALIASES files go. */
  readonly aliasFolder: string;
  /** Whether PWD names the working directory that COMMAND will have; a shell on the way would make it so. */
  readonly pwdHolds: boolean;
  /** Whether COMMAND, or a variable for it, has bytes that are not UTF-8. */
  readonly raw: boolean;
  readonly ignoredSignals: readonly number[];
  readonly processes: ProcessFacts | undefined;
  readonly umask: number;
  /** Descriptors above 2 that came from docker, or the shell. */
  readonly descriptors: readonly number[];
  readonly openFiles: string | undefined;
  readonly limits: readonly Limit[];
  readonly tools: Tools;
  readonly environment: Environment;
  /** What the files of --env-file set, as NAME=VALUE. */
  readonly fileVariables: readonly string[];
  /** The command, found on the PATH that it will have. */
  readonly command: { readonly file: string; readonly words: readonly [string, ...string[]]; readonly cause: string };
}

/** Everything that is looked at for a run. */
export interface RunFacts {
  readonly endpoint: EngineAddress;
  readonly target: Target;
  readonly names: NamesSeen;
  readonly host: HostFacts;
  /** Of --service-files. */
  readonly files?: readonly ServiceFile[];
}

export function makePlan(run: RunRequest, { endpoint, target, names, host, files = [] }: RunFacts): Result<EntryPlan> {
  const { container, owner, visible } = target;
  const sees = resolvers[run.resolver];
  const chosen = chooseWay(run.elevate ?? 'auto', host);
  // What a tunnel has none of may be why none is to be had.
  const lost = asksTunnel(run.elevate) || (chosen.ok && isTunnel(chosen.value)) ? notByTunnel(run) : undefined;
  if (lost !== undefined) return fail({ kind: 'not-by-tunnel', ...lost });
  if (!chosen.ok) return chosen;
  const way = chosen.value;
  const stuck = notIntercepted(run.intercepts, target);
  if (stuck !== undefined) return fail(stuck);
  const lacking = run.capabilities.filter((name) => host.restraints.lacking.includes(name));
  if (lacking.length > 0) return fail({ kind: 'capabilities-lacking', capabilities: lacking });
  const processes = host.processes === undefined ? undefined : viewProcesses(host.processes, container.pid);
  const identity = chooseIdentity(way, run.capabilities, host);
  const context: EntryContext = {
    project: projectOf(target),
    service: target.own?.service ?? container.compose?.service,
    container: visible !== undefined ? undefined : target.own === undefined ? container.name : target.own.container,
    networks: owner.endpoints.map(({ network }) => network),
    root: processes?.root,
  };
  const known = visible?.map(({ name }) => name) ?? namesKnown(names, container);
  const written = namesToWrite(names, container);
  const aliases =
    sees.aliases === undefined || visible !== undefined ? undefined : planAliases(context, names, host.aliasFolder);
  const requested = { given: run.env, fromFiles: host.fileVariables, service: container.environment };
  const changes = environmentChanges(host.environment, requested, context, aliases?.use);
  const environment = applyChanges(host.environment, changes);
  const carriage = chooseCarriage(run, way, host, environment);
  const process = { pid: container.pid, provenBy: proofOf(container), ownNetwork: host.ownNetwork === true };
  return success({
    endpoint,
    target,
    context,
    process,
    way,
    ...(isTunnel(way) ? { tunnel: { addresses: addressesOf(owner) } } : {}),
    tools: host.tools,
    view:
      visible !== undefined
        ? makeHostView(host, visible)
        : sees.view
          ? makePrivateView(host, context, names.pinned, known, written)
          : undefined,
    files,
    processes,
    intercepts: run.intercepts,
    aliases,
    notes: planNotes(
      run,
      { target, names, host, files },
      identity,
      environment,
      written === undefined ? names.pinned : undefined,
    ),
    changes,
    environment,
    carriage,
    lifelines: planLifelines(
      { ...run, way, process, carriage, processes, files, openFiles: host.openFiles, target },
      host.descriptors,
    ),
    identity,
    restraints: chooseRestraints(way, host, !sees.view || !isTaken(host.hostName, known), files.length > 0),
    capabilities: run.capabilities,
    workdir: run.workdir,
    ignoredSignals: host.ignoredSignals,
    umask: host.umask,
    limits: isOwnChild(way) ? [] : host.limits,
    openFiles: host.openFiles,
    command: host.command,
  });
}

/** Once each: none can be given to an interface twice. What the engine says may be anything. */
const addressesOf = ({ endpoints }: Container): readonly string[] =>
  [...new Set(endpoints.flatMap(({ ipv4 = '', ipv6 = '' }) => [ipv4, ipv6]))].filter((each) => isIP(each) !== 0);
