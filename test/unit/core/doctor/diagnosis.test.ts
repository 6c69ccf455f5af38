// --doctor: from what was seen of the machine to a tick, a warning or a cross, and what to do.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DoctorFacts } from '../../../../src/core/doctor/doctor-facts.ts';
import { doctorJson, doctorText } from '../../../../src/core/doctor/doctor-text.ts';
import { examine } from '../../../../src/core/doctor/diagnosis.ts';
import type { DoctorRow } from '../../../../src/core/doctor/doctor-row.ts';
import { isAtLeast } from '../../../../src/core/doctor/versions.ts';
import { unpainted } from '../samples.ts';

const plugin = '/home/me/.docker/cli-plugins/docker-netexec';
const taken = {
  kind: 'sudo',
  program: { file: '/usr/bin/sudo', asks: false },
  cause: 'it asks for no password',
} as const;

const fine: DoctorFacts = {
  version: '0.1.0',
  platform: 'linux',
  system: 'Debian GNU/Linux 12 (bookworm)',
  kernel: '6.1.0 x64',
  install: {
    plugin,
    singleFile: false,
    found: [{ file: plugin, version: '0.1.0', same: true }],
    oldCompletion: undefined,
  },
  docker: 'Docker version 28.2.2',
  compose: 'Docker Compose version v2.26.1',
  engine: {
    endpoint: { host: 'unix:///var/run/docker.sock', source: "docker's default" },
    told: {
      version: '28.2.2',
      system: 'Debian',
      rootless: false,
      runtime: 'runc',
      runtimes: ['runc'],
      security: ['seccomp'],
    },
    problem: undefined,
    local: 'container',
  },
  ways: [
    { kind: 'root', way: undefined, reason: 'the caller is not root' },
    { kind: 'sudo', way: taken, reason: 'it asks for no password' },
    { kind: 'docker', way: { kind: 'docker', cause: '' }, reason: 'the engine is root' },
  ],
  tools: [{ name: 'nsenter', file: '/usr/bin/nsenter', lacks: [] }],
  names: { resolvConf: 'a file', hosts: 'files dns', nscd: false, aliasLimits: [], overlay: true },
  guards: { appArmor: false, seLinux: undefined, userNamespaces: 1000, hiddenProcesses: false },
  aliasFolder: { folder: '/run/user/1000/docker-netexec', problem: undefined },
};

const singleFile = { ...fine.install, singleFile: true };
const ofPackage = {
  ...singleFile,
  plugin: '/usr/lib/node_modules/docker-netexec/node_modules/docker-netexec-linux-x64/docker-netexec',
  found: [],
};
const problem = { what: 'the engine at unix:///x cannot be reached', hint: 'docker version' };

