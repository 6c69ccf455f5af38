// Who is around the one that --check asks from: whom a name or an address means there, or should.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseCheckedEndpoint } from '../../../../src/core/check/checked-endpoint.ts';
import { askedEndpoints } from '../../../../src/core/check/endpoint-facts.ts';
import { tableContainers } from '../../../../src/core/check/needs.ts';
import {
  candidateOf,
  displacedBy,
  holdersOf,
  isForeign,
  meaningOf,
  neighboursOf,
  surroundingsOf,
} from '../../../../src/core/check/surroundings.ts';
import { fakeProject } from '../fake-project.ts';
import { nothingTyped } from '../../../../src/core/compose/compose-line.ts';
import { targetOf } from '../samples.ts';

const seen = fakeProject('shop')
  .network('front')
  .network('back')
  .service('web', { networks: { front: {} } })
  .service('api', { networks: { front: { aliases: ['store'] } }, replicas: 2 })
  .service('db', { networks: { back: { aliases: ['store-db'] } } })
  .service('mail', { networks: { front: {} }, state: 'exited' })
  .service('queue', { networks: { back: {} } })
  .service('queue', { project: 'other', networks: { front: {} } })
  .container('by-hand', { networks: { front: {} } })
  .seen();
const web = seen.container('shop-web-1');
const around = surroundingsOf(
  { ...nothingTyped, service: 'web' },
  targetOf(web),
  seen.listed,
  seen.networks,
  seen.containers,
);

describe('a name or address is looked for at', () => {
  const rows: readonly (readonly [what: string, host: string, holders: readonly string[]])[] = [
    ['those who answer to it', 'api', ['shop-api-1', 'shop-api-2']],
    ['those who answer to it, however it is written', 'Store', ['shop-api-1', 'shop-api-2']],
    ['the service of that name, where nobody answers', 'db', ['shop-db-1']],
    ['the service of that name, also where it does not run', 'mail', ['shop-mail-1']],
    ['those who answer to it on another network', 'store-db', ['shop-db-1']],
    ['the container of that name', 'by-hand', ['by-hand']],
    ['the one who asks, where that is meant', 'localhost', ['shop-web-1']],
    ['whoever has the address', '10.1.0.2', ['shop-api-1']],
    ['nobody, where nobody has it', 'nobody', []],
  ];
  for (const [what, host, holders] of rows) {
    test(what, () => {
      const names = holdersOf(host, around).map(({ name }) => name);
      assert.deepEqual(names.toSorted(), holders);
    });
  }
});

test("a service of the project is displaced where only another project's answers to its name", () => {
  const queue = meaningOf('queue', around);
  assert.deepEqual(queue?.services, ['other/queue']);
  assert.deepEqual([displacedBy(queue, around)?.name, isForeign(queue, around)], ['shop-queue-1', false]);
  const api = meaningOf('api', around);
  assert.deepEqual([displacedBy(api, around), isForeign(api, around)], [undefined, false]);
});

test('neighbours are those that run on the networks of the one who asks', () => {
  const names = neighboursOf(around).map(({ name }) => name);
  assert.deepEqual(names.toSorted(), ['by-hand', 'other-queue-1', 'shop-api-1', 'shop-api-2']);
  const needs = [{ called: 'mail', by: 'depends_on' }] as const;
  assert.equal(tableContainers(needs, around).length, names.length + 1);
});

test('an endpoint without a port is one for each port that is listened on', () => {
  const [db] = seen.containers.filter(({ name }) => name === 'shop-db-1');
  assert.ok(db);
  const details = { health: undefined, outOfMemory: false, exposed: [1], published: [], search: [], dependsOn: [] };
  const listener = { transport: 'tcp', port: 5432, address: '0.0.0.0', inode: 1, process: undefined } as const;
  const candidate = candidateOf({ ...db, details }, around, [listener, { ...listener, port: 80 }]);
  const wanted = ['db', 'db:7'].flatMap((text) => parseCheckedEndpoint(text) ?? []);
  const name = { meant: undefined, candidates: [candidate], displaced: undefined, declared: true, others: [] };
  const asked = askedEndpoints(wanted, new Map([['db', name]]));
  assert.deepEqual(
    asked.map(({ endpoint }) => endpoint.text),
    ['db:80', 'db:5432', 'db:7'],
  );
});
