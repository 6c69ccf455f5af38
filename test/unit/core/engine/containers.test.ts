// What is made of the engine's JSON, as a real engine gave it, and of JSON that is not what it should be.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeContainer, decodeList } from '../../../../src/core/engine/containers.ts';
import type { Container, ListedContainer, NamedAttachment } from '../../../../src/core/engine/containers.ts';
import type { ComposeLabels } from '../../../../src/core/engine/labels.ts';
import type { Result } from '../../../../src/core/failure/failure.ts';
import { readRecording } from '../../../recordings.ts';
import type { Json } from '../../../recordings.ts';

const recording = readRecording('shop');

function listed(name: string): ListedContainer {
  const list = decodeList('GET', recording.list);
  const found = list.ok ? list.value.find((container) => container.name === name) : undefined;
  assert.ok(found, `${name} must be in the list`);
  return found;
}

function inspected(name: string): Container {
  const container = decodeContainer('GET', recording.containers[name]);
  assert.ok(container.ok);
  return container.value;
}

const labelsOf = (service: string, number = 1, oneOff = false): ComposeLabels => ({
  project: 'shop',
  service,
  number,
  oneOff,
  workingDirectory: '/src/shop',
  files: ['/src/shop/compose.yaml'],
});

describe('the recorded list', () => {
  const rows: readonly (readonly [name: string, state: string, status: RegExp, ComposeLabels])[] = [
    ['shop-web-1', 'running', /^Up /, labelsOf('web')],
    ['shop-web-2', 'running', /^Up /, labelsOf('web', 2)],
    ['shop-web-run', 'running', /^Up /, labelsOf('web', 1, true)],
    ['shop-postgres-1', 'running', /^Up /, labelsOf('postgres')],
    ['shop-ledger-1', 'paused', /\(Paused\)$/, labelsOf('ledger')],
    ['shop-migrate-1', 'exited', /^Exited \(3\) /, labelsOf('migrate')],
    ['shop-sidecar-1', 'running', /^Up /, labelsOf('sidecar')],
  ];
  for (const [name, state, status, compose] of rows) {
    test(`tells ${name}`, () => {
      const container = listed(name);
      assert.match(container.status, status);
      assert.deepEqual([container.state, container.compose], [state, compose]);
    });
  }

  test('tells whose network a container shares', () => {
    assert.equal(listed('shop-sidecar-1').networkOf, listed('shop-postgres-1').id);
    assert.deepEqual([listed('shop-web-1').networkOf, listed('shop-metrics-1').networkOf], [undefined, undefined]);
  });

  test('has every container that was inspected, under the same id', () => {
    for (const name of Object.keys(recording.containers)) assert.equal(listed(name).id, inspected(name).id);
    assert.equal(recording.list.length, Object.keys(recording.containers).length);
  });
});

describe('the recorded containers', () => {
  const owner = inspected('shop-postgres-1').id;
  type Row = readonly [name: string, state: string, exitCode: number, mode: string, networks: readonly string[]];
  const rows: readonly Row[] = [
    ['shop-web-1', 'running', 0, 'shop_backend', ['shop_backend', 'shop_cache']],
    ['shop-postgres-1', 'running', 0, 'shop_backend', ['shop_backend']],
    ['shop-ledger-1', 'paused', 0, 'shop_backend', ['shop_backend']],
    ['shop-migrate-1', 'exited', 3, 'shop_backend', ['shop_backend']],
    ['shop-sidecar-1', 'running', 0, `container:${owner}`, []],
    ['shop-metrics-1', 'running', 0, 'host', ['host']],
    ['shop-vault-1', 'running', 0, 'none', ['none']],
  ];
  for (const [name, state, exitCode, networkMode, networks] of rows) {
    test(`tell ${name}`, () => {
      const container = inspected(name);
      assert.deepEqual(
        [container.name, container.state, container.exitCode, container.networkMode],
        [name, state, exitCode, networkMode],
      );
      assert.deepEqual(
        container.endpoints.map(({ network }) => network),
        networks,
      );
      assert.deepEqual(container.compose, listed(name).compose);
      assert.equal(container.pid > 0, state !== 'exited');
    });
  }
});

