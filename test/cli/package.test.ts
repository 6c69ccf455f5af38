// The npm package: what is in it, and that it installs, upgrades and removes the plugin without the checkout.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import {
  asOrdinaryUser,
  copyCheckout,
  inOwn,
  isRoot,
  makePlace,
  pathWithoutCheckout,
  removeFolder,
  run,
  temporaryFolder,
} from './place.ts';
import type { Outcome, Place } from './place.ts';

const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
/** The package with the executable of this machine's platform. */
const ofPlatform = `docker-netexec-linux-${process.arch}`;
let folder = '';
let packed: readonly string[] = [];
before(() => {
  folder = temporaryFolder();
  const checkout = copyCheckout(folder);
  execFileSync(join(checkout, 'scripts/build'));
  execFileSync(process.execPath, [join(checkout, 'scripts/release.d/npm-packages.ts'), join(folder, 'packages')]);
  removeFolder(checkout);
  for (const name of ['docker-netexec', ofPlatform])
    npm(join(folder, 'packages', name), 'pack', '--pack-destination', folder);
  packed = ['docker-netexec', ofPlatform].map(tarball).flatMap(listed);
  npm(folder, 'install', '--global', '--prefix', join(folder, 'prefix'), ...tarballs());
});
after(() => removeFolder(folder));

function tarball(name: string): string {
  return join(folder, `${name}-${version}.tgz`);
}

/** No registry has them for a test: the one that the other wants is given as well. */
function tarballs(): readonly string[] {
  return ['docker-netexec', ofPlatform].map(tarball);
}

function listed(file: string): readonly string[] {
  return execFileSync('tar', ['-tzf', file], { encoding: 'utf8' }).trim().split('\n');
}

/** That of the machine, without a registry. */
function npm(cwd: string, ...words: readonly string[]): string {
  const env = { ...process.env, PATH: pathWithoutCheckout, HOME: folder };
  return execFileSync('npm', ['--silent', '--offline', ...words], { cwd, env, encoding: 'utf8' });
}

function makeHome(context: TestContext): Place {
  const place = makePlace(context);
  place.env = {
    PATH: [join(folder, 'prefix/bin'), '/usr/local/bin:/usr/bin:/bin'].join(':'),
    HOME: join(place.folder, 'home'),
    // No engine: that of this machine may have an image that removing would take away from under others' runs.
    DOCKER_HOST: `unix://${place.socket}`,
  };
  return place;
}

const command = (place: Place, ...words: readonly string[]): Promise<Outcome> =>
  run(place, ['docker-netexec', ...words]);
const configOf = (place: Place): string => join(place.folder, 'home/.docker');

