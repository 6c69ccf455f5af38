// Is there such a name, on a network of the asker's, and does what it means run?
import { isIP } from '../names/ip-address.ts';
import { callIt, netexec, setting, settingOf } from './check-facts.ts';
import type { Asker, Candidate, EndpointFacts } from './check-facts.ts';
import { composeByFiles, composeByName, dockerLine } from '../compose/compose-line.ts';
import { orByReverse } from './check-loopback.ts';
import { judgeService } from './check-swarm.ts';
import type { CauseKind, Judgement } from './check-verdict.ts';
import { notLookedUp } from '../names/dns-names.ts';
import { describeRestarts, describeStopped, statusOf } from '../engine/container-ending.ts';
import { isUp } from '../engine/containers.ts';
import { nearestHint, quoted } from '../failure/explanation.ts';
import { hadNoAnswer, isSilent } from './dns-errors.ts';
import type { LostNetwork } from '../entry/plan.ts';
import { bad, good, list, note, unique } from './judgement.ts';
import { shellWord } from '../text/printable.ts';
import { isLoopback } from './socket-tables.ts';

/** Causes in a name that nobody has there: by a search list it may be a stranger's, and programs get that one then. */
export const nobodyHas: readonly CauseKind[] = ['not-running', 'not-started', 'other-network', 'name-unknown'];

export function judgeName(facts: EndpointFacts): Judgement {
  const { steps, cause } = judgeByName(facts);
  const stranger = strangerOf(facts);
  const last = steps.at(-1);
  if (stranger === undefined || last === undefined || cause === undefined || !nobodyHas.includes(cause.kind))
    return { steps, ...(cause && { cause }) };
  const also = (text: string): string => `${text}; ${stranger}`;
  return {
    steps: [...steps.slice(0, -1), { ...last, seen: also(last.seen) }],
    cause: { ...cause, what: also(cause.what) },
  };
}

function strangerOf({ endpoint, names }: EndpointFacts): string | undefined {
  const found = names?.program.addresses ?? [];
  if (found.length === 0 || (names?.hosts.length ?? 0) > 0) return undefined;
  return `${names?.longer ?? endpoint.host} answers instead, at ${list(found)}`;
}

function judgeByName(facts: EndpointFacts): Judgement {
  const { endpoint, name, asker } = facts;
  // What it has left is its own localhost.
  if (asker.lost !== undefined && endpoint.host !== 'localhost' && !isLoopback(endpoint.host))
    return networkLost(asker.lost);
  const paused = name.candidates.find(({ state }) => state === 'paused');
  if (paused !== undefined && name.candidates.every(({ state }) => state !== 'running'))
    return pausedService(paused, asker);
  if (isIP(endpoint.host) || endpoint.host === 'localhost') return judgeAddress(facts);
  const why = notLookedUp(endpoint.host.replace(/\.$/, ''));
  if (why !== undefined) return noDnsName(facts, why);
  const service = judgeService(facts);
  if (service !== undefined) return service;
  if (name.meant !== undefined) return known(facts, name.meant);
  const elsewhere = name.candidates.filter(({ state }) => isUp(state));
  if (elsewhere.length > 0) return onAnotherNetwork(facts, elsewhere);
  const stopped = name.candidates[0];
  if (stopped !== undefined) return notRunning(stopped, facts);
  if (name.declared) {
    return bad(
      'name',
      `${endpoint.host} is a service in the Compose file but has no container`,
      'not-started',
      `start it: ${up([], facts)}`,
    );
  }
  if (name.behindProfile !== undefined) {
    const [profile = ''] = name.behindProfile;
    return bad(
      'name',
      `${endpoint.host} has no container: it belongs to profile ${name.behindProfile.join(', ')}`,
      'not-started',
      `start it: ${up(['--profile', profile], facts)}`,
    );
  }
  return unknown(facts);
}

const up = (options: readonly string[], { asker, endpoint }: EndpointFacts): string =>
  composeByFiles(asker.typed, [...options, 'up', '-d', endpoint.host], { project: asker.compose?.project });

const networkLost = ({ said, cure }: LostNetwork): Judgement => bad('route', said, 'network-lost', cure);

/** The address itself was given, or `localhost`. */
function judgeAddress({ endpoint, name, asker }: EndpointFacts): Judgement {
  const [owner] = name.candidates;
  if (endpoint.host === 'localhost' || isLoopback(endpoint.host)) {
    return note('name', `${endpoint.host} is ${asker.called}'s own container, not another one`);
  }
  if (owner === undefined) return note('name', `no container has the address ${endpoint.host}`);
  return note('name', `the address of ${described(owner)}; use its name: a new container may get another address`);
}

