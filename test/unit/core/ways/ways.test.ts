// Which way in is taken, by whom, and what is said of the others.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { chooseWay, furtherLooks, surveyWays } from '../../../../src/core/ways/choose-way.ts';
import type { FurtherLooks } from '../../../../src/core/ways/choose-way.ts';
import type { Elevator, WayFacts } from '../../../../src/core/ways/objections.ts';
import { elevations, wayKinds } from '../../../../src/core/ways/ways.ts';
import type { Elevate } from '../../../../src/core/ways/ways.ts';
import { none } from '../samples.ts';

const user = { uid: 1000, gid: 1000, groups: [1000] };
const root = { uid: 0, gid: 0, groups: [0] };

const elevator = (name: Elevator['name'], refusal?: string): Elevator => ({
  name,
  program: `/usr/bin/${name}`,
  refusal,
});
const missing = (name: Elevator['name']): Elevator => ({ name, program: undefined, refusal: undefined });
const password = 'a password is required';

/** An ordinary user of a rootful engine, without sudo and doas, away from a terminal. */
const plain: WayFacts = {
  caller: user,
  restraints: none,
  confinement: undefined,
  other: undefined,
  containerUsers: 'same',
  elevators: [missing('sudo'), missing('doas')],
  terminal: false,
};

const sudo = [elevator('sudo')];
const doas = [missing('sudo'), elevator('doas')];
const asking = [elevator('sudo', password), elevator('doas', 'Authorization required')];

describe('the way taken', () => {
  const rows: readonly (readonly [string, Elevate, Partial<WayFacts>, way: string, cause: string])[] = [
    ['root needs nothing', 'auto', { caller: root }, 'root', 'you are root'],
    ['root needs nothing with none', 'none', { caller: root }, 'root', 'you are root'],
    [
      'root takes sudo where told to',
      'sudo',
      { caller: root, elevators: sudo },
      'sudo',
      '--elevate sudo; it asks for no password',
    ],
    ['root takes the engine where told to', 'docker', { caller: root }, 'docker', '--elevate docker'],
    ['a user takes sudo', 'auto', { elevators: sudo }, 'sudo', 'you are not root; it asks for no password'],
    [
      'a user without sudo takes doas',
      'auto',
      { elevators: doas },
      'doas',
      'you are not root; it asks for no password',
    ],
    ['doas will do for sudo', 'sudo', { elevators: doas }, 'doas', '--elevate sudo; it asks for no password'],
    [
      'sudo asks where told to, on a terminal',
      'sudo',
      { elevators: asking, terminal: true },
      'sudo',
      '--elevate sudo; it asks for a password',
    ],
    [
      'a user whom they would ask takes the engine',
      'auto',
      { elevators: asking, terminal: true },
      'docker',
      `the engine runs as root; sudo: ${password}; doas: Authorization required`,
    ],
    [
      'a user without either takes the engine',
      'auto',
      {},
      'docker',
      'the engine runs as root; sudo: it is not installed; doas: it is not installed',
    ],
    ['a user takes the engine where told to', 'docker', { elevators: [] }, 'docker', '--elevate docker'],
    [
      'another user namespace keeps no one from the engine',
      'auto',
      { containerUsers: 'other' },
      'docker',
      'the engine runs as root; sudo: it is not installed; doas: it is not installed',
    ],
    [
      "a rootless engine's owner needs nothing",
      'auto',
      { containerUsers: "caller's" },
      'rootless',
      'the engine is rootless, and your own',
    ],
    [
      'nor does it with none',
      'none',
      { containerUsers: "caller's" },
      'rootless',
      'the engine is rootless, and your own',
    ],
    [
      'nor with --user and itself',
      'auto',
      { containerUsers: "caller's", other: user },
      'rootless',
      'the engine is rootless, and your own',
    ],
    [
      'for another user it takes sudo',
      'auto',
      { containerUsers: "caller's", other: root, elevators: sudo },
      'sudo',
      'you are not root; it asks for no password',
    ],
    [
      'it takes sudo where told to',
      'sudo',
      { containerUsers: "caller's", elevators: sudo },
      'sudo',
      '--elevate sudo; it asks for no password',
    ],
  ];
  for (const [name, elevate, facts, way, cause] of rows) {
    test(name, () => {
      const chosen = chooseWay(elevate, { ...plain, ...facts });
      assert.ok(chosen.ok);
      assert.deepEqual([chosen.value.kind, chosen.value.cause], [way, cause]);
    });
  }
});

