// Does anything listen on the port there, on which address; and what becomes of a connection?
import { isIPv4 } from '../names/ip-address.ts';
import { addressesOf, callIt, netexec, setting, settingOf } from './check-facts.ts';
import type { Candidate, EndpointFacts, HeldSocket, MachineEnd } from './check-facts.ts';
import { isOwnLocalhost, loopbackOnly, orThisMachine } from './check-loopback.ts';
import { judgeIntercept } from './check-intercept.ts';
import { judgeMachine } from './check-machine.ts';
import type { Judgement } from './check-verdict.ts';
import type { Connection } from './findings.ts';
import { outcome } from './connect-outcome.ts';
import { also, bad, duration, good, list, note, nothing, unique } from './judgement.ts';
import { shellWord } from '../text/printable.ts';
import { isAny, isLoopback } from './socket-tables.ts';
import { describeSockets } from './describe-sockets.ts';

/** By the kernel's own tables of the container, which need no tool in it. */
export function judgeListeners(facts: EndpointFacts): Judgement {
  const { endpoint, connections } = facts;
  const failing = failingCandidate(facts);
  if (failing === undefined && isRefusedByMachine(facts)) return judgeMachine(facts, facts.machineEnd);
  if (failing === undefined) return reached(facts);
  const { candidate, listeners } = failing;
  const { port } = endpoint;
  if (port === undefined) return noPort(candidate, listeners, facts);
  if (facts.intercepted?.container === candidate.container)
    return judgeIntercept(candidate, listeners, facts.intercepted);
  const on = listeners.filter((each) => each.transport === 'tcp' && each.port === port);
  if (on.length === 0) return notThere(candidate, listeners, port, facts);
  const seen = `${callIt(candidate)}: ${describeSockets(on)}`;
  const tried = connections
    .map(({ address }) => address)
    .filter((address) => isLoopback(address) || addressesOf(candidate).includes(address));
  // In the asker's own container the loopback addresses are as good as any.
  const network = tried.every(isLoopback) && tried.length > 0 ? on : on.filter(({ address }) => !isLoopback(address));
  if (network.length === 0) return loopbackOnly(candidate, on, seen, port, facts.asker);
  const speaksIpv4 = network.some(({ address }) => isIPv4(address));
  if (
    !speaksIpv4 &&
    tried.every((address) => isIPv4(address)) &&
    connections.some(({ error }) => error === 'ECONNREFUSED')
  ) {
    return bad(
      'listens',
      seen,
      'ipv6-only',
      `make it listen on 0.0.0.0, too; or enable IPv6 on the network: networks.KEY.enable_ipv6: true`,
      `${callIt(candidate)} listens on IPv6 only, and its address is ${list(tried)}`,
    );
  }
  const fits = network.some(({ address }) => isAny(address) || tried.includes(address));
  if (!fits && tried.length > 0) {
    return bad(
      'listens',
      seen,
      'other-address',
      `make it listen on 0.0.0.0: a fixed address changes with every new container`,
      `${callIt(candidate)} listens on ${list(network.map(({ address }) => address))} only, and its address here is ${list(tried)}`,
    );
  }
  return good('listens', seen);
}

const isRefusedByMachine = (facts: EndpointFacts): facts is EndpointFacts & { readonly machineEnd: MachineEnd } =>
  facts.machineEnd !== undefined && facts.connections.every(({ error }) => error !== null);

/** Every container whose addresses all fail, the first of them; a service with several is as good as the worst. */
function failingCandidate(
  facts: EndpointFacts,
): { readonly candidate: Candidate; readonly listeners: readonly HeldSocket[] } | undefined {
  const { endpoint, connections, name } = facts;
  for (const candidate of name.candidates) {
    if (candidate.listeners === undefined) continue;
    const own = [...addressesOf(candidate), ...(name.swarm?.service.vips ?? []).map(({ address }) => address)];
    const mine = connections.filter(({ address }) => own.includes(address) || isLoopback(address));
    const failing = mine.length > 0 ? mine.every(({ error }) => error !== null) : endpoint.port === undefined;
    if (failing) return { candidate, listeners: candidate.listeners };
  }
  return undefined;
}

function reached({ name, endpoint }: EndpointFacts): Judgement {
  const on = name.candidates.flatMap((candidate) =>
    (candidate.listeners ?? []).filter(({ transport, port }) => transport === 'tcp' && port === endpoint.port),
  );
  return on.length === 0 ? nothing : good('listens', describeSockets(on));
}

