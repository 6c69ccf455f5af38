// The one kind of caller that is enough for many a scenario: an ordinary user whom sudo asks for no password.
import { callerNamed, uidOf, useCallers } from './callers.ts';
import type { RunOptions, Scenario } from './scenario.ts';

export interface SudoUser {
  readonly uid: number;
  /** A folder that nobody else may enter, and from which its steps are taken. */
  home(): string;
  /** A step of this user's. */
  step(s: Scenario, options?: RunOptions): RunOptions;
}

/** Of a file's scenarios, which use the project. */
export function useSudoUser(project: string): SudoUser {
  const callers = useCallers(project, 'shared');
  const caller = callerNamed('netexec-sudo');
  return {
    uid: uidOf(caller),
    home: () => callers.home(caller),
    step: (s, options) => callers.step(s, caller, options),
  };
}
