// The fast path: what a run asks of the engine, which programs it starts and which of netexec's own files it reads.
import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { idOf, withContainer } from './fake-container.ts';
import { build } from 'esbuild';
import { bundleOptions } from '../../scripts/bundle.ts';
import { isRoot, makePlace, run, usePlugin } from './place.ts';
import type { Place, Plugin } from './place.ts';

const plugin = usePlugin();
const list = 'GET /containers/json';
const inspectWeb = `GET /containers/${idOf('shop-web-1')}/json`;

describe('the engine must be asked no more than', () => {
  const rows: readonly (readonly [name: string, words: readonly string[], requests: readonly string[]])[] = [
    ['one list and one container, by a project name', ['-p', 'shop', 'web'], [list, inspectWeb]],
    ['one list and one container, by a folder', ['web'], [list, inspectWeb]],
    ['one list and one container, by an index', ['--index', '1', 'web'], [list, inspectWeb]],
    ['one container, by its name', ['--container', 'shop-web-1'], ['GET /containers/shop-web-1/json']],
  ];
  for (const [name, words, requests] of rows) {
    test(name, async (context) => {
      const place = makePlace(context);
      place.write('work/compose.yaml', '');
      const engine = await withContainer(place);
      const outcome = await run(place, [plugin.file, 'netexec', '--dry-run', ...words, 'true']);
      assert.deepEqual([outcome.status, outcome.stderr], [0, '']);
      assert.deepEqual(engine.requests, requests);
    });
  }
});

/** The Node that the installation runs with: its own, or the one that the plugin file names. */
function nodeOf({ config, file }: Plugin): string {
  const own = join(config, 'netexec/node');
  return existsSync(own) ? own : (/^netexec_node='(.*)'$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '');
}

/** What strace(1) saw: the programs that were started, and the files of netexec's that were opened, in order. */
async function trace(place: Place, words: readonly string[]) {
  const log = join(place.folder, 'trace');
  const strace = ['strace', '-f', '-qq', '-e', 'trace=execve,openat', '-o', log];
  const outcome = await run(place, [...strace, plugin.file, 'netexec', ...words]);
  const all = readFileSync(log, 'utf8').split('\n');
  // Beside all else, and whenever it comes to it, the guard starts.
  const isGuard = (line: string): boolean => line.includes('"-c", "process=$1 waits=$2');
  const lines = all.filter((line) => !isGuard(line));
  const named = (call: RegExp): readonly string[] =>
    lines.flatMap((line) => (line.includes(' = -1 ') ? [] : (call.exec(line)?.[1] ?? [])));
  return {
    outcome,
    guards: all.filter(isGuard).length,
    programs: named(/ execve\("([^"]+)"/).map((file) => basename(file)),
    files: named(/ openat\(AT_FDCWD, "([^"]+\.cjs(?:\.code)?)"/).map((file) => basename(file)),
  };
}

const runFiles = ['netexec.cjs', 'main.cjs', 'main.cjs.code', 'supervise.cjs', 'supervise.cjs.code'];

describe('a run', { skip: isRoot ? false : 'needs root' }, () => {
  test('must start nothing before the stage but Node, and read three files of its own, and the code of two', async (context) => {
    const place = makePlace(context);
    await withContainer(place);
    const words = ['-p', 'shop', '--resolver', 'host', 'web', '--', 'echo', 'hello'];
    const { outcome, guards, programs, files } = await trace(place, words);
    assert.deepEqual(outcome, { status: 0, stdout: 'hello\n', stderr: '' });
    assert.equal(guards, 1);
    assert.deepEqual(programs.slice(0, programs.indexOf('sh') + 1), [
      'docker-netexec',
      'node',
      'setpriv',
      'nsenter',
      'sh',
    ]);
    assert.equal(programs.at(-1), 'echo');
    assert.deepEqual(files, runFiles);
  });

  test('must start no more programs than it takes to lay the view', async (context) => {
    const place = makePlace(context);
    await withContainer(place);
    place.env['XDG_RUNTIME_DIR'] = dirname(place.write('runtime/.keep', ''));
    const { outcome, programs } = await trace(place, ['-p', 'shop', 'web', '--', 'echo', 'hello']);
    assert.deepEqual(outcome, { status: 0, stdout: 'hello\n', stderr: '' });
    assert.ok(programs.length <= 14, programs.join(' '));
  });

  test('must load none of those modules of Node that take long', async (context) => {
    const place = makePlace(context);
    await withContainer(place);
    place.env['XDG_RUNTIME_DIR'] = dirname(place.write('runtime/.keep', ''));
    const log = join(place.folder, 'modules');
    const hook = `process.on('exit', () => require('node:fs').writeFileSync('${log}', process.moduleLoadList.join('\\n')))`;
    const words = ['--require', place.write('hook.cjs', hook), join(plugin.config, 'netexec/netexec.cjs'), '', ''];
    const outcome = await run(place, [nodeOf(plugin), ...words, 'netexec', '-p', 'shop', 'web', '--', 'true']);
    assert.deepEqual(outcome, { status: 0, stdout: '', stderr: '' });
    const loaded = readFileSync(log, 'utf8').split('\n');
    assert.ok(loaded.includes('NativeModule net'), 'the list must be what it seems');
    const slow = ['http', 'https', 'tls', 'crypto', 'zlib', 'perf_hooks', 'readline', 'worker_threads', 'fs/promises'];
    assert.deepEqual(
      slow.filter((name) => loaded.includes(`NativeModule ${name}`)),
      [],
    );
  });

  test('must start no program at all where it only says what it would do', async (context) => {
    const place = makePlace(context);
    await withContainer(place);
    const { outcome, programs } = await trace(place, ['-p', 'shop', '--dry-run', 'web', 'true']);
    assert.equal(outcome.status, 0);
    assert.deepEqual(programs, ['docker-netexec', 'node']);
  });
});

