// Every way netexec can fail that is not a bug of its own: facts only, no sentences (those are made in explain.ts).
import type { UsageFailure } from './usage-failure.ts';
import type { Ending } from '../engine/container-ending.ts';
import type { ComposeLabels } from '../engine/labels.ts';
import type { CommandFailure } from './command-failure.ts';
import type { FarEndFailure } from './far-end-failure.ts';
import type { HostNetworkFailure } from './host-network-failure.ts';
import type { PortFailure } from './port-failure.ts';
import type { PresetFailure } from './preset-failure.ts';
import type { ServiceFilesFailure } from './service-files-failure.ts';
import type { StackFailure } from './stack-failure.ts';
import type { PodmanFailure } from './podman-failure.ts';
import type { StandInFailure } from './stand-in-failure.ts';
import type { Tool } from '../tools/tool-table.ts';
import type { Elevate, WayKind } from '../ways/ways.ts';

/** Either a value or the one failure that kept it from being made. */
export type Result<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Failure };

export const success = <Value>(value: Value): Result<Value> => ({ ok: true, value });
export const fail = <Value = never>(failure: Failure): Result<Value> => ({ ok: false, failure });
export type Failure =
  | UsageFailure
  | EngineAddressFailure
  | EngineFailure
  | ProjectFailure
  | ContainerFailure
  | HostFailure
  | HostNetworkFailure
  | PortFailure
  | StackFailure
  | PodmanFailure
  | FarEndFailure
  | StandInFailure
  | ServiceFilesFailure
  | PresetFailure
  | CommandFailure;

/** docker's configuration does not lead to an engine on this machine. */
export type EngineAddressFailure =
  | { readonly kind: 'docker-config-invalid'; readonly file: string; readonly reason: string }
  | {
      readonly kind: 'context-not-found';
      readonly context: string;
      readonly file: string;
      readonly known: readonly string[];
    }
  | { readonly kind: 'endpoint-invalid'; readonly host: string; readonly source: string; readonly reason: string }
  | { readonly kind: 'tls-file-unreadable'; readonly file: string; readonly reason: string }
  | { readonly kind: 'engine-elsewhere'; readonly host: string; readonly source: string };

/** What of this machine docker would lead to. */
export interface EnginesHere {
  /** Those behind which an engine answers. */
  readonly contexts: readonly string[];
  /** Whether DOCKER_HOST, which leads nowhere, stands in the way of the default one. */
  readonly unset: boolean;
}

/** The engine did not answer, or not with what it should. */
export type EngineFailure =
  | {
      readonly kind: 'engine-unreachable';
      readonly host: string;
      readonly source: string;
      readonly reason: string;
      readonly here?: EnginesHere;
    }
  | { readonly kind: 'engine-untrusted'; readonly host: string; readonly source: string; readonly reason: string }
  | { readonly kind: 'engine-permission'; readonly socket: string; readonly user: string }
  | { readonly kind: 'engine-silent'; readonly host: string; readonly request: string; readonly seconds: number }
  | { readonly kind: 'engine-refused'; readonly request: string; readonly status: number; readonly message: string }
  | {
      /** It cannot start the container by which netexec enters, and knows of no runc either. */
      readonly kind: 'runtime-fails';
      readonly runtime: string;
      readonly message: string;
    }
  /** What stands before the engine answered in its place. */
  | { readonly kind: 'proxy-refused'; readonly request: string; readonly status: number }
  | { readonly kind: 'engine-nonsense'; readonly request: string; readonly problem: string }
  | {
      /** The empty image of the helper container. */
      readonly kind: 'image-not-made';
      readonly image: string;
      /** Whether there is one of that name, with something in it. */
      readonly there: boolean;
      /** What the engine said of it. */
      readonly reason: string | undefined;
    };

