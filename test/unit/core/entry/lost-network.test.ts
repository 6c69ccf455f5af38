// When a shared network is lost, and what is to be typed then.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Container } from '../../../../src/core/engine/containers.ts';
import { findLoss } from '../../../../src/core/entry/lost-network.ts';
import type { Sharer } from '../../../../src/core/entry/lost-network.ts';
import { container } from '../samples.ts';

const made = (service: string, second: string, given: Partial<Container> = {}): Container => ({
  ...container,
  name: `shop-${service}-1`,
  compose: container.compose && { ...container.compose, service },
  startedAt: `2026-01-31T10:00:${second}Z`,
  ...given,
});
const vpn = made('vpn', '30.5');
const before = made('app', '30.123456789');
const after = made('app', '30.51');
const plain = { ...before, compose: undefined };
const seen = (each: Container, withOwner?: boolean, hasRoutes?: boolean): Sharer => ({
  container: each,
  withOwner,
  hasRoutes,
});

describe('a network must be known to be lost', () => {
  const tail = made('tail', '29');
  const rows: readonly (readonly [
    situation: string,
    sharers: readonly Sharer[],
    owner: Container | undefined,
    said: RegExp,
    cure: string,
  ])[] = [
    [
      'where the kernel shows it',
      [seen(after, false)],
      vpn,
      /^app shares vpn's network, and vpn has restarted since: restart app$/,
      'docker compose -p shop restart app',
    ],
    [
      'by the times, where the kernel does not show it',
      [seen(before)],
      vpn,
      /vpn has restarted since/,
      'docker compose -p shop restart app',
    ],
    [
      'by times of which one has no fraction',
      [seen(made('app', '30'))],
      vpn,
      /vpn has restarted since/,
      'docker compose -p shop restart app',
    ],
    [
      'at the end of a chain',
      [seen(tail, false), seen(before, false)],
      vpn,
      /^tail shares vpn's .* restart app and tail$/,
      'docker compose -p shop restart app tail',
    ],
    [
      'at the end of a chain of which the middle is right again',
      [seen(tail, false), seen(after, true)],
      vpn,
      /restart tail$/,
      'docker compose -p shop restart tail',
    ],
    [
      'where its owner is stopped',
      [seen(after)],
      { ...vpn, state: 'exited' },
      /vpn has exited: start vpn, then restart app$/,
      'docker compose -p shop restart vpn app',
    ],
    [
      'where its owner is gone',
      [seen(after, undefined, false)],
      undefined,
      /^app shares the network of a removed container: recreate app$/,
      'docker compose -p shop up -d app',
    ],
    [
      'by a container without Compose',
      [seen(plain)],
      vpn,
      /^shop-app-1 shares vpn's network/,
      'docker restart shop-app-1',
    ],
    [
      'by a container of another project',
      [seen(after)],
      { ...vpn, state: 'exited', compose: undefined },
      /start shop-vpn-1, then restart app/,
      'docker restart shop-vpn-1 shop-app-1',
    ],
  ];
  for (const [situation, sharers, owner, said, cure] of rows) {
    test(situation, () => {
      const loss = findLoss(sharers, owner);
      assert.ok(loss);
      assert.match(loss.said, said);
      assert.equal(loss.cure, cure);
    });
  }
});

describe('a network must not be called lost', () => {
  const rows: readonly (readonly [situation: string, sharers: readonly Sharer[], owner: Container | undefined])[] = [
    ['where nothing is shared', [], vpn],
    ['where the kernel shows that it is the same', [seen(before, true)], vpn],
    ['where it was there first', [seen(after)], vpn],
    ['where nothing is known', [seen({ ...before, startedAt: undefined })], { ...vpn, startedAt: undefined }],
    ['where one in between is gone, and it goes on', [seen(before, undefined, true)], undefined],
    ['where only one in between has to start again', [seen(after, true), seen(before, false)], vpn],
    ['where its owner is paused', [seen(after)], { ...vpn, state: 'paused' }],
  ];
  for (const [situation, sharers, owner] of rows) {
    test(situation, () => assert.equal(findLoss(sharers, owner), undefined));
  }
});
