// What a name means for one container that asks: the engine's order of its networks, links, and the lines of its hosts file.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answeringOrder, visiblePinned, visibleNames } from '../../../../src/core/names/visible-names.ts';
import { fakeProject, meanings } from '../fake-project.ts';
import type { FakeEndpoint, FakeNetwork, Seen } from '../fake-project.ts';

const seenBy = (name: string, { containers, networks, container }: Seen): Readonly<Record<string, string>> =>
  meanings(visibleNames(container(name), containers, networks));

describe('of two networks', () => {
  type Side = FakeNetwork & FakeEndpoint;
  const internal = { internal: true };
  const rows: readonly (readonly [string, alpha: Side, beta: Side, first: 'alpha' | 'beta'])[] = [
    ['the first by name must answer', {}, {}, 'alpha'],
    ['the internal one must come last', internal, {}, 'beta'],
    ['that with both kinds of addresses must come first', {}, { versions: '46' }, 'beta'],
    ['an internal one must come last for all its addresses', {}, { ...internal, versions: '46' }, 'alpha'],
    ['neither kind of addresses must come before the other', { versions: '4' }, { versions: '6' }, 'alpha'],
    ['that of the higher priority must come first', {}, { priority: 1 }, 'beta'],
    ['that of the lower priority must come last', { priority: -1 }, {}, 'beta'],
    ['priority must come before addresses', { versions: '46' }, { priority: 1 }, 'beta'],
    // Seen with engine 28.5: bazaar/28.5, container porter.
    ['priority must come before all else', {}, { ...internal, priority: 1 }, 'beta'],
  ];
  for (const [name, alpha, beta, first] of rows) {
    test(name, () => {
      const seen = fakeProject('shop')
        .network('beta', beta)
        .network('alpha', alpha)
        .service('web', { networks: { beta, alpha } })
        .seen();
      const order = answeringOrder(seen.container('shop-web-1').endpoints, seen.networks);
      assert.equal(order[0]?.network, `shop_${first}`);
      assert.equal(order.length, 2);
    });
  }
});

describe('a name on two networks', () => {
  const seen = fakeProject('shop')
    .network('alpha')
    .network('beta')
    .service('web', { networks: { alpha: {}, beta: {} } })
    .service('api', { networks: { alpha: { aliases: ['Store'] } } })
    .service('db', { networks: { beta: { aliases: ['store'] } } })
    .seen();

  test('must mean the one on the first, and the other by its network', () => {
    const { Store, store, 'store.shop_beta': other } = seenBy('shop-web-1', seen);
    assert.deepEqual([Store, store, other], ['10.1.0.2', undefined, '10.2.0.3']);
  });

  test("must mean both where Podman's DNS server is asked, and nothing by its network", () => {
    const all = visibleNames(seen.container('shop-web-1'), seen.containers, seen.networks, undefined, 'aardvark');
    const stores = all.filter(({ name }) => /^store/i.test(name));
    assert.deepEqual(
      stores.map(({ addresses }) => addresses),
      [['10.1.0.2', '10.2.0.3']],
    );
  });

  test('must mean the one on the network that is pinned, and the other by its network', () => {
    const pinned = meanings(visiblePinned(seen.container('shop-web-1'), seen.containers, seen.networks, 'shop_beta'));
    const { store, Store, 'Store.shop_alpha': other, api, web, 'web.shop_alpha': first } = pinned;
    assert.deepEqual([store, Store, other, api], ['10.2.0.3', undefined, '10.1.0.2', '10.1.0.2']);
    assert.deepEqual([web, first], ['10.2.0.1', '10.1.0.1']);
    const none = meanings(visiblePinned(seen.container('shop-web-1'), seen.containers, seen.networks, undefined));
    assert.deepEqual(none, seenBy('shop-web-1', seen));
  });

  test('must mean the one on the only network of who asks', () => {
    assert.deepEqual(seenBy('shop-db-1', seen), {
      db: '10.2.0.3',
      store: '10.2.0.3',
      web: '10.2.0.1',
      'shop-db-1': '10.2.0.3',
      'shop-web-1': '10.2.0.1',
      c00000000001: '10.2.0.1',
      c00000000003: '10.2.0.3',
    });
  });
});

