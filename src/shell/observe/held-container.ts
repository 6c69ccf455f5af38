// The container's process as it is entered where COMMAND is netexec's child: held from here on, its namespaces too, whatever
// becomes of its number. Elsewhere its namespaces are not the caller's to open, and entry.sh takes hold of it.
import { closeSync, openSync } from 'node:fs';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import type { Numbers } from '../../core/entry/lifelines.ts';
import type { EntryPlan } from '../../core/entry/plan.ts';

export interface HeldContainer {
  readonly numbers: Readonly<Numbers>;
  readonly close: () => void;
}

export function holdContainer({ way, lifelines, process: { pid }, target }: EntryPlan): Result<HeldContainer> {
  const numbers: Numbers = {};
  const close = (): void => Object.values(numbers).forEach((each) => closeSync(each));
  try {
    if (lifelines.opened.includes('process')) numbers.process = openSync(`/proc/${pid}`, 'r');
    for (const [each, name] of [
      ['network', 'net'],
      ['users', 'user'],
    ] as const)
      if (lifelines.opened.includes(each)) numbers[each] = openSync(`/proc/self/fd/${numbers.process}/ns/${name}`, 'r');
    return success({ numbers, close });
  } catch (error) {
    close();
    const { code = '', message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ESRCH'
      ? fail({ kind: 'container-ended', container: target.container.name, status: undefined })
      : fail({ kind: 'stage-failed', status: 0, way: way.kind, reason: message });
  }
}
