// Containers that --replace has stopped and nobody has started again: netexec and its guard were both killed, or the machine.
import type { ListedContainer } from '../../core/engine/containers.ts';
import { judgeMarkers, replacedCure, replacedText } from '../../core/own-container/replaced-marker.ts';
import { connectActions } from '../engine/engine-actions.ts';
import type { Engine } from '../engine/engine.ts';
import { removeContainer } from '../engine/own-containers.ts';
import { hasLeft } from '../engine/supervisors.ts';
import { callerName } from '../observe/caller.ts';
import { warn } from '../terminal/say.ts';

/**
 * What tells of them is removed where it has come true, or is none of this project any more.
 * @param listed with the containers that are meant
 * @returns the names of those that still are stopped
 */
export async function findForgotten(listed: readonly ListedContainer[], engine: Engine): Promise<readonly string[]> {
  const { stopped, done } = judgeMarkers(listed, (marker) => hasLeft(marker, engine.endpoint));
  const actions = done.length > 0 ? connectActions(engine.endpoint, callerName) : undefined;
  if (actions?.ok) for (const id of done) await removeContainer(actions.value, id);
  return stopped;
}

const said = new Set<string>();

/** Once a call. */
export async function warnOfForgotten(
  listed: readonly ListedContainer[],
  project: string,
  engine: Engine,
): Promise<void> {
  if (said.has(project)) return;
  said.add(project);
  const own = listed.filter(({ compose, replaced }) => (compose ?? replaced)?.project === project);
  const stopped = await findForgotten(own, engine);
  if (stopped.length > 0) warn(`${replacedText(stopped)} (${replacedCure(stopped)})`);
}
