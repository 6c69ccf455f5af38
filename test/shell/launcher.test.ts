// The plugin file: what docker asks of it, which Node it takes, and that it stays out of COMMAND's way.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { helpText } from '../../src/core/arguments/help.ts';
import { withContainer } from './fake-container.ts';
import { isRoot, makePlace, run, usePlugin } from './place.ts';
import type { Place } from './place.ts';

const plugin = usePlugin();
const packageFile = join(import.meta.dirname, '../../package.json');
const { version, engines } = JSON.parse(readFileSync(packageFile, 'utf8')) as {
  version: string;
  engines: { node: string };
};
const versionLine = `docker-netexec version ${version}\n`;
const oldest = engines.node.replace('>=', '');
const [major = 0, minor = 0] = oldest.split('.').map(Number);

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
    assert.match(stdout, /^ {2}netexec\* +Run programs of this machine in the network of a Compose service$/m);
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

test('metadata must be had without Node, or any other program', async (context) => {
  const place = makePlace(context);
  place.env['PATH'] = '/none';
  const { status, stdout, stderr } = await run(place, [withNode(place, undefined), 'docker-cli-plugin-metadata']);
  assert.deepEqual([status, stderr, stdout.split('\n').length], [0, '', 2]);
  const metadata = JSON.parse(stdout) as Record<string, string>;
  assert.deepEqual([metadata['SchemaVersion'], metadata['Version']], ['0.1.0', version]);
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

/** A copy of the installed plugin that takes this text for the Node it was installed with. @returns its file */
function withNode(place: Place, program: string | undefined): string {
  const home = join(place.folder, 'installed');
  cpSync(plugin.config, home, { recursive: true, filter: (file) => !file.endsWith('/netexec/node') });
  const file = join(home, 'cli-plugins/docker-netexec');
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(/^netexec_node=.*$/m, `netexec_node=${program ?? '/none/node'}`);
  assert.notEqual(changed, text);
  writeFileSync(file, changed);
  return file;
}

/** A program that is this Node, but says it is another version. */
function nodeOfVersion(place: Place, pretended: string): string {
  const versions = `{ ...process.versions, node: '${pretended}' }`;
  const preload = place.write('pretend.cjs', `Object.defineProperty(process, 'versions', { value: ${versions} });`);
  const file = place.write('bin/node', `#!/bin/sh\nexec '${process.execPath}' --require '${preload}' "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('Node', () => {
  test('must be missed in words', async (context) => {
    const place = makePlace(context);
    place.env['PATH'] = '/none';
    assert.deepEqual(await run(place, [withNode(place, undefined), 'netexec', '--version']), {
      status: 125,
      stdout: '',
      stderr:
        'netexec: Node.js is not on this machine any more\nhint: install netexec again: it looks for one, or brings its own\n',
    });
  });

  test('must be found on PATH where the one of the installation is gone', async (context) => {
    const place = makePlace(context);
    nodeOfVersion(place, process.versions.node);
    place.env['PATH'] = join(place.folder, 'bin');
    const outcome = await run(place, [withNode(place, undefined), 'netexec', '--version']);
    assert.deepEqual(outcome, { status: 0, stdout: versionLine, stderr: '' });
  });

  const tooOld = (file: string, found: string): string =>
    `netexec: Node.js ${oldest} or newer is needed, and ${file} is ${found}\nhint: install a newer one, then netexec again; from a checkout it brings its own\n`;
  const versions: readonly (readonly [pretended: string, enough: boolean])[] = [
    [`${major - 4}.99.0`, false],
    [`${major}.${minor - 1}.9`, false],
    [`${major}.${minor}.0`, true],
    [`${major + 1}.0.0`, true],
  ];
  for (const [pretended, enough] of versions) {
    test(`${pretended} must be ${enough ? 'taken' : 'refused'}`, async (context) => {
      const place = makePlace(context);
      const outcome = await run(place, [withNode(place, nodeOfVersion(place, pretended)), 'netexec', '--version']);
      const refused = { status: 125, stdout: '', stderr: tooOld(process.execPath, pretended) };
      assert.deepEqual(outcome, enough ? { status: 0, stdout: versionLine, stderr: '' } : refused);
    });
  }

  const old = ['/usr/bin/node', '/usr/bin/nodejs'].find((file) => {
    return existsSync(file) && Number(/^v(\d+)/.exec(String(execFileSync(file, ['--version'])))?.[1]) < major;
  });
  test(
    'that is really old must be refused in words too, where it is found on PATH',
    { skip: old ? false : 'needs an old one' },
    async (context) => {
      const place = makePlace(context);
      place.env['PATH'] = dirname(old ?? '');
      const { status, stdout, stderr } = await run(place, [withNode(place, undefined), 'netexec', 'web']);
      assert.deepEqual([status, stdout], [125, '']);
      assert.match(stderr, new RegExp(`^netexec: Node.js ${oldest} or newer is needed, and `));
    },
  );
});

/** A name that no shell can hold: the environment then goes by way of another Node. docker hands it on. */
const oddName = { 'BASH_FUNC_f%%': '() { :; }' };

describe("the caller's NODE_OPTIONS", { skip: isRoot ? false : 'needs root' }, () => {
  for (const [name, odd] of [
    ['as it is', {}],
    ['by way of a file', oddName],
  ] as const) {
    test(`must reach COMMAND, ${name}, and no Node of netexec's`, async (context) => {
      const place = makePlace(context);
      await withContainer(place);
      const trap = place.write('trap.cjs', `require('fs').appendFileSync('${place.folder}/trapped', 'x')`);
      Object.assign(place.env, { NODE_OPTIONS: `--require=${trap}`, DOCKER_CONFIG: plugin.config }, odd);
      const command = ['env'];
      const words = ['netexec', '-p', 'shop', '--resolver', 'host', 'web', ...command];
      const { status, stdout, stderr } = await run(place, ['docker', ...words]);
      assert.deepEqual([status, stderr], [0, '']);
      const variables = stdout.split('\n').filter((line) => /NODE_OPTIONS|BASH_FUNC/.test(line));
      assert.deepEqual(variables.toSorted(), [
        ...Object.entries(odd).map(([key, value]) => `${key}=${value}`),
        'NODE_OPTIONS=--require=TMP/trap.cjs',
      ]);
      assert.ok(!existsSync(join(place.folder, 'trapped')));
    });
  }
});

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
    [['--', '--require=./trap.cjs', '--inspect', ':', ''], 'other options of Node, and words that are odd'],
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
    cpSync(plugin.config, home, { recursive: true });
    chmodSync(home, 0o700);
    Object.assign(place.env, oddName, { DOCKER_CONFIG: home });
    const words = ['netexec', '-p', 'shop', '--resolver', 'host', '-u', '65534', 'web', 'id', '-u'];
    assert.deepEqual(await run(place, ['docker', ...words]), { status: 0, stdout: '65534\n', stderr: '' });
  },
);