/** The Compose project, or the service in it, could not be told. */
export type ProjectFailure =
  | { readonly kind: 'compose-file-missing'; readonly file: string; readonly source: string }
  | { readonly kind: 'compose-file-invalid'; readonly file: string; readonly reason: string }
  | { readonly kind: 'env-file-invalid'; readonly file: string; readonly reason: string }
  /** One of --env-file. */
  | { readonly kind: 'variables-unreadable'; readonly file: string; readonly reason: string | undefined }
  | { readonly kind: 'pipe-silent'; readonly file: string; readonly fault: 'no writer' | 'no end' }
  | { readonly kind: 'folder-missing'; readonly folder: string; readonly flag: string; readonly reason: string }
  | { readonly kind: 'project-name-invalid'; readonly name: string; readonly source: string }
  | {
      readonly kind: 'project-ambiguous';
      readonly folder: string;
      readonly projects: readonly string[];
      readonly service: string;
    }
  | {
      readonly kind: 'no-project';
      readonly name: string | undefined;
      readonly folder: string;
      readonly running: readonly string[];
      /** Those of them in which a service of that name runs. */
      readonly alsoIn: readonly string[];
    }
  | {
      readonly kind: 'project-empty';
      readonly project: string;
      /** It has some that do not run. */
      readonly stopped?: boolean;
      readonly source: string;
      readonly service: string | undefined;
      /** Whether Compose finds files that could be started. */
      readonly hasFiles: boolean;
      readonly running: readonly string[];
    }
  | {
      readonly kind: 'service-unknown';
      readonly project: string;
      readonly service: string;
      readonly services: readonly string[];
      /** Those that run, where that was asked for. */
      readonly running?: readonly string[];
      /** Other projects in which a service of that name runs. */
      readonly alsoIn: readonly string[];
    }
  | {
      readonly kind: 'service-not-running';
      readonly project: string;
      readonly service: string;
      readonly containers: readonly StoppedContainer[];
      /** The container of a stand-in that runs in its place. */
      readonly standIn?: string | undefined;
    }
  | {
      readonly kind: 'service-behind-profile';
      readonly project: string;
      readonly service: string;
      readonly profiles: readonly string[];
    }
  | {
      readonly kind: 'replica-unknown';
      readonly project: string;
      readonly service: string;
      readonly index: number;
      readonly running: readonly number[];
    };

export interface StoppedContainer {
  readonly name: string;
  readonly state: string;
  /** The engine's own words: `Exited (1) 5 seconds ago`. */
  readonly status: string;
  /** Undefined where that was not asked for, or is not known. */
  readonly ending?: Ending | undefined;
  readonly compose?: ComposeLabels | undefined;
}

/** The container cannot be entered. */
export type ContainerFailure =
  | { readonly kind: 'container-unknown'; readonly container: string; readonly running: readonly string[] }
  | { readonly kind: 'container-ambiguous'; readonly container: string; readonly candidates: readonly string[] }
  | {
      readonly kind: 'container-not-running';
      readonly container: string;
      readonly state: string;
      readonly exitCode: number;
      readonly ending?: Ending | undefined;
    }
  | {
      readonly kind: 'container-not-here';
      readonly container: string;
      readonly service: string | undefined;
      readonly pid: number;
      readonly host: string;
      readonly engineName: string | undefined;
      readonly found: 'no-process' | 'another-process' | 'unreadable';
      /** The value of --elevate that keeps COMMAND from a tunnel. */
      readonly elevate?: string;
    }
  | {
      readonly kind: 'network-not-made';
      readonly network: string;
      readonly project: string;
      /** Of --stand-in: the other services that are on it. */
      readonly others?: readonly string[];
    }
  | {
      readonly kind: 'network-not-joined';
      readonly network: string;
      /** Whose networks were looked through: a container, or a project. */
      readonly of: string;
      readonly networks: readonly string[];
    }
  | {
      /** It ended while it was entered. */
      readonly kind: 'container-ended';
      readonly container: string;
      /** Undefined where the engine does not tell. */
      readonly status: number | undefined;
    }
  | {
      /** It keeps the stage from coming to its end. */
      readonly kind: 'entry-held-up';
      readonly container: string;
      readonly seconds: number;
      /** Its processes are joined: one of them can do that. Else it is one of its files. */
      readonly joined: boolean;
    }
  | {
      readonly kind: 'stage-failed';
      readonly status: number;
      readonly way: WayKind;
      readonly reason: string | undefined;
    };

/** This machine, or the caller, lacks something. */
export type HostFailure =
  | { readonly kind: 'own-process-namespace' }
  | { readonly kind: 'platform-unsupported'; readonly what: string; readonly platform: string }
  | {
      /** A set-user-ID program has called netexec. */
      readonly kind: 'ids-differ';
      readonly what: 'user' | 'group';
      readonly real: number;
      readonly effective: number;
    }
  | { readonly kind: 'capabilities-lacking'; readonly capabilities: readonly string[] }
  | { readonly kind: 'tool-missing'; readonly tool: Tool; readonly searched: string }
  | { readonly kind: 'tool-of-busybox'; readonly tool: Tool; readonly file: string }
  | { readonly kind: 'user-unknown'; readonly user: string }
  | { readonly kind: 'group-unknown'; readonly group: string }
  | {
      readonly kind: 'not-permitted';
      readonly elevate: Elevate;
      readonly outside?: true;
      readonly tunnels?: true;
      readonly tried: readonly { readonly way: WayKind; readonly reason: string }[];
      /** What the caller has given up stands in the way. */
      readonly restrained: boolean;
    }
  | { readonly kind: 'runtime-folder-unusable'; readonly folder: string; readonly reason: string }
  | { readonly kind: 'runtime-folder-full'; readonly folder: string; readonly reason: string };

/** Makes the compiler prove that a switch over a union forgot no member. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
