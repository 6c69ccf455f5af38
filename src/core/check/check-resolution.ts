// Does the name resolve inside, through what, and to the address that the engine says it has?
import { isIP } from '../names/ip-address.ts';
import { addressesOf, callIt, restart, setting } from './check-facts.ts';
import type { EndpointFacts } from './check-facts.ts';
import type { Judgement } from './check-verdict.ts';
import type { NamesFound } from './findings.ts';
import { hadNoAnswer, noAnswer, lookupWords } from './dns-errors.ts';
import { bad, duration, good, list, note } from './judgement.ts';
import { isLoopback } from './socket-tables.ts';
import { enginesDns } from '../names/name-server.ts';

export function judgeAddresses(facts: EndpointFacts): Judgement {
  const { names, endpoint } = facts;
  if (isIP(endpoint.host)) return { steps: [] };
  if (names === undefined) return note('dns', 'not looked up: cannot enter the network');
  if (names.hosts.length > 0) return judgeHostsFile(facts, names);
  if (hadNoAnswer(names.ipv4.error, names.ipv6.error)) return judgeSilence(facts, names);
  if (names.program.addresses.length === 0) return unresolved(facts, names);
  const { meant } = facts.name;
  const found = names.program.addresses;
  if (
    meant?.network !== undefined &&
    meant.addresses.length > 0 &&
    !found.some((each) => meant.addresses.includes(each))
  ) {
    return bad(
      'dns',
      `${endpoint.host} resolves to ${list(found)}, but the engine has it at ${list(meant.addresses)}`,
      'stale-address',
      `something other than the engine answers: the container's resolv.conf names ${list(servers(facts)) || 'no server'}`,
    );
  }
  return good(
    'dns',
    `${list(found)}, from ${source(facts, names)} in ${duration(names.milliseconds)}${ipv6Note(names)}`,
  );
}

const servers = ({ machine }: EndpointFacts): readonly string[] => machine?.nameservers ?? [];

function source(facts: EndpointFacts, { longer }: NamesFound): string {
  const asked = list(servers(facts), 'or') || 'no DNS server';
  return longer ? `${asked} through the search list, as ${longer}` : asked;
}

function ipv6Note({ ipv6 }: NamesFound): string {
  // Some resolvers (musl) take such an answer for "no such name".
  if (ipv6.error === 'ENOTFOUND') return '; AAAA: "no such name", which is wrong, and breaks programs that use musl';
  return ipv6.addresses.length > 0 ? '' : '; AAAA: none';
}

function judgeHostsFile({ endpoint, name, asker }: EndpointFacts, { hosts }: NamesFound): Judgement {
  const runs = hosts.every(isLoopback) ? [] : name.candidates.filter(({ state }) => state === 'running');
  const real = runs.flatMap(addressesOf);
  const [other] = runs;
  if (other !== undefined && real.length > 0 && !hosts.some((address) => real.includes(address))) {
    return bad(
      'dns',
      `${endpoint.host} is ${list(hosts)} in ${asker.called}'s hosts file; ${callIt(other)} is at ${list(real)}`,
      'stale-address',
      `remove ${endpoint.host} from ${setting(asker, 'extra_hosts')}, or from whatever else writes it: the engine's DNS knows its address`,
    );
  }
  return good('dns', `${list(hosts)}, from the hosts file`);
}

function judgeSilence(facts: EndpointFacts, names: NamesFound): Judgement {
  const { machine, asker } = facts;
  const failed = noAnswer(names.ipv4.error, facts.timeout);
  const isServfail = names.ipv4.error === 'ESERVFAIL';
  const known =
    wasChanged(facts) && facts.name.meant?.network !== undefined
      ? `/etc/resolv.conf of ${asker.called} was changed: the engine's own ${enginesDns} knows ${facts.endpoint.host}; `
      : '';
  if (machine === undefined || !machine.nameservers.includes(enginesDns)) {
    return bad(
      'dns',
      `${list(servers(facts), 'or') || 'no DNS server'}: ${failed}`,
      'dns-dead',
      machine?.nameservers.length === 0
        ? "the container's resolv.conf names no DNS server"
        : `${known}${isServfail ? '' : `can ${asker.called} reach that server? `}To use another one: ${setting(asker, 'dns')}; service names need a Compose network, not the default bridge`,
    );
  }
  if (machine.enginesDnsKnows === true) {
    return bad(
      'dns',
      `${enginesDns} answers for names on the networks, but the servers that it asks for other names ${isServfail ? `fail for ${facts.endpoint.host} (SERVFAIL)` : 'do not answer'}`,
      'dns-upstream',
      `set other servers: ${setting(asker, 'dns')}, or "dns" in the engine's daemon.json`,
    );
  }
  if (machine.enginesDnsAnswers === true) {
    return bad(
      'dns',
      `${enginesDns}: ${failed}; the engine's DNS server behind it answers on port ${machine.enginesDnsPort}`,
      'dns-rules-gone',
      `something flushed the rules in ${asker.called}'s network, such as firewalld or iptables -F; to restore them: ${restart(asker)}`,
      `the NAT rules for the engine's DNS server are missing from ${asker.called}'s network`,
    );
  }
  return bad(
    'dns',
    `${enginesDns}: ${failed}`,
    'dns-dead',
    `restart it: ${restart(asker)}; if that does not help, restart the engine`,
    "the engine's DNS server does not answer",
  );
}

/** The engine's DNS server is there, and resolv.conf does not name it: something in the container has written that anew. */
const wasChanged = ({ machine }: EndpointFacts): boolean =>
  machine !== undefined && machine.enginesDnsPort !== null && !machine.nameservers.includes(enginesDns);

function unresolved(facts: EndpointFacts, { program }: NamesFound): Judgement {
  const { endpoint, name, asker } = facts;
  if (wasChanged(facts)) {
    const asked = list(servers(facts), 'or') || 'no server';
    return bad(
      'dns',
      `${asked} does not know ${endpoint.host} (${lookupWords(program.error)}); ${enginesDns} does: ${list(name.meant?.addresses ?? [])}`,
      'resolv-conf-changed',
      `the program that wrote it must keep "nameserver ${enginesDns}", or ${asked} must forward service names to it`,
      `/etc/resolv.conf of ${asker.called} was changed: it names ${asked}, not the engine's ${enginesDns}`,
    );
  }
  return bad(
    'dns',
    `${endpoint.host} does not resolve (${lookupWords(program.error)}), but the engine has it at ${list(name.meant?.addresses ?? []) || 'no address'}`,
    'dns-disagrees',
    'has a container just started or stopped? Try again, or restart it',
  );
}
