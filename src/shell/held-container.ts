// The container's process as it is entered where COMMAND is netexec's child: held from here on, its namespaces too, whatever
// becomes of its number. Elsewhere its namespaces are not the caller's to open, and entry.sh takes hold of it.
import { closeSync, openSync } from 'node:fs';
import type { ContainerPaths } from '../core/entry-argv.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { heldBy } from '../core/held-paths.ts';
import type { EntryPlan } from '../core/plan.ts';
import { isOwnChild, ways } from '../core/ways.ts';

export interface HeldContainer {
  /** Undefined where it is not for netexec to hold it. */
  readonly paths: ContainerPaths | undefined;
  readonly close: () => void;
}

export function holdContainer({ way, process: { pid }, target }: EntryPlan): Result<HeldContainer> {
  const opened: number[] = [];
  const close = (): void => opened.splice(0).forEach((each) => closeSync(each));
  const hold = (path: string): string => {
    const descriptor = openSync(path, 'r');
    opened.push(descriptor);
    return heldBy(way, process.pid, descriptor);
  };
  if (!isOwnChild(way)) return success({ paths: undefined, close });
  try {
    const folder = hold(`/proc/${pid}`);
    const network = hold(`${folder}/ns/net`);
    if (ways[way.kind].arrivesAs === 'caller')
      return success({ paths: { process: folder, network, users: '' }, close });
    // netexec's own are out of reach from within a rootless engine's namespace: the stage takes hold of it anew.
    return success({ paths: { process: `/proc/${pid}`, network, users: hold(`${folder}/ns/user`) }, close });
  } catch (error) {
    close();
    const { code = '', message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ESRCH'
      ? fail({ kind: 'container-ended', container: target.container.name, status: undefined })
      : fail({ kind: 'stage-failed', status: 0, way: way.kind, reason: message });
  }
}
