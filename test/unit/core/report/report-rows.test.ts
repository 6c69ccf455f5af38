// The rows of --list-names: for people one a container and network, its names together.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { NetworkName } from '../../../../src/core/names/names.ts';
import { networkNames } from '../../../../src/core/names/names.ts';
import { formatReport } from '../../../../src/core/report/render-report.ts';
import { namesTableColumns, namesTableRows } from '../../../../src/core/report/report-rows.ts';
import { fakeProject } from '../fake-project.ts';

const seen = fakeProject('shop')
  .network('front')
  .network('back')
  .service('db', { networks: { back: { aliases: ['store', 'postgres.internal.example'] } } })
  .service('web', { networks: { front: {}, back: {} }, replicas: 2 })
  .seen();
const names = networkNames(
  'shop',
  seen.containers,
  seen.networks.map(({ name }) => name),
);
const table = (given: readonly NetworkName[], withIds = false): readonly (readonly string[])[] =>
  namesTableRows(given, withIds).map(({ Names, Network, Service }) => [
    String(Names),
    String(Network),
    String(Service),
  ]);

const byText = (one: readonly string[], other: readonly string[]): number => (one.join(' ') < other.join(' ') ? -1 : 1);

test('a container must have one row for each network, its names together', () => {
  assert.deepEqual(
    table(names).toSorted(byText),
    [
      ['db,postgres.internal.example,store,shop-db-1', 'shop_back', 'db'],
      ['web,shop-web-1', 'shop_back', 'web'],
      ['web,shop-web-1', 'shop_front', 'web'],
      ['web,shop-web-2', 'shop_back', 'web'],
      ['web,shop-web-2', 'shop_front', 'web'],
    ].toSorted(byText),
  );
});

test('each replica must have its own address', () => {
  const rows = namesTableRows(names, false).filter(({ Network }) => Network === 'shop_front');
  assert.deepEqual(
    rows.map(({ Address }) => (Address as readonly string[]).length),
    [1, 1],
  );
  assert.notDeepEqual(rows[0]?.['Address'], rows[1]?.['Address']);
});

test('ids must be there with --no-trunc alone', () => {
  assert.ok(!table(names).some(([all]) => /[0-9a-f]{12}/.test(all ?? '')));
  assert.ok(table(names, true).every(([all]) => /,[0-9a-f]{12}$/.test(all ?? '')));
});

test('what a hosts file has must be a row an address', () => {
  const entry = { network: undefined, services: [], containers: [] };
  const hosts = [
    { ...entry, name: 'wiki', addresses: ['10.0.0.1'] },
    { ...entry, name: 'cloud', addresses: ['10.0.0.2'] },
    { ...entry, name: 'docs', addresses: ['10.0.0.1'] },
  ];
  assert.deepEqual(table(hosts), [
    ['wiki,docs', '', ''],
    ['cloud', '', ''],
  ]);
});

describe('columns must give way where cut lists alone do not let the table fit', () => {
  for (const [width, header] of [
    [120, 'NAMES NETWORK ADDRESS SERVICE'],
    [52, 'NAMES NETWORK ADDRESS SERVICE'],
    [42, 'NAMES NETWORK ADDRESS'],
  ] as const) {
    test(`at ${width}`, () => {
      const options = { format: undefined, quiet: false, noTrunc: false, terminal: width };
      const made = formatReport(namesTableColumns, namesTableRows(names, false), options, ({ length }) => length);
      assert.ok(made.ok);
      const lines = made.value.trimEnd().split('\n');
      assert.equal(lines[0]?.trim().replaceAll(/ +/g, ' '), header);
      assert.ok(lines.every((line) => line.trimEnd().length <= width));
    });
  }
});
