// What the labels of containers and networks say, and that one file alone knows how they are called.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  ofAll,
  ofAnyProject,
  ofProject,
  ofStack,
  readComposeLabels,
  readDependencies,
  readNetworkLabels,
} from '../../../../src/core/engine/labels.ts';
import type { ComposeLabels, Labels } from '../../../../src/core/engine/labels.ts';

const project = { 'com.docker.compose.project': 'shop' };

describe('what a container of Compose is told by', () => {
  const web = { ...project, 'com.docker.compose.service': 'web' };
  const unsaid = { number: undefined, oneOff: false, workingDirectory: undefined, files: undefined };
  const bare = { project: 'shop', service: 'web', ...unsaid };
  const folder = { 'com.docker.compose.project.working_dir': '/src/shop' };
  const rows: readonly (readonly [string, Labels, ComposeLabels | undefined])[] = [
    ['no labels at all', null, undefined],
    ['labels of others', { maintainer: 'me' }, undefined],
    ['a project without a service', project, undefined],
    ['the two that count', web, bare],
    ['a hook of the service is not the service', { ...web, 'com.docker.compose.hook': 'pre_start' }, undefined],
    ['a number', { ...web, 'com.docker.compose.container-number': '12' }, { ...bare, number: 12 }],
    ['a number that is none', { ...web, 'com.docker.compose.container-number': 'x' }, bare],
    ['a one-off', { ...web, 'com.docker.compose.oneoff': 'True' }, { ...bare, oneOff: true }],
    ['no one-off', { ...web, 'com.docker.compose.oneoff': 'False' }, bare],
    ['a folder', { ...web, ...folder }, { ...bare, workingDirectory: '/src/shop' }],
    [
      'the files',
      { ...web, 'com.docker.compose.project.config_files': '/src/a.yaml,/src/b.yaml' },
      { ...bare, files: ['/src/a.yaml', '/src/b.yaml'] },
    ],
  ];
  for (const [name, labels, expected] of rows) {
    test(name, () => assert.deepEqual(readComposeLabels(labels), expected));
  }
});

describe("what a stack's container is told by", () => {
  const task = (service: string, rest: string): Labels => ({
    'com.docker.stack.namespace': 'shop',
    'com.docker.swarm.service.name': service,
    'com.docker.swarm.task.id': 'jptuu8rruncu7imvz6z2hc001',
    'com.docker.swarm.task.name': `${service}.${rest}`,
  });
  const id = 'jptuu8rruncu7imvz6z2hc001';
  const unsaid = { oneOff: false, workingDirectory: undefined };
  const rows: readonly (readonly [string, Labels, ComposeLabels | undefined])[] = [
    [
      'a replica',
      task('shop_web', `3.${id}`),
      { project: 'shop', service: 'web', number: 3, ...unsaid, task: { id, service: 'shop_web', name: 'shop_web.3' } },
    ],
    [
      "a global service's, which has no number",
      task('shop_log', `wh5lhg5fkf0klg12rcmhh8yo1.${id}`),
      {
        project: 'shop',
        service: 'log',
        number: undefined,
        ...unsaid,
        task: { id, service: 'shop_log', name: 'shop_log.wh5lhg5fkf0klg12rcmhh8yo1' },
      },
    ],
    [
      "a service without the stack's name in front",
      task('shopper', `1.${id}`),
      {
        project: 'shop',
        service: 'shopper',
        number: 1,
        ...unsaid,
        task: { id, service: 'shopper', name: 'shopper.1' },
      },
    ],
    ['a service of no stack', { ...task('web', `1.${id}`), 'com.docker.stack.namespace': '' }, undefined],
    ['a container that only names a stack', { 'com.docker.stack.namespace': 'shop' }, undefined],
  ];
  for (const [name, labels, expected] of rows) {
    test(name, () => assert.deepEqual(readComposeLabels(labels), expected));
  }
});

test('the services that are started before a container are told by either version of Compose', () => {
  const told = (value: string) => readDependencies({ 'com.docker.compose.depends_on': value });
  assert.deepEqual(told('db:service_healthy:false,cache:service_started:true'), ['db', 'cache']);
  assert.deepEqual(told(''), []);
  assert.deepEqual(readDependencies(undefined), []);
});

test("a network is a project's by both of its labels", () => {
  const both = { ...project, 'com.docker.compose.network': 'back' };
  assert.deepEqual(readNetworkLabels(both, 'shop_back'), { project: 'shop', key: 'back' });
  assert.equal(readNetworkLabels(project, 'shop_back'), undefined);
  assert.equal(readNetworkLabels(null, 'shop_back'), undefined);
  const stack = { 'com.docker.stack.namespace': 'shop' };
  assert.deepEqual(readNetworkLabels(stack, 'shop_back'), { project: 'shop', key: 'back' });
  assert.deepEqual(readNetworkLabels(stack, 'shared'), { project: 'shop', key: 'shared' });
});

test('the engine is asked for containers by the label of their project', () => {
  const asked = [ofAll, ofAnyProject, ofProject('shop'), ofStack('shop')];
  assert.deepEqual(asked, [
    [],
    ['com.docker.compose.project'],
    ['com.docker.compose.project=shop'],
    ['com.docker.stack.namespace=shop'],
  ]);
});

test('no other file has the name of a label', () => {
  const source = join(import.meta.dirname, '../../../../src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const knowing = files.filter((file) =>
    readFileSync(join(source, file), 'utf8').match(/com\.docker\.(?:compose|stack|swarm)/),
  );
  assert.deepEqual(knowing, ['core/engine/labels.ts']);
});
