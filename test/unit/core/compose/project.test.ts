// Which project is meant, and which of its containers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ListedContainer } from '../../../../src/core/engine/containers.ts';
import type { Environment } from '../../../../src/core/engine/engine-address.ts';
import type { ChosenProject, ComposeName } from '../../../../src/core/compose/project.ts';
import {
  chooseProject,
  chooseReplica,
  givenProjectName,
  knownServices,
  normalizeProjectName,
  projectOfFolder,
  runningProjects,
  runningReplicas,
} from '../../../../src/core/compose/project.ts';
import { listed } from '../samples.ts';

describe('a project name that was given outright', () => {
  const key = 'COMPOSE_PROJECT_NAME';
  type Row = readonly [flag: string | undefined, env: Environment, dotEnv: Environment, expected: unknown];
  const rows: readonly Row[] = [
    [undefined, {}, {}, undefined],
    ['flag', { [key]: 'env' }, { [key]: 'file' }, { name: 'flag', source: '--project-name' }],
    [undefined, { [key]: 'env' }, { [key]: 'file' }, { name: 'env', source: key }],
    [undefined, {}, { [key]: 'file' }, { name: 'file', source: `${key} in .env` }],
    ['', { [key]: '' }, { [key]: 'file' }, { name: 'file', source: `${key} in .env` }],
    ['a-b_0', {}, {}, { name: 'a-b_0', source: '--project-name' }],
    ['0', {}, {}, { name: '0', source: '--project-name' }],
  ];
  for (const [flag, env, dotEnv, expected] of rows) {
    test(`${flag ?? '-'}, ${env[key] ?? '-'}, ${dotEnv[key] ?? '-'}`, () => {
      assert.deepEqual(givenProjectName(flag, env, dotEnv), { ok: true, value: expected });
    });
  }
  for (const name of ['Shop', '-shop', '_shop', 'my shop', 'shop.v2', 'ü', '../shop', 'shop\n']) {
    test(`${JSON.stringify(name)} is none`, () => {
      const failure = { kind: 'project-name-invalid', name, source: key };
      assert.deepEqual(givenProjectName(undefined, { [key]: name }, {}), { ok: false, failure });
    });
  }
});

describe('a name made from a folder', () => {
  const rows = [
    ['shop', 'shop'],
    ['My Proj.v2_A', 'myprojv2_a'],
    ['__-x', 'x'],
    ['9lives', '9lives'],
    ['...', ''],
  ] as const;
  for (const [folder, expected] of rows) test(folder, () => assert.equal(normalizeProjectName(folder), expected));
});

describe('the project of a folder', () => {
  const from = (workingDirectory: string | undefined, project: string, state = 'running'): ListedContainer =>
    listed(`${project}-web-1`, { state, compose: { project, workingDirectory } });
  const links = new Map([
    ['/link', '/real'],
    ['/real', '/real'],
  ]);
  type Row = readonly [string, containers: readonly ListedContainer[], folder: string, project: string | undefined];
  const rows: readonly Row[] = [
    ['nothing runs', [], '/src/shop', undefined],
    ['it is the one that its containers name', [from('/src/shop', 'shop')], '/src/shop', 'shop'],
    ["its name need not be the folder's", [from('/src/shop', 'other')], '/src/shop', 'other'],
    [
      'containers from elsewhere do not count',
      [from('/src', 'shop'), from('/src/shop/a', 'a')],
      '/src/shop',
      undefined,
    ],
    ['containers without the label do not count', [from(undefined, 'shop')], '/src/shop', undefined],
    ['containers that are not of Compose do not count', [listed('x', { compose: null })], '/src/shop', undefined],
    ['the folder may be a link', [from('/real', 'shop')], '/link', 'shop'],
    ['the label may be a link', [from('/link', 'shop')], '/real', 'shop'],
    ['both may be the same link', [from('/link', 'shop')], '/link', 'shop'],
    ['a stopped project counts', [from('/src/shop', 'old', 'exited')], '/src/shop', 'old'],
    [
      'a stopped project is no rival to one that runs',
      [from('/src/shop', 'old', 'exited'), from('/src/shop', 'new')],
      '/src/shop',
      'new',
    ],
    [
      'a paused project runs',
      [from('/src/shop', 'old', 'exited'), from('/src/shop', 'new', 'paused')],
      '/src/shop',
      'new',
    ],
  ];
  for (const [name, containers, folder, project] of rows) {
    test(name, () => {
      const source = `the containers created from ${folder}`;
      const value = project === undefined ? undefined : { name: project, source };
      assert.deepEqual(projectOfFolder(containers, folder, links, 'web'), { ok: true, value });
    });
  }
  for (const state of ['running', 'exited']) {
    test(`two that are ${state} are one too many`, () => {
      const containers = [from('/real', 'b', state), from('/link', 'a', state), from('/real', 'b', state)];
      const failure = { kind: 'project-ambiguous', folder: '/link', projects: ['a', 'b'], service: 'web' };
      assert.deepEqual(projectOfFolder(containers, '/link', links, 'web'), { ok: false, failure });
    });
  }
});

