// This machine as the other end, by its address on a network or by host.docker.internal: does its server listen there?
import { isIPv4 } from '../names/ip-address.ts';
import { setting } from './check-facts.ts';
import type { EndpointFacts, HeldSocket, MachineEnd } from './check-facts.ts';
import type { Judgement } from './check-verdict.ts';
import { bad, good, list, nothing, unique } from './judgement.ts';
import { describeSockets } from './describe-sockets.ts';
import { isAny, isLoopback, takes } from './socket-tables.ts';
import { hostPort } from '../names/ip-address.ts';

/** A container reaches what listens on the address that it comes to, and on all; never what listens on 127.0.0.1. */
export function judgeMachine(facts: EndpointFacts, end: MachineEnd): Judgement {
  const { endpoint, connections } = facts;
  const on = end.listeners.filter((each) => each.port === endpoint.port);
  const tcp = on.filter(({ transport }) => transport === 'tcp');
  if (tcp.length === 0) return notThere(facts, end, on.length > 0);
  const seen = `${describeSockets(tcp)} (this machine)`;
  if (tcp.every(({ address }) => isLoopback(address))) return loopbackOnly(facts, end, tcp, seen);
  const there = tcp.filter(({ address }) => isFor(address, end.addresses));
  if (there.length === 0) return otherAddress(end, tcp, seen);
  const refused = connections.some(({ error }) => error === 'ECONNREFUSED');
  if (refused && end.addresses.every((address) => isIPv4(address)) && !there.some(({ address }) => isIPv4(address))) {
    return bad(
      'listens',
      seen,
      'ipv6-only',
      'make it listen on 0.0.0.0, too',
      `${called(tcp)} (this machine): on IPv6 only, but its address here is ${list(end.addresses)}`,
    );
  }
  return good('listens', seen);
}

/** A socket of IPv6 that takes no IPv4 is told by what it refuses. */
const isFor = (address: string, tried: readonly string[]): boolean => tried.some((each) => takes(address, each));

/** What a server says to listen everywhere, there included. */
const everywhere = ({ addresses }: MachineEnd): string => (addresses.some((each) => isIPv4(each)) ? '0.0.0.0' : '::');

function notThere({ endpoint, connections }: EndpointFacts, end: MachineEnd, isUdp: boolean): Judgement {
  // Something answers, or drops what comes, that is no server of this machine's: a rule leads elsewhere.
  if (!connections.every(({ error }) => error === 'ECONNREFUSED')) return nothing;
  const nobody = `nothing on this machine listens on port ${endpoint.port}`;
  if (isUdp) {
    const hint = `port ${endpoint.port} of this machine is a UDP port: use a program that speaks UDP`;
    return bad('listens', `${nobody} (TCP), but something does on UDP`, 'udp-only', hint);
  }
  const open = unique(
    end.listeners
      .filter(({ transport, address }) => transport === 'tcp' && isFor(address, end.addresses))
      .map(({ port }) => String(port)),
  ).toSorted((one, other) => Number(one) - Number(other));
  const others = open.length > 0 && open.length <= 8 ? `; ports that containers reach there: ${list(open)}` : '';
  return bad(
    'listens',
    nobody,
    'nothing-listens',
    `is its server running? It must listen on ${everywhere(end)}${others}`,
  );
}

function loopbackOnly(facts: EndpointFacts, end: MachineEnd, on: readonly HeldSocket[], seen: string): Judgement {
  return bad(
    'listens',
    seen,
    'loopback-only',
    publishedCure(facts, end, on) ??
      `make it listen on ${everywhere(end)}, or on ${list(end.addresses, 'or')} for containers only: its --host, --bind or listen setting; or let COMMAND reach it unchanged, on localhost, with --reverse ${facts.endpoint.port}`,
    `${called(on)} (this machine): containers cannot reach that`,
  );
}

/** `127.0.0.1:5432:5432` under `ports`: the engine's own proxy listens there, whose name only root sees. */
function publishedCure(
  { asker }: EndpointFacts,
  { publishers }: MachineEnd,
  on: readonly HeldSocket[],
): string | undefined {
  const isProxy = on.every(({ process }) => process === undefined || process.startsWith('docker-proxy'));
  const near = publishers.find((each) => each.near);
  const [publisher] = publishers;
  if (!isProxy || publisher === undefined) return undefined;
  return near === undefined
    ? `it is ${publisher.called}'s port, published for this machine only; put both on one network (${setting(asker, 'networks')}): ${publisher.called.replace(/^.*\//, '')}:${publisher.inside}`
    : `it is ${near.called}'s port, published for this machine only: use ${near.called.replace(/^.*\//, '')}:${near.inside}`;
}

function otherAddress(end: MachineEnd, on: readonly HeldSocket[], seen: string): Judgement {
  const others = on.filter(({ address }) => !isLoopback(address) && !isAny(address));
  const places = unique(others.map(({ address, port }) => hostPort(address, port)));
  return bad(
    'listens',
    seen,
    'other-address',
    `${places.length === 0 ? '' : `use ${list(places, 'or')}, or `}make it listen on ${everywhere(end)}`,
    `${called(on)} (this machine), not on ${list(end.addresses)}`,
  );
}

/** `python3 on 127.0.0.1:8123`; whose it is only its user and root may see. */
function called(on: readonly HeldSocket[]): string {
  const text = describeSockets(on.map((each) => ({ ...each, process: each.process?.replace(/ \(pid \d+\)$/, '') })));
  return on.every(({ process }) => process === undefined) ? `a program on ${text}` : text;
}
