// Whether the numbers of processes that the engine names are this machine's, where no container is entered that would tell.
import { ofAll } from '../../core/engine/labels.ts';
import { success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import type { Engine } from '../engine/engine.ts';
import { containerNotHere, isFirstNamespace } from './container-not-here.ts';
import { inspect, list } from './observe-target.ts';
import { proveProcess } from './prove-process.ts';

/** One that ends meanwhile is not found, either. */
const mostAsked = 3;

/**
 * Before a container of netexec's own is made, or where none is entered. In the machine's own process namespace they are;
 * elsewhere containers that run tell.
 */
export async function provenNumbers(engine: Engine): Promise<Result<void>> {
  const listed = isFirstNamespace() ? success([]) : await list(ofAll, engine);
  if (!listed.ok) return listed;
  const wrong: Result<never>[] = [];
  // Any of them may just have ended, and the youngest, which are listed first, most of all.
  for (const { id } of listed.value.filter(({ state }) => state === 'running').toReversed()) {
    const container = await inspect(id, engine);
    if (!container.ok || !container.value?.pid) continue;
    const found = proveProcess(container.value);
    if (found === 'container' || found === 'unreadable') return success(undefined);
    wrong.push(await containerNotHere(container.value, found, engine));
    if (wrong.length === mostAsked) break;
  }
  return wrong[0] ?? success(undefined);
}
