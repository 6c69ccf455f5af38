// What may speak against a way in, for this caller: each objection looks at what was seen, and says why the way is not taken.
import type { Identity } from '../entry/plan.ts';
import type { Restraints } from './restraints.ts';

export interface WayFacts {
  readonly caller: Identity;
  readonly restraints: Restraints;
  /** What AppArmor or SELinux confines the caller to; undefined: nothing, or it is of no matter. */
  readonly confinement: string | undefined;
  /** Of --host-network: no container is entered. */
  readonly outside?: boolean;
  /** The container is not of this kernel. */
  readonly remoteEngine?: boolean;
  /** Why the device of a tunnel cannot be opened; undefined where it can, or none is wanted. */
  readonly deviceRefusal?: string | undefined;
  /** Of --cap-add: whether COMMAND is to keep any. */
  readonly keepsCapabilities?: boolean;
  /** Why no user namespace of the caller's is of use; undefined where one is, or none was tried. */
  readonly namespaceRefusal?: string | undefined;
  /** The user of --user. */
  readonly other: Identity | undefined;
  readonly containerUsers: ContainerUsers;
  /** The container is in the caller's own network, as Podman's `--network host` has it. */
  readonly ownNetwork?: boolean;
  /** Those that were looked at, in the order in which they are preferred. */
  readonly elevators: readonly Elevator[];
  /** The engine itself says that it is; a run has its container's word for it. */
  readonly rootlessEngine?: boolean;
  /** Whether there is a terminal on which a password could be asked for. */
  readonly terminal: boolean;
}

/**
 * The user namespace of the container's process: the one that the caller is in, one that maps the caller to root or is below
 * such a one, or another; `unrelated` where the caller is in one itself, so that its numbers, root's 0 too, are not the engine's.
 */
export type ContainerUsers = 'same' | "caller's" | 'other' | 'unrelated';

/** A program that runs others as root, and has been asked whether it would. */
export interface Elevator {
  /** The way that it is. */
  readonly name: string;
  /** Undefined: it is not installed. */
  readonly program: string | undefined;
  /** What it said when it was to run something without asking for a password; undefined where it did. */
  readonly refusal: string | undefined;
}

/** What was asked for, where a way is judged. */
export interface Asked {
  /** `--elevate sudo`, as it was said; undefined with auto. */
  readonly named: string | undefined;
  /** The way's own program, where it was looked at. */
  readonly elevator: Elevator | undefined;
  /** Whether that is to ask for a password: it may where it was named, and nobody is asked for one out of the blue. */
  readonly asks: boolean;
  /** In what COMMAND would be started. */
  readonly within: string | undefined;
  /** What was found of the ways by a program that are nearer: `sudo: it is not installed`. */
  readonly nearer: readonly string[];
}

const ofItsOwn = 'in a user namespace that does not include the engine';

/** Each gives the reason where it applies. */
export const objections = {
  notRoot: ({ caller }) => caller.uid !== 0 && 'you are not root',
  rootWithoutAdmin: ({ restraints }) =>
    !restraints.effective.includes('sys_admin') && 'you are root, but without CAP_SYS_ADMIN',
  rootOfItsOwn: ({ containerUsers }) => containerUsers === 'unrelated' && `you are root only ${ofItsOwn}`,
  userOfItsOwn: ({ containerUsers }) => containerUsers === 'unrelated' && `you are ${ofItsOwn}`,
  engineNotOwn: ({ containerUsers }) => containerUsers !== "caller's" && 'the engine is not your own',
  engineNotRoot: ({ containerUsers, rootlessEngine }) =>
    (containerUsers === "caller's" || rootlessEngine === true) && 'the engine is rootless, so it is not root itself',
  anotherUser: ({ caller, other }) =>
    other !== undefined &&
    other.uid !== caller.uid &&
    `its user namespace contains only you, and --user asks for uid ${other.uid}`,
  capabilitiesAsked: ({ keepsCapabilities }) =>
    keepsCapabilities === true && 'capabilities from --cap-add would have no effect in it',
  namespaceRefused: ({ namespaceRefusal }) => namespaceRefusal ?? false,
  deviceRefused: ({ deviceRefusal }) => deviceRefusal ?? false,
  noNewPrivileges: ({ restraints }) => restraints.noNewPrivileges && 'no_new_privs is set, so you cannot become root',
  adminLacking: ({ restraints }) =>
    restraints.lacking.includes('sys_admin') && 'your programs cannot have CAP_SYS_ADMIN',
  filtered: ({ restraints }, { within }) =>
    restraints.filtered && `a seccomp filter restricts you, but would not restrict ${within}`,
  confined: ({ confinement }, { within }) =>
    confinement !== undefined && `${confinement} confines you, but would not confine ${within}`,
  programMissing: (_, { elevator }) => elevator?.program === undefined && 'it is not installed',
  programRefuses: ({ terminal }, { elevator, asks }) =>
    elevator?.refusal !== undefined &&
    !(asks && terminal) &&
    `${elevator.refusal}${asks ? ', and there is no terminal to ask on' : ''}`,
} as const satisfies Readonly<Record<string, (facts: WayFacts, asked: Asked) => string | false>>;

export type Objection = keyof typeof objections;

/** Those to what the caller has given up, or been deprived of. */
export const ofRestraints: readonly Objection[] = [
  'rootWithoutAdmin',
  'noNewPrivileges',
  'adminLacking',
  'filtered',
  'confined',
];
