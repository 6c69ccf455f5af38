// The executable by itself, as a release has it: that it is all of netexec, wherever it lies and however it is called.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { completionText, wantedAt } from '../../src/core/arguments/completion.ts';
import { helpText } from '../../src/core/arguments/help-text.ts';
import { withContainer } from './fake-container.ts';
import { manual } from '../../scripts/build.d/manual.ts';
import { asOrdinaryUser, inOwn, isRoot, linkOrCopy, makePlace, run, useSingleFile } from './place.ts';
import type { Outcome, Place } from './place.ts';
import { shop } from './shop.ts';

const single = useSingleFile();
const packageFile = join(import.meta.dirname, '../../package.json');
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
const versionLine = { status: 0, stdout: `docker-netexec version ${version}\n`, stderr: '' };

/** Where the file is dropped in for docker. */
function makeHome(context: TestContext): Place {
  const place = makePlace(context);
  const folder = join(place.folder, 'home/.docker/cli-plugins');
  mkdirSync(folder, { recursive: true });
  linkOrCopy(single.file, join(folder, 'docker-netexec'));
  delete place.env['DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND'];
  return place;
}

const dropped = (place: Place): string => join(place.folder, 'home/.docker/cli-plugins/docker-netexec');

const ofThisMachine = (line: string): string => line.replace('-x64', `-${process.arch}`);
const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

test('it must be dropped in and removed by the lines of README', async (context) => {
  const place = makePlace(context);
  delete place.env['DOCKER_CONFIG'];
  const release = join(place.folder, 'release');
  mkdirSync(release);
  linkOrCopy(single.file, join(release, `docker-netexec-linux-${process.arch}`));
  const type = async (line: string): Promise<Outcome> => {
    assert.ok(readme.includes(`    ${line}`), line);
    return run(place, ['sh', '-ec', `cd '${release}'; ${ofThisMachine(line)}`]);
  };
  const installed = await type('install -D docker-netexec-linux-x64 ~/.docker/cli-plugins/docker-netexec');
  assert.deepEqual(installed, { status: 0, stdout: '', stderr: '' });
  assert.deepEqual(await run(place, ['docker', 'netexec', '--version']), versionLine);
  const written = join(place.folder, 'home/.local/state/docker-netexec');
  mkdirSync(written, { recursive: true });
  assert.deepEqual(await type('docker netexec --uninstall'), {
    status: 0,
    stdout: 'removed docker-netexec from TMP/home/.docker\n',
    stderr: '',
  });
  assert.deepEqual([existsSync(dropped(place)), existsSync(written)], [false, false]);
});

test('it must be dropped in for all users by the line of README', async (context) => {
  const place = makePlace(context);
  delete place.env['DOCKER_CONFIG'];
  const line = 'install -D docker-netexec-linux-x64 /usr/local/lib/docker/cli-plugins/docker-netexec';
  assert.ok(readme.includes(line));
  linkOrCopy(single.file, join(place.folder, 'docker-netexec-linux-x64'));
  const script = `mount -t tmpfs netexec /usr/local/lib; cd '${place.folder}'; ${line}; docker netexec --version`;
  assert.deepEqual(await run(place, [...inOwn('--mount'), 'sh', '-ec', script]), versionLine);
});

