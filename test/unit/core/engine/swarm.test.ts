// What a swarm's manager tells (recorded of engine 26.1, one node, a stack `st`), and who answers to which name by that.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { decodeSwarm, namedBySwarm } from '../../../../src/core/engine/swarm.ts';
import type { SwarmService } from '../../../../src/core/engine/swarm.ts';
import { networkNames } from '../../../../src/core/names/names.ts';

const answer = (what: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../../fixtures/swarm/${what}.json`), 'utf8'));
const recorded = [answer('services'), answer('tasks'), answer('nodes')] as const;
const swarm = decodeSwarm(recorded);
const service = (name: string): SwarmService | undefined => swarm?.services.find((each) => each.name === name);

describe('a service is told with', () => {
  test('its name in the file, and its addresses', () => {
    const { key, stack, vips } = service('st_api') ?? {};
    assert.deepEqual([key, stack, vips?.map(({ address }) => address)], ['api', 'st', ['10.0.0.3', '10.0.1.2']]);
    assert.deepEqual(service('st_db')?.vips, []);
  });
  test('the ports of nodes, by their mode', () => {
    assert.deepEqual(service('st_api')?.published, [{ inside: 5432, outside: 8080, mode: 'ingress' }]);
    assert.deepEqual(service('st_db')?.published, [{ inside: 5432, outside: 9090, mode: 'host' }]);
  });
  test('its tasks, where they run, in whatever order the manager has them', () => {
    const [services, tasks, nodes] = recorded;
    for (const order of [tasks, (tasks as readonly unknown[]).toReversed()]) {
      const told = decodeSwarm([services, order, nodes])?.services.find(({ name }) => name === 'st_api')?.tasks;
      assert.deepEqual(
        told?.map(({ name, isRunning, node }) => [name, isRunning, node?.name]),
        [
          ['st_api.1.iebl9zip564y45j44emr4r1rr', true, 'vm'],
          ['st_api.2.m9gf61sxas13vcupeci4cwxwz', true, 'vm'],
        ],
      );
    }
    assert.match(service('st_glob')?.tasks[0]?.name ?? '', /^st_glob\.wh5lhg5fkf0klg12rcmhh8yo1\./);
  });
  test('why none runs', () => {
    assert.equal(
      service('st_gone')?.trouble,
      'pending: no suitable node (scheduling constraints not satisfied on 1 node)',
    );
    assert.equal(service('st_api')?.trouble, undefined);
  });
});

test('answers of another form tell nothing', () => {
  for (const at of [0, 1, 2]) {
    const broken = recorded.map((each, index) => (index === at ? [{}] : each));
    assert.equal(decodeSwarm(broken as unknown as typeof recorded), undefined);
  }
});

// As the engine's DNS server answered in a container there.
test('a name leads to the virtual address, tasks.NAME to the tasks, and dnsrr to those by both', () => {
  assert.ok(swarm);
  const back = { id: service('st_api')?.networks[0]?.id ?? '', name: 'st_back' };
  const names = networkNames('st', namedBySwarm(swarm, [back]), ['st_back']);
  const found = Object.fromEntries(names.map(({ name, addresses }) => [name, addresses.toSorted()]));
  const [tasks, db] = [['10.0.1.3', '10.0.1.4'], ['10.0.1.5']];
  assert.deepEqual(found, {
    ...Object.fromEntries(['api', 'st_api', 'www'].map((name) => [name, ['10.0.1.2']])),
    ...Object.fromEntries(['tasks.api', 'tasks.st_api', 'tasks.www'].map((name) => [name, tasks])),
    'st_api.1.iebl9zip564y45j44emr4r1rr': ['10.0.1.3'],
    'st_api.2.m9gf61sxas13vcupeci4cwxwz': ['10.0.1.4'],
    ...Object.fromEntries(
      ['db', 'st_db', 'tasks.db', 'tasks.st_db', 'st_db.1.jptuu8rruncu7imvz6z2hc001'].map((name) => [name, db]),
    ),
  });
});

test('nobody has a name on the network of ingress', () => {
  assert.ok(swarm);
  const ingress = { id: service('st_api')?.vips[0]?.network ?? '', name: 'ingress' };
  assert.deepEqual(networkNames('st', namedBySwarm(swarm, [ingress]), ['ingress']), []);
});