function notThere(
  candidate: Candidate,
  listeners: readonly HeldSocket[],
  port: number,
  facts: EndpointFacts,
): Judgement {
  const called = callIt(candidate);
  const tcp = listeners.filter((each) => each.transport === 'tcp' && !isLoopback(each.address));
  const others = unique(tcp.map((each) => each.port)).toSorted((one, other) => one - other);
  const own = isOwnLocalhost(facts.endpoint);
  const nobody = `nothing in ${called} listens on port ${port}`;
  const ofNodes = facts.name.swarm?.service.published.find(
    ({ inside, outside }) => outside === port && inside !== port,
  );
  const published = ofNodes ?? candidate.published.find(({ inside, outside }) => outside === port && inside !== port);
  if (published !== undefined) {
    return bad(
      'listens',
      nobody,
      'wrong-port',
      `use ${facts.endpoint.host}:${published.inside}: published ports (${settingOf(candidate, 'ports')}) are only for the host`,
      `${port} is ${called}'s port on ${ofNodes === undefined ? 'the host' : placeOfPort[ofNodes.mode]}; on the container networks, it is ${published.inside}`,
    );
  }
  if (listeners.some((each) => each.transport === 'udp' && each.port === port)) {
    return bad(
      'listens',
      `${nobody} (TCP), but something does on UDP`,
      'udp-only',
      `port ${port} of ${called} is a UDP port: use a program that speaks UDP`,
    );
  }
  if (own && others.length === 0) return ownContainer(facts, nobody);
  if (others.length > 0) {
    const seen = `${nobody}; listening there: ${describeSockets(tcp)}`;
    const what = `${called} listens on ${list(others.map(String))}, not on ${port}`;
    if (own) return orThisMachine(bad('listens', seen, 'nothing-listens', otherServices(facts), what), facts);
    const places = others.map((other) => `${facts.endpoint.host}:${other}`);
    return bad('listens', seen, 'wrong-port', `use ${list(places, 'or')}, or make it listen on ${port}`, what);
  }
  const only = listeners.filter(({ transport }) => transport === 'tcp');
  return bad(
    'listens',
    only.length === 0
      ? `nothing in ${called} listens on any TCP port`
      : `${nobody}; its only listeners are ${describeSockets(only)}`,
    'nothing-listens',
    candidate.health === 'starting'
      ? `it is still starting (health: starting); to wait for it: ${setting(facts.asker, 'depends_on')}.${called}.condition: service_healthy`
      : `${unsteady(candidate)}docker logs --tail 20 ${shellWord(candidate.container)}${instead(facts)}`,
  );
}

const placeOfPort = {
  ingress: 'every node of the swarm (mode: ingress)',
  host: "its tasks' nodes (mode: host)",
} as const;

/** Between two restarts it runs, for a moment. */
const unsteady = ({ restarts = 0 }: Candidate): string =>
  restarts === 0
    ? 'has its server exited, or not started yet? See '
    : `it has restarted ${restarts === 1 ? 'once' : `${restarts} times`}; see why: `;

const instead = ({ otherListeners, endpoint }: EndpointFacts): string =>
  otherListeners.length === 0 ? '' : `; the service that listens on ${endpoint.port} is ${list(otherListeners)}`;

function ownContainer(facts: EndpointFacts, seen: string): Judgement {
  const { lost } = facts.asker;
  // It listens where the one runs whose network was shared.
  if (lost !== undefined) return bad('listens', seen, 'network-lost', lost.cure, lost.said);
  return orThisMachine(bad('listens', seen, 'nothing-listens', otherServices(facts)), facts);
}

function otherServices({ asker, otherListeners, endpoint }: EndpointFacts): string {
  const names = list(
    otherListeners.map((name) => `${name}:${endpoint.port}`),
    'or',
  );
  return `localhost is ${asker.called} itself; to reach another service, use its name: ${names || `${netexec(asker)} --check ${shellWord(asker.called)}`}`;
}

