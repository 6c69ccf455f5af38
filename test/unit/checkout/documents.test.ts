// What the documents quote must be there: error texts, tests, files.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { takeOptions } from '../../../src/core/arguments/option-words.ts';
import { takenOptions } from '../../../src/core/arguments/options.ts';
import { engineIsAway } from '../../../src/core/entry/lifecycle.ts';
import { stageParts } from '../../../src/core/entry/stage-parts.ts';
import { attackRows } from '../../../scripts/reliability.d/attacks.ts';
import { documents, isSynopsis, readDocument, readText, root } from '../../documents.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

test('each error text of docs/troubleshooting.md must be one that netexec says', () => {
  const said = `${read('test/golden/explain/failures.txt')}netexec: ${engineIsAway}\n`;
  const quoted = [...read('docs/troubleshooting.md').matchAll(/^\*\*`([^`]+)`\*\*/gm)].map(([, text = '']) => text);
  const own = quoted.filter((text) => !text.startsWith('docker: '));
  assert.ok(own.length >= 20);
  for (const text of own) assert.ok(said.includes(text), text);
});

test('each claim of docs/comparison.md must name a test that is there', () => {
  const claims = [...read('docs/comparison.md').matchAll(/^\| .* \| \[[^\]]+\]\(\.\.\/([^)]+)\): "([^"]+)" \|$/gm)];
  assert.ok(claims.length >= 10);
  for (const [, file = '', title = ''] of claims) assert.ok(read(file).includes(title), `${file}: ${title}`);
  const rows = read('docs/comparison.md').split('| claim | test |')[1]?.trim().split('\n').slice(1) ?? [];
  assert.equal(rows.length, claims.length);
});

test('docs/reliability.md must have each row of scripts/reliability.d/attacks.ts, and each name a test that is there', () => {
  const rows =
    read('docs/reliability.md').split('| what is tried | what becomes of it | test |')[1]?.trim().split('\n') ?? [];
  assert.deepEqual(
    rows.slice(1),
    attackRows.map((cells) => `| ${cells.join(' | ')} |`),
  );
  for (const [, , claim] of attackRows) {
    const [, file = '', title = ''] = /^\[[^\]]+\]\(\.\.\/([^)]+)\): "([^"]+)"$/.exec(claim) ?? [];
    assert.ok(read(file).includes(title), claim);
  }
});

test('docs/security.md must have each part of the privileged stage, in order', () => {
  const rows = [
    ...read('docs/security.md').matchAll(/^\| \[([\w-]+)\]\(\.\.\/src\/shell\/enter\/stage\/([\w-]+)\.sh\) \|/gm),
  ];
  assert.deepEqual(
    rows.map(([, name, file]) => [name, file]),
    stageParts.map((part) => [part, part]),
  );
});

describe('every link to a file must lead to one', () => {
  for (const file of documents) {
    test(file, () => {
      // Configuration in a block of its own is no prose.
      const prose = read(file).replaceAll(/^```[^]*?^```$/gm, '');
      for (const [, link = '', heading] of prose.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)) {
        const target = link === '' ? file : join(dirname(file), link);
        assert.ok(existsSync(join(root, target)), link);
        if (heading !== undefined) assert.ok(headingsOf(target).includes(heading), `${link}#${heading}`);
      }
    });
  }
});

/** As GitHub names them in links. */
const headingsOf = (file: string): readonly string[] =>
  [
    ...read(file)
      .replaceAll(/^```[^]*?^```$/gm, '')
      .matchAll(/^#+ (.*)$/gm),
  ].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );

test('every option that a command or a synopsis in the documents has must exist', () => {
  const lines = documents.flatMap((file) => readDocument(file).commands.map(({ line }) => line));
  const behind = lines.flatMap((line) => /\bdocker netexec (.*)/.exec(line)?.[1] ?? []);
  assert.ok(behind.length >= 40);
  for (const words of behind) {
    const written = words.replaceAll(/\[OPTIONS\] /g, '').split(' ');
    assert.equal(takeOptions(written, takenOptions).ok, true, words);
  }
});