describe('the files that a run reads', () => {
  const packagesIn = async (...files: readonly string[]): Promise<readonly string[]> => {
    const entryPoints = files.map((file) => join(import.meta.dirname, '../../src', file));
    const options = { ...bundleOptions('0.0.0', new Set()), entryPoints };
    const { metafile } = await build({ ...options, outdir: '/none', write: false, metafile: true });
    return Object.keys(metafile.inputs).filter((input) => input.includes('node_modules/'));
  };

  test('must hold no package at all: they are for reports and errors', async () => {
    assert.deepEqual(await packagesIn('main.ts', 'shell/supervise.ts', 'shell/helper-container.ts'), []);
    assert.ok((await packagesIn('shell/declared-project.ts')).some((file) => file.includes('/yaml/')));
  });

  test("and all others, must look for nothing but each other and what is Node's own", () => {
    const folder = join(plugin.config, 'netexec');
    const names = readdirSync(folder);
    const wanted = names
      .filter((name) => name.endsWith('.cjs'))
      .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/\brequire\("([^"]+)"\)/g)])
      .map(([, name = '']) => name);
    assert.ok(wanted.includes('node:fs') && wanted.includes('./supervise.cjs'));
    const others = wanted.filter((name) => !isBuiltin(name) && !names.includes(name.replace(/^\.\//, '')));
    // src/load.ts itself stands in netexec.cjs.
    assert.deepEqual([...new Set(others)], ['./load.cjs']);
  });

  test('must be 400 KB at most, with the code that V8 made of them', () => {
    const sizes = runFiles.map((file) => statSync(join(plugin.config, 'netexec', file)).size);
    const sum = sizes.reduce((total, size) => total + size, 0);
    assert.ok(sum > 100_000 && sum <= 400_000, `${sum} bytes`);
  });
});

describe('the code that V8 made at installation', () => {
  const main = (place: Place): string => join(place.folder, 'docker/netexec/main.cjs.code');
  const version = async (place: Place): Promise<string> => {
    const { status, stdout, stderr } = await run(place, [
      join(place.folder, 'docker/cli-plugins/docker-netexec'),
      '--version',
    ]);
    assert.deepEqual([status, stderr], [0, '']);
    return stdout;
  };

  test('must be taken by the Node of the installation, all of it', async (context) => {
    const place = makePlace(context);
    const folder = join(plugin.config, 'netexec');
    const files = readdirSync(folder).filter((file) => file.endsWith('.code'));
    assert.ok(files.includes('main.cjs.code') && files.includes('report.cjs.code'));
    // Whoever loads a file by netexec's own hand is told whether V8 took its code.
    const hook = `const vm = require('node:vm');
      vm.Script = class extends vm.Script {
        constructor(source, options) {
          super(source, options);
          console.log(this.cachedDataRejected);
        }
      };`;
    const words = [
      '--require',
      place.write('hook.cjs', hook),
      join(folder, 'netexec.cjs'),
      '',
      '',
      'netexec',
      '--version',
    ];
    const { stdout } = await run(place, [nodeOf(plugin), ...words]);
    assert.match(stdout, /^false\ndocker-netexec version /);
  });

  const rows: readonly (readonly [name: string, change: (file: string) => void])[] = [
    ['that is not there', (file) => rmSync(file)],
    ['that is none', (file) => writeFileSync(file, 'x'.repeat(100_000))],
    ['that is cut off', (file) => truncateSync(file, 10_000)],
    ["that is another version's", (file) => writeFileSync(file, readFileSync(file).fill(7, 4, 8))],
  ];
  for (const [name, change] of rows) {
    test(`must do no harm where it is one ${name}`, async (context) => {
      const place = makePlace(context);
      cpSync(plugin.config, join(place.folder, 'docker'), { recursive: true });
      const before = await version(place);
      change(main(place));
      assert.equal(await version(place), before);
    });
  }
});
