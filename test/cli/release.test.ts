// scripts/release: the files of a release, the same wherever they are made, and what it refuses to make one of.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { copyCheckout, pathWithoutCheckout, removeFolder, temporaryFolder } from './place.ts';

const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const tag = `v${version}`;
const executable = `docker-netexec-linux-${process.arch}`;
const names = [
  'SHA256SUMS',
  `docker-netexec-${version}.cdx.json`,
  `docker-netexec-${version}.tgz`,
  executable,
  `${executable}-${version}.tgz`,
  'docker-netexec.1',
];

let folder = '';
/** What is to be released, as a repository of its own. */
let origin = '';
before(() => {
  folder = temporaryFolder();
  origin = copyCheckout(folder);
  cpSync(join(root, '.gitignore'), join(origin, '.gitignore'));
  // As it is when a version is tagged: nothing is unreleased.
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  writeFileSync(join(origin, 'CHANGELOG.md'), changelog.replace(/^(## Unreleased\n\n)[^]*?(?=^## )/m, '$1'));
  git(origin, 'init', '--quiet');
  commit(origin);
  git(origin, 'tag', tag);
  make(clone('first'), '077', { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8' }, '--here', tag, 'made');
});
after(() => removeFolder(folder));

function git(where: string, ...words: readonly string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, '-C', where, ...words], { encoding: 'utf8' });
}

function commit(where: string): void {
  git(where, 'add', '--all');
  git(where, 'commit', '--quiet', '--allow-empty', '--message', 'A state');
}

/** A clone with the packages that are there: nothing is to be fetched for a test. */
function clone(name: string): string {
  const where = join(folder, name, 'of a user');
  git(folder, 'clone', '--quiet', origin, where);
  symlinkSync(join(origin, 'node_modules'), join(where, 'node_modules'));
  return where;
}

function make(where: string, umask: string, env: Record<string, string>, ...words: readonly string[]) {
  return spawnSync('sh', ['-c', `umask ${umask}; exec scripts/release "$@"`, 'sh', ...words], {
    cwd: where,
    env: { PATH: pathWithoutCheckout, HOME: folder, ...env },
    encoding: 'utf8',
  });
}

const made = (name: string): string => join(folder, 'first/of a user/made', name);
const text = (name: string): string => readFileSync(made(name), 'utf8');

test('it must make these files', () => {
  assert.deepEqual(readdirSync(made('')).toSorted(), names);
});

test('it must make the same bytes of the tag, whoever makes them, whatever is committed since', () => {
  const other = clone('second');
  appendFileSync(join(other, 'README.md'), 'Later.\n');
  appendFileSync(join(other, 'src/main.ts'), 'process.exit(1);\n');
  commit(other);
  const env = { TZ: 'America/Lima', LANG: 'C' };
  const { status, stdout, stderr } = make(other, '002', env, '--here', tag, join(folder, 'other'));
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, new RegExp(`^${version}, of [0-9a-f]{40}, in `));
  // The executable is long: its sum is enough.
  for (const name of names.filter((each) => each !== executable && !each.startsWith(`${executable}-`)))
    assert.ok(readFileSync(join(folder, 'other', name)).equals(readFileSync(made(name))), name);
});

test('the sums must be right, and of every file', () => {
  const checked = execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: made(''), encoding: 'utf8' });
  assert.deepEqual(
    checked.trim().split('\n'),
    names.slice(1).map((name) => `${name}: OK`),
  );
});

test('each file must have the version', () => {
  const told = execFileSync(made(executable), ['docker-cli-plugin-metadata'], { encoding: 'utf8' });
  assert.equal((JSON.parse(told) as { Version: string }).Version, version);
  const inPackage = (name: string, file: string): string =>
    execFileSync('tar', ['-xzOf', made(`${name}-${version}.tgz`), `package/${file}`], { encoding: 'utf8' });
  const own = JSON.parse(inPackage('docker-netexec', 'package.json')) as Record<string, unknown>;
  assert.equal(own['version'], version);
  assert.deepEqual(
    own['optionalDependencies'],
    Object.fromEntries(
      ['x64', 'arm64', 'x64-musl', 'arm64-musl'].map((name) => [`docker-netexec-linux-${name}`, version]),
    ),
  );
  assert.deepEqual([own['dependencies'], own['devDependencies'], own['private']], [undefined, undefined, undefined]);
  const described = JSON.parse(inPackage(executable, 'package.json')) as Record<string, unknown>;
  assert.deepEqual(
    [described['name'], described['version'], described['os'], described['cpu'], described['libc']],
    [executable, version, ['linux'], [process.arch], ['glibc']],
  );
  assert.match(text('docker-netexec.1'), new RegExp(`^\\.TH DOCKER-NETEXEC 1 "" "docker-netexec ${version}"`));
});

/** As esbuild has it. */
interface Account {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly scope: string;
  readonly purl: string;
  readonly licenses: readonly unknown[];
}

