// The decisions of a plan.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EntryPlan, HostFacts } from '../../../../src/core/entry/plan.ts';
import { host, joined, planOf, root } from '../samples.ts';

const nobody = { uid: 65534, gid: 65534, groups: [65534] };

describe('who COMMAND runs as', () => {
  const rootless: Partial<HostFacts> = { containerUsers: "caller's", elevators: [] };
  const same = { mapped: false };
  const rows: readonly (readonly [string, Partial<HostFacts>, EntryPlan['identity']])[] = [
    ['root as root changes nothing', root, { become: undefined, ...same, cause: 'your own' }],
    ['behind sudo it is the caller again', {}, { become: host.caller, ...same, cause: 'your own' }],
    ['root may run it as another', { ...root, other: nobody }, { become: nobody, ...same, cause: '--user' }],
    ['a user may run it as another', { other: nobody }, { become: nobody, ...same, cause: '--user' }],
    [
      'with a rootless engine it is the caller, by a map',
      rootless,
      { become: host.caller, mapped: true, cause: 'your own, through a user namespace' },
    ],
  ];
  for (const [name, facts, expected] of rows) {
    test(name, () => assert.deepEqual(planOf({}, facts).identity, expected));
  }

  test('root behind sudo is root', () => {
    assert.deepEqual(planOf({ elevate: 'sudo' }, root).identity.become, root.caller);
  });
});

describe('the environment', () => {
  const odd = { PATH: '/usr/bin', 'BASH_FUNC_f%%': '() { :; }', 'a.b': '1' };
  const rows: readonly (readonly [string, Partial<HostFacts>, EntryPlan['carriage']])[] = [
    ['is inherited from root', root, { kind: 'inherit', cause: 'nothing in between changes it' }],
    ['goes around sudo', {}, { kind: 'file', cause: 'sudo would strip the environment' }],
    [
      'goes around the shell where a shell cannot hold it',
      { ...root, environment: odd },
      { kind: 'file', cause: 'a shell would not pass on BASH_FUNC_f%%, a.b' },
    ],
    [
      'goes around all that comes before COMMAND where a file sets it',
      { ...root, fileVariables: ['A=1'] },
      { kind: 'file', cause: 'only COMMAND may see the variables of --env-file' },
    ],
  ];
  for (const [name, facts, expected] of rows) {
    test(name, () => assert.deepEqual(planOf({}, facts).carriage, expected));
  }

  test('must be the one that the changes lead to', () => {
    const plan = planOf({ env: ['A=2', 'HOME=/'] });
    assert.deepEqual(plan.environment, {
      HOME: '/',
      PATH: '/usr/bin',
      A: '2',
      NETEXEC_PROJECT: 'shop',
      NETEXEC_SERVICE: 'web',
      NETEXEC_CONTAINER: 'shop-web-1',
      NETEXEC_NETWORKS: 'shop_backend,shop_cache',
      HOSTALIASES: '/run/user/1000/docker-netexec/shop/shop-web-1.joined.hostaliases',
    });
  });
});

test("names stay the host's with --resolver host, and only then", () => {
  assert.equal(planOf({ resolver: 'host' }).view, undefined);
  assert.notEqual(planOf({ resolver: 'private' }).view, undefined);
});

test('what is not of Compose has no project and no service', () => {
  const plan = planOf({}, {}, { compose: undefined, endpoints: [joined('bridge')] });
  assert.deepEqual(plan.context, {
    project: undefined,
    service: undefined,
    container: 'shop-web-1',
    networks: ['bridge'],
    root: undefined,
  });
});

describe('of --network it must be said before COMMAND', () => {
  const long = `${'x'.repeat(63)}_default`;
  const rows: readonly (readonly [string, EntryPlan['notes'], Parameters<typeof planOf>])[] = [
    ['nothing where names are pinned', [], [{}, {}, {}, { pinned: 'shop_cache' }]],
    [
      'that DNS does not carry its name',
      [`--network cannot pin names: "${long}" has 71 characters, but DNS allows 63`],
      [{}, {}, {}, { pinned: long }],
    ],
    [
      'that LOCALDOMAIN takes its place',
      ['LOCALDOMAIN is set, and overrides the search domain of --network'],
      [{ env: ['LOCALDOMAIN=corp.test'] }, {}, {}, { pinned: 'shop_cache' }],
    ],
    ['nothing where no name is pinned', [], [{ env: ['LOCALDOMAIN=corp.test'] }, {}, {}, {}]],
  ];
  for (const [name, notes, given] of rows) test(name, () => assert.deepEqual(planOf(...given).notes, notes));
});

describe('a network of its own', () => {
  test('must have the addresses of the container, and nothing else that the engine calls so', () => {
    const bent = { ...joined('shop_cache'), ipv4: '10.0.0.1 dev eth0', ipv6: '/etc/*' };
    const six = { ...joined('shop_backend'), ipv6: 'fd00::3' };
    const plan = planOf({}, { ...root, remoteEngine: true }, { endpoints: [six, bent] });
    assert.deepEqual(plan.tunnel, { addresses: ['172.20.0.3', 'fd00::3'] });
  });

  test('must not be where the engine is here, unless it is asked for', () => {
    assert.equal(planOf({}, root).tunnel, undefined);
    assert.equal(planOf({ elevate: 'tunnel' }).way.kind, 'tunnel');
    assert.equal(planOf({ elevate: 'tunnel' }, root).way.kind, 'root-tunnel');
  });
});
