// Of --on: which networks are meant, and what the engine is told of the container on them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Result } from '../../../../src/core/failure/failure.ts';
import type { Network, ProjectNetwork } from '../../../../src/core/engine/networks.ts';
import {
  ownContainerBody,
  plannedContainer,
  planOwnContainer,
} from '../../../../src/core/own-container/own-container.ts';
import type { OwnContainerPlan } from '../../../../src/core/own-container/own-container.ts';
import { holdRoles } from '../../../../src/roles.ts';
import { goldens } from '../../../goldens.ts';

const network = (name: string): Network => ({
  id: `${name}-id`,
  name,
  driver: 'bridge',
  subnets: [],
  gateway: undefined,
  internal: false,
  ipv6: false,
  compose: undefined,
});
const made = (name: string, key: string | undefined): ProjectNetwork => ({
  name,
  key,
  internal: false,
  external: false,
  network: network(name),
});
const backend = made('shop_backend', 'backend');
const cache = made('shop_cache', 'cache');
const bridge = made('bridge', undefined);
const later: ProjectNetwork = { ...made('shop_later', 'later'), network: undefined };

const namesOf = (plan: Result<OwnContainerPlan>): unknown =>
  plan.ok ? plan.value.networks.map(({ name }) => name) : plan.failure;

describe('the networks of --on', () => {
  const all = [bridge, backend, cache, later];
  const unknown = (wanted: string) => ({
    kind: 'network-not-joined',
    network: wanted,
    of: 'project shop',
    networks: ['backend', 'cache', 'later'],
  });
  const inSwarm = (name: string, reach: Network['reach']): ProjectNetwork => {
    const { network: each, ...of } = made(`shop_${name}`, name);
    return { ...of, network: each && { ...each, reach, compose: { project: 'shop', key: name } } };
  };
  const stack = [inSwarm('closed', 'swarm'), inSwarm('open', 'swarm, attachable')];
  const closed = { kind: 'not-attachable', network: 'shop_closed', key: 'closed', project: 'shop' };
  const rows: readonly (readonly [wanted: string, networks: readonly ProjectNetwork[], expected: unknown])[] = [
    ['backend', all, ['shop_backend']],
    ['shop_cache', all, ['shop_cache']],
    ['cache,backend', all, ['shop_cache', 'shop_backend']],
    ['cache,shop_cache,cache', all, ['shop_cache']],
    ['all', all, ['shop_backend', 'shop_cache']],
    ['all,cache', all, ['shop_backend', 'shop_cache']],
    ['all', [...all, made('shop_all', 'all')], ['shop_all']],
    ['all', [bridge, later], { kind: 'network-not-made', network: 'shop_later', project: 'shop' }],
    ['all', [bridge], { kind: 'network-not-made', network: 'all', project: 'shop' }],
    ['later', all, { kind: 'network-not-made', network: 'shop_later', project: 'shop' }],
    ['cash', all, unknown('cash')],
    ['backend,cash', all, unknown('cash')],
    ['bridge', all, unknown('bridge')],
    ['open', stack, ['shop_open']],
    ['open,closed', stack, closed],
    ['all', stack, ['shop_open']],
    ['all', stack.slice(0, 1), closed],
  ];
  for (const [wanted, networks, expected] of rows)
    test(`${wanted} of ${networks.map(({ name }) => name).join(' ')}`, () =>
      assert.deepEqual(namesOf(planOwnContainer(wanted.split(','), 'shop', networks)), expected));
});

const plan: OwnContainerPlan = { networks: [network('shop_backend'), network('shop_cache')] };
const holder = { sh: '/usr/bin/sh', folders: ['/usr', '/lib64'] };
const facts = { image: 'sha256:1234', holder, supervisor: '99 4711' };

goldens('own-container', {
  'on.json': () => `${JSON.stringify(ownContainerBody(plan, { ...facts, runtime: 'runc' }), undefined, 1)}\n`,
  'far.json': () =>
    `${JSON.stringify(ownContainerBody({ ...plan, health: ['3000/tcp'] }, { ...facts, holder: holdRoles, runtime: 'runc' }), undefined, 1)}\n`,
});

test("an engine that knows no runc must have its default runtime's container", () => {
  assert.ok(!JSON.stringify(ownContainerBody(plan, { ...facts, runtime: undefined })).includes('Runtime'));
});

test('where it is not made it must be on the same networks', () => {
  const { endpoints, pid } = plannedContainer(plan, 4711);
  assert.deepEqual(
    [pid, endpoints.map((each) => [each.network, each.networkId])],
    [
      4711,
      [
        ['shop_backend', 'shop_backend-id'],
        ['shop_cache', 'shop_cache-id'],
      ],
    ],
  );
});
