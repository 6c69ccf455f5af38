// The container's process as it is entered where COMMAND is netexec's child: held from here on, its namespaces too, whatever
// becomes of its number. Elsewhere its namespaces are not the caller's to open, and entry.sh takes hold of it.
import { closeSync, openSync } from 'node:fs';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import type { Numbers } from '../../core/entry/lifelines.ts';
import type { EntryPlan } from '../../core/entry/plan.ts';
import { caller } from './caller.ts';
import { folderOfEngineUsers } from './elevation.ts';

export interface HeldContainer {
  readonly numbers: Readonly<Numbers>;
  readonly close: () => void;
}

export function holdContainer({ way, lifelines, process: { pid }, target }: EntryPlan): Result<HeldContainer> {
  const numbers: Numbers = {};
  const close = (): void => Object.values(numbers).forEach((each) => closeSync(each));
  try {
    if (lifelines.opened.includes('process')) numbers.process = openSync(`/proc/${pid}`, 'r');
    const folder = `/proc/self/fd/${numbers.process}`;
    if (lifelines.opened.includes('network')) numbers.network = openSync(`${folder}/ns/net`, 'r');
    if (lifelines.opened.includes('users')) {
      const engine = folderOfEngineUsers(folder, caller().identity.uid) ?? folder;
      numbers.users = openSync(`${engine}/ns/user`, 'r');
    }
    return success({ numbers, close });
  } catch (error) {
    close();
    const { code = '', message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ESRCH'
      ? fail({ kind: 'container-ended', container: target.container.name, status: undefined })
      : fail({ kind: 'stage-failed', status: 0, way: way.kind, reason: message });
  }
}