describe('the project that is meant', () => {
  const from = (workingDirectory: string, project: string, state = 'running'): ListedContainer =>
    listed(`${project}-web-1`, { state, compose: { project, workingDirectory } });
  const here = '/src/shop';
  const named = (name: string, by: ComposeName['by']): ComposeName => ({ name, source: `a ${by}`, by });
  const byContainers = `the containers created from ${here}`;
  type Row = readonly [
    string,
    containers: readonly ListedContainer[],
    named: ComposeName | undefined,
    expected: ChosenProject | undefined,
  ];
  const rows: readonly Row[] = [
    ['is none where nothing runs', [], named('shop', 'folder'), undefined],
    [
      'is what a setting says, containers or not',
      [from(here, 'dev')],
      named('test', 'setting'),
      { name: 'test', source: 'a setting' },
    ],
    [
      'is what the file says, of two',
      [from(here, 'dev'), from(here, 'test')],
      named('test', 'file'),
      { name: 'test', source: byContainers },
    ],
    [
      'is what the file says, though it has stopped',
      [from(here, 'dev'), from(here, 'test', 'exited')],
      named('test', 'file'),
      { name: 'test', source: byContainers },
    ],
    [
      'is what the file says, made from elsewhere',
      [from(here, 'dev'), from('/other', 'test')],
      named('test', 'file'),
      { name: 'test', source: 'a file' },
    ],
    [
      "is the folder's where what the file says has no containers, with a word",
      [from(here, 'dev')],
      named('test', 'file'),
      {
        name: 'dev',
        source: byContainers,
        note: `project "test" (a file) has no containers; using "dev", created from ${here}`,
      },
    ],
    [
      "is the folder's where nothing names it",
      [from(here, 'dev')],
      named('shop', 'folder'),
      { name: 'dev', source: byContainers },
    ],
    [
      "is the one of the folder's name, of two",
      [from(here, 'dev'), from(here, 'shop')],
      named('shop', 'folder'),
      { name: 'shop', source: byContainers },
    ],
    [
      "is the one of the folder's name, made from elsewhere",
      [from('/other', 'shop')],
      named('shop', 'folder'),
      { name: 'shop', source: 'a folder' },
    ],
    [
      "is the folder's, with a word where one of its name is elsewhere",
      [from(here, 'dev'), from('/other', 'shop')],
      named('shop', 'folder'),
      {
        name: 'dev',
        source: byContainers,
        note: `docker compose would take project "shop" here; using "dev", created from ${here}`,
      },
    ],
    [
      "is the folder's where nobody knows the name",
      [from(here, 'dev')],
      undefined,
      { name: 'dev', source: byContainers },
    ],
  ];
  for (const [name, containers, given, expected] of rows) {
    test(name, () => {
      assert.deepEqual(chooseProject(containers, given, here, new Map(), 'web'), { ok: true, value: expected });
    });
  }
  test('is not guessed of two that nothing names', () => {
    const failure = { kind: 'project-ambiguous', folder: here, projects: ['dev', 'test'], service: 'web' };
    const containers = [from(here, 'dev'), from(here, 'test')];
    assert.deepEqual(chooseProject(containers, named('shop', 'folder'), here, new Map(), 'web'), {
      ok: false,
      failure,
    });
  });
});