describe('a link', () => {
  /** web asks; api and db answer, db on both networks. */
  const linked = (links: readonly string[], dbState = 'running'): Readonly<Record<string, string>> =>
    seenBy(
      'shop-web-1',
      fakeProject('shop')
        .network('alpha')
        .network('beta')
        .service('web', { networks: { alpha: { links }, beta: { links } } })
        .service('api', { replicas: 2, networks: { alpha: { aliases: ['store'] } } })
        .service('db', { state: dbState, networks: { beta: { aliases: ['store'] } } })
        .seen(),
    );
  const rows: readonly (readonly [string, links: readonly string[], meant: Readonly<Record<string, string>>])[] = [
    ['must give a name of its own', ['shop-db-1:ledger'], { ledger: '10.2.0.4' }],
    ['without a name of its own must change nothing', ['shop-db-1'], { 'shop-db-1': '10.2.0.4' }],
    ['may be to any name', ['api:backend'], { backend: '10.1.0.2 10.1.0.3' }],
    ['may be to an id', ['c00000000004:ledger'], { ledger: '10.2.0.4' }],
    [
      'must hide the name of a network on which nobody is meant',
      ['shop-db-1:api'],
      { api: '10.2.0.4', 'api.shop_alpha': '' },
    ],
    ['must hide the name on its own network', ['shop-db-1:store'], { store: '10.2.0.4', 'store.shop_beta': '' }],
    ['must mean the last of the same name', ['shop-api-1:till', 'shop-api-2:till'], { till: '10.1.0.3' }],
    ['to nobody must mean nothing', ['shop-mail-1:post'], { post: '' }],
  ];
  for (const [name, links, meant] of rows) {
    test(name, () => {
      const names = linked(links);
      assert.deepEqual(Object.fromEntries(Object.keys(meant).map((each) => [each, names[each] ?? ''])), meant);
    });
  }

  test('of the last network must come before a name of the first', () => {
    const seen = fakeProject('shop')
      .network('alpha')
      .network('beta')
      .service('web', { networks: { alpha: {}, beta: { links: ['shop-db-1:api'] } } })
      .service('api', { networks: { alpha: {} } })
      .service('db', { networks: { beta: {} } })
      .seen();
    const { api, 'api.shop_alpha': hidden } = seenBy('shop-web-1', seen);
    assert.deepEqual([api, hidden], ['10.2.0.3', '10.1.0.2']);
  });

  test('must give no name to others', () => {
    const seen = fakeProject('shop')
      .network('alpha')
      .service('web', { networks: { alpha: { links: ['shop-db-1:ledger'] } } })
      .service('db', { networks: { alpha: {} } })
      .seen();
    assert.ok(!('ledger' in seenBy('shop-db-1', seen)));
  });

  test('to a container that has ended must mean nothing', () => {
    assert.ok(!('ledger' in linked(['shop-db-1:ledger'], 'exited')));
  });
});

describe('extra_hosts', () => {
  const seen = fakeProject('shop')
    .network('alpha')
    .service('web', {
      networks: { alpha: {} },
      extraHosts: ['printer:192.0.2.7', 'scanner:2001:db8::7', 'db:192.0.2.8', 'both:192.0.2.9', 'both:2001:db8::9'],
    })
    .service('db', { networks: { alpha: {} } })
    .seen();
  const rows: readonly (readonly [string, name: string, addresses: string])[] = [
    ['must be names', 'printer', '192.0.2.7'],
    ['may have IPv6 addresses', 'scanner', '2001:db8::7'],
    ['may give a name two addresses', 'both', '192.0.2.9 2001:db8::9'],
    ['must come before what the engine answers, as the hosts file does', 'db', '192.0.2.8'],
    ['must leave the other by its network', 'db.shop_alpha', '10.1.0.2'],
  ];
  for (const [name, wanted, addresses] of rows) {
    test(name, () => assert.equal(seenBy('shop-web-1', seen)[wanted], addresses));
  }

  test('must be on no network', () => {
    const found = visibleNames(seen.container('shop-web-1'), seen.containers, seen.networks);
    const fromHosts = found.filter(({ network }) => network === undefined).map(({ name }) => name);
    assert.deepEqual(fromHosts.toSorted(), ['both', 'db', 'printer', 'scanner']);
  });

  test("must not be others'", () => assert.ok(!('printer' in seenBy('shop-db-1', seen))));
});

describe('who is on', () => {
  for (const network of ['bridge', 'host', 'none']) {
    test(`${network} alone must see nobody`, () => {
      const seen = fakeProject('shop')
        .network('host', { name: 'host', versions: '', project: null })
        .network('none', { name: 'none', versions: '', project: null })
        .container('porter', { networks: { [network]: {} }, extraHosts: ['printer:192.0.2.7'] })
        .container('other', { networks: { [network]: {} } })
        .seen();
      assert.deepEqual(seenBy('porter', seen), { printer: '192.0.2.7' });
    });
  }
});

test('names of another project must be seen on a shared network, and named after it', () => {
  const seen = fakeProject('shop')
    .network('market', { name: 'market', project: null })
    .service('web', { networks: { market: {} } })
    .service('pier', { project: 'harbour', networks: { market: {} } })
    .seen();
  const pier = visibleNames(seen.container('shop-web-1'), seen.containers, seen.networks).find(
    ({ name }) => name === 'pier',
  );
  assert.deepEqual(pier, {
    name: 'pier',
    network: 'market',
    addresses: ['10.1.0.2'],
    services: ['harbour/pier'],
    containers: ['harbour-pier-1'],
  });
});
