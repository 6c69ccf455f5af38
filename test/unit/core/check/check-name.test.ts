// What --check notes of a name that is there: who answers to it, in whose place.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decide } from '../../../../src/core/check/check-verdict.ts';
import type { EndpointFacts, NameFacts } from '../../../../src/core/check/check-facts.ts';
import { asker, facts, front, known, redis } from './check-samples.ts';

const back = { network: 'shop_back', key: 'back', internal: false, addresses: ['172.21.0.3'] };
const stranger = { ...redis, container: 'two-redis-1', service: 'two/redis', status: 'Up 2 minutes' };
const taken: NameFacts = {
  ...known,
  meant: known.meant && { ...known.meant, services: ['two/redis'], containers: ['two-redis-1'] },
  candidates: [stranger],
};
const both: NameFacts = {
  ...known,
  meant: known.meant && {
    ...known.meant,
    addresses: ['172.20.0.3', '172.20.0.4'],
    services: ['redis', 'two/redis'],
    containers: ['shop-redis-1', 'two-redis-1'],
  },
  candidates: [redis, { ...stranger, networks: [front('172.20.0.4')] }],
};
const inHosts: NameFacts = { ...known, meant: known.meant && { ...known.meant, network: undefined, containers: [] } };

describe('it must be worth a look that', () => {
  const rows: readonly (readonly [situation: string, seen: Partial<EndpointFacts>, said: RegExp])[] = [
    [
      "another project's service answers where the own one does not run",
      { name: { ...taken, displaced: { ...redis, state: 'exited', status: 'Exited (1) 5 seconds ago' } } },
      /^redis of shop is not running \(Exited \(1\) 5 seconds ago\); instead, two\/redis: two-redis-1 \(Up 2 minutes\), on shop_front, answers$/,
    ],
    [
      "another project's service answers where the own one has no container",
      { name: { ...taken, declared: true } },
      /^redis of shop has no container; instead, two\/redis/,
    ],
    [
      "another project's service answers where the own one is on another network",
      { name: { ...taken, displaced: { ...redis, networks: [back] } } },
      /^redis of shop is on back, and web is not; instead, two\/redis/,
    ],
    [
      'the own one is on a network that is asked later',
      {
        asker: { ...asker, networks: [front('172.20.0.2'), back] },
        name: { ...taken, displaced: { ...redis, networks: [back] } },
      },
      /^redis of shop is on back, but shop_front is searched first \(--network back changes that\); instead, two\/redis/,
    ],
    [
      'two projects answer in turn',
      { name: both },
      /redis: shop-redis-1 .* and two\/redis: two-redis-1 .*: DNS rotates between them$/,
    ],
    [
      'the hosts file has an address for a service that does not run',
      { name: { ...inHosts, candidates: [{ ...redis, state: 'exited' }] } },
      /in the hosts file \(extra_hosts\): 172\.20\.0\.3; the service redis is not running$/,
    ],
  ];
  for (const [situation, seen, said] of rows) {
    test(situation, () => {
      const { steps, cause } = decide(facts(seen));
      assert.equal(cause, undefined);
      assert.deepEqual([steps[0]?.step, steps[0]?.mark], ['name', 'note']);
      assert.match(steps[0]?.seen ?? '', said);
    });
  }
});

test('replicas of one service are one that answers', () => {
  const replica = { ...redis, container: 'shop-redis-2', networks: [front('172.20.0.4')] };
  const containers = ['shop-redis-1', 'shop-redis-2'];
  const meant = known.meant && { ...known.meant, containers };
  const [name] = decide(facts({ name: { ...known, meant, candidates: [redis, replica] } })).steps;
  assert.equal(name?.mark, 'good');
});
