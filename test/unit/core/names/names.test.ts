// Every name on a network, as the engine's JSON leads to it: who answers, and under which name.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { namedByList, networkNames } from '../../../../src/core/names/names.ts';
import type { NetworkName } from '../../../../src/core/names/names.ts';
import { fakeProject } from '../fake-project.ts';

const backend = 'shop_backend';

/** One name as a line: `web 10.1.0.1 by web in shop-web-1`. */
const line = ({ name, addresses, services, containers }: NetworkName): string =>
  `${name} ${addresses.join('+')} by ${services.join('+')} in ${containers.join('+')}`;

const linesOf = (names: readonly NetworkName[], ...wanted: readonly string[]): readonly string[] =>
  names.filter(({ name }) => wanted.includes(name)).map(line);

for (const version of ['20.10', '28.5'] as const) {
  describe(`with engine ${version}`, () => {
    test('every kind of name must be there, once, services first, ids last', () => {
      const { containers } = fakeProject('shop', version)
        .network('backend')
        .service('web', { hostname: 'www', networks: { backend: { aliases: ['site', 'web', 'Site.example'] } } })
        .seen();
      const from = '10.1.0.1 by web in shop-web-1';
      assert.deepEqual(networkNames('shop', containers, [backend]).map(line), [
        `Site.example ${from}`,
        `site ${from}`,
        `web ${from}`,
        `www ${from}`,
        `shop-web-1 ${from}`,
        `c00000000001 ${from}`,
      ]);
    });

    test('a plain container must have its own names, and no service', () => {
      const { containers } = fakeProject('shop', version)
        .network('backend')
        .container('porter', { networks: { backend: { aliases: ['carrier'] } } })
        .seen();
      assert.deepEqual(networkNames('shop', containers, [backend]).map(line), [
        'carrier 10.1.0.1 by  in porter',
        'porter 10.1.0.1 by  in porter',
        'c00000000001 10.1.0.1 by  in porter',
      ]);
    });

    test('a one-off must not have the name of its service', () => {
      const { containers } = fakeProject('shop', version)
        .network('backend')
        .service('web', { oneOff: true, networks: { backend: {} } })
        .seen();
      const names = networkNames('shop', containers, [backend]).map(({ name }) => name);
      assert.deepEqual(names, ['shop-web-run-1', 'c00000000001']);
    });
  });
}

test('replicas must share a name, and have a name each', () => {
  const { containers } = fakeProject('shop')
    .network('backend', { versions: '46' })
    .service('api', { replicas: 2, networks: { backend: {} } })
    .seen();
  assert.deepEqual(networkNames('shop', containers, [backend]).slice(0, 3).map(line), [
    'api 10.1.0.1+fd00:1::1+10.1.0.2+fd00:1::2 by api in shop-api-1+shop-api-2',
    'shop-api-1 10.1.0.1+fd00:1::1 by api in shop-api-1',
    'shop-api-2 10.1.0.2+fd00:1::2 by api in shop-api-2',
  ]);
});

test('an alias of two services must lead to both', () => {
  const { containers } = fakeProject('shop')
    .network('backend')
    .service('web', { networks: { backend: { aliases: ['shared'] } } })
    .service('api', { networks: { backend: { aliases: ['shared'] } } })
    .seen();
  assert.deepEqual(linesOf(networkNames('shop', containers, [backend]), 'shared'), [
    'shared 10.1.0.1+10.1.0.2 by web+api in shop-web-1+shop-api-1',
  ]);
});

test('names that differ by their case alone must be one', () => {
  const { containers } = fakeProject('shop')
    .network('backend')
    .service('web', { networks: { backend: { aliases: ['Store', 'STORE'] } } })
    .service('api', { networks: { backend: { aliases: ['store'] } } })
    .seen();
  const found = networkNames('shop', containers, [backend]).filter(({ name }) => name.toLowerCase() === 'store');
  assert.deepEqual(found.map(line), ['Store 10.1.0.1+10.1.0.2 by web+api in shop-web-1+shop-api-1']);
});

describe('a shared network, seen from', () => {
  const { containers } = fakeProject('shop')
    .network('backend')
    .service('web', { networks: { backend: {} } })
    .service('pier', { project: 'harbour', networks: { backend: { aliases: ['web'] } } })
    .seen();
  const rows: readonly (readonly [project: string | undefined, services: string])[] = [
    ['shop', 'web+harbour/pier'],
    ['harbour', 'shop/web+pier'],
    ['blog', 'shop/web+harbour/pier'],
    [undefined, 'shop/web+harbour/pier'],
  ];
  for (const [project, services] of rows) {
    test(project ?? 'no project', () => {
      assert.deepEqual(linesOf(networkNames(project, containers, [backend]), 'web'), [
        `web 10.1.0.1+10.1.0.2 by ${services} in shop-web-1+harbour-pier-1`,
      ]);
    });
  }
});

