// The plugin file: what docker asks of it, how it finds the executable, and that it stays out of COMMAND's way.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { helpText } from '../../src/core/arguments/help-text.ts';
import { withContainer } from './fake-container.ts';
import { copyPlugin, isRoot, makePlace, run, usePlugin } from './place.ts';
import type { Outcome, Place } from './place.ts';

const plugin = usePlugin();
const packageFile = join(import.meta.dirname, '../../package.json');
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
const versionLine = `docker-netexec version ${version}\n`;

describe('docker', () => {
  const withDocker = (place: Place): void => {
    place.env['DOCKER_CONFIG'] = plugin.config;
  };

  const rows: readonly (readonly [words: readonly string[], status: number, stdout: string, stderr: string])[] = [
    [['netexec', '--version'], 0, versionLine, ''],
    [['netexec', '--help'], 0, helpText, ''],
    [['netexec', '-h'], 0, helpText, ''],
    [['help', 'netexec'], 0, helpText, ''],
    [['--log-level', 'error', 'netexec', '--version'], 0, versionLine, ''],
    [['netexec', '--bogus'], 125, '', 'netexec: unknown flag: --bogus\nhint: see docker netexec --help\n'],
  ];
  for (const [words, status, stdout, stderr] of rows) {
    test(`${words.join(' ')} must be answered`, async (context) => {
      const place = makePlace(context);
      withDocker(place);
      assert.deepEqual(await run(place, ['docker', ...words]), { status, stdout, stderr });
    });
  }

  test('must list it among its commands', async (context) => {
    const place = makePlace(context);
    withDocker(place);
    const { stdout } = await run(place, ['docker', '--help']);
    assert.match(stdout, /^ {2}netexec\* +Run programs from this machine in the network of a Compose service$/m);
  });

  test('must list it among its plugins, without complaint', async (context) => {
    const place = makePlace(context);
    withDocker(place);
    const { stdout } = await run(place, ['docker', 'info', '--format', '{{json .ClientInfo.Plugins}}']);
    const plugins = JSON.parse(stdout) as readonly { Name: string; Err?: string; Version: string; Path: string }[];
    const own = plugins.find(({ Name }) => Name === 'netexec');
    assert.deepEqual([own?.Err, own?.Version, own?.Path], [undefined, version, plugin.file]);
  });

  test('must get nothing where it asks for hooks', async (context) => {
    const hooks = ['netexec', 'docker-cli-plugin-hooks', '{"RootCmd":"ps"}'];
    assert.deepEqual(await run(makePlace(context), [plugin.file, ...hooks]), { status: 0, stdout: '', stderr: '' });
  });
});

describe('called directly', () => {
  for (const words of [['--help'], ['-h'], ['help']]) {
    test(`${words.join(' ')} must print the help text`, async (context) => {
      const place = makePlace(context);
      delete place.env['DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND'];
      assert.deepEqual(await run(place, [plugin.file, ...words]), { status: 0, stdout: helpText, stderr: '' });
    });
  }
});

for (const shell of [['bash'], ['busybox', 'sh']]) {
  test(`COMMAND must ignore no signal that the caller does not, where sh is ${shell.join(' ')}`, async (context) => {
    const place = makePlace(context);
    await withContainer(place);
    place.env['XDG_RUNTIME_DIR'] = dirname(place.write('runtime/.keep', ''));
    const words = ['-p', 'shop', 'web', '--', 'grep', 'SigIgn', '/proc/self/status'];
    const { stdout } = await run(place, ['grep', 'SigIgn', '/proc/self/status']);
    assert.deepEqual(await run(place, [...shell, plugin.file, 'netexec', ...words]), { status: 0, stdout, stderr: '' });
  });
}

test('metadata must be had without the executable, or any other program', async (context) => {
  const place = makePlace(context);
  place.env['PATH'] = '/none';
  const alone = join(place.folder, 'docker-netexec');
  copyFileSync(plugin.file, alone);
  const { status, stdout, stderr } = await run(place, [alone, 'docker-cli-plugin-metadata']);
  assert.deepEqual([status, stderr, stdout.split('\n').length], [0, '', 2]);
  const metadata = JSON.parse(stdout) as Record<string, string>;
  assert.deepEqual([metadata['SchemaVersion'], metadata['Version']], ['0.1.0', version]);
});

