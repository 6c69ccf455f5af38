// What --doctor has seen of this machine: all that its rows are made from.
import type { Explanation } from '../failure/explanation.ts';
import type { Verdict } from '../ways/choose-way.ts';
import type { Tool } from '../tools/tool-table.ts';

export interface DoctorFacts {
  readonly version: string;
  readonly platform: string;
  /** `Debian GNU/Linux 12 (bookworm)`. */
  readonly system: string | undefined;
  /** `6.1.0-18-amd64 x86_64`. */
  readonly kernel: string;
  readonly install: InstallFacts;
  /** What `docker --version` and `docker compose version` say; undefined where there is none. */
  readonly docker: string | undefined;
  readonly compose: string | undefined;
  readonly engine: EngineFacts;
  /** The ways to privilege, each with what speaks for or against it. */
  readonly ways: readonly Pick<Verdict, 'kind' | 'way' | 'reason'>[];
  readonly tools: readonly ToolFacts[];
  readonly names: NameFacts;
  readonly guards: GuardFacts;
  /** What keeps netexec from its folder for HOSTALIASES files. */
  readonly aliasFolder: { readonly folder: string; readonly problem: string | undefined };
}

export interface InstallFacts {
  /** The plugin file that leads here. */
  readonly plugin: string;
  /** All of netexec is in it, and none beside it. */
  readonly singleFile: boolean;
  /** All plugin files that docker would find, in its order; the first is the one it takes. */
  readonly found: readonly { readonly file: string; readonly version: string | undefined; readonly same: boolean }[];
  /** Files of bash's completion that know nothing of plugins' own. */
  readonly oldCompletion: string | undefined;
}

export interface EngineFacts {
  readonly endpoint: { readonly host: string; readonly source: string } | undefined;
  /** Undefined where none answers. */
  readonly told: EngineAccount | undefined;
  readonly problem: Pick<Explanation, 'what' | 'hint'> | undefined;
  /** Containers that a --replace has stopped, and nobody has started again. */
  readonly forgotten: readonly string[];
  /** Whether a running container's process is on this machine; undefined: none runs. */
  readonly local: 'container' | 'no-process' | 'another-process' | 'own-namespace' | 'unreadable' | undefined;
}

/** What the engine says of itself. */
export interface EngineAccount {
  readonly product: 'docker' | 'podman';
  readonly version: string;
  readonly system: string;
  readonly rootless: boolean;
  /** What it starts containers with, unless told, and all that it knows of. */
  readonly runtime: string;
  readonly runtimes: readonly string[];
  /** The names of its security options: seccomp, apparmor, selinux, userns. */
  readonly security: readonly string[];
}

export interface ToolFacts {
  readonly name: Tool;
  readonly file: string | undefined;
  /** Options that netexec uses and the tool does not know. */
  readonly lacks: readonly string[];
}

/** How this machine resolves names: what the private view covers, and what only --resolver hostaliases depends on. */
export interface NameFacts {
  /** `a file`, `a link to ../run/…`, `a link that leads nowhere`, `missing`. */
  readonly resolvConf: string;
  readonly hosts: string | undefined;
  readonly nscd: boolean;
  /** What --resolver hostaliases cannot do here. */
  readonly aliasLimits: readonly string[];
  /** The kernel has overlay file systems. */
  readonly overlay: boolean;
}

/** What may forbid things beside the file permissions. */
export interface GuardFacts {
  readonly appArmor: boolean;
  /** Undefined where the kernel has none. */
  readonly seLinux: 'enforcing' | 'permissive' | undefined;
  /** How many user namespaces there may be; undefined where the kernel does not tell. */
  readonly userNamespaces: number | undefined;
  /** Why the caller can use none: --host-network takes another way then. */
  readonly namespaceRefusal?: string | undefined;
  /** hidepid of /proc: other users' processes are not to be seen. */
  readonly hiddenProcesses: boolean;
}
