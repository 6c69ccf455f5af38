// The engine's networks, and which of them are a project's.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeBridges, decodeNetworks, projectNetworks } from '../../../../src/core/engine/networks.ts';
import type { DeclaredNetwork } from '../../../../src/core/engine/networks.ts';
import { readRecording } from '../../../recordings.ts';
import { fakeProject } from '../fake-project.ts';
import type { Seen } from '../fake-project.ts';

describe('the recorded networks', () => {
  for (const engine of ['20.10', '26.1', '28.5']) {
    test(`of engine ${engine} must be what was made`, () => {
      const networks = decodeNetworks('GET', readRecording(`bazaar/${engine}`).networks);
      assert.ok(networks.ok);
      const told = networks.value
        .map(({ name, driver, internal, ipv6, compose }) => ({ name, driver, internal, ipv6, compose }))
        .toSorted((one, other) => (one.name < other.name ? -1 : 1));
      const made = { driver: 'bridge', internal: false, ipv6: false };
      const by = (key: string): { project: string; key: string } => ({ project: 'bazaar', key });
      assert.deepEqual(told, [
        { ...made, name: 'bazaar-vault', ipv6: true, compose: by('vault') },
        { ...made, name: 'bazaar_back', internal: true, compose: by('back') },
        { ...made, name: 'bazaar_front', compose: by('front') },
      ]);
      const vault = networks.value.find(({ name }) => name === 'bazaar-vault');
      assert.equal(vault?.subnets.length, 2);
      assert.ok(vault.subnets.includes('fd5b:ba2a:a7::/64'));
    });
  }

  test('of the engine itself must be of no project', () => {
    const networks = decodeNetworks('GET', readRecording('shop').networks);
    assert.ok(networks.ok);
    const own = networks.value.filter(({ compose }) => compose === undefined);
    const told = own.map(({ name, driver, subnets }) => [name, driver, ...subnets].join(' '));
    assert.deepEqual(told.toSorted(), ['host host', 'none null']);
  });
});

describe('a network', () => {
  const id = 'd'.repeat(64);
  const plain = { Id: id, Name: 'n', Driver: 'bridge' };
  const decoded = {
    id,
    name: 'n',
    driver: 'bridge',
    reach: undefined,
    subnets: [],
    gateway: undefined,
    internal: false,
    ipv6: false,
    bridge: 'br-dddddddddddd',
    compose: undefined,
  };
  const label = 'com.docker.compose';
  const rows: readonly (readonly [string, json: object, expected: object])[] = [
    ['needs no more than a name and a driver', {}, {}],
    ['may have nothing said of it', { Internal: null, EnableIPv6: null, IPAM: null, Options: null, Labels: null }, {}],
    ['may be no bridge', { Driver: 'macvlan' }, { driver: 'macvlan', bridge: undefined }],
    [
      'may have a bridge of a name of its own',
      { Options: { 'com.docker.network.bridge.name': 'shop0' } },
      { bridge: 'shop0' },
    ],
    ['may have no subnet', { IPAM: { Config: null } }, {}],
    ['may have a subnet that is not told', { IPAM: { Config: [{}, { Subnet: null }, { Subnet: '' }] } }, {}],
    [
      'may have several',
      { IPAM: { Config: [{ Subnet: '10.0.0.0/8' }, { Subnet: 'fd00::/8' }] } },
      { subnets: ['10.0.0.0/8', 'fd00::/8'], gateway: '10.0.0.1' },
    ],
    [
      'may have a gateway',
      { IPAM: { Config: [{ Subnet: '10.0.0.0/8', Gateway: '10.0.0.9' }] } },
      { subnets: ['10.0.0.0/8'], gateway: '10.0.0.9' },
    ],
    [
      'may have one that is not told',
      { IPAM: { Config: [{ Subnet: 'fd00::/8' }, { Subnet: '10.0.0.128/25' }] } },
      { subnets: ['fd00::/8', '10.0.0.128/25'], gateway: '10.0.0.129' },
    ],
    ['may have none', { IPAM: { Config: [{ Subnet: 'fd00::/8' }] } }, { subnets: ['fd00::/8'] }],
    [
      "is a project's by two labels",
      { Labels: { [`${label}.project`]: 'shop', [`${label}.network`]: 'backend' } },
      { compose: { project: 'shop', key: 'backend' } },
    ],
    ["is not a project's by one", { Labels: { [`${label}.project`]: 'shop' } }, {}],
    [
      "is a stack's by one",
      { Name: 'n', Labels: { 'com.docker.stack.namespace': 'st' } },
      { compose: { project: 'st', key: 'n' } },
    ],
    ['may be on all nodes of a swarm', { Scope: 'swarm', Attachable: false }, { reach: 'swarm' }],
    ['may be there for others than tasks', { Scope: 'swarm', Attachable: true }, { reach: 'swarm, attachable' }],
    ['may be of this engine alone, however it is made', { Scope: 'local', Attachable: true }, {}],
    ["is not a project's by the other", { Labels: { [`${label}.network`]: 'backend' } }, {}],
  ];
  for (const [name, json, expected] of rows) {
    test(name, () => {
      assert.deepEqual(decodeNetworks('GET', [{ ...plain, ...json }]), {
        ok: true,
        value: [{ ...decoded, ...expected }],
      });
    });
  }

  const nonsense: readonly (readonly [string, json: unknown, problem: string])[] = [
    ['an object', {}, 'top level: expected array'],
    ['no Name', [plain, { ...plain, Name: undefined }], '1.Name: expected string'],
    ['Internal as a text', [{ ...plain, Internal: 'true' }], '0.Internal: expected boolean'],
    [
      'a Subnet that is a number',
      [{ ...plain, IPAM: { Config: [{ Subnet: 10 }] } }],
      '0.IPAM.Config.0.Subnet: expected string',
    ],
  ];
  for (const [name, json, problem] of nonsense) {
    test(`must not be ${name}`, () => {
      assert.deepEqual(decodeNetworks('GET', json), {
        ok: false,
        failure: { kind: 'engine-nonsense', request: 'GET', problem },
      });
    });
  }
});