describe('a place on a network', () => {
  const endpoint = (name: string, network: string): NamedAttachment => {
    const found = inspected(name).endpoints.find((each) => each.network === network);
    assert.ok(found);
    return found;
  };

  test('has the network, the address and the names', () => {
    const found = endpoint('shop-postgres-1', 'shop_backend');
    const network = recording.networks.find(({ Name }) => Name === 'shop_backend');
    assert.equal(found.networkId, network?.['Id']);
    assert.match(found.ipv4 ?? '', /^\d+\.\d+\.\d+\.\d+$/);
    const id = inspected('shop-postgres-1').id.slice(0, 12);
    // Engine 20.10 has the container's own name among its aliases as well: it is there once.
    assert.deepEqual(found.names, ['shop-postgres-1', 'postgres', 'db', id]);
    assert.deepEqual([found.ipv6, found.priority, found.links], [undefined, 0, []]);
  });

  test('has the same address in the list, where names are unknown', () => {
    const { names: _names, links: _links, ...place } = endpoint('shop-web-2', 'shop_cache');
    assert.deepEqual(
      listed('shop-web-2').endpoints.find(({ network }) => network === 'shop_cache'),
      place,
    );
  });

  test('has no address where the container has ended', () => {
    assert.equal(endpoint('shop-migrate-1', 'shop_backend').ipv4, undefined);
  });

  test('has the names that engines from 25 on tell, and no others', () => {
    const container = structuredClone(recording.containers['shop-postgres-1']) as {
      NetworkSettings: { Networks: Record<string, Json> };
    };
    Object.assign(container.NetworkSettings.Networks['shop_backend'] ?? {}, {
      Aliases: ['db', 'not-this'],
      DNSNames: ['shop-postgres-1', 'db', 'DB', 'a6db010ab832'],
      Links: ['web:www'],
      GwPriority: 5,
    });
    const decoded = decodeContainer('GET', container);
    assert.ok(decoded.ok);
    const { names, links, priority } = decoded.value.endpoints[0] ?? {};
    assert.deepEqual([names, links, priority], [['shop-postgres-1', 'db', 'a6db010ab832'], ['web:www'], 5]);
  });
});

describe('the name of a listed container', () => {
  const rows: readonly (readonly [names: unknown, expected: string])[] = [
    [['/web'], 'web'],
    [['/other/alias', '/web'], 'web'],
    [['/other/alias'], 'other/alias'],
    [[], 'abcdefabcdef'],
    [null, 'abcdefabcdef'],
  ];
  for (const [names, expected] of rows) {
    test(JSON.stringify(names), () => {
      const list = decodeList('GET', [{ ...recording.list[0], Id: 'abcdef'.repeat(10), Names: names }]);
      assert.equal(list.ok && list.value[0]?.name, expected);
    });
  }
});

describe('an answer of the wrong shape', () => {
  const nonsense = (problem: string): Result<never> => ({
    ok: false,
    failure: { kind: 'engine-nonsense', request: 'GET', problem },
  });
  const entry = recording.list[0] ?? {};
  const lists: readonly (readonly [string, unknown, problem: string])[] = [
    ['an object', {}, 'top level: expected array'],
    ['null', null, 'top level: expected array'],
    ['a list of texts', ['web'], '0: expected object'],
    ['no Id', [entry, { ...entry, Id: undefined }], '1.Id: expected string'],
    ['an Id that could be an option', [{ ...entry, Id: '--help' }], '0.Id: invalid format'],
    ['Names as a text', [{ ...entry, Names: '/web' }], '0.Names: expected array'],
    ['a State that is an object', [{ ...entry, State: {} }], '0.State: expected string'],
    ['a label that is a number', [{ ...entry, Labels: { a: 1 } }], '0.Labels.a: expected string'],
  ];
  for (const [name, json, problem] of lists) {
    test(`list: ${name}`, () => assert.deepEqual(decodeList('GET', json), nonsense(problem)));
  }

  const container = recording.containers['shop-web-1'] ?? {};
  const bent = (key: string, value: Json): Json => ({ ...container, [key]: { ...(container[key] as Json), ...value } });
  const containers: readonly (readonly [string, unknown, problem: string])[] = [
    ['a text', 'web', 'top level: expected object'],
    ['a short Id', { ...container, Id: 'abcdefabcdef' }, 'Id: invalid format'],
    ['no State', { ...container, State: undefined }, 'State: expected object'],
    ['a Pid in quotes', bent('State', { Pid: '1' }), 'State.Pid: expected number'],
    ['a broken Pid', bent('State', { Pid: 1.5 }), 'State.Pid: expected int'],
    ['a negative Pid', bent('State', { Pid: -1 }), 'State.Pid: too small'],
    ['no NetworkMode', { ...container, HostConfig: {} }, 'HostConfig.NetworkMode: expected string'],
    ['Networks as a list', bent('NetworkSettings', { Networks: [] }), 'NetworkSettings.Networks: expected record'],
  ];
  for (const [name, json, problem] of containers) {
    test(`container: ${name}`, () => assert.deepEqual(decodeContainer('GET', json), nonsense(problem)));
  }
});

test('a list that no engine has must be told from one of an engine', () => {
  const container = { Id: 'ab'.repeat(32), State: 'running', Status: 'Up' };
  const many = (count: number): unknown => Array.from({ length: count }, () => container);
  assert.ok(decodeList('GET', many(20_000)).ok);
  assert.deepEqual(decodeList('GET', many(20_001)), {
    ok: false,
    failure: { kind: 'engine-nonsense', request: 'GET', problem: 'top level: more than 20000' },
  });
});
