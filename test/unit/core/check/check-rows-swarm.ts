// A name that is a service's of a swarm: no task, a dead virtual address, another node. One row a situation.
import type { Candidate, EndpointFacts, NameFacts } from '../../../../src/core/check/check-facts.ts';
import type { SwarmService, SwarmTask } from '../../../../src/core/engine/swarm.ts';
import type { Row } from './check-samples.ts';
import { connected, endpoint, facts, front, known, redis, resolved } from './check-samples.ts';

const network = 'front-id';
const vip = '172.20.0.9';
const task = (number: number, node: string, address: string, isRunning = true): SwarmTask => ({
  id: 'abcd',
  name: `shop_redis.${number}.abcd`,
  isRunning,
  node: { id: `${node}-id`, name: node, address: '192.0.2.7', state: 'ready' },
  addresses: [{ network, address }],
});
const here = task(1, 'alpha', '172.20.0.3');
const far = task(2, 'beta', '172.20.0.4');
const service: SwarmService = {
  name: 'shop_redis',
  key: 'redis',
  stack: 'shop',
  networks: [{ id: network, aliases: ['redis'] }],
  vips: [{ network, address: vip }],
  published: [
    { inside: 6379, outside: 16379, mode: 'ingress' },
    { inside: 6379, outside: 26379, mode: 'host' },
  ],
  tasks: [here, far],
  trouble: undefined,
};
const local: Candidate = { ...redis, container: here.name, networks: [front('172.20.0.3')] };

/** Where that address is tried, and what comes of it. */
function seen(given: {
  readonly text?: string;
  readonly of?: Partial<SwarmService>;
  readonly hasIpvs?: boolean;
  readonly address?: string;
  readonly error?: string | null;
  readonly name?: Partial<NameFacts>;
}): EndpointFacts {
  const { text = 'redis:6379', of = {}, hasIpvs = true, address = vip, error = null } = given;
  const found = { addresses: [address], error: null };
  const meant = { ...known.meant, name: 'redis', network: 'shop_front', addresses: [address], services: ['redis'] };
  return facts({
    endpoint: endpoint(text),
    names: given.name !== undefined && 'meant' in given.name ? undefined : { ...resolved, ipv4: found, program: found },
    connections: [{ ...connected, address, error }],
    name: {
      ...known,
      meant: { ...meant, containers: ['shop_redis'] },
      candidates: [local],
      swarm: { service: { ...service, ...of }, hasIpvs },
      ...given.name,
    },
  });
}

const idle = { tasks: [task(1, 'alpha', '172.20.0.3', false)], trouble: 'rejected: No such image: redis:9' };

export const swarmRows: readonly Row[] = [
  [
    'a service without a running task',
    'not-running',
    seen({ of: idle, name: { meant: undefined, candidates: [] } }),
    /^swarm service shop_redis has no running task: rejected: No such image: redis:9$/,
    /^list its tasks: docker service ps --no-trunc shop_redis$/,
  ],
  [
    'a service that is to have no task',
    'not-running',
    seen({ of: { tasks: [] }, name: { meant: undefined, candidates: [] } }),
    /has no running task$/,
    /^start one: docker service scale shop_redis=1$/,
  ],
  [
    'a service of the swarm on another network',
    'other-network',
    seen({ name: { meant: undefined } }),
    /^redis is a swarm service \(shop_redis\.1 and shop_redis\.2 on node beta\) and has no network in common with web$/,
    /^put both on one network, in the stack file/,
  ],
  [
    'a virtual address, and a kernel without IPVS',
    'vip-dead',
    seen({ hasIpvs: false, error: 'TIMEOUT' }),
    /^172\.20\.0\.9, the virtual address \(VIP\) of shop_redis: no answer within 3 s; this kernel lacks IPVS/,
    /modprobe ip_vs; or, without it, use tasks\.redis:6379, or services\.redis\.deploy\.endpoint_mode: dnsrr$/,
  ],
  [
    'a virtual address that IPVS does not lead on from',
    'vip-dead',
    seen({ error: 'TIMEOUT' }),
    /nothing behind it answers$/,
    /^use tasks\.redis:6379 to reach its tasks without it; are UDP 4789/,
  ],
  [
    'a virtual address whose tasks do not listen there',
    'wrong-port',
    seen({ text: 'redis:7000', error: 'ECONNREFUSED' }),
    /^redis listens on 6379, not on 7000$/,
    /^use redis:6379/,
  ],
  [
    'a port that is published by ingress',
    'wrong-port',
    seen({ text: 'redis:16379', error: 'TIMEOUT' }),
    /^16379 is redis's port on every node of the swarm \(mode: ingress\); on the container networks, it is 6379$/,
    /^use redis:6379/,
  ],
  [
    'a port that is published by the nodes of its tasks',
    'wrong-port',
    seen({ text: 'redis:26379', error: 'TIMEOUT' }),
    /^26379 is redis's port on its tasks' nodes \(mode: host\)/,
    /^use redis:6379/,
  ],
  [
    'a task on another node that does not answer',
    'dropped',
    seen({ address: '172.20.0.4', error: 'TIMEOUT', of: { vips: [] } }),
    /^172\.20\.0\.4, shop_redis\.2 on node beta: no answer within 3 s$/,
    /^are UDP 4789, and TCP and UDP 7946, open between the nodes\?$/,
  ],
  [
    'a task on a node that has left the swarm',
    'dropped',
    seen({ address: '172.20.0.4', error: 'TIMEOUT', of: { vips: [], tasks: [here, { ...far, node: undefined }] } }),
    /^172\.20\.0\.4, shop_redis\.2 on a removed node: no answer within 3 s$/,
    /^are UDP 4789/,
  ],
  [
    'a task on this node that does not answer',
    'dropped',
    seen({ address: '172.20.0.3', error: 'TIMEOUT', of: { vips: [], tasks: [here] }, name: { candidates: [local] } }),
    /^172\.20\.0\.3, port 6379: no answer within 3 s$/,
    /firewall/,
  ],
];

/** Of which nothing is wrong. */
export const swarmFine: readonly (readonly [situation: string, seen: EndpointFacts])[] = [
  ['a virtual address that connects', seen({})],
  ['a task on another node that connects', seen({ address: '172.20.0.4', name: { candidates: [] } })],
];