describe('a container that is', () => {
  const rows: readonly (readonly [state: string, answers: boolean])[] = [
    ['running', true],
    ['paused', true],
    ['created', false],
    ['restarting', false],
    ['removing', false],
    ['exited', false],
    ['dead', false],
  ];
  for (const [state, answers] of rows) {
    test(`${state} must ${answers ? '' : 'not '}answer`, () => {
      const { containers } = fakeProject('shop')
        .network('backend')
        .service('web', { state, networks: { backend: {} } })
        .service('api', { networks: { backend: { aliases: ['web'] } } })
        .seen();
      const [web] = linesOf(networkNames('shop', containers, [backend]), 'web');
      assert.equal(
        web,
        answers ? 'web 10.1.0.1+10.1.0.2 by web+api in shop-web-1+shop-api-1' : 'web 10.1.0.2 by api in shop-api-1',
      );
    });
  }
});

test('names must stand network by network, with the address that each has there', () => {
  const { containers } = fakeProject('shop')
    .network('backend')
    .network('cache', { versions: '6' })
    .service('web', { networks: { backend: { aliases: ['www'] }, cache: {} } })
    .service('redis', { networks: { cache: {} } })
    .seen();
  const names = networkNames('shop', containers, ['shop_cache', backend]);
  assert.deepEqual(
    names.map(({ name, network, addresses }) => [network, name, ...addresses].join(' ')),
    [
      'shop_cache redis fd00:2::2',
      'shop_cache web fd00:2::1',
      'shop_cache shop-redis-1 fd00:2::2',
      'shop_cache shop-web-1 fd00:2::1',
      'shop_cache c00000000001 fd00:2::1',
      'shop_cache c00000000002 fd00:2::2',
      'shop_backend web 10.1.0.1',
      'shop_backend www 10.1.0.1',
      'shop_backend shop-web-1 10.1.0.1',
      'shop_backend c00000000001 10.1.0.1',
    ],
  );
});

describe("on the engine's own network", () => {
  for (const network of ['bridge', 'host', 'none']) {
    test(`${network} nobody must answer`, () => {
      const { containers } = fakeProject('shop')
        .network('host', { name: 'host', versions: '', project: null })
        .network('none', { name: 'none', versions: '', project: null })
        .container('porter', { networks: { [network]: {} } })
        .seen();
      assert.deepEqual(networkNames('shop', containers, [network]), []);
    });
  }
});

describe('the list alone', () => {
  const project = fakeProject('shop')
    .network('backend')
    .network('cache')
    .service('web', { replicas: 2, hostname: 'www', networks: { backend: { aliases: ['site'] }, cache: {} } })
    .service('job', { oneOff: true, networks: { backend: {} } })
    .service('gone', { state: 'exited', networks: { backend: {} } })
    .container('porter', { networks: { cache: {} } });
  const { containers, listed } = project.seen();
  const networks = [backend, 'shop_cache'];
  const known = networkNames('shop', listed.map(namedByList), networks);

  test('must tell all names but aliases and host names, as the containers themselves do', () => {
    const all = networkNames('shop', containers, networks);
    assert.deepEqual(
      known,
      all.filter(({ name }) => !['site', 'www'].includes(name)),
    );
  });

  test('must tell of every container that runs', () => {
    const told = new Set(known.flatMap((name) => name.containers));
    assert.deepEqual([...told].toSorted(), ['porter', 'shop-job-run-1', 'shop-web-1', 'shop-web-2']);
  });
});

test('200 services on 10 networks must have three names each on each of their networks', () => {
  const project = fakeProject('shop');
  const keys = Array.from({ length: 10 }, (_, index) => `net${index}`);
  for (const key of keys) project.network(key);
  for (let index = 0; index < 200; index++) {
    const networks = { [`net${index % 10}`]: {}, [`net${(index + 1) % 10}`]: { aliases: ['all'] } };
    project.service(`service${index}`, { networks });
  }
  const names = networkNames(
    'shop',
    project.seen().containers,
    keys.map((key) => `shop_${key}`),
  );
  // 200 services on two networks each, and one name more on each network, which 20 of them share.
  assert.equal(names.length, 200 * 2 * 3 + 10);
  assert.equal(new Set(names.map(({ name, network }) => `${name}.${network}`)).size, names.length);
  for (const { name, addresses } of names) assert.equal(addresses.length, name === 'all' ? 20 : 1, name);
});