test('the packages must hold what is needed, and no sources', () => {
  assert.deepEqual(packed.map((file) => file.replace(/^package\//, '')).toSorted(), [
    'LICENSE',
    'LICENSE',
    'README.md',
    'dist/completion.sh',
    'dist/docker-netexec',
    'dist/docker-netexec.1',
    'docker-netexec',
    'package.json',
    'package.json',
    'scripts/command',
    'scripts/install',
    'scripts/lib/places.sh',
    'scripts/uninstall',
    'src/commands/uninstall.sh',
  ]);
});

test('npm must bring the one of the platform by itself, and no other', () => {
  const described = JSON.parse(readFileSync(join(folder, 'packages', ofPlatform, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const { name, os, cpu, libc } = described;
  assert.deepEqual([name, os, cpu, libc], [ofPlatform, ['linux'], [process.arch], ['glibc']]);
  const prefix = join(folder, 'prefix/lib/node_modules');
  assert.ok(existsSync(join(prefix, ofPlatform, 'docker-netexec')));
});

test('it must install, be found by docker, and be removed without a trace', async (context) => {
  const place = makeHome(context);
  const outcome = await command(place, '--install');
  assert.deepEqual([outcome.status, outcome.stderr], [0, '']);
  assert.match(
    outcome.stdout,
    /^installed docker-netexec \d+\.\d+\.\d+ as TMP\/home\/\.docker\/cli-plugins\/docker-netexec\n/,
  );
  assert.deepEqual(readdirSync(join(configOf(place), 'netexec')).toSorted(), ['LICENSE', 'completion.sh', 'netexec']);
  assert.deepEqual(await run(place, ['docker', 'netexec', '--version']), {
    status: 0,
    stdout: `docker-netexec version ${version}\n`,
    stderr: '',
  });
  assert.match((await run(place, ['docker', '--help'])).stdout, /^ {2}netexec\* +Run programs from this machine/m);
  assert.match((await run(place, ['docker', 'netexec', '--help'])).stdout, /^Usage: {2}docker netexec /);
  const { stdout: examined } = await command(place, '--doctor');
  assert.match(examined, /^ *✓ plugin +~\/\.docker\/cli-plugins\/docker-netexec, version .*, from the npm package$/m);
  assert.deepEqual(await command(place, '--uninstall'), {
    status: 0,
    stdout: 'removed docker-netexec from TMP/home/.docker\n',
    stderr: '',
  });
  assert.ok(!existsSync(configOf(place)));
});

test('npm must install its manual', () => {
  assert.ok(existsSync(join(folder, 'prefix/share/man/man1/docker-netexec.1')));
});

test('npm must remove it without a trace, as README has it', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  assert.ok(readme.includes('    npm uninstall -g docker-netexec docker-netexec-linux-x64\n'));
  const prefix = join(folder, 'other');
  npm(folder, 'install', '--global', '--prefix', prefix, ...tarballs());
  assert.ok(existsSync(join(prefix, 'bin/docker-netexec')));
  npm(folder, 'uninstall', '--global', '--prefix', prefix, 'docker-netexec', ofPlatform);
  const left = readdirSync(prefix, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  assert.deepEqual(
    left.map(({ name }) => name).filter((name) => name !== '.package-lock.json'),
    [],
  );
});

test('it must be the plugin itself before it is installed', async (context) => {
  assert.equal((await command(makeHome(context), '--version')).stdout, `docker-netexec version ${version}\n`);
});

test('it must replace an older version, links among its files too', async (context) => {
  const place = makeHome(context);
  mkdirSync(join(configOf(place), 'cli-plugins'), { recursive: true });
  mkdirSync(join(configOf(place), 'netexec'));
  const file = join(configOf(place), 'cli-plugins/docker-netexec');
  symlinkSync(place.write('older', '#!/bin/sh\necho old\n'), file);
  writeFileSync(join(configOf(place), 'netexec/of-another-version.cjs'), '');
  assert.equal((await command(place, '--install')).status, 0);
  assert.ok(!lstatSync(file).isSymbolicLink());
  assert.deepEqual(
    readdirSync(join(configOf(place), 'netexec')).filter((name) => name.startsWith('of-')),
    [],
  );
  assert.equal(readFileSync(join(place.folder, 'older'), 'utf8'), '#!/bin/sh\necho old\n');
});

test('it must replace a file that may not be written, and remove one, without a question at a terminal', async (context) => {
  const place = makeHome(context);
  const file = join(configOf(place), 'cli-plugins/docker-netexec');
  const words = (action: string): readonly string[] => [
    ...asOrdinaryUser,
    'script',
    '--quiet',
    '--return',
    '--command',
    `docker-netexec --${action}`,
    '/dev/null',
  ];
  const drop = (): void => {
    place.write('home/.docker/cli-plugins/docker-netexec', '#!/bin/sh\necho dropped\n');
    chmodSync(file, 0o555);
    if (isRoot) execFileSync('chown', ['-R', '65534:65534', configOf(place)]);
  };
  drop();
  assert.equal((await run(place, words('install'))).status, 0);
  assert.match(readFileSync(file, 'utf8'), /docker netexec's plugin file/);
  assert.equal((await run(place, words('uninstall'))).status, 0);
  drop();
  assert.match((await run(place, words('uninstall'))).stdout, /^removed docker-netexec from /);
  assert.ok(!existsSync(configOf(place)));
});

describe('it must say so', () => {
  test('where the package of the platform is missing', async (context) => {
    const place = makeHome(context);
    const prefix = join(place.folder, 'prefix');
    npm(folder, 'install', '--global', '--omit=optional', '--prefix', prefix, tarball('docker-netexec'));
    place.env['PATH'] = `${join(prefix, 'bin')}:/usr/bin:/bin`;
    const said = {
      status: 1,
      stdout: '',
      stderr:
        `netexec: the npm package of this platform, ${ofPlatform}, is missing, or does not run here\n` +
        'hint: install docker-netexec again, without --omit=optional; on Alpine, add libstdc++\n',
    };
    assert.deepEqual(await command(place, '--install'), said);
    assert.deepEqual(await command(place, '--version'), said);
    assert.match((await command(place, '--uninstall')).stdout, /^docker-netexec is not installed in TMP/);
  });

  test('where docker finds another copy first', async (context) => {
    const place = makeHome(context);
    const other = place.write(
      'extra/docker-netexec',
      '#!/bin/sh\necho \'{"SchemaVersion":"0.1.0","Vendor":"x","Version":"0.0.1","ShortDescription":"x"}\'\n',
    );
    execFileSync('chmod', ['+x', other]);
    place.write('home/.docker/config.json', JSON.stringify({ cliPluginsExtraDirs: [join(place.folder, 'extra')] }));
    const { status, stdout } = await command(place, '--install');
    assert.equal(status, 0);
    assert.match(stdout, /^warning: docker uses another copy first: TMP\/extra\/docker-netexec$/m);
    const another = 'docker still has another copy: TMP/extra/docker-netexec\n';
    const from = (said: string): string => `docker-netexec ${said} TMP/home/.docker\n${another}`;
    const removed = await command(place, '--uninstall');
    assert.deepEqual(removed, { status: 0, stdout: `removed ${from('from')}`, stderr: '' });
    assert.equal((await command(place, '--uninstall')).stdout, from('is not installed in'));
  });

  test('where there is no docker', async (context) => {
    const place = makeHome(context);
    const programs = join(place.folder, 'programs');
    mkdirSync(programs);
    for (const name of readdirSync('/usr/bin').filter((each) => each !== 'docker'))
      symlinkSync(join('/usr/bin', name), join(programs, name));
    place.env['PATH'] = [join(folder, 'prefix/bin'), programs].join(':');
    const outcome = await command(place, '--install');
    assert.equal(outcome.status, 0);
    assert.match(
      outcome.stdout,
      /^warning: docker itself is not on your PATH; you can run TMP\/\S+ directly instead$/m,
    );
  });

  test("where the folder is another user's", { skip: isRoot ? false : 'needs root' }, async (context) => {
    const place = makeHome(context);
    mkdirSync(configOf(place));
    const asNobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
    for (const words of [[], ['--system']]) {
      const outcome = await run(place, [...asNobody, 'docker-netexec', '--install', ...words]);
      assert.deepEqual([outcome.status, outcome.stdout], [1, '']);
      assert.match(outcome.stderr, /^netexec: cannot write to \S+\/cli-plugins\nhint: .*--system needs root\n$/);
    }
    assert.deepEqual(readdirSync(configOf(place)), []);
  });

  test('what it takes', async (context) => {
    const place = makeHome(context);
    for (const word of ['--install', '--uninstall']) {
      assert.match(
        (await command(place, word, '--help')).stdout,
        new RegExp(`^Usage: docker-netexec ${word} \\[--system\\]\n`),
      );
    }
  });
});

test(
  'with --system its manual must be there for all, and go with it',
  { skip: isRoot ? false : 'needs root' },
  async (context) => {
    const place = makeHome(context);
    const text = `set -e
    mount -t tmpfs -o mode=755 tmpfs /usr/local/share
    [ -d /usr/local/lib/docker ] || mkdir -p /usr/local/lib
    mount -t tmpfs -o mode=755 tmpfs /usr/local/lib
    docker-netexec --install --system >/dev/null
    man=/usr/local/share/man/man1/docker-netexec.1
    head -n 1 $man
    docker-netexec --uninstall --system
    ! [ -e $man ]`;
    const outcome = await run(place, [...inOwn('--mount'), 'sh', '-c', text]);
    assert.deepEqual(outcome, {
      status: 0,
      stdout: `.TH DOCKER-NETEXEC 1 "" "docker-netexec ${version}" "Docker CLI plugins"\nremoved docker-netexec from /usr/local/lib/docker\n`,
      stderr: '',
    });
  },
);