describe('without any other program', () => {
  const withoutOthers = (context: TestContext): Place => {
    const place = makeHome(context);
    place.env['PATH'] = '/none';
    return place;
  };

  test('it must answer with its metadata', async (context) => {
    const { status, stdout, stderr } = await run(withoutOthers(context), [single.file, 'docker-cli-plugin-metadata']);
    assert.deepEqual([status, stderr], [0, '']);
    const metadata = JSON.parse(stdout) as Record<string, string>;
    assert.deepEqual([metadata['SchemaVersion'], metadata['Version']], ['0.1.0', version]);
  });

  test('it must answer a TAB that wants no engine', async (context) => {
    const words = ['--resolver', ''];
    const outcome = await run(withoutOthers(context), [single.file, '__complete', ...words]);
    const wanted = wantedAt(words);
    assert.ok(wanted.kind === 'these');
    assert.deepEqual(outcome, {
      status: 0,
      stdout: completionText(wanted.candidates, wanted.directive, true),
      stderr: '',
    });
  });

  test('it must print its man page', async (context) => {
    const { status, stdout, stderr } = await run(withoutOthers(context), [single.file, '--man']);
    assert.deepEqual([status, stderr], [0, '']);
    const reference = readFileSync(join(import.meta.dirname, '../../docs/reference.md'), 'utf8');
    assert.equal(stdout, manual(version, reference));
  });
});

describe('it must run', () => {
  test('by docker', async (context) => {
    const place = makeHome(context);
    assert.deepEqual(await run(place, ['docker', 'netexec', '--version']), versionLine);
    assert.equal((await run(place, ['docker', 'netexec', '--help'])).stdout, helpText);
    assert.match((await run(place, ['docker', '--help'])).stdout, /^ {2}netexec\* +Run programs from this machine/m);
  });

  test('through links, from any folder', async (context) => {
    const place = makeHome(context);
    symlinkSync(single.file, join(place.folder, 'first'));
    symlinkSync('first', join(place.folder, 'a "link"'));
    place.cwd = place.folder;
    assert.deepEqual(await run(place, ['./a "link"', '--version']), versionLine);
  });

  test("as root's, for others, where nothing can be written, and write nothing", async (context) => {
    const place = makeHome(context);
    const file = dropped(place);
    place.env['HOME'] = join(place.folder, 'tmp');
    const readOnly = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"';
    const words = isRoot ? [...asOrdinaryUser, file] : [file];
    const mounted = [...inOwn('--mount'), 'sh', '-c', readOnly, 'sh', place.folder, ...words];
    assert.deepEqual(await run(place, [...mounted, '--version']), versionLine);
    assert.deepEqual(readdirSync(join(place.folder, 'tmp')), []);
  });
});

describe('a run', { skip: isRoot ? false : 'needs root' }, () => {
  test('must be planned, and carried out', async (context) => {
    const place = makeHome(context);
    await withContainer(place);
    place.env['XDG_RUNTIME_DIR'] = dirname(place.write('runtime/.keep', ''));
    const words = ['netexec', '-p', 'shop', 'web', '--', 'echo', 'hello'];
    const plan = await run(place, ['docker', ...words.toSpliced(1, 0, '--dry-run')]);
    assert.deepEqual([plan.status, plan.stderr], [0, '']);
    assert.match(plan.stdout, /^command +echo hello {2}#/m);
    assert.deepEqual(await run(place, ['docker', ...words]), { status: 0, stdout: 'hello\n', stderr: '' });
  });

  test('must have its launch program, for an environment that no shell can hold', async (context) => {
    const place = makeHome(context);
    await withContainer(place);
    place.env['BASH_FUNC_f%%'] = '() { :; }';
    const words = ['netexec', '-p', 'shop', '--resolver', 'host', 'web', '--', 'env'];
    const { status, stdout, stderr } = await run(place, ['docker', ...words]);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^BASH_FUNC_f%%=/m);
  });
});

