// Drawings of a project's networks: what is in them, and that any name comes out of them as the text that it is.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { drawings } from '../../../../src/core/arguments/option-values.ts';
import { drawNetworks, networkMap } from '../../../../src/core/report/drawing.ts';
import type { NetworkMap } from '../../../../src/core/report/network-map.ts';
import { projectNetworks } from '../../../../src/core/engine/networks.ts';
import type { ListedContainer } from '../../../../src/core/engine/containers.ts';
import type { DeclaredNetwork } from '../../../../src/core/engine/networks.ts';
import { printable } from '../../../../src/core/text/printable.ts';
import { goldens } from '../../../goldens.ts';
import { fakeProject } from '../fake-project.ts';
import type { Seen } from '../fake-project.ts';
import { hostileMap, hostileNames, readDot, readMermaid } from './drawn.ts';

const declared: readonly DeclaredNetwork[] = [
  { key: 'market', name: 'town-market', internal: false, external: true },
  { key: 'later', name: 'shop_later', internal: true, external: false },
  { key: 'elsewhere', name: 'elsewhere', internal: false, external: true },
];

const shop = fakeProject('shop')
  .network('backend', { internal: true })
  .network('cache')
  .network('market', { name: 'town-market', project: 'harbour' })
  .service('web', { networks: { backend: {}, cache: {}, market: {} } })
  .service('api', { replicas: 3, networks: { backend: {} } })
  .service('api', { oneOff: true, networks: { backend: {} } })
  .service('redis', { networks: { cache: {} }, state: 'paused' })
  .service('worker', { networks: { cache: {} }, state: 'exited' })
  .service('sidecar', { networks: {}, networkOf: 'shop-web-1' })
  .service('pier', { project: 'harbour', replicas: 2, networks: { market: {} } })
  .service('away', { project: 'harbour', networks: {} })
  .container('porter', { networks: { backend: {}, market: {} } })
  .seen();

const mapOf = ({ networks, listed }: Seen, files: readonly DeclaredNetwork[] = []): NetworkMap =>
  networkMap('shop', projectNetworks('shop', networks, listed, files), listed);

goldens('drawing', {
  'shop.mmd': () => drawNetworks(mapOf(shop, declared), 'mermaid'),
  'shop.dot': () => drawNetworks(mapOf(shop, declared), 'dot'),
});

/** `WHO: WHERE, WHERE`, as the lines of the drawing tell. */
function told({ networks, services, lines }: NetworkMap): readonly string[] {
  const called = new Map([
    ...networks.map(({ id, texts }) => [id, texts[0] ?? ''] as const),
    ...services.map(({ id, name }) => [id, name] as const),
  ]);
  return lines.map(({ from, to, shares }) => `${called.get(from)} ${shares ? '=' : '-'} ${called.get(to)}`);
}

describe('in a drawing', () => {
  test('the order must not be that of the engine', () => {
    const turned = { ...shop, listed: shop.listed.toReversed(), networks: shop.networks.toReversed() };
    assert.deepEqual(mapOf(turned, declared.toReversed()), mapOf(shop, declared));
  });

  test("a service must be there that shares the network of another, of one that shares, or of another project's", () => {
    const seen = fakeProject('shop')
      .network('front')
      .network('abroad', { name: 'abroad', project: 'harbour' })
      .service('web', { networks: { front: {} } })
      .service('proxy', { networks: {}, networkOf: 'shop-web-1' })
      .service('probe', { networks: {}, networkOf: 'shop-proxy-1' })
      .service('pier', { project: 'harbour', networks: { abroad: {} } })
      .service('spy', { project: 'harbour', networks: {}, networkOf: 'shop-web-1' })
      .service('crane', { project: 'harbour', networks: {}, networkOf: 'harbour-pier-1' })
      .service('diver', { networks: {}, networkOf: 'harbour-pier-1' })
      .seen();
    assert.deepEqual(told(mapOf(seen)), [
      'harbour/pier = diver',
      'web = probe',
      'web = proxy',
      'front - web',
      'web = harbour/spy',
    ]);
  });

  test('a network whose owner is gone, or is in a circle, is no line', () => {
    const seen = fakeProject('shop')
      .network('front')
      .service('web', { networks: { front: {} } })
      .seen();
    const [web] = seen.listed;
    assert.ok(web?.compose);
    const { compose } = web;
    const sharer = (service: string, networkOf: string): ListedContainer => ({
      ...web,
      id: service,
      compose: { ...compose, service },
      endpoints: [],
      networkOf,
    });
    const listed = [web, sharer('left', 'gone'), sharer('one', 'other'), sharer('other', 'one')];
    const map = mapOf({ ...seen, listed });
    assert.deepEqual([told(map), map.services.map(({ name }) => name)], [['front - web'], ['web']]);
  });

  test('a container must not be taken for the service of its name', () => {
    const seen = fakeProject('shop')
      .network('front')
      .service('web', { networks: { front: {} } })
      .container('web', { networks: { front: {} } })
      .seen();
    assert.deepEqual(
      mapOf(seen).services.map(({ name, times }) => [name, times]),
      [
        ['web', 1],
        ['web', 1],
      ],
    );
  });
});

describe('what is drawn must read back as it was', () => {
  const readers = { mermaid: readMermaid, dot: readDot };
  const shown = ({ networks, services, lines }: NetworkMap) => ({
    labels: Object.fromEntries([
      ...networks.map(({ id, texts }) => [id, texts.map(printable)]),
      ...services.map(({ id, name, times }) => [id, [`${printable(name)}${times > 1 ? ` ×${times}` : ''}`]]),
    ]) as Record<string, string[]>,
    lines: lines.map(({ from, to, shares }) => [from, to, shares]),
  });
  const name = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom(...hostileNames));

  for (const drawing of drawings) {
    test(`${drawing}: names that mean something to it`, () => {
      const map = hostileMap(hostileNames);
      assert.deepEqual(readers[drawing](drawNetworks(map, drawing)), shown(map));
    });

    test(`${drawing}: any names`, () => {
      fc.assert(
        fc.property(fc.array(name, { minLength: 1, maxLength: 8 }), (names) => {
          const map = hostileMap(names);
          const text = drawNetworks(map, drawing);
          assert.deepEqual(readers[drawing](text), shown(map));
          // oxlint-disable-next-line no-control-regex
          assert.doesNotMatch(text.replaceAll('\n', ''), /[\u0000-\u001f\u007f-\u009f]/);
        }),
        { numRuns: 500 },
      );
    });
  }
});
