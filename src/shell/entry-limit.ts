// How long an entry may take: the container can hold it up, by a file that gives no answer, or by stopping what joins its processes.
import { fail } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import type { EntryPlan } from '../core/plan.ts';
import { joinsProcesses } from '../core/processes.ts';

/** An entry takes some milliseconds; a machine may be busy. */
const longest = { seconds: 10 };

export interface EntryLimit {
  /** The failure, once it has been too long. */
  readonly exceeded: () => Result<never> | undefined;
  readonly release: () => void;
}

/** @param end what ends the entry, with all that it has started */
export function limitEntry(plan: EntryPlan, hasStarted: () => boolean, end: () => void): EntryLimit {
  let failure: Result<never> | undefined;
  const { way, target } = plan;
  const check = (): void => {
    if (hasStarted()) return;
    const { seconds } = longest;
    failure = fail({ kind: 'entry-held-up', container: target.container.name, seconds, joined: joinsProcesses(plan) });
    end();
  };
  // Whoever is asked for a password may take their time.
  const timer = 'asks' in way && way.asks ? undefined : setTimeout(check, longest.seconds * 1000);
  return { exceeded: () => failure, release: () => clearTimeout(timer) };
}
