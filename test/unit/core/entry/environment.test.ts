// The environment that COMMAND gets: the caller's, but for what is listed here.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  applyChanges,
  describeContext,
  environmentChanges,
  isShellName,
} from '../../../../src/core/entry/environment.ts';
import type { EntryContext } from '../../../../src/core/entry/environment.ts';

const nowhere: EntryContext = { project: undefined, service: undefined, container: 'c', networks: [], root: undefined };
const told = { NETEXEC_CONTAINER: 'c', NETEXEC_NETWORKS: '' };

type Variables = Readonly<Record<string, string>>;

function environment(before: Variables, requested: readonly string[] = [], at = nowhere, aliases?: string): Variables {
  return applyChanges(before, environmentChanges(before, { given: requested }, at, aliases));
}

describe('COMMAND', () => {
  const otel = 'OTEL_RESOURCE_ATTRIBUTES';
  const docker = 'docker.cli.cobra.command_path=docker%20netexec';
  const rows: readonly (readonly [string, before: Variables, requested: readonly string[], after: Variables])[] = [
    [
      'must get what the caller has',
      { A: '1', B: '', 'BASH_FUNC_f%%': '() { :; }' },
      [],
      { A: '1', B: '', 'BASH_FUNC_f%%': '() { :; }' },
    ],
    [
      "must not see docker's plugin variables",
      { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: 'docker', DOCKER_CLI_PLUGIN_SOCKET: '@x', DOCKER_HOST: 'h' },
      [],
      { DOCKER_HOST: 'h' },
    ],
    ["must not see docker's attributes", { [otel]: docker }, [], {}],
    ["must see the caller's own attributes", { [otel]: `a=b,${docker},c=d` }, [], { [otel]: 'a=b,c=d' }],
    ['must get attributes untouched where docker added none', { [otel]: 'a=b,c=d' }, [], { [otel]: 'a=b,c=d' }],
    ['must get what --env sets', { A: '1' }, ['A=2', 'B=x=y', 'C='], { A: '2', B: 'x=y', C: '' }],
    ['must get the last of two --env', {}, ['A=1', 'A=2'], { A: '2' }],
    ["must get the caller's value for a bare name", { A: '1' }, ['A'], { A: '1' }],
    ['must not get a bare name that the caller does not have', {}, ['A'], {}],
    [
      'may be lied to by --env',
      {},
      ['NETEXEC_CONTAINER=x', 'NODE_OPTIONS=y'],
      { NETEXEC_CONTAINER: 'x', NODE_OPTIONS: 'y' },
    ],
  ];
  for (const [name, before, requested, after] of rows) {
    test(name, () => assert.deepEqual(environment(before, requested), { ...told, ...after }));
  }

  test('must be told where it is, whatever an outer netexec said', () => {
    const outer = { NETEXEC_PROJECT: 'outer', NETEXEC_SERVICE: 'outer', NETEXEC_CONTAINER: 'outer' };
    const at = { project: 'shop', service: 'web', container: 'shop-web-1', networks: ['a', 'b'], root: '/proc/1/root' };
    assert.deepEqual(environment(outer, [], at), {
      NETEXEC_PROJECT: 'shop',
      NETEXEC_SERVICE: 'web',
      NETEXEC_CONTAINER: 'shop-web-1',
      NETEXEC_NETWORKS: 'a,b',
      NETEXEC_ROOT: '/proc/1/root',
    });
    assert.deepEqual(environment({ ...outer, NETEXEC_ROOT: '/proc/7/root' }), told);
  });

  test('must have the file of aliases, unless --env names another', () => {
    const HOSTALIASES = '/run/file';
    assert.deepEqual(environment({ HOSTALIASES: "the caller's" }, [], nowhere, HOSTALIASES), { ...told, HOSTALIASES });
    assert.deepEqual(environment({}, ['HOSTALIASES=x'], nowhere, HOSTALIASES), { ...told, HOSTALIASES: 'x' });
    assert.deepEqual(environment({ HOSTALIASES }), { ...told, HOSTALIASES });
  });
});

test("only netexec's own values are public", () => {
  const before = { OTEL_RESOURCE_ATTRIBUTES: 'a=b,docker.cli.x=y' };
  const changes = environmentChanges(before, { given: ['TOKEN=secret', 'NETEXEC_SERVICE=secret'] }, nowhere, undefined);
  const shown = changes.filter((change) => change.public && change.value !== undefined).map(({ name }) => name);
  assert.deepEqual(shown, ['NETEXEC_CONTAINER', 'NETEXEC_NETWORKS']);
});