test('--doctor must name the copy that docker takes, as docker itself does', async (context) => {
  const place = makeHome(context);
  await shop()(place);
  const other = join(place.folder, 'extra/docker-netexec');
  mkdirSync(dirname(other));
  linkOrCopy(single.file, other);
  const config = place.write('config/config.json', JSON.stringify({ cliPluginsExtraDirs: [dirname(other)] }));
  mkdirSync(join(dirname(config), 'cli-plugins'));
  linkOrCopy(single.file, join(dirname(config), 'cli-plugins/docker-netexec'));
  const plugins = '{{range .ClientInfo.Plugins}}{{if eq .Name "netexec"}}{{.Path}}{{end}}{{end}}';
  const docker = ['docker', '--config', dirname(config)];
  assert.equal((await run(place, [...docker, 'info', '--format', plugins])).stdout.trim(), 'TMP/extra/docker-netexec');
  const standalone = [dropped(place), '--config', dirname(config), '--doctor'];
  assert.match(
    (await run(place, standalone)).stdout,
    new RegExp(`! plugin +docker uses TMP/extra/docker-netexec \\(${version}\\), not this one`),
  );
  const { stdout } = await run(place, [...docker, 'netexec', '--doctor']);
  assert.match(stdout, /✓ plugin +TMP\/extra\/docker-netexec, version/);
  assert.match(stdout, /! plugin +another copy, which docker ignores: TMP\/config\/cli-plugins\/docker-netexec/);
});

test('--doctor must know what it is', async (context) => {
  const place = makeHome(context);
  await shop()(place);
  const { stdout } = await run(place, ['docker', 'netexec', '--doctor']);
  assert.match(
    stdout,
    new RegExp(`^  ✓ plugin +~/.docker/cli-plugins/docker-netexec, version ${version}, a single file$`, 'm'),
  );
});

describe('the limit of open files', { skip: isRoot ? false : 'needs root' }, () => {
  for (const through of ['docker', 'its own file'])
    test(`must be COMMAND's, through ${through}`, async (context) => {
      const place = makeHome(context);
      await withContainer(place);
      const words = '-p shop --resolver host web -- sh -c "ulimit -Sn; ulimit -Hn"';
      const called = through === 'docker' ? 'docker netexec' : dropped(place);
      const script = `ulimit -Sn 300; ulimit -Hn 5000; ${called} ${words}; exit $?`;
      const outcome = await run(place, ['bash', '-c', script]);
      assert.deepEqual(outcome, { status: 0, stdout: '300\n5000\n', stderr: '' });
    });
});

describe('a variable of the caller', { skip: isRoot ? false : 'needs root' }, () => {
  const rows: Readonly<Record<string, (mark: string, folder: string) => string>> = {
    BUN_OPTIONS: (mark) => `--preload=${mark}`,
    BUN_BE_BUN: () => '1',
    BUN_INSPECT: (_, own) => `unix://${own}/marked`,
    BUN_INSPECT_CONNECT_TO: (_, own) => `unix://${own}/marked`,
    BUN_INSPECT_NOTIFY: (_, own) => `unix://${own}/marked`,
    BUN_INSPECT_PRELOAD: (mark) => mark,
    BUN_BYTECODE_ORDER_OUT: (_, own) => `${own}/marked`,
    BUN_CONFIG_VERBOSE_FETCH: () => '1',
    NODE_CHANNEL_FD: () => '2',
    NODE_DEBUG: () => 'net,http,child_process',
    NODE_EXTRA_CA_CERTS: (mark) => mark,
    NODE_OPTIONS: (mark) => `--require=${mark}`,
    NODE_TLS_REJECT_UNAUTHORIZED: () => '0',
    JSC_SIGNAL_FOR_GC: () => '9',
  };
  for (const [name, value] of Object.entries(rows))
    test(`${name} must reach COMMAND and nothing else`, async (context) => {
      const place = makeHome(context);
      await withContainer(place);
      const marked = join(place.folder, 'marked');
      const mark = place.write('mark.cjs', `require('node:fs').appendFileSync('${marked}', 'x')`);
      const given = value(mark, place.folder);
      place.env[name] = given;
      const words = ['netexec', '-p', 'shop', '--resolver', 'host', 'web', '--', 'printenv', name];
      const { status, stdout, stderr } = await run(place, ['docker', ...words]);
      assert.deepEqual([status, stderr, existsSync(marked)], [0, '', false]);
      assert.equal(stdout.replaceAll('TMP', place.folder), `${given}\n`);
    });
});
