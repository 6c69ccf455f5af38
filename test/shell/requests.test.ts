// The fast path: what a run asks of the engine, which programs it starts and which of netexec's own files it reads.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { idOf, withContainer } from './fake-container.ts';
import { isRoot, makePlace, run, usePlugin } from './place.ts';
import type { Place } from './place.ts';

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

/** What strace(1) saw: the programs that were started, and the files of netexec's that were opened, in order. */
async function trace(place: Place, words: readonly string[]) {
  const log = join(place.folder, 'trace');
  const strace = ['strace', '-f', '-qq', '-e', 'trace=execve,openat', '-o', log];
  const outcome = await run(place, [...strace, plugin.file, 'netexec', ...words]);
  const lines = readFileSync(log, 'utf8').split('\n');
  const named = (call: RegExp): readonly string[] =>
    lines.flatMap((line) => (line.includes(' = -1 ') ? [] : (call.exec(line)?.[1] ?? [])));
  return {
    outcome,
    programs: named(/ execve\("([^"]+)"/).map((file) => basename(file)),
    files: named(/ openat\(AT_FDCWD, "([^"]+\.cjs)"/).map((file) => basename(file)),
  };
}

describe('a run', { skip: isRoot ? false : 'needs root' }, () => {
  test('must start nothing before the stage but Node, and read three files of its own', async (context) => {
    const place = makePlace(context);
    await withContainer(place);
    const words = ['-p', 'shop', '--resolver', 'host', 'web', '--', 'echo', 'hello'];
    const { outcome, programs, files } = await trace(place, words);
    assert.deepEqual(outcome, { status: 0, stdout: 'hello\n', stderr: '' });
    assert.deepEqual(programs.slice(0, programs.indexOf('sh') + 1), [
      'docker-netexec',
      'node',
      'setpriv',
      'nsenter',
      'sh',
    ]);
    assert.equal(programs.at(-1), 'echo');
    assert.deepEqual(files, ['netexec.cjs', 'main.cjs', 'enter.cjs']);
  });

  test('must start no program at all where it only says what it would do', async (context) => {
    const place = makePlace(context);
    await withContainer(place);
    const { outcome, programs } = await trace(place, ['-p', 'shop', '--dry-run', 'web', 'true']);
    assert.equal(outcome.status, 0);
    assert.deepEqual(programs, ['docker-netexec', 'node']);
  });
});

describe('the file that a run reads', () => {
  const packagesIn = (file: string): readonly string[] => {
    const text = readFileSync(join(plugin.config, 'netexec', file), 'utf8');
    // esbuild says where each part comes from.
    const names = [...text.matchAll(/^ *\/\/ \S*node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\/\S+$/gm)];
    return [...new Set(names.map(([, name = '']) => name))];
  };

  test('must hold no package at all: they are for reports and errors', () => {
    assert.deepEqual(packagesIn('main.cjs'), []);
    assert.ok(packagesIn('declared-project.cjs').includes('yaml'), 'the comments must be there to be read');
  });
});
