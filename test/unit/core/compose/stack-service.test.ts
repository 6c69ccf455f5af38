// A service without a container here: what a swarm's manager makes of that, by what one of two nodes would tell.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { askedOfSwarm, failureOf, serviceMeant } from '../../../../src/core/compose/stack-service.ts';
import type { Network } from '../../../../src/core/engine/networks.ts';
import type { SwarmService, SwarmTask } from '../../../../src/core/engine/swarm.ts';

const alpha = { id: 'node-a', name: 'alpha', address: '192.0.2.7', state: 'ready' };
const beta = { id: 'node-b', name: 'beta', address: '192.0.2.8', state: 'ready' };
const task = (name: string, node: SwarmTask['node'], isRunning = true): SwarmTask => ({
  id: 'aaaa',
  name: `${name}.aaaa`,
  isRunning,
  node,
  addresses: [],
});
const web: SwarmService = {
  name: 'shop_web',
  key: 'web',
  stack: 'shop',
  networks: [
    { id: 'closed-id', aliases: [] },
    { id: 'back-id', aliases: ['web'] },
  ],
  vips: [],
  published: [],
  tasks: [task('shop_web.1', alpha), task('shop_web.2', beta), task('shop_web.3', undefined, false)],
  trouble: undefined,
};
const alone: SwarmService = { ...web, name: 'alone', key: 'alone', stack: undefined };
const services = [web, alone];

describe('a service is meant by', () => {
  const rows = [
    ['shop', 'web', 'shop_web'],
    ['shop', 'web.2', 'shop_web'],
    [undefined, 'shop_web', 'shop_web'],
    ['other', 'shop_web.1', 'shop_web'],
    [undefined, 'web', undefined],
    ['other', 'web', undefined],
    [undefined, 'alone', 'alone'],
    ['shop', 'we', undefined],
  ] as const;
  for (const [project, word, expected] of rows)
    test(`${word} of ${project ?? 'no project'}`, () =>
      assert.equal(serviceMeant(services, project, word)?.name, expected));
});

const network = (key: string, reach: Network['reach']): Network => ({
  id: `${key}-id`,
  name: `shop_${key}`,
  driver: 'overlay',
  reach,
  subnets: [],
  gateway: undefined,
  internal: false,
  ipv6: false,
  compose: { project: 'shop', key },
});
const networks = [
  network('closed', 'swarm'),
  network('back', 'swarm, attachable'),
  network('more', 'swarm, attachable'),
];

describe('what is said names', () => {
  const inFirst = { name: 'shop_web.1', node: 'alpha', address: '192.0.2.7', context: undefined };
  const inSecond = { name: 'shop_web.2', node: 'beta', address: '192.0.2.8', context: 'to-beta' };
  const elsewhere = { kind: 'task-elsewhere', stack: 'shop', service: 'web', attachable: 'back' };
  const contextTo = ({ name }: { readonly name: string }): string | undefined =>
    name === 'beta' ? 'to-beta' : undefined;
  const said = (word: string, index?: number, service = web, from = 'node-c'): unknown =>
    failureOf(service, word, index, from, networks, contextTo);
  test('every task that runs, and a network that can be joined', () =>
    assert.deepEqual(said('web'), { ...elsewhere, tasks: [inFirst, inSecond] }));
  test('the task that was asked for', () => {
    for (const asked of [said('web', 2), said('web.2'), said('shop_web.2')])
      assert.deepEqual(asked, { ...elsewhere, tasks: [inSecond] });
  });
  test('those of other nodes alone', () =>
    assert.deepEqual(said('web', undefined, web, 'node-a'), { ...elsewhere, tasks: [inSecond] }));
  test('the numbers that there are, where the one that was asked for is none', () => {
    const unknown = { kind: 'replica-unknown', project: 'shop', service: 'web', index: 3, running: [1, 2] };
    for (const asked of [said('web', 3), said('web.3')]) assert.deepEqual(asked, unknown);
  });
  test('nothing, where the task that was asked for is here after all', () =>
    assert.equal(said('web', 1, web, 'node-a'), undefined));
  test('why none runs', () => {
    const idle = { ...web, tasks: [task('shop_web.1', alpha, false)], trouble: 'rejected: no such image' };
    const failure = { kind: 'no-running-task', stack: 'shop', name: 'shop_web', wanted: 1 };
    assert.deepEqual(said('web', undefined, idle), { ...failure, trouble: 'rejected: no such image' });
  });
});

test('what has nothing to do with where a service runs is not asked of a swarm', () => {
  const failure = { kind: 'container-unknown', container: 'web', running: [] } as const;
  assert.equal(askedOfSwarm(failure), undefined);
  const stopped = { kind: 'service-not-running', project: 'shop', service: 'web', containers: [] } as const;
  assert.deepEqual(askedOfSwarm(stopped), { project: 'shop' });
});