describe('an executable that is gone must be missed in words', () => {
  const missing = (rest: string): Outcome => ({
    status: 125,
    stdout: '',
    stderr: `netexec: TMP/netexec/netexec is missing\nhint: install netexec again, or remove it: rm -r ${rest}\n`,
  });
  const launcherIn = (folder: string): string => {
    mkdirSync(join(folder, 'cli-plugins'), { recursive: true });
    const alone = join(folder, 'cli-plugins/docker-netexec');
    copyFileSync(plugin.file, alone);
    return alone;
  };

  test('where the launcher is alone', async (context) => {
    const place = makePlace(context);
    const outcome = await run(place, [launcherIn(place.folder), 'netexec', '--version']);
    assert.deepEqual(outcome, missing('TMP/cli-plugins/docker-netexec'));
  });

  test('where other files of it are there', async (context) => {
    const place = makePlace(context);
    place.write('netexec/completion.sh', '');
    const outcome = await run(place, [launcherIn(place.folder), 'netexec', '--version']);
    assert.deepEqual(outcome, missing('TMP/cli-plugins/docker-netexec TMP/netexec'));
  });

  test('with a line that a shell reads as it is meant', async (context) => {
    const place = makePlace(context);
    place.write("it's a folder/netexec/completion.sh", '');
    const { stderr } = await run(place, [launcherIn(join(place.folder, "it's a folder")), '--version']);
    const line = /remove it: (.*)$/m.exec(stderr)?.[1]?.replaceAll('TMP', place.folder) ?? '';
    await run(place, ['sh', '-c', line]);
    assert.deepEqual(readdirSync(join(place.folder, "it's a folder")), ['cli-plugins']);
    assert.deepEqual(readdirSync(join(place.folder, "it's a folder/cli-plugins")), []);
  });

  test('and one that may not be executed is not missing', async (context) => {
    const place = makePlace(context);
    place.write('netexec/netexec', '');
    assert.deepEqual(await run(place, [launcherIn(place.folder), '--version']), {
      status: 125,
      stdout: '',
      stderr:
        'netexec: cannot execute TMP/netexec/netexec\n' +
        'hint: findmnt -T TMP/netexec shows whether it is mounted noexec\n',
    });
  });
});

test('through a link it must find its files', async (context) => {
  const place = makePlace(context);
  const link = join(place.folder, 'a link');
  symlinkSync(plugin.file, join(place.folder, 'first'));
  symlinkSync('first', link);
  const words = ['netexec', '--version'];
  assert.deepEqual(await run(place, [link, ...words]), { status: 0, stdout: versionLine, stderr: '' });
  place.cwd = place.folder;
  assert.deepEqual(await run(place, ['./a link', ...words]), { status: 0, stdout: versionLine, stderr: '' });
});

/** A name that no shell can hold: the environment then goes by way of a file. docker hands it on. */
const oddName = { 'BASH_FUNC_f%%': '() { :; }' };

describe("COMMAND's words", { skip: isRoot ? false : 'needs root' }, () => {
  const trapped = '{"nodeOptions": {"require": ["./trap.cjs"]}}';
  const rows: readonly (readonly [options: readonly string[], what: string])[] = [
    [['--env-file=planted.env'], 'a file that is there'],
    [['--env-file', 'planted.env'], 'a file that is there'],
    [['--env-file=none.env'], 'a file that is not there'],
    [['--env-file-if-exists=planted.env'], 'a file that is there'],
    [['--experimental-config-file=planted.json'], 'a file that is there'],
    [['--experimental-config-file', 'planted.json'], 'a file that is there'],
    [['--experimental-config-file=none.json'], 'a file that is not there'],
    [['--experimental-default-config-file'], 'node.config.json'],
    [['--', '--require=./trap.cjs', '--inspect', ':', ''], 'options of others, and words that are odd'],
  ];
  for (const [way, odd] of [
    ['as the environment is', {}],
    ['by way of a file', oddName],
  ] as const) {
    for (const [options, what] of rows) {
      test(`must be COMMAND's alone: ${options.join(' ')}, ${what}, ${way}`, async (context) => {
        const place = makePlace(context);
        await withContainer(place);
        Object.assign(place.env, { DOCKER_CONFIG: plugin.config }, odd);
        place.write('work/trap.cjs', `require('fs').appendFileSync('${place.folder}/trapped', 'x')`);
        place.write('work/planted.env', 'PLANTED=yes\nNODE_OPTIONS=--require=./trap.cjs\n');
        for (const name of ['planted.json', 'node.config.json']) place.write(`work/${name}`, trapped);
        const command = ['sh', '-c', 'printf "[%s]" "$PLANTED" "$NODE_OPTIONS" "$@"', 'sh', 'server.js', ...options];
        const words = ['netexec', '-p', 'shop', '--resolver', 'host', 'web', ...command];
        const shown = ['', '', 'server.js', ...options].map((word) => `[${word}]`).join('');
        assert.deepEqual(await run(place, ['docker', ...words]), { status: 0, stdout: shown, stderr: '' });
        assert.ok(!existsSync(join(place.folder, 'trapped')));
      });
    }
  }

  test('may be many', async (context) => {
    const place = makePlace(context);
    await withContainer(place);
    const many = Array.from({ length: 1234 }, (_, index) => `${index} $(false) "'\\`);
    const words = ['-p', 'shop', '--resolver', 'host', 'web', 'printf', '%s\n', ...many];
    const stdout = many.map((word) => `${word}\n`).join('');
    assert.deepEqual(await run(place, [plugin.file, 'netexec', ...words]), { status: 0, stdout, stderr: '' });
  });
});

test(
  'an installation that others may not read must do for --user',
  { skip: isRoot ? false : 'needs root' },
  async (context) => {
    const place = makePlace(context);
    await withContainer(place);
    const home = join(place.folder, 'private');
    copyPlugin(plugin.config, home);
    chmodSync(home, 0o700);
    Object.assign(place.env, oddName, { DOCKER_CONFIG: home });
    const words = ['netexec', '-p', 'shop', '--resolver', 'host', '-u', '65534', 'web', 'id', '-u'];
    assert.deepEqual(await run(place, ['docker', ...words]), { status: 0, stdout: '65534\n', stderr: '' });
  },
);
