// What --check has seen of one endpoint, from outside and from inside: all that the verdict is made from.
import type { CheckedEndpoint } from './checked-endpoint.ts';
import { composeByName, dockerLine } from '../compose/compose-line.ts';
import type { Typed } from '../compose/compose-line.ts';
import type { ContainerDetails } from '../engine/container-details.ts';
import type { Connection, Machine, NamesFound, TlsFound, WordsFound } from './findings.ts';
import type { ComposeLabels } from '../engine/labels.ts';
import type { SwarmService } from '../engine/swarm.ts';
import type { NetworkName } from '../names/names.ts';
import type { Stray } from './own-addresses.ts';
import type { LostNetwork } from '../entry/plan.ts';
import { shellWord } from '../text/printable.ts';
import type { ListeningSocket } from './socket-tables.ts';

/** The service that the endpoint is to be reached from. */
export interface Asker {
  /** As the caller called it. */
  readonly called: string;
  /** For the lines that are to be typed next. */
  readonly typed: Typed;
  readonly container: string;
  /** Undefined: Compose did not make it. */
  readonly compose: Pick<ComposeLabels, 'project' | 'service' | 'task'> | undefined;
  readonly networks: readonly AttachedNetwork[];
  /** It shared the network of another, and nothing of that is left to it. */
  readonly lost: LostNetwork | undefined;
}

/** A container's place on a network. */
export interface AttachedNetwork {
  readonly network: string;
  /** The network's key in the Compose file, else its name. */
  readonly key: string;
  readonly internal: boolean;
  readonly addresses: readonly string[];
}

/** A container that the name means, or would mean if all were well. */
export interface Candidate extends Omit<ContainerDetails, 'dependsOn' | 'search'> {
  readonly container: string;
  /** 0 while it does not run. */
  readonly pid: number;
  /** SERVICE, or PROJECT/SERVICE of another project. */
  readonly service: string | undefined;
  readonly state: string;
  /** The engine's own words: `Exited (1) 5 seconds ago`. */
  readonly status: string;
  readonly networks: readonly AttachedNetwork[];
  /** It has no network of its own: that of the container of this name is its. */
  readonly sharesWith: string | undefined;
  readonly lost: LostNetwork | undefined;
  /** Undefined where they could not be looked at. */
  readonly listeners: readonly HeldSocket[] | undefined;
}

export interface HeldSocket extends ListeningSocket {
  /** `postgres (pid 71)`; undefined where that may not be seen. */
  readonly process: string | undefined;
}

export interface NameFacts {
  /** What the name means on the asker's networks, by what the engine says of them. */
  readonly meant: NetworkName | undefined;
  /** Who has the name or the address, wherever. */
  readonly candidates: readonly Candidate[];
  /** The service of the asker's own project that has this name, where others answer to it. */
  readonly displaced: Candidate | undefined;
  /** The Compose files have a service of this name. */
  readonly declared: boolean;
  /** They have one behind these profiles, of which none is asked for. */
  readonly behindProfile?: readonly string[] | undefined;
  /** The service of a swarm's that it is, and whether the kernel has what its virtual address needs. */
  readonly swarm?: { readonly service: SwarmService; readonly hasIpvs: boolean } | undefined;
  /** Names that could have been meant. */
  readonly others: readonly string[];
}

export interface EndpointFacts {
  readonly endpoint: CheckedEndpoint;
  readonly asker: Asker;
  readonly name: NameFacts;
  readonly machine: Machine | undefined;
  readonly names: NamesFound | undefined;
  readonly connections: readonly Connection[];
  readonly tls: TlsFound | undefined;
  readonly words: WordsFound | undefined;
  /** Rules that may be what drops or refuses: `in web's network: table inet guard, chain out: tcp dport 6379 drop`. */
  readonly rules: readonly string[];
  /** How large a packet may be on the way out of this machine. */
  readonly outerMtu: number | undefined;
  /** Neighbours that listen on that port. */
  readonly otherListeners: readonly string[];
  /** Looked at where nothing listens on the asker's localhost: this machine's has a server on that port. */
  readonly isServedHere?: boolean;
  /** Those of the tried addresses that are in a subnet of this engine's, and that nobody has. */
  readonly strays?: readonly Stray[];
  /** Looked at where this machine is the other end, and it does not connect. */
  readonly machineEnd?: MachineEnd | undefined;
  /** By which programs go to this URL, where the check went straight. */
  readonly proxy?: { readonly name: string; readonly place: string; readonly isLocal: boolean } | undefined;
  /** Looked at where a container is the other end, and it does not connect. */
  readonly intercepted?: Intercepted | undefined;
  /** How long each step was given, in seconds. */
  readonly timeout: number;
}

/** By --intercept the port leads to another of the same container. */
export interface Intercepted {
  readonly container: string;
  readonly port: number;
  readonly here: number;
  /** The number of the netexec that does it. */
  readonly netexec: string;
}

/** This machine, to which a container comes by its address on a network. */
export interface MachineEnd {
  /** Those of the tried addresses that are its own. */
  readonly addresses: readonly string[];
  readonly listeners: readonly HeldSocket[];
  /** The containers to which that port of this machine leads (`ports`), and the port there. */
  readonly publishers: readonly { readonly called: string; readonly inside: number; readonly near: boolean }[];
}

/** What people call it: its service, else its container. */
export const callIt = ({ service, container }: Pick<Candidate, 'service' | 'container'>): string =>
  service ?? container;

/** The command that makes a container's network anew. */
export const restart = ({ container, compose, typed }: Pick<Asker, 'container' | 'compose' | 'typed'>): string =>
  compose === undefined
    ? `${dockerLine(typed)} restart ${shellWord(container)}`
    : compose.task === undefined
      ? composeByName(typed, compose.project, ['restart', compose.service])
      : `${dockerLine(typed)} service update --force ${shellWord(compose.task.service)}`;

/** netexec, for the same project from whatever folder. */
export const netexec = ({ compose, typed }: Pick<Asker, 'compose' | 'typed'>): string =>
  `${dockerLine(typed)} netexec${compose === undefined ? '' : ` -p ${shellWord(compose.project)}`}`;

/** Where the Compose file says it; of a container that Compose did not make, whoever made it must. */
export const setting = ({ container, compose }: Pick<Asker, 'container' | 'compose'>, key: string): string =>
  compose === undefined ? `${key} of container ${container}` : `services.${compose.service}.${key}`;

/** The same for another, whose service may be another project's. */
export const settingOf = ({ container, service }: Pick<Candidate, 'container' | 'service'>, key: string): string =>
  service === undefined ? `${key} of container ${container}` : `services.${service.replace(/^.*\//, '')}.${key}`;

export const addressesOf = ({ networks }: Pick<Candidate, 'networks'>): readonly string[] =>
  networks.flatMap(({ addresses }) => addresses);