describe("a project's networks", () => {
  /** `NAME KEY made`, of the project shop. */
  const told = ({ networks, listed }: Seen, declared: readonly DeclaredNetwork[] = []): readonly string[] =>
    projectNetworks('shop', networks, listed, declared).map(
      ({ name, key, network }) => `${name} ${key ?? '-'} ${network === undefined ? 'missing' : 'made'}`,
    );
  const backend = { key: 'backend', name: 'shop_backend', internal: false, external: false };
  const market = { key: 'market', name: 'market', internal: false, external: true };
  const later = { key: 'later', name: 'shop_later', internal: false, external: false };

  test('must be those it made, used or not, by name', () => {
    const seen = fakeProject('shop').network('cache').network('backend', { name: 'store' }).seen();
    assert.deepEqual(told(seen), ['shop_cache cache made', 'store backend made']);
  });

  test("must be those its containers are on, of others' making too", () => {
    const seen = fakeProject('shop')
      .network('market', { name: 'market', project: 'harbour' })
      .network('street', { name: 'street', project: null })
      .network('alley', { name: 'alley', project: null })
      .service('web', { networks: { market: {}, street: {} } })
      .container('porter', { networks: { alley: {} } })
      .seen();
    assert.deepEqual(told(seen), ['market - made', 'street - made']);
    assert.deepEqual(told(seen, [market]), ['market market made', 'street - made']);
  });

  test('must be those that a container which has ended would be on', () => {
    const seen = fakeProject('shop')
      .network('market', { name: 'market', project: null })
      .service('web', { state: 'exited', networks: { market: {} } })
      .seen();
    assert.deepEqual(told(seen), ['market - made']);
  });

  test('must be those its files declare, made or not', () => {
    const seen = fakeProject('shop').network('backend').network('market', { name: 'market', project: null }).seen();
    assert.deepEqual(told(seen, [market, later, backend]), [
      'market market made',
      'shop_backend backend made',
      'shop_later later missing',
    ]);
  });

  test('must be internal as the engine has them, else as the files say', () => {
    const seen = fakeProject('shop').network('backend').seen();
    const declared = [
      { ...backend, internal: true },
      { ...later, internal: true },
      { ...later, key: 'open', name: 'shop_open' },
    ];
    const networks = projectNetworks('shop', seen.networks, seen.listed, declared);
    assert.deepEqual(
      networks.map(({ key, internal }) => [key, internal]),
      [
        ['backend', false],
        ['later', true],
        ['open', false],
      ],
    );
  });

  test("must be external where others made them; the engine's own are nobody's", () => {
    const seen = fakeProject('shop')
      .network('backend')
      .network('market', { name: 'market', project: 'harbour' })
      .network('street', { name: 'street', project: null })
      .service('web', { networks: { backend: {}, street: {}, bridge: {} } })
      .seen();
    const declared = [market, later, { ...later, key: 'far', name: 'far', external: true }];
    assert.deepEqual(
      projectNetworks('shop', seen.networks, seen.listed, declared).map(({ name, external }) => `${name} ${external}`),
      ['bridge false', 'far true', 'market true', 'shop_backend false', 'shop_later false', 'street true'],
    );
  });

  test('must not be those of other projects', () => {
    const seen = fakeProject('shop')
      .network('market', { name: 'market', project: 'harbour' })
      .service('pier', { project: 'harbour', networks: { market: {} } })
      .seen();
    assert.deepEqual(told(seen), []);
  });

  test('must have the key that their project gave them, whatever the files say now', () => {
    const seen = fakeProject('shop').network('backend').seen();
    assert.deepEqual(told(seen, [{ key: 'renamed', name: 'shop_backend', internal: false, external: false }]), [
      'shop_backend backend made',
    ]);
  });
});

test('of Podman’s own account of networks, the interfaces of bridges must be taken', () => {
  const told = [
    { id: 'one', driver: 'bridge', network_interface: 'podman1' },
    { id: 'two', driver: 'macvlan', network_interface: 'eth0' },
    { id: 'three', driver: 'bridge' },
  ];
  const bridges = decodeBridges('GET', told);
  assert.deepEqual(bridges.ok && [...bridges.value], [['one', 'podman1']]);
  assert.equal(decodeBridges('GET', [{ id: 1 }]).ok, false);
});
