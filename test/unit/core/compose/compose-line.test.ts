// A hint's line must lead to the project that this call has looked at, by whatever the caller has named it.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { judgeName } from '../../../../src/core/check/check-name.ts';
import { restart } from '../../../../src/core/check/check-facts.ts';
import type { NameFacts } from '../../../../src/core/check/check-facts.ts';
import { composeByFiles, nothingTyped } from '../../../../src/core/compose/compose-line.ts';
import type { Typed } from '../../../../src/core/compose/compose-line.ts';
import { findLoss } from '../../../../src/core/entry/lost-network.ts';
import { explain } from '../../../../src/core/failure/explain.ts';
import type { Failure } from '../../../../src/core/failure/failure.ts';
import { asker, facts, nameless } from '../check/check-samples.ts';
import { container } from '../samples.ts';

const root = join(import.meta.dirname, '../../../..');

/** What the caller may have typed, and by which options docker and Compose find the same. */
const settings: Readonly<
  Record<string, readonly [typed: Partial<Typed>, docker: string, files: string, name: string]>
> = {
  nothing: [{}, 'docker', '', ''],
  'a file': [{ files: ['test.yaml'] }, 'docker', ' -f test.yaml', ''],
  'two files and a name': [
    { files: ['a.yaml', 'my b.yaml'], projectName: 'other' },
    'docker',
    " -f a.yaml -f 'my b.yaml'",
    ' -p other',
  ],
  'a folder': [{ projectDirectory: '../shop' }, 'docker', ' --project-directory ../shop', ''],
  'a name': [{ projectName: 'other' }, 'docker', '', ' -p other'],
  'a context of docker': [{ docker: { context: 'far away' } }, "docker --context 'far away'", '', ''],
  'an engine and its keys': [
    { docker: { host: 'tcp://h:2376', tlsVerify: true, tls: false, tlsCaCert: '~/ca' } },
    "docker --host tcp://h:2376 --tls=false --tlsverify --tlscacert '~/ca'",
    '',
    '',
  ],
  "docker's folder and a file": [
    { docker: { config: '/etc/me' }, files: ['-'] },
    'docker --config /etc/me',
    ' -f -',
    '',
  ],
};

const shop = { project: 'shop', service: 'web' };
const stopped = (state: string): Failure => ({
  kind: 'service-not-running',
  ...shop,
  containers: [{ name: 'shop-web-1', state, status: state }],
});
const hintOf =
  (failure: Failure) =>
  (typed: Typed): string =>
    explain(failure, typed).hint ?? '';
const cureOf = (given: Partial<NameFacts>) => (typed: Typed) =>
  judgeName(facts({ asker: { ...asker, typed }, name: { ...nameless, ...given } })).cause?.hint ?? '';
const alone = { ...container, compose: container.compose && { ...container.compose, files: undefined } };
const lossOf = (owner: typeof alone | undefined) => (typed: Typed) =>
  findLoss([{ container: alone, withOwner: false, hasRoutes: false }], owner, typed)?.cure ?? '';

/** What is said where, and the line in it: `FILES` and `NAME` stand for the caller's, `docker` for docker with its own. */
const kinds: Readonly<Record<string, readonly [said: (typed: Typed) => string, line: string]>> = {
  'no project': [
    hintOf({ kind: 'no-project', name: 'web', folder: '/src', running: [], alsoIn: [] }),
    'docker composeFILESNAME up -d',
  ],
  'no containers': [
    hintOf({ kind: 'project-empty', ...shop, source: '', hasFiles: true, running: [] }),
    'docker composeFILESNAME up -d',
  ],
  'a service behind a profile': [
    hintOf({ kind: 'service-behind-profile', ...shop, profiles: ['my debug'] }),
    "docker composeFILESNAME --profile 'my debug' up -d web",
  ],
  'a service without a container': [
    hintOf({ kind: 'service-not-running', ...shop, containers: [] }),
    'docker composeFILES -p shop up -d web',
  ],
  'a container that cannot start again': [
    hintOf(stopped('dead')),
    'docker rm -f shop-web-1; then start it: docker composeFILES -p shop up -d web',
  ],
  'a container that has stopped': [hintOf(stopped('exited')), 'docker compose -p shop start web'],
  'a container on its own that has stopped': [
    hintOf({ kind: 'container-not-running', container: 'shop-web-1', state: 'exited', exitCode: 0 }),
    'docker start shop-web-1',
  ],
  'a network that is not made': [
    hintOf({ kind: 'network-not-made', network: 'shop_back', project: 'shop' }),
    'docker composeFILES -p shop up -d',
  ],
  'a file that cannot be read': [
    hintOf({ kind: 'compose-file-invalid', file: '/src/compose.yaml', reason: 'it is odd' }),
    'see what is wrong: docker composeFILESNAME config',
  ],
  'a network that is lost': [lossOf(alone), 'docker compose -p shop restart web'],
  'a network that is gone': [lossOf(undefined), 'docker composeFILES -p shop up -d web'],
  '--check: not started': [cureOf({ declared: true }), 'docker composeFILES -p shop up -d redis'],
  '--check: behind a profile': [
    cureOf({ behindProfile: ['debug'] }),
    'docker composeFILES -p shop --profile debug up -d redis',
  ],
  '--check: started anew': [(typed) => restart({ ...asker, typed }), 'docker compose -p shop restart web'],
};

