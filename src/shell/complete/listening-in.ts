// What listens in containers, for a TAB: the kernel's tables of their networks, which anyone may read.
import type { ListedContainer } from '../../core/engine/containers.ts';
import type { ListeningSocket } from '../../core/check/socket-tables.ts';
import { observeListeningSockets } from '../check/listening-sockets.ts';
import type { Engine } from '../engine/engine.ts';
import { inspect } from '../observe/observe-target.ts';
import { proveProcess } from '../observe/prove-process.ts';

/** @returns by their ids; one that is not of this machine, or does not tell, is left out */
export async function listeningIn(
  containers: readonly ListedContainer[],
  engine: Engine,
): Promise<ReadonlyMap<string, readonly ListeningSocket[]>> {
  const found = await Promise.all(
    containers.map(async ({ id }) => {
      const container = await inspect(id, engine);
      if (!container.ok || container.value === undefined) return [];
      const isHere = ['container', 'unreadable'].includes(proveProcess(container.value));
      const sockets = isHere ? observeListeningSockets(container.value.pid) : undefined;
      return sockets === undefined ? [] : [[id, sockets.filter(({ transport }) => transport === 'tcp')] as const];
    }),
  );
  return new Map(found.flat());
}
