// A container that shares another's network has the one that was there when it started: what becomes of that, and the cure.
import { describeStopped } from '../engine/container-ending.ts';
import { composeByFiles, composeByName, dockerLine, nothingTyped } from '../compose/compose-line.ts';
import type { Typed } from '../compose/compose-line.ts';
import { isUp } from '../engine/containers.ts';
import type { Container } from '../engine/containers.ts';
import type { LostNetwork } from './plan.ts';

/** One that shares, and what the kernel shows of its network; undefined where that cannot be seen. */
export interface Sharer {
  readonly container: Container;
  readonly withOwner: boolean | undefined;
  readonly hasRoutes: boolean | undefined;
}

/**
 * @param sharers the one that was asked for, the one whose network it shares, and so on
 * @param owner the last of them all, which has a network of its own; undefined where one is gone
 */
export function findLoss(
  sharers: readonly Sharer[],
  owner: Container | undefined,
  typed: Typed = nothingTyped,
): LostNetwork | undefined {
  const asked = sharers[0];
  if (asked === undefined) return undefined;
  const all = sharers.map(({ container }) => container);
  const shares = `${callIt(asked.container)} shares`;
  if (owner === undefined) {
    // The one that is gone may have shared another's, too, and that goes on.
    if (asked.hasRoutes === true) return undefined;
    return {
      said: `${shares} the network of a removed container: recreate ${inTurn(all)}`,
      cure: cure(all, true, typed),
    };
  }
  const other = callIt(owner);
  if (!isUp(owner.state)) {
    const said = `${shares} ${other}'s network, and ${other}${describeStopped(owner.state, '')}: start ${other}, then restart ${inTurn(all)}`;
    return { said, cure: cure([...all, owner], false, typed) };
  }
  const left = sharers.filter(({ container, withOwner }) => !(withOwner ?? !startedBefore(container, owner)));
  if (left[0] !== asked) return undefined;
  const again = left.map(({ container }) => container);
  return {
    said: `${shares} ${other}'s network, and ${other} has restarted since: restart ${inTurn(again)}`,
    cure: cure(again, false, typed),
  };
}

/** The engine says when to the nanosecond, in UTC, and leaves out zeros at the end. */
function startedBefore(sharer: Container, owner: Container): boolean {
  const [one, other] = [sharer.startedAt, owner.startedAt].map((time) =>
    time?.replace(/(?:\.(\d+))?Z$/, (_, digits = '') => `.${String(digits).padEnd(9, '0')}`),
  );
  return one !== undefined && other !== undefined && one < other;
}

/** Those that share come after those whose network it is. */
const inTurn = (containers: readonly Container[]): string => containers.map(callIt).toReversed().join(' and ');

function cure(containers: readonly Container[], anew: boolean, typed: Typed): string {
  const all = containers.toReversed();
  const [project, ...others] = new Set(all.map(({ compose }) => compose?.project));
  // Both start what is stopped; Compose recreates what shares the network of one that is gone.
  if (project !== undefined && others.length === 0) {
    const services = all.map(callIt);
    return anew
      ? composeByFiles(typed, ['up', '-d', ...services], { project, made: all[0]?.compose })
      : composeByName(typed, project, ['restart', ...services]);
  }
  const names = all.map(({ name }) => name).join(' ');
  return `${dockerLine(typed)} ${anew ? `rm -f ${names}, and run it again with docker run` : `restart ${names}`}`;
}

const callIt = ({ name, compose }: Container): string => compose?.service ?? name;
