// A name that is a service's of a swarm: where its tasks run, and what its virtual address leads to.
import { dockerLine } from '../compose/compose-line.ts';
import { netexec } from './check-facts.ts';
import type { EndpointFacts } from './check-facts.ts';
import type { Judgement } from './check-verdict.ts';
import { outcome } from './connect-outcome.ts';
import { bad, good, list, nothing } from './judgement.ts';
import { goneNode, runs, shortName } from '../engine/swarm.ts';
import type { Swarm, SwarmService, SwarmTask } from '../engine/swarm.ts';
import { shellWord } from '../text/printable.ts';

/**
 * The service that a name or an address is of, or would be if it ran.
 * @param project whose services are called by their own names
 * @param networks by id, on which its aliases count
 */
export function serviceOfHost(
  host: string,
  { services }: Swarm,
  project: string | undefined,
  networks: readonly string[],
): SwarmService | undefined {
  const called = host.toLowerCase().replace(/^tasks\./, '');
  const isCalled = (name: string): boolean => name.toLowerCase() === called;
  return (
    services.find(({ networks: own }) =>
      own.some(({ id, aliases }) => networks.includes(id) && aliases.some(isCalled)),
    ) ??
    services.find(
      ({ name, key, stack, vips, tasks }) =>
        isCalled(name) ||
        (stack !== undefined && stack === project && isCalled(key)) ||
        [...vips, ...tasks.flatMap(({ addresses }) => addresses)].some(({ address }) => address === host),
    )
  );
}

/** @returns undefined where it is no service's name */
export function judgeService({ endpoint, name, asker }: EndpointFacts): Judgement | undefined {
  const { meant, swarm } = name;
  if (swarm === undefined) return undefined;
  const { service } = swarm;
  if (!runs(service)) {
    const trouble = service.trouble === undefined ? '' : `: ${service.trouble}`;
    const line = service.tasks.length === 0 ? ['scale', `${service.name}=1`] : ['ps', '--no-trunc', service.name];
    return bad(
      'name',
      `swarm service ${service.name} has no running task${trouble}`,
      'not-running',
      `${service.tasks.length === 0 ? 'start one' : 'list its tasks'}: ${dockerLine(asker.typed)} service ${line.map(shellWord).join(' ')}`,
    );
  }
  const tasks = list(service.tasks.filter(({ isRunning }) => isRunning).map((task) => placed(task, name)));
  if (meant === undefined) {
    return bad(
      'name',
      `${endpoint.host} is a swarm service (${tasks}) and has no network in common with ${asker.called}`,
      'other-network',
      `put both on one network, in the stack file; list those of ${asker.called}: ${netexec(asker)} --list-networks`,
    );
  }
  const by = meant.addresses.some((address) => isVip(address, service)) ? ' at its virtual address (VIP)' : '';
  return good('name', `service ${service.name}${by}: ${tasks}, on ${meant.network ?? 'no network'}`);
}

/** Its address on another node is no other container's here. */
function placed(task: SwarmTask, { candidates }: EndpointFacts['name']): string {
  const called = shortName(task);
  return candidates.some(({ container }) => container === task.name) ? called : `${called} on ${onNode(task)}`;
}

const onNode = ({ node }: SwarmTask): string => (node === undefined ? goneNode : `node ${node.name}`);

export const isVip = (address: string, { vips }: SwarmService): boolean => vips.some((vip) => vip.address === address);

/** What lies between: the kernel's IPVS behind a virtual address, and the overlay between nodes. */
export function judgeSwarm(facts: EndpointFacts): Judgement {
  const { connections, name, endpoint, timeout } = facts;
  const { swarm, candidates } = name;
  if (swarm === undefined || connections.some(({ error }) => error === null)) return nothing;
  // What does not listen is told of as of any container.
  const isDeaf = candidates.some(({ listeners = [] }) => !listeners.some(({ port }) => port === endpoint.port));
  if (isDeaf) return nothing;
  const { service, hasIpvs } = swarm;
  const vip = connections.find(
    ({ address, error }) => isVip(address, service) && !(hasIpvs && error === 'ECONNREFUSED'),
  );
  const port = endpoint.port === undefined ? '' : `:${endpoint.port}`;
  if (vip !== undefined) {
    const seen = `${vip.address}, the virtual address (VIP) of ${service.name}: ${outcome(vip, timeout)}`;
    return bad(
      'connect',
      seen,
      'vip-dead',
      hasIpvs
        ? `use tasks.${service.key}${port} to reach its tasks without it; ${between}`
        : `load IPVS on this node: modprobe ip_vs; or, without it, use tasks.${service.key}${port}, or services.${service.key}.deploy.endpoint_mode: dnsrr`,
      hasIpvs ? `${seen}; nothing behind it answers` : `${seen}; this kernel lacks IPVS, which forwards from there`,
    );
  }
  for (const connection of connections) {
    const task = service.tasks.find(({ addresses }) => addresses.some(({ address }) => address === connection.address));
    const isHere = task === undefined || candidates.some(({ container }) => container === task.name);
    if (isHere || connection.error === 'ECONNREFUSED') continue;
    return bad(
      'connect',
      `${connection.address}, ${shortName(task)} on ${onNode(task)}: ${outcome(connection, timeout)}`,
      'dropped',
      between,
    );
  }
  return nothing;
}

const between = 'are UDP 4789, and TCP and UDP 7946, open between the nodes?';
