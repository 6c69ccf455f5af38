// --check without endpoints: what each row says, and what makes it fail.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkTable } from '../../../../src/core/check/check-table.ts';
import type { Need } from '../../../../src/core/check/check-table.ts';
import { asker, front, listens, redis } from './check-samples.ts';

const needsRedis: readonly Need[] = [{ called: 'redis', by: 'depends_on' }];
const up = { ...redis, exitCode: 0 };
const back = { network: 'shop_back', key: 'back', internal: false, addresses: ['172.21.0.3'] };

describe('what is needed must be', () => {
  const rows: readonly (readonly [situation: string, other: typeof up, states: readonly string[], fails: boolean])[] = [
    ['fine where it listens', up, ['listens'], false],
    ['fine where its tables cannot be read', { ...up, listeners: undefined, exposed: [6379] }, ['not seen'], false],
    ['fine where one of its ports does', { ...up, exposed: [7000, 6379] }, ['listens', 'nothing listens'], false],
    [
      'fine where it has done its work',
      { ...up, state: 'exited', status: 'Exited (0) now' },
      ['Exited (0) now'],
      false,
    ],
    [
      'a fault where it has failed',
      { ...up, state: 'exited', status: 'Exited (1) now', exitCode: 1 },
      ['Exited (1) now'],
      true,
    ],
    ['a fault where it was never started', { ...up, state: 'created', status: 'Created' }, ['Created'], true],
    ['a fault where it is paused', { ...up, state: 'paused' }, ['paused'], true],
    ['a fault on another network', { ...up, networks: [back] }, ['no network in common with web'], true],
    ['a fault where nothing listens', { ...up, listeners: [] }, ['nothing listens'], true],
    ['a fault on 127.0.0.1 only', { ...up, listeners: [listens('127.0.0.1', 6379)] }, ['loopback only'], true],
  ];
  for (const [situation, other, states, fails] of rows) {
    test(situation, () => {
      const table = checkTable({ asker, needs: needsRedis, others: [other] });
      assert.deepEqual([table.rows.map(({ State }) => State), table.fails], [states, fails]);
      assert.ok(table.rows.every(({ Needed }) => Needed === 'depends_on'));
      // What nobody needs may be as it is.
      assert.equal(checkTable({ asker, needs: [], others: [other] }).fails, false);
    });
  }
  test('a fault without a container', () => {
    const table = checkTable({ asker, needs: needsRedis, others: [] });
    assert.deepEqual(
      [table.rows.map(({ Service, State }) => [Service, State]), table.fails],
      [[['redis', 'no container']], true],
    );
  });
});

test('what is needed must come first, replicas once, and each port with all that is known of it', () => {
  const api = {
    ...up,
    service: 'api',
    networks: [front('172.20.0.4')],
    exposed: [80],
    published: [{ inside: 80, outside: 8080 }],
  };
  const listeners = [
    listens('0.0.0.0', 80, { process: 'node (pid 1)' }),
    listens('0.0.0.0', 53, { transport: 'udp' as const }),
  ];
  const replicas = [1, 2].map((number) => ({ ...api, container: `shop-api-${number}`, listeners }));
  const { rows } = checkTable({ asker, needs: needsRedis, others: [...replicas, up] });
  assert.deepEqual(
    rows.map(({ Service, Port, Listens, Declared, Needed }) => [Service, Port, Listens, Declared, Needed]),
    [
      ['redis', '6379', ['0.0.0.0 (redis-server)'], [], 'depends_on'],
      ['api', '53/udp', ['0.0.0.0 (redis-server)'], [], ''],
      ['api', '80', ['0.0.0.0 (node)'], ['expose', 'ports: 8080'], ''],
    ],
  );
});
