// Looks at this machine as the other end of a connection: the addresses that are its own, and what listens on them.
import { readFileSync } from 'node:fs';
import type { EndpointFacts, MachineEnd } from '../../core/check/check-facts.ts';
import { localAddresses } from '../../core/check/own-addresses.ts';
import { isLoopback } from '../../core/check/socket-tables.ts';
import { isUp } from '../../core/engine-state.ts';
import { isRootlessEngine } from '../../core/rootless-engine.ts';
import { candidateOf, inspectWhole } from './check-surroundings.ts';
import type { Surroundings } from './check-surroundings.ts';
import { observeListeners } from './listeners.ts';

/** All but the loopback ones: those are the asker's. */
export const ownAddresses = (): readonly string[] =>
  localAddresses(read('/proc/self/net/fib_trie'), read('/proc/self/net/if_inet6')).filter(
    (address) => !isLoopback(address),
  );

/** @returns undefined where it is not the other end */
export async function observeMachineEnd(facts: EndpointFacts, around: Surroundings): Promise<MachineEnd | undefined> {
  const own = ownAddresses();
  const addresses = facts.connections.map(({ address }) => address).filter((address) => own.includes(address));
  // A container in the host's network is itself this machine. That of a rootless engine comes to a network in between.
  if (addresses.length === 0 || around.owner.networkMode === 'host' || (await isRootless(around))) return undefined;
  return {
    addresses,
    listeners: observeListeners(process.pid) ?? [],
    publishers: await publishersOf(facts.endpoint.port, around),
  };
}

async function isRootless({ engine }: Surroundings): Promise<boolean> {
  const info = await engine.info();
  return info.ok && isRootlessEngine(info.value.json);
}

/** The containers to which that port of this machine leads. */
async function publishersOf(port: number | undefined, around: Surroundings): Promise<MachineEnd['publishers']> {
  const found: { readonly called: string; readonly inside: number; readonly near: boolean }[] = [];
  for (const { id, endpoints, state } of around.listed) {
    const container = isUp(state) ? await inspectWhole(id, around.engine) : undefined;
    if (container === undefined || !container.ok || container.value === undefined) continue;
    const { service, container: name, published } = candidateOf(container.value, around);
    const inside = published.find(({ outside }) => outside === port)?.inside;
    const near = endpoints.some(({ networkId }) =>
      around.owner.endpoints.some((endpoint) => endpoint.networkId === networkId),
    );
    if (inside !== undefined) found.push({ called: service ?? name, inside, near });
  }
  return found;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
