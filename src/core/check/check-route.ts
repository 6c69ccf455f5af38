// Is there a way to the address: an interface that is up, a route?
import { dockerLine } from '../compose/compose-line.ts';
import { addressesOf, restart, setting } from './check-facts.ts';
import type { EndpointFacts, MachineEnd, AttachedNetwork } from './check-facts.ts';
import { isVip } from './check-swarm.ts';
import type { Judgement } from './check-verdict.ts';
import { bad, good, list, nothing } from './judgement.ts';
import type { Stray } from './own-addresses.ts';
import { shellWord } from '../text/printable.ts';
import { isLoopback } from './socket-tables.ts';

export function judgeRoute(facts: EndpointFacts): Judgement {
  const { connections, asker, machine, name } = facts;
  if (connections.length === 0) return nothing;
  const tried = connections.map(({ address }) => address);
  const isVips = (network: string): boolean =>
    name.meant?.network === network && tried.some((address) => name.swarm && isVip(address, name.swarm.service));
  const mutual = asker.networks.filter(
    ({ network }) =>
      isVips(network) ||
      name.candidates.some(({ networks }) =>
        networks.some(
          (place) => place.network === network && place.addresses.some((address) => tried.includes(address)),
        ),
      ),
  );
  if (connections.some(({ error }) => error === null)) return tried.every(isLoopback) ? nothing : way(facts, mutual);
  const gone = mutual.find(({ addresses }) => !addresses.some((address) => machine?.addresses.includes(address)));
  if (machine !== undefined && gone !== undefined) return interfaceDown(facts, gone);
  const stray = facts.strays?.find(({ address }) => tried.includes(address));
  if (stray !== undefined && connections.every((each) => each.error !== 'ECONNREFUSED'))
    return nobodyThere(facts, stray);
  if (facts.machineEnd !== undefined) return toMachine(facts, facts.machineEnd);
  if (leadsOut(facts, mutual)) return shutIn(facts);
  const error = connections.find((each) => each.error === 'ENETUNREACH' || each.error === 'EHOSTUNREACH');
  if (error === undefined) return tried.every(isLoopback) ? nothing : way(facts, mutual);
  const owner = name.candidates.find((candidate) => addressesOf(candidate).includes(error.address));
  return bad(
    'route',
    `cannot reach ${error.address} (${error.error === 'ENETUNREACH' ? 'no route' : 'no host has that address, or a rule rejects it'})`,
    'no-route',
    owner === undefined
      ? 'is the address right?'
      : `is ${owner.container}'s interface up? To recreate it: ${dockerLine(asker.typed)} restart ${shellWord(owner.container)}`,
  );
}

/** Only the engine gives addresses out there: a machine of another network is never found behind them. */
function nobodyThere({ asker }: EndpointFacts, { address, network, subnet }: Stray): Judgement {
  const place = asker.networks.find((each) => each.network === network);
  const where =
    place === undefined
      ? `in the subnet of ${network}, a network of this engine, and no container has it`
      : `in ${place.key}'s own subnet, and no container has it`;
  const cure =
    place === undefined || place.key === network || asker.compose === undefined
      ? `recreate ${network} with another --subnet`
      : `set another subnet: networks.${place.key}.ipam.config`;
  return bad(
    'route',
    `cannot reach ${address}: it is ${where} (${subnet})`,
    'no-route',
    `is the address right? If a host outside has it, ${cure}`,
  );
}

/** Where its firewall answers for it, that is told with the connection. */
const toMachine = ({ asker, machine }: EndpointFacts, { addresses }: MachineEnd): Judgement =>
  good(
    'route',
    `to this machine, ${list(addresses)}${machine?.gateway === true ? `, through ${asker.called}'s gateway` : ''}`,
  );

/** An internal network may have a gateway all the same: it lets nothing out. */
const leadsOut = ({ asker, connections }: EndpointFacts, mutual: readonly AttachedNetwork[]): boolean =>
  mutual.length === 0 &&
  asker.networks.length > 0 &&
  asker.networks.every(({ internal }) => internal) &&
  connections.some(({ address, error }) => !isLoopback(address) && (error === 'TIMEOUT' || error === 'ENETUNREACH'));

const shutIn = ({ asker, connections }: EndpointFacts): Judgement =>
  bad(
    'route',
    `${asker.called} cannot reach ${connections[0]?.address}, or anything else outside ${list(asker.networks.map(({ key }) => key))}`,
    'internal-network',
    `it needs a network without "internal: true": ${setting(asker, 'networks')}`,
  );

function interfaceDown({ asker }: EndpointFacts, { key, addresses }: AttachedNetwork): Judgement {
  return bad(
    'route',
    `no active interface of ${asker.called} has ${list(addresses)}, its address on ${key}`,
    'interface-down',
    `was the interface taken down or removed (ip link)? To recreate it: ${restart(asker)}`,
  );
}

function way({ asker, machine }: EndpointFacts, mutual: readonly AttachedNetwork[]): Judgement {
  const own = mutual.flatMap(({ addresses }) => addresses.filter((address) => machine?.addresses.includes(address)));
  if (mutual.length > 0)
    return good('route', `on the same network: ${list(mutual.map(({ key }) => key))}, from ${list(own)}`);
  return machine?.gateway === true ? good('route', `through ${asker.called}'s gateway`) : nothing;
}