describe('the row must say so, and what to do, of', () => {
  const rows: readonly (readonly [
    situation: string,
    given: Partial<DoctorFacts>,
    name: string,
    mark: DoctorRow['mark'],
    seen: RegExp,
    hint: RegExp,
  ])[] = [
    ['another system', { platform: 'darwin' }, 'system', 'bad', /darwin/, /Linux/],
    [
      'a plugin that docker does not find',
      { install: { ...fine.install, found: [] } },
      'plugin',
      'warning',
      /finds no netexec/,
      /install/,
    ],
    [
      'a copy in front',
      { install: { ...fine.install, found: [{ file: '/x/docker-netexec', version: undefined, same: false }] } },
      'plugin',
      'warning',
      /docker takes \/x\/docker-netexec \(no answer\), not this one/,
      /remove/,
    ],
    [
      'a copy behind',
      {
        install: {
          ...fine.install,
          found: [...fine.install.found, { file: '/x/docker-netexec', version: '0.0.1', same: false }],
        },
      },
      'plugin',
      'warning',
      /passes over: \/x\/docker-netexec \(0\.0\.1\)/,
      /uninstall/,
    ],
    ['a single file', { install: singleFile }, 'plugin', 'good', /version 0\.1\.0, a single file$/, /^$/],
    [
      'a single file that docker does not find',
      { install: { ...singleFile, found: [] } },
      'plugin',
      'warning',
      /finds no netexec/,
      /^put it into ~\/\.docker\/cli-plugins$/,
    ],
    [
      "the file in npm's package, which docker does not find",
      {
        install: ofPackage,
      },
      'plugin',
      'warning',
      /finds no netexec/,
      /^docker-netexec --install puts it where docker looks$/,
    ],
    [
      "the copy that npm's command has installed",
      { install: { ...ofPackage, found: [{ file: '/x/docker-netexec', version: '0.1.0', same: false }] } },
      'plugin',
      'good',
      /^\/x\/docker-netexec, version 0\.1\.0, of the npm package$/,
      /^$/,
    ],
    [
      "an older copy that npm's command has installed",
      { install: { ...ofPackage, found: [{ file: '/x/docker-netexec', version: '0.0.9', same: false }] } },
      'plugin',
      'warning',
      /^docker takes \/x\/docker-netexec \(0\.0\.9\), not this one/,
      /^docker-netexec --install puts it where docker looks$/,
    ],
    [
      'a copy behind a single file',
      { install: { ...singleFile, found: [...singleFile.found, { file: '/x/y', version: '0.0.1', same: false }] } },
      'plugin',
      'warning',
      /passes over: \/x\/y/,
      /^remove it: \/x\/y --uninstall$/,
    ],
    [
      'the old completion',
      { install: { ...fine.install, oldCompletion: '/etc/d' } },
      'completion',
      'plain',
      /\/etc\/d/,
      /docker completion bash/,
    ],
    ['no docker', { docker: undefined }, 'client', 'warning', /not on PATH/, /called directly/],
    ['no Compose', { compose: undefined }, 'compose', 'warning', /does not answer/, /containers/],
    [
      'an engine that is out of reach',
      { engine: { ...fine.engine, told: undefined, problem } },
      'engine',
      'bad',
      /cannot be reached/,
      /docker version/,
    ],
    [
      'an engine that is old',
      {
        engine: {
          ...fine.engine,
          told: { version: '19.03.1', system: 'x', rootless: false, runtime: 'runc', runtimes: ['runc'], security: [] },
        },
      },
      'engine',
      'warning',
      /19\.03\.1, x/,
      /20\.10/,
    ],
    [
      'an engine in a virtual machine',
      { engine: { ...fine.engine, local: 'no-process' } },
      'place',
      'bad',
      /kernel/,
      /run docker netexec there/,
    ],
    ['no container', { engine: { ...fine.engine, local: undefined } }, 'place', 'plain', /no running container/, /^$/],
    ['a way that is not taken', {}, 'root', 'plain', /^no: the caller is not root$/, /^$/],
    ['the way that is taken', {}, 'sudo', 'good', /^this way is taken: it asks/, /^$/],
    ['another way', {}, 'docker', 'good', /^would do: the engine is root$/, /^$/],
    ['no way at all', { ways: fine.ways.slice(0, 1) }, 'root', 'bad', /not root/, /What it needs/],
    ['nscd', { names: { ...fine.names, nscd: true } }, 'nscd', 'good', /does not see it/, /^$/],
    [
      'a kernel without overlays',
      { names: { ...fine.names, overlay: false } },
      'overlay',
      'warning',
      /no overlay/,
      /modprobe/,
    ],
    [
      'what HOSTALIASES cannot do',
      { names: { ...fine.names, aliasLimits: ['nscd answers'] } },
      'hostaliases',
      'plain',
      /--resolver hostaliases: nscd answers/,
      /^$/,
    ],
    [
      'a folder that is not usable',
      { aliasFolder: { folder: '/x', problem: '/x: it belongs to another user' } },
      'HOSTALIASES',
      'warning',
      /another user/,
      /XDG_RUNTIME_DIR/,
    ],
    ['SELinux', { guards: { ...fine.guards, seLinux: 'enforcing' } }, 'SELinux', 'plain', /enforcing/, /^$/],
    [
      'user namespaces that a rootless engine needs',
      {
        engine: {
          ...fine.engine,
          told: { version: '28.1.0', system: 'x', rootless: true, runtime: 'runc', runtimes: ['runc'], security: [] },
        },
        guards: { ...fine.guards, userNamespaces: 0 },
      },
      'user namespaces',
      'bad',
      /none are allowed/,
      /sysctl/,
    ],
    ['hidden processes', { guards: { ...fine.guards, hiddenProcesses: true } }, '/proc', 'plain', /hidepid/, /^$/],
  ];
  for (const [situation, given, name, mark, seen, hint] of rows) {
    test(situation, () => {
      const found = examine({ ...fine, ...given }).findLast((row) => row.name === name);
      assert.equal(found?.mark, mark);
      assert.match(found.seen, seen);
      assert.match(found.hint ?? '', hint);
    });
  }
});

test('a machine on which all is well must have no cross and no warning', () => {
  assert.deepEqual(
    examine(fine).filter(({ mark }) => mark === 'bad' || mark === 'warning'),
    [],
  );
  assert.match(doctorText(examine(fine), undefined, unpainted), /\n\ndocker netexec can do its work here\.\n$/);
});

test('an engine that does not answer must be no way in', () => {
  const ways = [{ kind: 'docker', way: { kind: 'docker', cause: '' }, reason: 'the engine is root' }] as const;
  const rows = examine({ ...fine, ways, engine: { ...fine.engine, told: undefined, problem } });
  const row = rows.findLast(({ name }) => name === 'docker');
  assert.deepEqual([row?.mark, row?.seen], ['bad', 'no: the engine does not answer']);
});

test("the caller's home must be in neither form, nor anything that steers a terminal", () => {
  const rows = examine({ ...fine, docker: 'Docker \u001b[31m' });
  for (const text of [doctorText(rows, '/home/me', unpainted), doctorJson(rows, '/home/me')]) {
    assert.doesNotMatch(text, /\/home\/me/);
    assert.match(text, /~\/\.docker\/cli-plugins/);
    assert.ok(!text.includes('\u001b'));
  }
  const [first] = doctorJson(rows, undefined).split('\n');
  const expected = {
    Area: 'install',
    Name: 'system',
    Mark: 'good',
    Seen: 'Debian GNU/Linux 12 (bookworm), 6.1.0 x64',
    Hint: '',
  };
  assert.deepEqual(JSON.parse(first ?? ''), expected);
});

test('a home must be left in the middle of another path', () => {
  const rows = examine({ ...fine, docker: '/var/tmp/x, /tmp/x, unix:///tmp/x' });
  assert.match(doctorText(rows, '/tmp', unpainted), /\/var\/tmp\/x, ~\/x, unix:\/\/~\/x/);
});

test('versions must be compared as numbers', () => {
  const read = ['v22.18.0', '22.17.9', '24.0', '20.10.24+dfsg1', 'none'].map((text) => isAtLeast(text, [22, 18]));
  assert.deepEqual(read, [true, false, true, false, false]);
});
