// --doctor: from what was seen of the machine to a tick, a warning or a cross, and what to do.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DoctorFacts, EngineAccount } from '../../../../src/core/doctor/doctor-facts.ts';
import { examine } from '../../../../src/core/doctor/diagnosis.ts';
import type { DoctorRow } from '../../../../src/core/doctor/doctor-row.ts';
import { isAtLeast } from '../../../../src/core/doctor/versions.ts';
import { fine, problem } from './doctor-samples.ts';

const podman = (version: string): EngineAccount => ({
  product: 'podman',
  version,
  system: 'debian',
  rootless: false,
  runtime: 'runc',
  runtimes: ['runc'],
  security: [],
});
const singleFile = { ...fine.install, singleFile: true };
const ofPackage = {
  ...singleFile,
  plugin: '/usr/lib/node_modules/docker-netexec/node_modules/docker-netexec-linux-x64/docker-netexec',
  found: [],
};

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
      /does not find netexec/,
      /install/,
    ],
    [
      'a copy in front',
      { install: { ...fine.install, found: [{ file: '/x/docker-netexec', version: undefined, same: false }] } },
      'plugin',
      'warning',
      /docker uses \/x\/docker-netexec \(no answer\), not this one/,
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
      /docker ignores: \/x\/docker-netexec \(0\.0\.1\)/,
      /uninstall/,
    ],
    ['a single file', { install: singleFile }, 'plugin', 'good', /version 0\.1\.0, a single file$/, /^$/],
    [
      'a single file that docker does not find',
      { install: { ...singleFile, found: [] } },
      'plugin',
      'warning',
      /does not find netexec/,
      /^copy it into ~\/\.docker\/cli-plugins$/,
    ],
    [
      "the file in npm's package, which docker does not find",
      {
        install: ofPackage,
      },
      'plugin',
      'warning',
      /does not find netexec/,
      /^install it where docker looks: docker-netexec --install$/,
    ],
    [
      "the copy that npm's command has installed",
      { install: { ...ofPackage, found: [{ file: '/x/docker-netexec', version: '0.1.0', same: false }] } },
      'plugin',
      'good',
      /^\/x\/docker-netexec, version 0\.1\.0, from the npm package$/,
      /^$/,
    ],
    [
      "an older copy that npm's command has installed",
      { install: { ...ofPackage, found: [{ file: '/x/docker-netexec', version: '0.0.9', same: false }] } },
      'plugin',
      'warning',
      /^docker uses \/x\/docker-netexec \(0\.0\.9\), not this one/,
      /^install it where docker looks: docker-netexec --install$/,
    ],
    [
      'a copy behind a single file',
      { install: { ...singleFile, found: [...singleFile.found, { file: '/x/y', version: '0.0.1', same: false }] } },
      'plugin',
      'warning',
      /docker ignores: \/x\/y/,
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
    [
      "Podman's names",
      { engine: { ...fine.engine, told: podman('4.3.1') } },
      'Podman',
      'plain',
      /HOSTALIASES/,
      /platforms/,
    ],
    [
      'a Podman that is old',
      { engine: { ...fine.engine, told: podman('3.0.1') } },
      'engine',
      'warning',
      /^Podman 3\.0\.1/,
      /Podman 4\.3/,
    ],
    ['no docker', { docker: undefined }, 'client', 'warning', /not on PATH/, /run docker-netexec directly/],
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
          told: {
            product: 'docker',
            version: '19.03.1',
            system: 'x',
            rootless: false,
            runtime: 'runc',
            runtimes: ['runc'],
            security: [],
          },
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
      'plain',
      /kernel/,
      /elsewhere/,
    ],
    ['no container', { engine: { ...fine.engine, local: undefined } }, 'place', 'plain', /no running container/, /^$/],
    ['a way that is not taken', {}, 'root', 'plain', /^not available: you are not root$/, /^$/],
    ['the way that is taken', {}, 'sudo', 'good', /^used: it asks/, /^$/],
    ['another way', {}, 'docker', 'good', /^available: the engine runs as root$/, /^$/],
    ['no way at all', { ways: fine.ways.slice(0, 1) }, 'root', 'bad', /not root/, /What it needs/],
    ['nscd', { names: { ...fine.names, nscd: true } }, 'nscd', 'good', /hidden from COMMAND/, /^$/],
    [
      'a kernel without overlays',
      { names: { ...fine.names, overlay: false } },
      'overlay',
      'warning',
      /does not support overlay/,
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
          told: {
            product: 'docker',
            version: '28.1.0',
            system: 'x',
            rootless: true,
            runtime: 'runc',
            runtimes: ['runc'],
            security: [],
          },
        },
        guards: { ...fine.guards, userNamespaces: 0 },
      },
      'user namespaces',
      'bad',
      /none are allowed/,
      /sysctl/,
    ],
    [
      'user namespaces that are not for the caller',
      { guards: { ...fine.guards, namespaceRefusal: 'kernel.apparmor_restrict_unprivileged_userns is 1' } },
      'user namespaces',
      'plain',
      /^up to 1000, but --host-network cannot use one: kernel\.apparmor/,
      /^$/,
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

test('versions must be compared as numbers', () => {
  const read = ['v22.18.0', '22.17.9', '24.0', '20.10.24+dfsg1', 'none'].map((text) => isAtLeast(text, [22, 18]));
  assert.deepEqual(read, [true, false, true, false, false]);
});