describe('where none works, each that was allowed is named', () => {
  const notRoot = { way: 'root', reason: 'you are not root' };
  const notOwn = { way: 'rootless', reason: 'the engine is not your own' };
  const rootlessEngine = { way: 'docker', reason: 'the engine is rootless, so it is not root itself' };
  const noDoas = { way: 'doas', reason: 'it is not installed' };
  const noTerminal = { way: 'sudo', reason: `${password}, and there is no terminal to ask on` };
  const rows: readonly (readonly [string, Elevate, Partial<WayFacts>, tried: readonly object[]])[] = [
    ['none', 'none', { elevators: sudo }, [notRoot, notOwn]],
    ['sudo, missing', 'sudo', {}, [{ ...noDoas, way: 'sudo' }, noDoas]],
    ['sudo, without a terminal', 'sudo', { elevators: [elevator('sudo', password)] }, [noTerminal, noDoas]],
    ['docker, rootless', 'docker', { containerUsers: "caller's" }, [rootlessEngine]],
    [
      'root of a user namespace of its own',
      'auto',
      { caller: root, containerUsers: 'unrelated' },
      [
        { way: 'root', reason: 'you are root only in a user namespace that does not include the engine' },
        notOwn,
        { ...noDoas, way: 'sudo' },
        noDoas,
        { way: 'docker', reason: 'you are in a user namespace that does not include the engine' },
      ],
    ],
    [
      'another user of a rootless engine',
      'auto',
      { containerUsers: "caller's", other: root },
      [
        notRoot,
        { way: 'rootless', reason: 'its user namespace contains only you, and --user asks for uid 0' },
        { ...noDoas, way: 'sudo' },
        noDoas,
        rootlessEngine,
      ],
    ],
  ];
  for (const [name, elevate, facts, tried] of rows) {
    test(name, () => {
      const failure = { kind: 'not-permitted', elevate, tried, restrained: false };
      assert.deepEqual(chooseWay(elevate, { ...plain, ...facts }), { ok: false, failure });
    });
  }
});

test('a survey must have a verdict on every way', () => {
  for (const elevate of elevations) {
    const verdicts = surveyWays(elevate, plain);
    assert.deepEqual(
      verdicts.map(({ kind }) => kind),
      wayKinds,
    );
    assert.ok(verdicts.every(({ reason }) => reason !== ''));
  }
});

test('the ways, and the words of --elevate, must stand in the order in which they are tried', () => {
  assert.deepEqual(wayKinds, ['root', 'rootless', 'sudo', 'doas', 'namespace', 'docker', 'root-tunnel', 'tunnel']);
  assert.deepEqual(elevations, ['auto', 'none', 'sudo', 'docker', 'tunnel']);
});

describe('what is looked at further', () => {
  const nothing = { programs: [], confinement: false, terminal: false, namespace: false };
  const both = ['sudo', 'doas'] as const;
  const rows: readonly (readonly [string, Elevate, Partial<WayFacts>, FurtherLooks | undefined])[] = [
    ['is nothing for root', 'auto', { caller: root }, undefined],
    ["is nothing for a rootless engine's owner", 'auto', { containerUsers: "caller's" }, undefined],
    ['is nothing where nothing else may be taken', 'none', {}, nothing],
    ['is all but a terminal for a user', 'auto', {}, { ...nothing, programs: both, confinement: true }],
    [
      'is a terminal, too, where a password may be asked for',
      'sudo',
      {},
      { ...nothing, programs: both, terminal: true },
    ],
    ['is sudo for root where told to', 'sudo', { caller: root }, { ...nothing, programs: both, terminal: true }],
    ['is no program where the engine is named', 'docker', {}, { ...nothing, confinement: true }],
    ['is the same for root', 'docker', { caller: root }, { ...nothing, confinement: true }],
    [
      'is no program under no_new_privs',
      'auto',
      { restraints: { ...none, noNewPrivileges: true } },
      { ...nothing, confinement: true },
    ],
    [
      'is no program where what that starts would lack CAP_SYS_ADMIN',
      'auto',
      { restraints: { ...none, lacking: ['sys_admin'] } },
      { ...nothing, confinement: true },
    ],
    [
      'is no program for root of a user namespace of its own',
      'auto',
      { caller: root, containerUsers: 'unrelated' },
      { ...nothing, confinement: true },
    ],
    [
      'is a program for root without CAP_SYS_ADMIN',
      'auto',
      { caller: root, restraints: { ...none, effective: [] } },
      { ...nothing, programs: both, confinement: true },
    ],
    [
      'is a program for the owner of a rootless engine and another user',
      'auto',
      { containerUsers: "caller's", other: root },
      { ...nothing, programs: both, confinement: true },
    ],
  ];
  for (const [name, elevate, facts, expected] of rows)
    test(name, () => assert.deepEqual(furtherLooks(elevate, { ...plain, ...facts }), expected));
});

test('in which way the ways differ must be told by their entries, and asked by nobody', () => {
  const asks = new RegExp(`(?:[!=]== |\\b(?:case|includes|has)[ (])'(?:${wayKinds.join('|')})'`);
  const source = join(import.meta.dirname, '../../../../src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  assert.ok(files.length > 100);
  assert.match("way.kind === 'sudo'", asks);
  for (const file of files) assert.doesNotMatch(readFileSync(join(source, file), 'utf8'), asks, file);
});
