// Looks at this machine for what it has to do with a connection: as what is in between, and as its other end.
import { hostname } from 'node:os';
import type { EndpointFacts, MachineEnd } from '../../core/check/check-facts.ts';
import type { Here } from '../../core/check/endpoint-facts.ts';
import { localAddresses } from '../../core/check/own-addresses.ts';
import { isLoopback } from '../../core/check/socket-tables.ts';
import { isUp } from '../../core/engine/containers.ts';
import { isRootlessEngine } from '../../core/engine/rootless-engine.ts';
import { candidateOf } from '../../core/check/surroundings.ts';
import type { Surroundings } from '../../core/check/surroundings.ts';
import type { Environment } from '../../core/engine/engine-address.ts';
import type { Engine } from '../engine/engine.ts';
import { observeHeldSockets, observeListeningSockets } from './listening-sockets.ts';
import { inspectWhole } from './observe-outside.ts';
import { readOrEmpty } from '../files/attempt.ts';

/** @param env the caller's */
export const observeHere = ({ owner, remoteEngine }: Surroundings, env: Environment): Here => ({
  env,
  hostName: hostname(),
  // With a remote engine it is another machine that is in between, and the program inside tells who listens.
  ...(remoteEngine === true
    ? { addresses: [], outerMtu: undefined, sockets: undefined }
    : { addresses: ownAddresses(), outerMtu: outerMtu(), sockets: observeListeningSockets(owner.pid) }),
});

/** All but the loopback ones: those are the asker's. */
const ownAddresses = (): readonly string[] =>
  localAddresses(readOrEmpty('/proc/self/net/fib_trie'), readOrEmpty('/proc/self/net/if_inet6')).filter(
    (address) => !isLoopback(address),
  );

/** Of the interface to which the default route leads. */
function outerMtu(): number | undefined {
  const route = /^(\S+)\t00000000\t/m.exec(readOrEmpty('/proc/net/route'));
  const size = Number(readOrEmpty(`/sys/class/net/${route?.[1] ?? ''}/mtu`));
  return size > 0 ? size : undefined;
}

/** @returns undefined where it is not the other end */
export async function observeMachineEnd(
  facts: EndpointFacts,
  around: Surroundings,
  here: Here,
  engine: Engine,
): Promise<MachineEnd | undefined> {
  const tried = facts.connections.map(({ address }) => address);
  const addresses = tried.filter((address) => here.addresses.includes(address));
  // A container in the host's network is itself this machine. That of a rootless engine comes to a network in between.
  if (addresses.length === 0 || around.owner.networkMode === 'host' || (await isRootless(engine))) return undefined;
  return {
    addresses,
    listeners: observeHeldSockets(process.pid) ?? [],
    publishers: await publishersOf(facts.endpoint.port, around, engine),
  };
}

async function isRootless(engine: Engine): Promise<boolean> {
  const info = await engine.info();
  return info.ok && isRootlessEngine(info.value.json);
}

/** The containers to which that port of this machine leads. */
async function publishersOf(
  port: number | undefined,
  around: Surroundings,
  engine: Engine,
): Promise<MachineEnd['publishers']> {
  const found: { readonly called: string; readonly inside: number; readonly near: boolean }[] = [];
  for (const { id, endpoints, state } of around.listed) {
    const container = isUp(state) ? await inspectWhole(id, engine) : undefined;
    if (container === undefined || !container.ok || container.value === undefined) continue;
    const { service, container: name, published } = candidateOf(container.value, around, undefined);
    const inside = published.find(({ outside }) => outside === port)?.inside;
    const near = endpoints.some(({ networkId }) =>
      around.owner.endpoints.some((endpoint) => endpoint.networkId === networkId),
    );
    if (inside !== undefined) found.push({ called: service ?? name, inside, near });
  }
  return found;
}