test('the list of what is bundled must name just those packages, with their versions and licenses', () => {
  const bom = JSON.parse(text(`docker-netexec-${version}.cdx.json`)) as {
    bomFormat: string;
    metadata: { component: Component };
    components: readonly Component[];
  };
  assert.deepEqual([bom.bomFormat, bom.metadata.component.version], ['CycloneDX', version]);
  const listed = bom.components.map(({ group, name, version: its }) => `${group ? `${group}/` : ''}${name}@${its}`);
  assert.deepEqual(listed.toSorted(), bundled());
  for (const name of ['bun', 'dockerode', 'execa', 'yaml', 'zod'])
    assert.ok(listed.some((each) => each.startsWith(`${name}@`)));
  assert.ok(!listed.some((each) => /^(ssh2|protobufjs|esbuild|node|typescript)@/.test(each)));
  for (const { name, version: its, scope, purl, licenses } of bom.components) {
    assert.deepEqual([scope, licenses.length], ['required', 1], name);
    assert.match(purl, new RegExp(`^pkg:npm/\\S*${name}@${its}(\\?|$)`));
  }
  assert.doesNotMatch(text(`docker-netexec-${version}.cdx.json`), /netexec-test-|\/tmp\//);
});

/** The packages of which something is in the executable, by the bundler's account and their own package.json, and the runtime. */
function bundled(): readonly string[] {
  const account = join(folder, 'metafile.json');
  execFileSync(join(origin, 'scripts/build'), ['--metafile', account], { cwd: origin });
  const { outputs } = JSON.parse(readFileSync(account, 'utf8')) as Account;
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  const packages = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  const described = (where: string) => JSON.parse(readFileSync(join(origin, where, 'package.json'), 'utf8')) as object;
  const { optionalDependencies } = described('.') as { optionalDependencies: Readonly<Record<string, string>> };
  return [...new Set(packages)]
    .map((each) => described(each) as Component)
    .map(({ name, version: its }) => `${name}@${its}`)
    .concat(`bun@${Object.values(optionalDependencies)[0]}`)
    .toSorted();
}

test('--notes must print what is new, and no more', () => {
  const { status, stdout } = make(join(folder, 'first/of a user'), '022', {}, '--notes', tag);
  assert.equal(status, 0);
  assert.match(stdout, /^### \w+\n\n- /);
  assert.doesNotMatch(stdout, /^## /m);
});

describe('it must refuse', () => {
  interface Refusal {
    readonly what: string;
    readonly words?: readonly string[];
    readonly change?: (where: string) => void;
    readonly said: RegExp;
  }

  const changed = (file: string, from: RegExp, to: string) => (where: string) => {
    const path = join(where, file);
    writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
    commit(where);
    git(where, 'tag', '--force', tag);
  };
  const rows: readonly Refusal[] = [
    {
      what: 'a tag whose changelog has something unreleased',
      change: changed('CHANGELOG.md', /## Unreleased\n/, '## Unreleased\n\n- It can fly.\n'),
      said: /^netexec: CHANGELOG\.md still has entries below Unreleased\nhint: move them below the line: ## \S+ - YYYY-MM-DD\n$/,
    },
    {
      what: 'no words',
      words: [],
      said: /^netexec: expected a tag and a directory\nhint: Usage: scripts\/release \[--here\] TAG FOLDER\n/,
    },
    {
      what: 'an option that is none',
      words: [tag, '--publish'],
      said: /^netexec: unknown argument: --publish\nhint: Usage: /,
    },
    { what: 'a tag that is not there', words: ['v9.9.9', '../new'], said: /^netexec: no such tag: v9\.9\.9\n/ },
    {
      what: 'what is a branch',
      words: ['topic', '../new'],
      change: (where) => void git(where, 'branch', 'topic'),
      said: /^netexec: no such tag: topic\n/,
    },
    {
      what: "a tag that is not package.json's version",
      words: ['v9.9.9', '../new'],
      change: (where) => void git(where, 'tag', 'v9.9.9'),
      said: new RegExp(
        `^netexec: the tag is v9\\.9\\.9, and package\\.json's version is ${version}\nhint: .* v${version}\n`,
      ),
    },
    {
      what: 'a version that CHANGELOG.md does not know',
      change: changed('CHANGELOG.md', /^## \d.*$/m, '## Before'),
      said: new RegExp(`^netexec: CHANGELOG\\.md says nothing of ${version}\nhint: .*## ${version} - YYYY-MM-DD\n`),
    },
    {
      what: 'changes that are not committed',
      change: (where) => appendFileSync(join(where, 'README.md'), 'More.\n'),
      said: /^netexec: the working tree has changes that are not committed\nhint: git status /,
    },
    {
      what: 'files that are not committed',
      change: (where) => writeFileSync(join(where, 'src/more.ts'), ''),
      said: /^netexec: the working tree has changes that are not committed\n/,
    },
    {
      what: 'a folder that is not empty',
      words: [tag, '../full'],
      change: (where) => {
        mkdirSync(join(where, '../full'));
        writeFileSync(join(where, '../full/file'), '');
      },
      said: /^netexec: \.\.\/full is not empty\nhint: /,
    },
    {
      what: 'a folder that cannot be made',
      words: [tag, '/proc/new'],
      said: /^netexec: cannot create \/proc\/new\nhint: /,
    },
    {
      what: 'a file for a folder',
      words: [tag, '../file'],
      change: (where) => writeFileSync(join(where, '../file'), ''),
      said: /^netexec: \.\.\/file is not a directory\nhint: /,
    },
  ];
  for (const { what, words = [tag, '../new'], change, said } of rows) {
    test(what, () => {
      const where = clone(what);
      change?.(where);
      const { status, stdout, stderr } = make(where, '022', {}, ...words);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, said);
      assert.ok(!existsSync(join(where, '../new')));
    });
  }
});

test('it must say what it does', () => {
  const { status, stdout } = make(join(folder, 'first/of a user'), '022', {}, '--help');
  assert.equal(status, 0);
  assert.match(stdout, /^Usage: scripts\/release \[--here\] TAG FOLDER\n/);
});
