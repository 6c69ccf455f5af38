// By which interfaces this machine is on Podman's networks: its own API tells, the one that is docker's does not.
import { readFileSync, statSync } from 'node:fs';
import { decodeBridges } from '../../core/engine/networks.ts';
import type { Network } from '../../core/engine/networks.ts';
import type { Container } from '../../core/engine/containers.ts';
import { isRootlessEngine } from '../../core/engine/rootless-engine.ts';
import { success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import type { NamedContainer } from '../../core/names/names.ts';
import type { Engine } from '../engine/engine.ts';
import { holdingProcess } from './held-process.ts';
import { proveProcess } from './prove-process.ts';

/** @returns the networks with their interfaces; those of a rootless Podman have none on this machine */
export async function withBridges(networks: readonly Network[], engine: Engine): Promise<Result<readonly Network[]>> {
  const [info, told] = await Promise.all([engine.info(), engine.podmanNetworks()]);
  if (!info.ok) return info;
  if (!told.ok) return told;
  const bridges = decodeBridges(told.value.request, told.value.json);
  if (!bridges.ok) return bridges;
  const isRootless = isRootlessEngine(info.value.json);
  return success(networks.map((each) => ({ ...each, bridge: isRootless ? undefined : bridges.value.get(each.id) })));
}

/**
 * They are called alike wherever a Podman is, `podman1`: where there are containers on them, one has to be of this machine, and
 * its conmon, which is in Podman's own network, in the caller's.
 */
export const areHere = (containers: readonly NamedContainer[]): boolean =>
  containers.length === 0 || containers.some((each) => isInspected(each) && isBeside(each));

const isInspected = (container: NamedContainer): container is Container => 'pid' in container;

function isBeside(container: Container): boolean {
  if (proveProcess(container) !== 'container') return false;
  try {
    return holdingProcess(container.pid, (folder) => {
      const conmon = /^PPid:\s*(\d+)$/m.exec(readFileSync(`${folder}/status`, 'utf8'))?.[1];
      return networkOf(`/proc/${conmon}`) === networkOf('/proc/self');
    });
  } catch {
    return false;
  }
}

/** Each network has files of its own in /proc, which everybody may look at; its namespace nobody but who may enter it. */
const networkOf = (folder: string): number => statSync(`${folder}/net/dev`).ino;
