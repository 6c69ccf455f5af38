// The single file: that it is all of netexec, wherever it lies and however it is called.
import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  truncateSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { completionText, wantedAt } from '../../src/core/arguments/completion.ts';
import { helpText } from '../../src/core/arguments/help.ts';
import { withContainer } from './fake-container.ts';
import {
  asOrdinaryUser,
  inOwn,
  isRoot,
  leftovers,
  makePlace,
  nodeForAll,
  pathWithNode,
  run,
  useSingleFile,
} from './place.ts';
import type { Place } from './place.ts';
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
  copyFileSync(single.file, join(folder, 'docker-netexec'));
  place.env['PATH'] = pathWithNode;
  delete place.env['DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND'];
  return place;
}

const dropped = (place: Place): string => join(place.folder, 'home/.docker/cli-plugins/docker-netexec');

test('it must be dropped in and removed by the lines of README', async (context) => {
  const place = makePlace(context);
  place.env['PATH'] = pathWithNode;
  delete place.env['DOCKER_CONFIG'];
  const release = join(place.folder, 'release');
  mkdirSync(release);
  copyFileSync(single.file, join(release, 'docker-netexec'));
  const type = async (line: string): Promise<void> => {
    assert.ok(readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8').includes(`    ${line}`), line);
    const outcome = await run(place, ['sh', '-ec', `cd '${release}'; ${line}`]);
    assert.deepEqual([outcome.status, outcome.stderr], [0, ''], line);
  };
  await type('install -D docker-netexec ~/.docker/cli-plugins/docker-netexec');
  assert.deepEqual(await run(place, ['docker', 'netexec', '--version']), versionLine);
  const written = join(place.folder, 'home/.local/state/docker-netexec');
  mkdirSync(written, { recursive: true });
  await type('rm ~/.docker/cli-plugins/docker-netexec');
  await type('rm -rf "${XDG_RUNTIME_DIR:-$HOME/.local/state}/docker-netexec"');
  assert.deepEqual([existsSync(dropped(place)), existsSync(written)], [false, false]);
});

test('it must be dropped in for all users by the line of README', async (context) => {
  const place = makePlace(context);
  place.env['PATH'] = pathWithNode;
  delete place.env['DOCKER_CONFIG'];
  copyFileSync(single.file, join(place.folder, 'docker-netexec'));
  const line = 'install -D docker-netexec /usr/local/lib/docker/cli-plugins/docker-netexec';
  const script = `mount -t tmpfs netexec /usr/local/lib; cd '${place.folder}'; ${line}; docker netexec --version`;
  assert.deepEqual(await run(place, [...inOwn('--mount'), 'sh', '-ec', script]), versionLine);
});

describe('without Node', () => {
  const withoutNode = (context: TestContext): Place => {
    const place = makeHome(context);
    place.env['PATH'] = '/none';
    return place;
  };

  test('it must answer with its metadata', async (context) => {
    const { status, stdout, stderr } = await run(withoutNode(context), [single.file, 'docker-cli-plugin-metadata']);
    assert.deepEqual([status, stderr], [0, '']);
    const metadata = JSON.parse(stdout) as Record<string, string>;
    assert.deepEqual([metadata['SchemaVersion'], metadata['Version']], ['0.1.0', version]);
  });

  test('it must answer a TAB that wants no engine', async (context) => {
    const words = ['--resolver', ''];
    const outcome = await run(withoutNode(context), [single.file, '__complete', ...words]);
    const wanted = wantedAt(words);
    assert.ok(wanted.kind === 'these');
    assert.deepEqual(outcome, {
      status: 0,
      stdout: completionText(wanted.candidates, wanted.directive, true),
      stderr: '',
    });
  });

  test('it must say so, and what to do', async (context) => {
    assert.deepEqual(await run(withoutNode(context), [single.file, 'web']), {
      status: 125,
      stdout: '',
      stderr:
        'netexec: Node.js is not on your PATH\nhint: this file runs with the Node.js 22.18 or newer that is found there: install one\n',
    });
  });
});

test('with a Node that is too old it must say so, and what to do', async (context) => {
  const place = makeHome(context);
  const preload = place.write('old.cjs', "Object.defineProperty(process, 'versions', { value: { node: '22.17.9' } });");
  chmodSync(place.write('bin/node', `#!/bin/sh\nexec '${process.execPath}' --require '${preload}' "$@"\n`), 0o755);
  place.env['PATH'] = join(place.folder, 'bin');
  assert.deepEqual(await run(place, [single.file, 'web']), {
    status: 125,
    stdout: '',
    stderr: `netexec: Node.js 22.18 or newer is needed, and ${process.execPath} is 22.17.9\nhint: put a newer one first on PATH\n`,
  });
});

test('where it is not whole it must say so, and what to do', async (context) => {
  const place = makeHome(context);
  truncateSync(dropped(place), 1_000_000);
  assert.deepEqual(await run(place, [dropped(place), 'web']), {
    status: 125,
    stdout: '',
    stderr:
      'netexec: TMP/home/.docker/cli-plugins/docker-netexec is not whole\n' +
      'hint: get it anew, and compare it with its line in SHA256SUMS\n',
  });
});

describe('it must run', () => {
  test('by docker', async (context) => {
    const place = makeHome(context);
    assert.deepEqual(await run(place, ['docker', 'netexec', '--version']), versionLine);
    assert.equal((await run(place, ['docker', 'netexec', '--help'])).stdout, helpText);
    assert.match((await run(place, ['docker', '--help'])).stdout, /^ {2}netexec\* +Run programs of this machine/m);
  });

  test('through links, from any folder', async (context) => {
    const place = makeHome(context);
    symlinkSync(single.file, join(place.folder, 'first'));
    symlinkSync('first', join(place.folder, 'a "link"'));
    place.cwd = place.folder;
    assert.deepEqual(await run(place, ['./a "link"', '--version']), versionLine);
    place.cwd = dirname(single.file);
    assert.deepEqual(await run(place, ['sh', 'docker-netexec', '--version']), versionLine);
  });

  for (const shell of ['dash', 'bash', 'busybox sh']) {
    const [program = '', ...words] = shell.split(' ');
    test(`under ${shell}`, async (context) => {
      assert.deepEqual(await run(makeHome(context), [program, ...words, single.file, '--version']), versionLine);
    });
  }

  test("as root's, for others, where nothing can be written, and write nothing", async (context) => {
    const place = makeHome(context);
    const file = dropped(place);
    chmodSync(file, 0o555);
    place.env['PATH'] = `${nodeForAll(place.folder)}:${pathWithNode}`;
    place.env['HOME'] = join(place.folder, 'tmp');
    const readOnly = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"';
    const words = isRoot ? [...asOrdinaryUser, file] : [file];
    const mounted = [...inOwn('--mount'), 'sh', '-c', readOnly, 'sh', place.folder, ...words];
    assert.deepEqual(await run(place, [...mounted, '--version']), versionLine);
    assert.deepEqual(readdirSync(join(place.folder, 'tmp')), []);
  });

  test("with the caller's own options for Node, which are not for netexec's", async (context) => {
    const place = makeHome(context);
    place.env['NODE_OPTIONS'] = '--bogus';
    assert.deepEqual(await run(place, [single.file, '--version']), versionLine);
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

  for (const shell of ['dash', 'bash', 'busybox sh']) {
    test(`must leave COMMAND's words to COMMAND, also those that Node knows, under ${shell}`, async (context) => {
      const place = makeHome(context);
      await withContainer(place);
      place.write('work/node.config.json', '{"nodeOptions": {"require": ["./none.cjs"]}}');
      const options = ['--env-file=none.env', '--experimental-config-file', 'node.config.json', '"', '$(false)'];
      const words = ['-p', 'shop', '--resolver', 'host', 'web', 'echo', ...options];
      const outcome = await run(place, [...shell.split(' '), dropped(place), ...words]);
      assert.deepEqual(outcome, { status: 0, stdout: `${options.join(' ')}\n`, stderr: '' });
    });
  }

  test('must read no more of the file than it needs', async (context) => {
    const place = makeHome(context);
    await withContainer(place);
    const log = join(place.folder, 'trace');
    const strace = ['strace', '-f', '-qq', '-y', '-e', 'trace=pread64', '-o', log];
    const words = ['-p', 'shop', '--dry-run', 'web', '--', 'true'];
    assert.equal((await run(place, [...strace, single.file, ...words])).status, 0);
    const lines = readFileSync(log, 'utf8').split('\n');
    const read = lines.flatMap((line) => / pread64\(\d+<.*\/docker-netexec>.* = (\d+)$/.exec(line)?.[1] ?? []);
    const sum = read.reduce((total, size) => total + Number(size), 0);
    assert.ok(sum > 50_000 && sum < 150_000, `${sum} bytes`);
    assert.ok(statSync(single.file).size > 1_000_000);
    assert.deepEqual(leftovers(place), ['.docker']);
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
  const other = place.write(
    'extra/docker-netexec',
    readFileSync(single.file, 'utf8').replace(/"Version":"[^"]*"/, '"Version":"9.9.9"'),
  );
  chmodSync(other, 0o755);
  const config = place.write('config/config.json', JSON.stringify({ cliPluginsExtraDirs: [dirname(other)] }));
  mkdirSync(join(dirname(config), 'cli-plugins'));
  copyFileSync(single.file, join(dirname(config), 'cli-plugins/docker-netexec'));
  const plugins = '{{range .ClientInfo.Plugins}}{{if eq .Name "netexec"}}{{.Path}}{{end}}{{end}}';
  const docker = ['docker', '--config', dirname(config)];
  assert.equal((await run(place, [...docker, 'info', '--format', plugins])).stdout.trim(), 'TMP/extra/docker-netexec');
  const standalone = [dropped(place), '--config', dirname(config), '--doctor'];
  assert.match(
    (await run(place, standalone)).stdout,
    /! plugin +docker takes TMP\/extra\/docker-netexec \(9\.9\.9\), not this one/,
  );
  const { stdout } = await run(place, [...docker, 'netexec', '--doctor']);
  assert.match(stdout, /✓ plugin +TMP\/extra\/docker-netexec, version/);
  assert.match(stdout, /! plugin +another copy, which docker passes over: TMP\/config\/cli-plugins\/docker-netexec/);
});

test('--doctor must know what it is', async (context) => {
  const place = makeHome(context);
  await shop()(place);
  const { stdout } = await run(place, ['docker', 'netexec', '--doctor']);
  assert.match(
    stdout,
    new RegExp(`^  ✓ plugin +~/.docker/cli-plugins/docker-netexec, version ${version}, a single file$`, 'm'),
  );
  assert.match(stdout, /^ {2}✓ Node\.js +v\S+, \S+, found on PATH$/m);
  assert.match(stdout, /^ {2}· code +compiled anew in each call/m);
});
