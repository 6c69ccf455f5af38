// Whose network it is that a container shares, and whether it still does: the kernel shows everybody the tables of a network.
import { statSync } from 'node:fs';
import type { Typed } from '../../core/compose/compose-line.ts';
import type { Container } from '../../core/engine/containers.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import type { Target } from '../../core/entry/plan.ts';
import { findLoss } from '../../core/entry/lost-network.ts';
import type { Sharer } from '../../core/entry/lost-network.ts';
import { proveProcess } from './prove-process.ts';
import { attempt, readText } from '../files/attempt.ts';

/**
 * Goes from one to the other until one has a network of its own.
 * @param inspect answers undefined for one that is gone
 */
export async function observeShared(
  container: Container,
  typed: Typed,
  inspect: (id: string) => Promise<Result<Container | undefined>>,
): Promise<Result<Pick<Target, 'owner' | 'lost'>>> {
  const chain = [container];
  let owner: Container | undefined = container;
  for (;;) {
    const shared = /^container:(.+)$/.exec(owner.networkMode)?.[1];
    if (shared === undefined) break;
    const next = await inspect(shared);
    if (!next.ok) return next;
    owner = next.value;
    if (owner === undefined) break;
    if (chain.some(({ id }) => id === next.value?.id)) {
      const request = `GET /containers/${chain.at(-1)?.id}/json`;
      return fail({ kind: 'engine-nonsense', request, problem: 'HostConfig.NetworkMode: circular reference' });
    }
    chain.push(owner);
  }
  const sharers = chain.filter((each) => each !== owner);
  const lost = findLoss(
    sharers.map((sharer) => observeSharer(sharer, owner)),
    owner,
    typed,
  );
  // One that is gone took its names along.
  return success({ owner: lost === undefined ? (owner ?? sharers.at(-1) ?? container) : container, lost });
}

function observeSharer(container: Container, owner: Container | undefined): Sharer {
  const [own, owners] = [container, owner].map(networkOf);
  return {
    container,
    withOwner: own === undefined || owners === undefined ? undefined : own === owners,
    hasRoutes: own === undefined ? undefined : hasRoutes(container.pid),
  };
}

function networkOf(container: Container | undefined): string | undefined {
  if (container === undefined || proveProcess(container) !== 'container') return undefined;
  return networkOfProcess(container.pid);
}

/**
 * Each network has files of its own for its tables; /proc/PID/ns/net, which would tell as well, only root may look at.
 * @returns what two processes of one network have in common; undefined for one that is gone
 */
export const networkOfProcess = (pid: number): string | undefined =>
  attempt(() => {
    const { dev, ino } = statSync(`/proc/${pid}/net/dev`, { bigint: true });
    return `${dev}:${ino}`;
  });

/** Those for IPv4 stand below a line of headings; for IPv6 lo always has some. */
function hasRoutes(pid: number): boolean | undefined {
  const [ipv4, ipv6] = ['route', 'ipv6_route'].map((table) => readText(`/proc/${pid}/net/${table}`));
  return ipv4 === undefined ? undefined : /\n./.test(ipv4) || /\s(?!lo\n)\S+\n/.test(ipv6 ?? '');
}