describe('the commands of a document', () => {
  const linesOf = (text: string): readonly string[] => readText(text).commands.map(({ line }) => line);
  const rows: readonly (readonly [name: string, text: string, lines: readonly string[]])[] = [
    [
      'in a sentence',
      'First `docker ps`, then `X=1 docker netexec web`, in `.docker`.',
      ['docker ps', 'X=1 docker netexec web'],
    ],
    [
      'in a list of them',
      'Use:\n\n    scripts/demo    # a word\n\n    docker ps  # another\n    plain x\n\nEnd',
      ['scripts/demo', 'docker ps', 'plain x'],
    ],
    ['with what they print', 'So:\n\n    $ docker ps\n    docker is busy\n    $ ls\n\nEnd', ['docker ps', 'ls']],
    ['in a console', '```console\n$ make\n…\n```\n\n`npm test`', ['make', 'npm test']],
    ['but those of files', '`a.sh`:\n\n```sh\ndocker ps\n```', []],
    ['but not the next line of an item', '10. One\n    docker is the next line\n', []],
    ['nor what a block of other things holds', 'So:\n\n    nsenter   joins\n    sh        starts\n\nEnd', []],
    ['in backticks that hold others', 'A ` ```sh ` block, ``docker ps``.', ['docker ps']],
    ['nor an image, an error, a file', '`docker-netexec:helper`, `docker: not found`, `test/engines/record.ts`', []],
  ];
  for (const [name, text, lines] of rows) test(name, () => assert.deepEqual(linesOf(text), lines));

  test('what varies in their output must be a pattern, a loopback address must not', () => {
    const [command] = readText('```console\n$ x\n10.0.0.1 on 127.0.0.1 in 2 ms (pid 7) (Up 2 days) …!\n```').commands;
    assert.match('172.20.0.3 on 127.0.0.1 in 31 ms (pid 90) (Up 1 second (healthy)) a\nb!', command?.prints ?? /^$/);
    assert.doesNotMatch('172.20.0.3 on 127.0.0.2 in 31 ms (pid 90) (Up 1 second) !', command?.prints ?? /^/);
  });

  test('a block of commands that is taken for a file without a name would be missed', () => {
    assert.throws(() => readText('So:\n\n```sh\ndocker ps\n```\n'), /neither a file nor a console: docker ps/);
  });

  test('code that is broken over two lines would be missed', () => {
    assert.throws(() => readText('a `docker\nps` b'), /does not end on its line/);
  });
});

describe('a synopsis', () => {
  const synopses = [
    'docker netexec [OPTIONS] SERVICE',
    'docker x a|b',
    'docker x …',
    'docker x HOST:PORT',
    'npm version X.Y.Z',
    'docker x --check SERVICE',
  ];
  const commands = [
    'docker netexec --cap-add NET_RAW web',
    'X=1 docker ps',
    "docker x -c 'A B | c'",
    'docker x -T web',
    'docker x | less',
  ];
  for (const line of synopses) test(`${line} is one`, () => assert.ok(isSynopsis(line)));
  for (const line of commands) test(`${line} is none`, () => assert.ok(!isSynopsis(line)));
});

const { version } = JSON.parse(read('package.json')) as { version: string };

test("the package's file in README must have the version, wherever it is named", () => {
  const named = [...read('README.md').matchAll(/docker-netexec-(?:linux-x64-)?([\w.-]+)\.tgz/g)].map(([, its]) => its);
  assert.ok(named.length >= 2);
  assert.deepEqual([...new Set(named)], [version]);
});

test('package-lock.json must have the version', () => {
  const lock = JSON.parse(read('package-lock.json')) as {
    version: string;
    packages: Record<string, { version: string }>;
  };
  assert.deepEqual([lock.version, lock.packages['']?.version], [version, version]);
});

test('the newest version in CHANGELOG.md must be that of package.json, below what is not released', () => {
  const [unreleased, ...versions] = [...read('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(([, title = '']) => title);
  assert.equal(unreleased, 'Unreleased');
  for (const each of versions) assert.match(each, /^\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d$/);
  assert.equal(versions[0]?.split(' ')[0], version);
});

test('the changes in CHANGELOG.md must be a line each, below a heading of Keep a Changelog', () => {
  const lines = read('CHANGELOG.md').split('\n').slice(3).filter(Boolean);
  for (const line of lines) assert.match(line, /^(## |### (Added|Changed|Deprecated|Removed|Fixed|Security)$|- \S)/);
});

test('the workflow that releases must hold no more rights than it needs', () => {
  const text = read('.github/workflows/release.yml');
  const [before = '', release = ''] = text.split(/^ {2}release:$/m);
  assert.match(before, /^permissions:\n {2}contents: read$/m);
  assert.doesNotMatch(before, /write/);
  assert.deepEqual(release.match(/^ +\w[\w-]*: write$/gm), ['      contents: write']);
});

test('workflows must use actions by their commit, with the version that it is, each in one version', () => {
  const versions = new Map<string, string>();
  for (const name of readdirSync(join(root, '.github/workflows'))) {
    for (const [, action = '', at] of read(`.github/workflows/${name}`).matchAll(/uses: ([^\s@]+)(.*)$/gm)) {
      assert.match(at ?? '', /^@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, `${name}: ${action}`);
      assert.equal(versions.get(action) ?? at, at, `${name}: ${action}`);
      versions.set(action, at ?? '');
    }
  }
  assert.ok(versions.size > 0);
});
