// With --host-network there is a way more, a user namespace of the caller's own: who takes it, and when it is looked at.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseWay, furtherLooks } from '../../../../src/core/ways/choose-way.ts';
import type { FurtherLooks } from '../../../../src/core/ways/choose-way.ts';
import type { WayFacts } from '../../../../src/core/ways/objections.ts';
import type { Elevate } from '../../../../src/core/ways/ways.ts';
import { none } from '../samples.ts';

const user = { uid: 1000, gid: 1000, groups: [1000] };
const root = { uid: 0, gid: 0, groups: [0] };
const password = 'a password is required';
const sudo = [{ name: 'sudo', program: '/usr/bin/sudo', refusal: undefined }];
const asking = [
  { name: 'sudo', program: '/usr/bin/sudo', refusal: password },
  { name: 'doas', program: '/usr/bin/doas', refusal: 'Authorization required' },
];
const both = ['sudo', 'doas'] as const;
const nothing = { programs: [], confinement: false, terminal: false, namespace: false };

/** An ordinary user of a rootful engine, whom sudo and doas would ask. */
const plain: WayFacts = {
  caller: user,
  restraints: none,
  confinement: undefined,
  other: undefined,
  containerUsers: 'same',
  elevators: asking,
  terminal: false,
  outside: true,
};

describe('the way taken', () => {
  const nearer = `sudo: ${password}; doas: Authorization required`;
  const forbidden = 'user.max_user_namespaces is 0';
  const rows: readonly (readonly [string, Elevate, Partial<WayFacts>, way: string, cause: string])[] = [
    ['root needs nothing', 'auto', { caller: root }, 'root', 'you are root'],
    [
      'sudo is nearer, where it asks for nothing',
      'auto',
      { elevators: sudo },
      'sudo',
      'you are not root; it asks for no password',
    ],
    ['others make a user namespace', 'auto', {}, 'namespace', `you may create a user namespace; ${nearer}`],
    ['and so with none', 'none', {}, 'namespace', '--elevate none'],
    [
      'the engine is asked where that is forbidden',
      'auto',
      { namespaceRefusal: forbidden },
      'docker',
      `the engine runs as root; ${nearer}`,
    ],
    ['for another user', 'auto', { other: root }, 'docker', `the engine runs as root; ${nearer}`],
    ['and for capabilities', 'auto', { keepsCapabilities: true }, 'docker', `the engine runs as root; ${nearer}`],
    ['and where told to', 'docker', {}, 'docker', '--elevate docker'],
  ];
  for (const [name, elevate, facts, way, cause] of rows) {
    test(name, () => {
      const chosen = chooseWay(elevate, { ...plain, ...facts });
      assert.ok(chosen.ok);
      assert.deepEqual([chosen.value.kind, chosen.value.cause], [way, cause]);
    });
  }

  test('why there is no user namespace must be told', () => {
    const tried = [
      { way: 'root', reason: 'you are not root' },
      { way: 'rootless', reason: 'the engine is not your own' },
      { way: 'namespace', reason: forbidden },
    ];
    const failure = { kind: 'not-permitted', elevate: 'none', outside: true, tried, restrained: false };
    const facts = { ...plain, namespaceRefusal: forbidden };
    assert.deepEqual(chooseWay('none', facts), { ok: false, failure });
  });
});

describe('what is looked at further', () => {
  const looks: readonly (readonly [string, Elevate, Partial<WayFacts>, FurtherLooks | undefined])[] = [
    [
      'is a user namespace, too, with --host-network',
      'auto',
      {},
      { ...nothing, programs: both, confinement: true, namespace: true },
    ],
    ['is that alone where nobody else is to be asked', 'none', {}, { ...nothing, namespace: true }],
    ['is nothing of it for root', 'auto', { caller: root }, undefined],
    ['is nothing of it for another user', 'none', { other: root }, nothing],
    ['is nothing of it where COMMAND keeps capabilities', 'none', { keepsCapabilities: true }, nothing],
    ['is nothing of it where sudo is named', 'sudo', {}, { ...nothing, programs: both, terminal: true }],
  ];
  for (const [name, elevate, facts, expected] of looks)
    test(name, () => assert.deepEqual(furtherLooks(elevate, { ...plain, ...facts }), expected));
});
