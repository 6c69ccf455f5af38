// Looks once more where an endpoint does not connect: for the rules that keep it from that, and for who listens instead.
import { addressesOf } from '../../core/check/check-facts.ts';
import type { EndpointFacts, Intercepted } from '../../core/check/check-facts.ts';
import { isOwnLocalhost } from '../../core/check/check-loopback.ts';
import type { CauseKind, Verdict } from '../../core/check/check-verdict.ts';
import type { CheckedEndpoint } from '../../core/check/checked-endpoint.ts';
import type { Here } from '../../core/check/endpoint-facts.ts';
import { isAny, isLoopback } from '../../core/check/socket-tables.ts';
import { candidateOf, neighboursOf } from '../../core/check/surroundings.ts';
import type { Surroundings } from '../../core/check/surroundings.ts';
import type { Engine } from '../engine/engine.ts';
import { observeRules } from './firewall.ts';
import { observeHeldSockets, observeListeningSockets } from './listening-sockets.ts';
import { observeInterceptor } from './interceptor.ts';
import { inspectWhole } from './observe-outside.ts';
import { observeMachineEnd } from './this-machine.ts';

/** @returns undefined where the verdict stands without */
export async function observeEvidence(
  { cause }: Verdict,
  facts: EndpointFacts,
  around: Surroundings,
  here: Here,
  engine: Engine,
): Promise<Partial<EndpointFacts> | undefined> {
  const kind = cause?.kind;
  const intercepted = kind !== undefined && ofPorts.includes(kind) ? interceptedOf(facts) : undefined;
  if (intercepted !== undefined) return { intercepted };
  if (kind === 'dropped' || kind === 'refused' || kind === 'no-route') {
    const rules = await rulesBetween(facts, around);
    return { rules, machineEnd: await observeMachineEnd(facts, around, here, engine) };
  }
  if (kind !== 'nothing-listens') return undefined;
  const otherListeners = await listenersElsewhere(facts, around, engine);
  return { otherListeners, isServedHere: isOwnLocalhost(facts.endpoint) && isServedHere(facts.endpoint) };
}

const isServedHere = ({ port: wanted }: CheckedEndpoint): boolean =>
  observeListeningSockets(process.pid)?.some(
    ({ transport, port, address }) => transport === 'tcp' && port === wanted && (isLoopback(address) || isAny(address)),
  ) === true;

/** What is said of a port that leads elsewhere, as long as that is not known. */
const ofPorts: readonly CauseKind[] = [
  'nothing-listens',
  'wrong-port',
  'loopback-only',
  'other-address',
  'ipv6-only',
  'refused',
];

/** The service itself is not led elsewhere. */
function interceptedOf({ endpoint: { port }, name, asker }: EndpointFacts): Intercepted | undefined {
  if (port === undefined) return undefined;
  for (const { container, pid } of name.candidates) {
    const found = container === asker.container ? undefined : observeInterceptor(pid, port);
    if (found !== undefined) return { container, ...found };
  }
  return undefined;
}

/** In the asker's network, in the other's, and on the machine in between. */
function rulesBetween(facts: EndpointFacts, { owner }: Surroundings): Promise<readonly string[]> {
  const { asker, connections, endpoint, name } = facts;
  const failing = connections.filter(({ error }) => error !== null).map(({ address }) => address);
  const other = name.candidates.find((candidate) => addressesOf(candidate).some((each) => failing.includes(each)));
  const networks = [
    { where: `in ${asker.called}'s network`, pid: owner.pid },
    ...(other === undefined ? [] : [{ where: `in ${endpoint.host}'s network`, pid: other.pid }]),
    { where: 'on the host', pid: undefined },
  ];
  return observeRules(networks, failing, endpoint.port ?? 0);
}

/** Which of the asker's neighbours listen on that port: `localhost` was taken for one of them, say. */
async function listenersElsewhere(
  { endpoint }: EndpointFacts,
  around: Surroundings,
  engine: Engine,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { id } of neighboursOf(around)) {
    const container = await inspectWhole(id, engine);
    if (!container.ok || container.value === undefined) continue;
    const listeners = observeHeldSockets(container.value.pid);
    const { service, container: called } = candidateOf(container.value, around, listeners);
    const listens = listeners?.some(
      ({ transport, port, address }) => transport === 'tcp' && port === endpoint.port && !isLoopback(address),
    );
    if (listens === true) found.push(service?.replace(/^.*\//, '') ?? called);
  }
  return [...new Set(found)].filter((name) => name !== endpoint.host).toSorted();
}