describe('the replica', () => {
  const one = listed('one', { compose: { number: 1 } });
  const two = listed('two', { compose: { number: 2 } });
  const ten = listed('ten', { compose: { number: 10 } });
  const oneOff = listed('one-off', { compose: { number: 1, oneOff: true } });
  const unnumbered = listed('unnumbered', { compose: { number: undefined, oneOff: true } });
  const stopped = listed('stopped', { state: 'exited', status: 'Exited (3)', compose: { number: 1 } });
  const paused = listed('paused', { state: 'paused', compose: { number: 1 } });
  const stranger = listed('stranger', { compose: { project: 'other' } });
  const neighbour = listed('neighbour', { compose: { service: 'db' } });
  type Row = readonly [string, readonly ListedContainer[], index: number | undefined, expected: string | undefined];
  const rows: readonly Row[] = [
    ['is none where the service has no container', [stranger, neighbour], undefined, undefined],
    ['is the lowest by number, not by text', [ten, two], undefined, 'two'],
    ['is the lowest that runs', [stopped, two], undefined, 'two'],
    ['may be paused', [two, paused], undefined, 'paused'],
    ['is a one-off only for want of others', [oneOff, ten], undefined, 'ten'],
    ['is a one-off for want of others', [unnumbered, oneOff, stopped], undefined, 'one-off'],
    ['is the one with the index', [one, two, ten], 10, 'ten'],
    ['is never a one-off where an index is given', [oneOff, one], 1, 'one'],
    ['is of this project and service', [stranger, neighbour, two], undefined, 'two'],
  ];
  for (const [name, containers, index, expected] of rows) {
    test(name, () => {
      const replica = chooseReplica(containers, 'shop', 'web', index);
      assert.ok(replica.ok);
      assert.equal(replica.value?.name, expected);
    });
  }

  test('is one of several, of which those that run have numbers, in order', () => {
    const all = [ten, stopped, oneOff, two, stranger, neighbour];
    assert.deepEqual(runningReplicas(all, 'shop', 'web'), [2, 10]);
    assert.deepEqual(runningReplicas([stopped, oneOff], 'shop', 'web'), []);
  });

  test('is missing where none runs', () => {
    const failure = { kind: 'service-not-running', project: 'shop', service: 'web', containers: [stopped] };
    assert.deepEqual(chooseReplica([stopped, neighbour], 'shop', 'web', undefined), { ok: false, failure });
  });

  test('is missing where no running one has the index', () => {
    const failure = { kind: 'replica-unknown', project: 'shop', service: 'web', index: 1, running: [2, 10] };
    assert.deepEqual(chooseReplica([stopped, ten, oneOff, two], 'shop', 'web', 1), { ok: false, failure });
  });
});

test('only projects with a running container are running projects', () => {
  const containers = [
    listed('b', { compose: { project: 'b' } }),
    listed('a', { state: 'paused', compose: { project: 'a' } }),
    listed('b', { compose: { project: 'b' } }),
    listed('c', { state: 'exited', compose: { project: 'c' } }),
    listed('d', { compose: null }),
  ];
  assert.deepEqual(runningProjects(containers), ['a', 'b']);
});

test('services are known by their containers, stopped ones too', () => {
  const containers = [
    listed('x', { compose: { service: 'web' } }),
    listed('x', { state: 'exited', compose: { service: 'migrate' } }),
    listed('x', { compose: { service: 'api', project: 'other' } }),
  ];
  assert.deepEqual(knownServices(containers, 'shop'), ['migrate', 'web']);
});