test('what does not change is no change', () => {
  assert.deepEqual(environmentChanges({ ...told, A: '1' }, { given: ['A=1'] }, nowhere, undefined), []);
});

test('a shell is told where it is, networks by their keys', () => {
  const at = {
    project: 'shop',
    service: 'web',
    container: 'shop-web-1',
    networks: ['shop_backend', 'ops'],
    root: undefined,
  };
  assert.equal(describeContext(at), 'web · shop · backend, ops');
  assert.equal(describeContext({ ...nowhere, container: 'nginx', networks: ['bridge'] }), 'nginx · bridge');
  assert.equal(describeContext(nowhere), 'c');
});

test('what COMMAND is told of must not steer the terminal of a prompt that shows it', () => {
  const at = { ...nowhere, service: 'web\n\u001B[2J', networks: ['a\u202Eb', '\0'] };
  const { NETEXEC_SERVICE: service, NETEXEC_NETWORKS: networks } = environment({}, [], at);
  assert.deepEqual([service, networks], [String.raw`web\n\u001b[2J`, String.raw`a\u202eb,\u0000`]);
});

describe("the service's variables", () => {
  const service = (
    'PATH=/x,HOME=/x,HOSTNAME=x,USER=x,SHELL=x,TERM=x,PWD=/x,LD_PRELOAD=x,HOSTALIASES=x,NETEXEC_SERVICE=x,no-value,=x,' +
    'A=1,URL=http://x/?a=b c,EMPTY=,MANPATH=/x,Path=x,NUL=a\0b'
  ).split(',');
  const rows: readonly (readonly [string, Record<string, string>, string[], Record<string, string>])[] = [
    ['are set, but for those of the container itself', {}, [], {}],
    ["replace the caller's", { A: 'caller' }, [], {}],
    ["give way to --env, the caller's value included", { A: '2' }, ['A=2'], { A: '2' }],
    ['give way to --env with a name alone', { A: 'caller' }, ['A'], { A: 'caller' }],
    ['are compared by their whole names', {}, ['AB=2', 'AB'], { AB: '2' }],
  ];
  const theirs = { A: '1', URL: 'http://x/?a=b c', EMPTY: '', MANPATH: '/x', Path: 'x' };
  for (const [name, env, requested, differences] of rows) {
    test(name, () => {
      const changes = environmentChanges(env, { given: requested, service }, nowhere, undefined);
      assert.deepEqual(applyChanges(env, changes), { ...told, ...theirs, ...differences });
      assert.deepEqual(
        changes.filter((change) => change.public).map((change) => change.name),
        Object.keys(told),
      );
    });
  }
});

describe('of what is said more than once', () => {
  const fromFiles = ['A=file', 'B=file', 'C=file', 'NETEXEC_NETWORKS=file'];
  const service = ['A=service', 'B=service', 'D=service'];
  const before = { A: 'caller', B: 'caller', C: 'caller', D: 'caller', E: 'caller' };
  const differences = (given: readonly string[], env: Variables = before): Variables =>
    applyChanges(env, environmentChanges(env, { given, fromFiles, service }, nowhere, undefined));
  const files = { A: 'file', B: 'file', C: 'file', D: 'service', NETEXEC_NETWORKS: 'file' };

  test('--env comes first, then --env-file, then --service-env, then the caller', () =>
    assert.deepEqual(differences(['A=option']), { ...told, ...files, A: 'option', E: 'caller' }));

  test("a name alone keeps the caller's", () =>
    assert.deepEqual(differences(['A']), { ...told, ...files, A: 'caller', E: 'caller' }));

  test("what a file has from the caller wins over the service's", () =>
    assert.equal(differences([], { ...before, A: 'file' })['A'], 'file'));

  test('each is a change once, with what it comes from', () => {
    const changes = environmentChanges(before, { given: ['A=option'], fromFiles, service }, nowhere, undefined);
    assert.deepEqual(
      changes.map(({ name, cause }) => [name, cause]).filter(([name = '']) => name in before),
      [
        ['D', '--service-env'],
        ['B', '--env-file'],
        ['C', '--env-file'],
        ['A', '--env'],
      ],
    );
    assert.ok(changes.every((change) => !change.public || change.name.startsWith('NETEXEC_')));
  });
});

describe('a name that a shell can hold', () => {
  for (const name of ['A', '_', 'a_1']) test(`is ${name}`, () => assert.ok(isShellName(name)));
  for (const name of ['', '1a', 'a.b', 'a-b', 'BASH_FUNC_f%%', 'ü', 'A\n']) {
    test(`is not ${JSON.stringify(name)}`, () => assert.ok(!isShellName(name)));
  }
});
