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
import { observeRules } from './firewall.ts';
import { observeInterceptor } from './interceptor.ts';
import { observeListeningSockets } from './listening-sockets.ts';
import { observeListeners } from './observe-outside.ts';
import { observeMachineEnd } from './this-machine.ts';
import type { Vantage } from './vantage.ts';

/** @returns undefined where the verdict stands without */
export async function observeEvidence(
  { cause }: Verdict,
  facts: EndpointFacts,
  around: Surroundings,
  here: Here,
  engine: Vantage,
): Promise<Partial<EndpointFacts> | undefined> {
  const kind = cause?.kind;
  // Another machine's processes and rules cannot be seen, and this one has no part in it.
  const isHere = around.remoteEngine !== true;
  const intercepted = isHere && kind !== undefined && ofPorts.includes(kind) ? interceptedOf(facts) : undefined;
  if (intercepted !== undefined) return { intercepted };
  if (kind === 'dropped' || kind === 'refused' || kind === 'no-route') {
    if (!isHere) return undefined;
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
  engine: Vantage,
): Promise<readonly string[]> {
  const seen = await observeListeners(neighboursOf(around), around, engine);
  const found = (seen.ok ? seen.value : []).flatMap(({ container, listeners }) => {
    const { service, container: called } = candidateOf(container, around, listeners);
    const listens = listeners?.some(
      ({ transport, port, address }) => transport === 'tcp' && port === endpoint.port && !isLoopback(address),
    );
    return listens === true ? [service?.replace(/^.*\//, '') ?? called] : [];
  });
  return [...new Set(found)].filter((name) => name !== endpoint.host).toSorted();
}
