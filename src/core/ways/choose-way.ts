// Judges the ways in for this caller, and takes the first that works; and what must be looked at before that.
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import { objections, ofRestraints } from './objections.ts';
import type { Asked, Objection, WayFacts } from './objections.ts';
import { isProgramWay, ways, wayKinds } from './ways.ts';
import type { Elevate, ProgramWay, Way, WayKind } from './ways.ts';

/** One way, and what speaks against it. */
export interface Verdict {
  readonly kind: WayKind;
  readonly way: Way | undefined;
  /** Why it is taken, or why not. */
  readonly reason: string;
  /** What the caller has given up speaks against it. */
  readonly restrained?: true;
}

/** The first way that works, or what speaks against each. */
export function chooseWay(elevate: Elevate, facts: WayFacts): Result<Way> {
  const verdicts = surveyWays(elevate, facts);
  const way = verdicts.find((verdict) => verdict.way !== undefined)?.way;
  if (way !== undefined) return success(way);
  const tried = verdicts.filter(({ kind }) => isLeft(kind, elevate, facts));
  return fail({
    kind: 'not-permitted',
    elevate,
    ...(facts.outside === true ? { outside: true } : {}),
    ...(tried.some(({ kind }) => ways[kind].tunnels === true) ? { tunnels: true } : {}),
    tried: tried.map(({ kind, reason }) => ({ way: kind, reason })),
    restrained: tried.some(({ restrained }) => restrained === true),
  });
}

/** All ways, in the order in which `--elevate auto` takes them. */
export function surveyWays(elevate: Elevate, facts: WayFacts): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  for (const kind of wayKinds) verdicts.push(judge(kind, elevate, facts, verdicts));
  return verdicts;
}

/** What is looked at where no way is known to work without. */
export interface FurtherLooks {
  /** The ways whose programs are asked, one after the other, until one would do it. */
  readonly programs: readonly ProgramWay[];
  readonly confinement: boolean;
  readonly terminal: boolean;
  /** Whether a user namespace is tried, unless one of these programs would do it. */
  readonly namespace: boolean;
}

const unlooked = { confinement: undefined, elevators: [], terminal: false } as const;

/**
 * Nothing more than the choice may depend on: sudo writes a line into the log whenever it is asked.
 * @returns undefined where the way is known
 */
export function furtherLooks(elevate: Elevate, seen: Omit<WayFacts, keyof typeof unlooked>): FurtherLooks | undefined {
  const facts = { ...seen, ...unlooked };
  const left = wayKinds.filter((kind) => isLeft(kind, elevate, facts));
  const against = left.map((kind) => findObjection(kind, facts, askedFor(kind, elevate, facts, [])));
  const isTried = (kind: WayKind): boolean => ways[kind].isTried === true;
  // Of netexec's own children all else has been seen: they take nobody's leave.
  const isSure = (kind: WayKind): boolean => ways[kind].parent === 'netexec' && !isTried(kind);
  if (left.some((kind, index) => isSure(kind) && against[index] === undefined)) return undefined;
  const { caller, restraints } = seen;
  const isRoot = caller.uid === 0 && restraints.effective.includes('sys_admin');
  // Root who gets no further, in a user namespace of its own, gets no further as their root.
  const helps = elevate !== 'auto' || !isRoot;
  const programs = left.filter((_, index) => helps && against[index] === 'programMissing').filter(isProgramWay);
  return {
    programs,
    confinement: left.some((kind) => ways[kind].parent === 'daemon'),
    terminal: elevate !== 'auto' && programs.length > 0,
    namespace: left.some((kind, index) => isTried(kind) && against[index] === undefined),
  };
}

function isLeft(
  kind: WayKind,
  elevate: Elevate,
  { outside, remoteEngine }: Pick<WayFacts, 'outside' | 'remoteEngine'>,
): boolean {
  const { only, elevate: named } = ways[kind];
  if (elevate !== 'auto' && elevate !== named) return false;
  if (only === 'a remote engine') return remoteEngine === true || elevate === named;
  return remoteEngine !== true && (only === undefined || outside === true);
}

function judge(kind: WayKind, elevate: Elevate, facts: WayFacts, nearer: readonly Verdict[]): Verdict {
  const { only } = ways[kind];
  if (!isLeft(kind, elevate, facts)) {
    const isNamed = elevate === 'auto' || elevate === ways[kind].elevate;
    const reason =
      facts.remoteEngine === true && only !== 'a remote engine'
        ? 'the container is not on this kernel'
        : `only for ${only}`;
    return { kind, way: undefined, reason: isNamed ? reason : `not allowed by --elevate ${elevate}` };
  }
  const asked = askedFor(kind, elevate, facts, nearer);
  const objection = findObjection(kind, facts, asked);
  if (objection !== undefined) {
    const restrained = ofRestraints.includes(objection) ? ({ restrained: true } as const) : {};
    return { kind, way: undefined, reason: objections[objection](facts, asked) || '', ...restrained };
  }
  const { reason, cause } = ways[kind].for(asked);
  const file = asked.elevator?.program;
  const program = !isProgramWay(kind) || file === undefined ? {} : { program: { file, asks: asked.asks } };
  return { kind, way: { kind, ...program, cause }, reason };
}

function askedFor(kind: WayKind, elevate: Elevate, { elevators }: WayFacts, nearer: readonly Verdict[]): Asked {
  const elevator = elevators.find(({ name }) => name === kind);
  const programs = nearer.filter((each) => isProgramWay(each.kind));
  return {
    named: elevate === 'auto' ? undefined : `--elevate ${elevate}`,
    elevator,
    asks: elevate !== 'auto' && elevator?.refusal !== undefined,
    within: ways[kind].within,
    nearer: programs.map((each) => `${each.kind}: ${each.reason}`),
  };
}

const findObjection = (kind: WayKind, facts: WayFacts, asked: Asked): Objection | undefined =>
  ways[kind].against.find((each) => objections[each](facts, asked) !== false);
