// The ways to the privilege that entering needs: what speaks against each for this caller, and the first that works.
import type { Elevate } from './arguments/option-values.ts';
import { fail, success } from './failure.ts';
import type { Result } from './failure.ts';
import type { Identity } from './plan.ts';
import type { Restraints } from './restraints.ts';

/** How the privilege to enter is come by. */
export type Way =
  | { readonly kind: 'root'; readonly cause: string }
  /** The engine is rootless and the caller's own: its user namespace is the caller's to enter. */
  | { readonly kind: 'rootless'; readonly cause: string }
  | { readonly kind: Elevator['name']; readonly program: string; readonly asks: boolean; readonly cause: string }
  /** A throw-away container that the engine starts as root, and that comes back to this machine. */
  | { readonly kind: 'docker'; readonly cause: string };

export type WayKind = Way['kind'];

/** A program that runs others as root. */
export interface Elevator {
  readonly name: 'sudo' | 'doas';
  /** Undefined: it is not installed. */
  readonly program: string | undefined;
  /** What it said when it was to run something without asking for a password; undefined where it did. */
  readonly refusal: string | undefined;
}

export interface WayFacts {
  readonly caller: Identity;
  readonly restraints: Restraints;
  /** What AppArmor or SELinux confines the caller to; undefined: nothing, or it is of no matter. */
  readonly confinement: string | undefined;
  /** The user of --user. */
  readonly other: Identity | undefined;
  readonly containerUsers: ContainerUsers;
  /** Those that were looked at, in the order in which they are preferred. */
  readonly elevators: readonly Elevator[];
  /** The engine itself says that it is; a run has its container's word for it. */
  readonly rootlessEngine?: boolean;
  /** Whether there is a terminal on which a password could be asked for. */
  readonly terminal: boolean;
}

/**
 * The user namespace of the container's process: the one that the caller is in, one that maps the caller to root, or
 * another; `unrelated` where the caller is in one itself, so that its numbers, root's 0 too, are not the engine's.
 */
export type ContainerUsers = 'same' | "caller's" | 'other' | 'unrelated';

/** One way, and what speaks against it. */
export interface Verdict {
  readonly kind: WayKind;
  readonly way: Way | undefined;
  /** Why it is taken, or why not. */
  readonly reason: string;
  /** What the caller has given up speaks against it. */
  readonly restrained?: boolean;
}

/** The first way that works, or what speaks against each. */
export function chooseWay(elevate: Elevate, facts: WayFacts): Result<Way> {
  const verdicts = surveyWays(elevate, facts);
  const way = verdicts.find((verdict) => verdict.way !== undefined)?.way;
  if (way !== undefined) return success(way);
  const tried = verdicts.filter(({ kind }) => choices[elevate].includes(kind));
  return fail({
    kind: 'not-permitted',
    elevate,
    tried: tried.map(({ kind, reason }) => ({ way: kind, reason })),
    restrained: tried.some(({ restrained }) => restrained === true),
  });
}

/** All ways, in the order in which `--elevate auto` takes them: the nearest to COMMAND first. */
export function surveyWays(elevate: Elevate, facts: WayFacts): readonly Verdict[] {
  return choices.auto.map((kind) =>
    choices[elevate].includes(kind) ? judge(kind, elevate, facts) : against(kind, `not with --elevate ${elevate}`),
  );
}

/** Whether netexec is the parent of what it starts then, and may signal it. */
export const isOwnChild = (way: Way): boolean => way.kind === 'root' || way.kind === 'rootless';

/** The ways that --elevate leaves. */
const choices: Readonly<Record<Elevate, readonly WayKind[]>> = {
  auto: ['root', 'rootless', 'sudo', 'doas', 'docker'],
  none: ['root', 'rootless'],
  sudo: ['sudo', 'doas'],
  docker: ['docker'],
};

function judge(kind: WayKind, elevate: Elevate, facts: WayFacts): Verdict {
  switch (kind) {
    case 'root':
      if (facts.caller.uid !== 0) return against(kind, 'the caller is not root');
      if (!facts.restraints.effective.includes('sys_admin'))
        return restrained(kind, 'the caller is root, but without CAP_SYS_ADMIN');
      if (facts.containerUsers === 'unrelated') return against(kind, `the caller is root ${ofItsOwn}`);
      return { kind, way: { kind, cause: 'the caller is root' }, reason: 'the caller is root' };
    case 'rootless':
      return judgeRootless(facts);
    case 'sudo':
    case 'doas':
      return judgeElevator(kind, elevate, facts);
    case 'docker':
      return judgeEngine(elevate, facts);
  }
}

const ofItsOwn = 'of a user namespace that the engine is not in';

function judgeRootless({ caller, other, containerUsers }: WayFacts): Verdict {
  const kind = 'rootless';
  if (containerUsers !== "caller's") return against(kind, "the engine is not the caller's own");
  if (other !== undefined && other.uid !== caller.uid) {
    return against(kind, `its user namespace holds the caller alone, and --user asks for uid ${other.uid}`);
  }
  const cause = "the engine is rootless, and the caller's own";
  return { kind, way: { kind, cause }, reason: cause };
}

function judgeElevator(kind: Elevator['name'], elevate: Elevate, facts: WayFacts): Verdict {
  const { elevators, terminal, restraints } = facts;
  if (restraints.noNewPrivileges) return restrained(kind, 'the caller has no_new_privs, and cannot become root');
  if (restraints.lacking.includes('sys_admin')) return restrained(kind, 'what the caller starts has no CAP_SYS_ADMIN');
  const elevator = elevators.find(({ name }) => name === kind);
  if (elevator?.program === undefined) return against(kind, 'it is not installed');
  // Whoever names it may be asked; nobody is asked for a password out of the blue.
  const asks = elevate === 'sudo' && elevator.refusal !== undefined;
  if (elevator.refusal !== undefined && !(asks && terminal)) {
    return against(kind, `${elevator.refusal}${asks ? ', and there is no terminal to ask on' : ''}`);
  }
  const password = `it asks for ${asks ? 'a' : 'no'} password`;
  const cause = `${elevate === 'sudo' ? '--elevate sudo' : 'the caller is not root'}; ${password}`;
  return { kind, way: { kind, program: elevator.program, asks, cause }, reason: password };
}

function judgeEngine(elevate: Elevate, facts: WayFacts): Verdict {
  const kind = 'docker';
  if (facts.containerUsers === "caller's" || facts.rootlessEngine === true)
    return against(kind, 'the engine is rootless, and so not root itself');
  if (facts.containerUsers === 'unrelated') return against(kind, `the caller's user is one ${ofItsOwn}`);
  // Nothing of what the caller has started: it would be without these.
  const { confinement } = facts;
  const { filtered } = facts.restraints;
  if (filtered) return restrained(kind, 'the caller is under a seccomp filter, its container would not be');
  if (confinement !== undefined)
    return restrained(kind, `the caller is confined by ${confinement}, its container would not be`);
  const nearer = (['sudo', 'doas'] as const).map((name) => `${name}: ${judgeElevator(name, elevate, facts).reason}`);
  const cause = elevate === 'docker' ? '--elevate docker' : ['the engine is root', ...nearer].join('; ');
  return { kind, way: { kind, cause }, reason: 'the engine runs as root' };
}

const restrained = (kind: WayKind, reason: string): Verdict => ({ ...against(kind, reason), restrained: true });

const against = (kind: WayKind, reason: string): Verdict => ({ kind, way: undefined, reason });
