// The decisions of a plan.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Elevate } from '../../src/core/argv.ts';
import { makePlan } from '../../src/core/plan.ts';
import type { EntryPlan, HostFacts } from '../../src/core/plan.ts';
import { container, endpoint, host, idOf, joined, names, planOf, request, root, targetOf } from './samples.ts';

const noSudo: Partial<HostFacts> = { sudo: undefined };
const nobody = { uid: 65534, gid: 65534, groups: [65534] };

describe('the way in', () => {
  const sudo = (cause: string): EntryPlan['way'] => ({ kind: 'sudo', program: '/usr/bin/sudo', cause });
  const isRoot: EntryPlan['way'] = { kind: 'root', cause: 'the caller is root' };
  const rows: readonly (readonly [string, Elevate | undefined, Partial<HostFacts>, EntryPlan['way']])[] = [
    ['root needs nothing', undefined, root, isRoot],
    ['root needs nothing with --elevate auto', 'auto', root, isRoot],
    ['root needs nothing with --elevate none', 'none', { ...root, ...noSudo }, isRoot],
    ['root takes sudo where told to', 'sudo', root, sudo('--elevate sudo')],
    ['a user takes sudo', undefined, {}, sudo('the caller is not root')],
    ['a user takes sudo where told to', 'sudo', {}, sudo('--elevate sudo')],
  ];
  for (const [name, elevate, facts, expected] of rows) {
    test(name, () => assert.deepEqual(planOf({ elevate }, facts).way, expected));
  }

  const refused: readonly (readonly [string, Elevate, Partial<HostFacts>, reason: string])[] = [
    ['a user with --elevate none has none', 'none', {}, 'switched off (elevate none)'],
    ['a user without sudo has none', 'auto', noSudo, 'it is not installed'],
    ['a user told to take a sudo that is missing has none', 'sudo', noSudo, 'it is not installed'],
  ];
  for (const [name, elevate, facts, reason] of refused) {
    test(name, () => {
      const tried = [
        { way: 'root', reason: 'the caller is not root' },
        { way: 'sudo', reason },
      ];
      assert.deepEqual(makePlan({ ...request, elevate }, endpoint, targetOf(container), names, { ...host, ...facts }), {
        ok: false,
        failure: { kind: 'not-permitted', tried },
      });
    });
  }

  test('root told to take a sudo that is missing must be told so, and not that it is not root', () => {
    const facts = { ...host, ...root, ...noSudo };
    const plan = makePlan({ ...request, elevate: 'sudo' }, endpoint, targetOf(container), names, facts);
    assert.deepEqual(plan, {
      ok: false,
      failure: {
        kind: 'not-permitted',
        tried: [
          { way: 'root', reason: '--elevate sudo' },
          { way: 'sudo', reason: 'it is not installed' },
        ],
      },
    });
  });
});

describe('who COMMAND runs as', () => {
  const rows: readonly (readonly [string, Partial<HostFacts>, EntryPlan['identity']])[] = [
    ['root as root changes nothing', root, { become: undefined, cause: 'the caller, as is' }],
    ['behind sudo it is the caller again', {}, { become: host.caller, cause: 'the caller' }],
    ['root may run it as another', { ...root, other: nobody }, { become: nobody, cause: '--user' }],
    ['a user may run it as another', { other: nobody }, { become: nobody, cause: '--user' }],
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
      { kind: 'file', cause: 'a shell would not hand on BASH_FUNC_f%%, a.b' },
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

describe('the process', () => {
  const id = idOf('a');
  const owner = idOf('b');
  const rows: readonly (readonly [networkMode: string, provenBy: readonly string[]])[] = [
    ['shop_backend', [id]],
    [`container:${owner}`, [id, owner]],
    // The engine always tells the id; anything else must not become a pattern that matches anything.
    ['container:web', [id]],
    ['container:', [id]],
  ];
  for (const [networkMode, provenBy] of rows) {
    test(`with the network of ${networkMode} must name ${provenBy.length} of the ids`, () => {
      assert.deepEqual(planOf({}, {}, { networkMode }).process, { pid: 4711, provenBy });
    });
  }
});

test("names stay the host's with --resolver host, and only then", () => {
  assert.equal(planOf({ resolver: 'host' }).view, undefined);
  assert.notEqual(planOf({ resolver: 'private' }).view, undefined);
});

test('what is not of Compose has no project and no service', () => {
  const plan = planOf({}, {}, { compose: undefined, endpoints: [joined('bridge')] });
  assert.deepEqual(plan.whereabouts, {
    project: undefined,
    service: undefined,
    container: 'shop-web-1',
    networks: ['bridge'],
  });
});