function noPort(candidate: Candidate, listeners: readonly HeldSocket[], { asker }: EndpointFacts): Judgement {
  const tcp = listeners.filter(({ transport }) => transport === 'tcp');
  const called = callIt(candidate);
  const [first] = tcp;
  if (first !== undefined && tcp.every(({ address }) => isLoopback(address))) {
    return loopbackOnly(candidate, tcp, `${called}: ${describeSockets(tcp)}`, first.port, asker);
  }
  return bad(
    'listens',
    `nothing in ${called} listens on any TCP port`,
    'nothing-listens',
    `has its server exited, or not started yet? See docker logs --tail 20 ${shellWord(candidate.container)}`,
  );
}

export function judgeConnection(facts: EndpointFacts): Judgement {
  const { connections, name } = facts;
  if (connections.length === 0) return nothing;
  const owner = (address: string): Candidate | undefined =>
    name.candidates.find((candidate) => addressesOf(candidate).includes(address));
  const reachedOwners = new Set(connections.flatMap(({ error, address }) => (error === null ? [owner(address)] : [])));
  const failed = connections.filter(({ error }) => error !== null);
  // A container with an address that connects is reached, whatever its others do.
  const worst = failed.find(({ address }) => !reachedOwners.has(owner(address)));
  if (worst !== undefined) return failure(facts, worst);
  const fine = connections.filter(({ error }) => error === null);
  const times = good(
    'connect',
    list(fine.map(({ address, milliseconds }) => `${address} in ${duration(milliseconds)}`)),
  );
  return also(times, ...failed.map((each) => note('connect', `${each.address}: ${outcome(each, facts.timeout)}`)));
}

/** Of a URL: many programs do not go to it themselves. */
export function judgeProxy({ proxy, asker, connections }: EndpointFacts): Judgement {
  if (proxy === undefined || connections.every(({ error }) => error !== null)) return nothing;
  const { name, place, isLocal } = proxy;
  const there = isLocal ? `${place}, ${asker.called}'s own localhost, where nothing is listening` : place;
  return note(
    'connect',
    `directly; because of ${name}, COMMAND would use the proxy ${there}; to connect directly: -e ${name}=`,
  );
}

function failure(facts: EndpointFacts, connection: Connection): Judgement {
  const { endpoint, rules, name, asker, machineEnd } = facts;
  if (machineEnd?.addresses.includes(connection.address) === true) return turnedAwayByMachine(facts, connection);
  const seen = `${connection.address}, port ${endpoint.port}: ${outcome(connection, facts.timeout)}`;
  const rule = rules.length > 0 ? `; ${list(rules.slice(0, 3))}` : '';
  const listens = name.candidates.some(({ listeners }) => listeners?.some(({ port }) => port === endpoint.port));
  switch (connection.error ?? '') {
    case 'ECONNREFUSED':
      return bad(
        'connect',
        `${seen}${rule}`,
        'refused',
        listens
          ? `a firewall rule in ${asker.called}'s or ${endpoint.host}'s network rejects it (nft list ruleset)`
          : 'the host is up, but nothing is listening on that port: is it the right one?',
      );
    case 'TIMEOUT':
    case 'ETIMEDOUT':
      return bad(
        'connect',
        `${seen}${rule}`,
        'dropped',
        rules.length > 0
          ? 'remove that rule'
          : `something drops the packets: a firewall on the way (nft list ruleset, iptables -S DOCKER-USER on the host), a full accept queue, or no host has that address`,
      );
    case 'ECONNRESET':
      return bad('connect', seen, 'reset', 'something on the way, or the server itself, closes the connection at once');
    default:
      return bad('connect', seen, 'unreachable', undefined);
  }
}

/** A server of this machine's listens there, as far as can be seen: what comes from containers does not get to it. */
function turnedAwayByMachine({ asker, endpoint, rules, timeout }: EndpointFacts, connection: Connection): Judgement {
  const seen = `${connection.address}, port ${endpoint.port}: ${outcome(connection, timeout)}`;
  const isDropped = connection.error === 'TIMEOUT' || connection.error === 'ETIMEDOUT';
  return bad(
    'connect',
    rules.length > 0 ? `${seen}; ${list(rules.slice(0, 3))}` : seen,
    isDropped ? 'dropped' : 'refused',
    rules.length > 0
      ? `remove that rule, or allow connections from ${asker.called}'s networks to port ${endpoint.port}`
      : `in this machine's firewall (ufw, firewalld; nft list ruleset), allow connections from ${asker.called}'s networks to port ${endpoint.port}`,
  );
}