for (const [kind, [said, line]] of Object.entries(kinds)) {
  describe(`the line for ${kind} must lead to the same project, given`, () => {
    for (const [setting, [typed, docker, files, name]] of Object.entries(settings)) {
      test(setting, () => {
        const text = said({ ...nothingTyped, ...typed });
        const expected = line.replaceAll('docker ', `${docker} `).replace('FILES', files).replace('NAME', name);
        assert.ok(text.endsWith(expected), `${text}\nends not with\n${expected}`);
      });
    }
  });
}

describe('a container tells from which files it was made', () => {
  const made = {
    project: 'shop',
    service: 'web',
    number: 1,
    oneOff: false,
    workingDirectory: '/srv/shop',
    files: ['/srv/shop/a.yaml', '/srv/shop/b.yaml'],
  };
  const rows: readonly (readonly [situation: string, typed: Partial<Typed>, given: object, line: string])[] = [
    [
      'where the caller names none',
      { projectName: 'shop' },
      {},
      'docker compose -f /srv/shop/a.yaml -f /srv/shop/b.yaml --project-directory /srv/shop -p shop up -d web',
    ],
    ['but those of the caller count', { files: ['c.yaml'] }, {}, 'docker compose -f c.yaml -p shop up -d web'],
    [
      'where the container is named',
      { container: true },
      {},
      'docker compose -f /srv/shop/a.yaml -f /srv/shop/b.yaml --project-directory /srv/shop -p shop up -d web',
    ],
    ['but where the folder tells the project, it will again', {}, {}, 'docker compose -p shop up -d web'],
    [
      'but what came by a pipe cannot be read again',
      { projectName: 'shop' },
      { files: ['-'] },
      'docker compose -p shop up -d web',
    ],
    [
      'but an older Compose does not say so',
      { projectName: 'shop' },
      { files: undefined },
      'docker compose -p shop up -d web',
    ],
  ];
  for (const [situation, typed, given, line] of rows) {
    test(situation, () => {
      const meant = { project: 'shop', made: { ...made, ...given } };
      assert.equal(composeByFiles({ ...nothingTyped, ...typed }, ['up', '-d', 'web'], meant), line);
    });
  }
});

test('no other place may write a line for docker compose', () => {
  // What speaks of docker compose, and is no line to be typed.
  const prose =
    /(?:project|file), as in docker compose -[pf]|docker compose (?:cannot|does not|would take)|'docker compose config'|'docker', 'compose'/g;
  const code = globSync('src/**/*.{ts,sh}', { cwd: root })
    .filter((file) => file !== 'src/core/compose/compose-line.ts')
    .map((file): [string, string] => [file, readFileSync(join(root, file), 'utf8')])
    .map(([file, text]): [string, string] => [
      file,
      text.replaceAll(/^\s*(?:\/\/|\/?\*|#).*$/gm, '').replaceAll(prose, ''),
    ]);
  assert.ok(code.length > 100);
  const writers = code.filter(([, text]) => /docker compose|\} compose\b|`compose |'compose /.test(text));
  assert.deepEqual(
    writers.map(([file]) => file),
    [],
  );
});
