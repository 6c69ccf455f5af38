// Puts together what was seen of one endpoint, has it judged, and looks once more where the verdict asks for evidence.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { addressesOf } from '../../core/check/check-facts.ts';
import type { EndpointFacts, NameFacts } from '../../core/check/check-facts.ts';
import { decide, decideByName } from '../../core/check/check-verdict.ts';
import type { Verdict } from '../../core/check/check-verdict.ts';
import type { CheckedEndpoint } from '../../core/check/checked-endpoint.ts';
import { isUp } from '../../core/engine-state.ts';
import type { Finding } from '../../core/check/findings.ts';
import { isLoopback, plainAddress } from '../../core/check/socket-tables.ts';
import { straysAmong } from '../../core/check/own-addresses.ts';
import type { Container, ListedContainer } from '../../core/engine-state.ts';
import { isLocal, isServed, proxyFor } from '../../core/proxy-variables.ts';
import type { Environment } from '../../core/endpoint.ts';
import { observeSockets } from './listeners.ts';
import { candidateOf, inspectWhole } from './check-surroundings.ts';
import type { Surroundings } from './check-surroundings.ts';
import { observeRules } from './firewall.ts';
import { observeMachineEnd, ownAddresses } from './this-machine.ts';

/** An endpoint, and what is known of its name. */
export interface Asked {
  readonly endpoint: CheckedEndpoint;
  readonly name: NameFacts;
}

/** @returns undefined where only a look from inside can tell */
export const judgeOutside = (
  asked: Asked,
  around: Surroundings,
  env: Environment,
  timeout: number,
): Verdict | undefined => decideByName(factsOf(asked, around, env, timeout, []));

export async function judge(
  asked: Asked,
  around: Surroundings,
  env: Environment,
  timeout: number,
  findings: readonly Finding[],
): Promise<Verdict> {
  const facts = factsOf(asked, around, env, timeout, findings);
  const verdict = decide(facts);
  const kind = verdict.cause?.kind;
  if (kind === 'dropped' || kind === 'refused' || kind === 'no-route') {
    const [rules, machineEnd] = [await rulesBetween(facts, around), await observeMachineEnd(facts, around)];
    return decide({ ...facts, rules, machineEnd });
  }
  if (kind === 'nothing-listens') return decide({ ...facts, elsewhere: await listenersElsewhere(facts, around) });
  return verdict;
}

function factsOf(
  { endpoint, name }: Asked,
  { asker, listed, networks, owner }: Surroundings,
  env: Environment,
  timeout: number,
  findings: readonly Finding[],
): EndpointFacts {
  const ofKind = <Kind extends Finding['kind']>(kind: Kind): readonly Extract<Finding, { kind: Kind }>[] =>
    findings.filter((finding): finding is Extract<Finding, { kind: Kind }> => finding.kind === kind);
  const connections = ofKind('connection');
  const failed = connections.flatMap(({ address, error }) => (error === null ? [] : [address]));
  return {
    endpoint,
    asker,
    name,
    machine: ofKind('machine')[0],
    names: ofKind('names')[0],
    connections,
    strays: failed.length === 0 ? [] : straysAmong(failed, networks, [...addressesOfAll(listed), ...ownAddresses()]),
    tls: ofKind('tls')[0],
    words: ofKind('words')[0],
    rules: [],
    proxy: proxyOf(endpoint, owner, env),
    outerMtu: name.candidates.length === 0 ? outerMtu() : undefined,
    elsewhere: [],
    timeout,
  };
}

/** One on localhost that the container itself has is as good there as any. */
function proxyOf(
  { host, protocol, tls, guessed }: CheckedEndpoint,
  owner: Container,
  env: Environment,
): EndpointFacts['proxy'] {
  if (protocol !== 'http' || guessed) return undefined;
  const proxy = proxyFor(tls ? 'https' : 'http', host, env);
  if (proxy === undefined) return undefined;
  const local = owner.networkMode !== 'host' && isLocal(proxy, hostname());
  return local && isServed(proxy, observeSockets(owner.pid)) ? undefined : { ...proxy, isLocal: local };
}

const addressesOfAll = (listed: readonly ListedContainer[]): readonly string[] =>
  listed.flatMap(({ endpoints }) =>
    endpoints.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6].flatMap((address) => (address ? [plainAddress(address)] : []))),
  );

/** Of the interface to which the default route leads. */
function outerMtu(): number | undefined {
  try {
    const route = /^(\S+)\t00000000\t/m.exec(readFileSync('/proc/net/route', 'utf8'));
    const size = Number(readFileSync(`/sys/class/net/${route?.[1] ?? ''}/mtu`, 'utf8'));
    return size > 0 ? size : undefined;
  } catch {
    return undefined;
  }
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
async function listenersElsewhere(facts: EndpointFacts, around: Surroundings): Promise<readonly string[]> {
  const { owner, listed, engine } = around;
  const networks = owner.endpoints.map(({ networkId }) => networkId);
  const neighbours = listed.filter(
    ({ id, state, endpoints }) =>
      id !== owner.id && isUp(state) && endpoints.some(({ networkId }) => networks.includes(networkId)),
  );
  const found: string[] = [];
  for (const { id } of neighbours) {
    const container = await inspectWhole(id, engine);
    if (!container.ok || container.value === undefined) continue;
    const { service, container: called, listeners = [] } = candidateOf(container.value, around);
    const listens = listeners.some(
      ({ transport, port, address }) => transport === 'tcp' && port === facts.endpoint.port && !isLoopback(address),
    );
    if (listens) found.push(service?.replace(/^.*\//, '') ?? called);
  }
  return [...new Set(found)].filter((name) => name !== facts.endpoint.host).toSorted();
}