/** Some that have it have another name, too. */
function noDnsName({ endpoint, name, asker }: EndpointFacts, why: string): Judgement {
  const called = name.candidates.flatMap(({ service }) => service?.replace(/^.*\//, '') ?? []);
  const [other] = called.filter((each) => name.others.includes(each) && notLookedUp(each) === undefined);
  return bad(
    'name',
    `${quoted(endpoint.host)} ${why}`,
    'no-dns-name',
    other === undefined
      ? `list the names there: ${netexec(asker)} --list-names ${shellWord(asker.called)}`
      : `use ${other}`,
  );
}

function known(facts: EndpointFacts, meant: NonNullable<EndpointFacts['name']['meant']>): Judgement {
  const { name, endpoint } = facts;
  if (meant.network === undefined) {
    const seen = `${endpoint.host} is in the hosts file (extra_hosts): ${list(meant.addresses)}`;
    const [other] = name.candidates;
    return other === undefined || isUp(other.state)
      ? good('name', seen)
      : note('name', `${seen}; the service ${callIt(other)} is not running`);
  }
  const distance = ({ service }: Candidate): number =>
    service === endpoint.host ? 0 : service === undefined || service.includes('/') ? 2 : 1;
  const who = name.candidates
    .filter(({ container }) => meant.containers.includes(container))
    .toSorted((first, second) => distance(first) - distance(second));
  const seen = `${list(who.map(described)) || endpoint.host}, on ${meant.network}`;
  const own = displaced(facts, meant.network);
  if (own !== undefined) return note('name', `${own}; instead, ${seen}, answers`);
  if (unique(who.map(callIt)).length > 1) return note('name', `${seen}: DNS rotates between them`);
  return who.some(({ health }) => health === 'unhealthy') ? note('name', seen) : good('name', seen);
}

/** @returns what keeps the project's own service from answering to its name, where another does */
function displaced({ asker, endpoint, name }: EndpointFacts, network: string): string | undefined {
  const own = `${endpoint.host} of ${asker.compose?.project}`;
  const { displaced: other } = name;
  if (other === undefined)
    return name.declared || name.behindProfile !== undefined ? `${own} has no container` : undefined;
  if (!isUp(other.state)) return `${own} is not running (${other.status})`;
  const mutual = asker.networks.find((place) => other.networks.some((each) => each.network === place.network));
  return mutual === undefined
    ? `${own} is on ${list(other.networks.map(({ key }) => key)) || 'no network'}, and ${asker.called} is not`
    : `${own} is on ${mutual.key}, but ${network} is searched first (--network ${mutual.key} changes that)`;
}

const described = (candidate: Candidate): string => {
  const { container, service, status } = candidate;
  return service === undefined ? `container ${container} (${status})` : `${service}: ${container} (${status})`;
};

function pausedService(paused: Candidate, asker: Asker): Judgement {
  return bad(
    'name',
    `${callIt(paused)} is paused: it accepts connections but does not answer them`,
    'paused',
    `resume it: ${command(paused, asker, 'unpause')}`,
  );
}

function notRunning(stopped: Candidate, { asker }: EndpointFacts): Judgement {
  if (stopped.state === 'restarting') return keepsRestarting(stopped, asker);
  const called = callIt(stopped);
  const why = stopped.outOfMemory ? ', because it exceeded its memory limit (OOM)' : '';
  const logs = isOwn(stopped) ? ['logs', '--tail', '20'] : ['logs'];
  return bad(
    'name',
    `${called} is not running: ${stopped.container}${describeStopped(stopped.state, stopped.status)}${why}`,
    'not-running',
    `see why: ${command(stopped, asker, ...logs)}; start it: ${command(stopped, asker, 'start')}`,
  );
}

/** A start does not help: the engine starts it all the time. */
function keepsRestarting(candidate: Candidate, asker: Asker): Judgement {
  const { container, restarts = 0, outOfMemory, status } = candidate;
  const told = describeRestarts({ exitCode: statusOf(status), restarts, outOfMemory });
  const cause = `${callIt(candidate)} keeps restarting${told}`;
  const seen = `${cause}: ${container} (${status})`;
  return bad('name', seen, 'not-running', `see why: ${command(candidate, asker, 'logs')}`, cause);
}

/** Of the asker's project. Compose knows nothing of a stack's. */
const isOwn = ({ service }: Candidate): boolean => service !== undefined && !service.includes('/');

const command = (candidate: Candidate, { typed, compose }: Asker, ...verb: readonly string[]): string =>
  isOwn(candidate) && compose?.task === undefined
    ? composeByName(typed, compose?.project, [...verb, callIt(candidate)])
    : `${dockerLine(typed)} ${verb.join(' ')} ${shellWord(candidate.container)}`;

function onAnotherNetwork({ asker, endpoint }: EndpointFacts, candidates: readonly Candidate[]): Judgement {
  const [other] = candidates;
  if (other === undefined) return { steps: [] };
  if (other.lost !== undefined) return networkLost(other.lost);
  if (other.sharesWith !== undefined) return sharesNetwork(other, other.sharesWith, asker.called);
  const theirs = unique(candidates.flatMap(({ networks }) => networks.map(({ key }) => key)));
  const ours = asker.networks.map(({ key }) => key);
  const mutual = asker.networks.filter(({ network }) => other.networks.some((place) => place.network === network));
  // It has been started since the engine listed it.
  if (mutual.length > 0 && other.status.startsWith('Restarting')) return keepsRestarting(other, asker);
  // The same network, but not under this name: a container's name of another spelling, an alias of elsewhere.
  if (mutual.length > 0) {
    const called = callIt(other).replace(/^.*\//, '');
    return bad(
      'name',
      `${callIt(other)} is on ${list(mutual.map(({ key }) => key))}, but not under the name ${endpoint.host}`,
      'name-unknown',
      `use ${called}, or give it that name: ${settingOf(other, `networks.${mutual[0]?.key}.aliases`)}: [${endpoint.host}]`,
    );
  }
  const seen = `${callIt(other)} is on ${list(theirs) || 'no network'}, ${asker.called} on ${list(ours) || 'no network'}`;
  return bad(
    'name',
    seen,
    'other-network',
    joinThem(asker, other),
    `${callIt(other)} and ${asker.called} have no network in common`,
  );
}

function joinThem(asker: EndpointFacts['asker'], other: Candidate): string {
  const [theirs] = other.networks;
  const mode = asker.networks.find(({ network }) => network === 'host' || network === 'none')?.network;
  if (mode === 'host') {
    return `the host's network has no service names: publish a port of ${callIt(other)} (ports) and use localhost, or remove ${setting(asker, 'network_mode')}: host`;
  }
  if (mode === 'none') return `remove ${setting(asker, 'network_mode')}: none`;
  if (theirs === undefined) return `${other.container} is not on any network: connect it to one of ${asker.called}'s`;
  if (asker.compose === undefined)
    return `${dockerLine(asker.typed)} network connect ${shellWord(theirs.network)} ${shellWord(asker.container)}`;
  const networks = unique([...asker.networks.map(({ key }) => key), theirs.key]);
  return `put them on one network, in the Compose file: services.${asker.compose.service}.networks: [${networks.join(', ')}]`;
}

const sharesNetwork = (other: Candidate, owner: string, asker: string): Judgement =>
  bad(
    'name',
    `${callIt(other)} does not have its own network: it uses the network of ${owner} (network_mode)`,
    'shares-network',
    owner === asker ? 'use localhost' : `use ${owner}, which reaches the servers in both`,
  );

function unknown(facts: EndpointFacts): Judgement {
  const { endpoint, names, asker, name } = facts;
  if (names !== undefined && names.hosts.length > 0)
    return note('name', `${endpoint.host} is in the hosts file, and is not a name on ${asker.called}'s networks`);
  const resolved = (names?.program.addresses.length ?? 0) > 0;
  if (names === undefined || resolved) {
    return note('name', `${endpoint.host} is not a name on ${asker.called}'s networks; looking it up in external DNS`);
  }
  if (endpoint.host === 'host.docker.internal') {
    const judged = bad(
      'name',
      'on Linux, host.docker.internal only exists if the Compose file adds it',
      'name-unknown',
      `${setting(asker, 'extra_hosts')}: ["host.docker.internal:host-gateway"]`,
    );
    return orByReverse(judged, facts);
  }
  const outside = endpoint.host.includes('.');
  // Whether it is a name of the world's, only a DNS server can tell.
  if (outside && isSilent(names.ipv4.error, names.ipv6.error)) return { steps: [] };
  const internal = asker.networks.length > 0 && asker.networks.every((place) => place.internal);
  if (outside && internal) {
    return bad(
      'name',
      `${endpoint.host} is not a name on ${list(asker.networks.map(({ key }) => key))}, and these networks are internal`,
      'internal-network',
      `reaching outside needs a network without "internal: true": ${setting(asker, 'networks')}`,
    );
  }
  if (outside && hadNoAnswer(names.ipv4.error, names.ipv6.error)) return { steps: [] };
  const nearest = nearestHint(endpoint.host, name.others);
  return bad(
    'name',
    `no service, container or alias ${quoted(endpoint.host)} on ${asker.called}'s networks (${list(asker.networks.map(({ key }) => key)) || 'none'})`,
    'name-unknown',
    nearest ?? `list the names there: ${netexec(asker)} --list-names ${shellWord(asker.called)}`,
  );
}
