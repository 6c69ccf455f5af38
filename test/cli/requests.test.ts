// The fast path: what a run asks of the engine, which programs it starts, and that it loads no packages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { idOf, withContainer } from './fake-container.ts';
import { isRoot, makePlace, run, usePlugin } from './place.ts';
import type { Place } from './place.ts';

const plugin = usePlugin();
const list = 'GET /containers/json';
const inspectOf = (name: string): string => `GET /containers/${idOf(name)}/json`;
const inspectWeb = inspectOf('shop-web-1');

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

describe('Podman must be known by the heads of its answers, and asked', () => {
  const others = ['shop-ledger-1', 'shop-postgres-1', 'shop-web-1', 'shop-web-2', 'shop-web-run'].map(inspectOf);
  const rows: readonly (readonly [name: string, words: readonly string[], requests: readonly string[]])[] = [
    ['no more than docker, which has HOSTALIASES', ['-p', 'shop', 'web'], [list, inspectWeb]],
    [
      'for the addresses of a network that is pinned',
      ['-p', 'shop', '--network', 'backend', 'web'],
      [list, inspectWeb, list, ...others],
    ],
  ];
  for (const [name, words, requests] of rows) {
    test(name, async (context) => {
      const place = makePlace(context);
      const engine = await withContainer(place, 'shop-web-1', { podman: '5.4.2' });
      const outcome = await run(place, [plugin.file, 'netexec', '--dry-run', ...words, 'true']);
      assert.deepEqual([outcome.status, outcome.stderr], [0, '']);
      assert.doesNotMatch(outcome.stdout, /HOSTALIASES/);
      assert.deepEqual(engine.requests.toSorted(), requests.toSorted());
    });
  }
});

describe('--check must ask the engine each question once, and so take no two process numbers for one container:', () => {
  const neighbours = ['shop-ledger-1', 'shop-postgres-1', 'shop-web-2', 'shop-web-run'].map(inspectOf);
  const around = [list, 'GET /networks', ...neighbours];
  const rows: readonly (readonly [name: string, words: readonly string[], requests: readonly string[]])[] = [
    ['of a service', ['-p', 'shop', 'web', 'postgres:5432', 'ledger:1'], [inspectWeb, ...around]],
    ['of a service, by a folder', ['web', 'postgres:5432'], [inspectWeb, ...around]],
    [
      'of a container, by its name',
      ['--container', 'shop-web-1', 'db:1'],
      ['GET /containers/shop-web-1/json', ...around],
    ],
    ['of all that a service reaches', ['web'], [inspectWeb, ...around]],
  ];
  for (const [name, words, requests] of rows) {
    test(name, { skip: isRoot ? false : 'needs root' }, async (context) => {
      const place = makePlace(context);
      place.write('work/compose.yaml', '');
      const engine = await withContainer(place);
      const outcome = await run(place, [plugin.file, 'netexec', '--timeout', '1', '--check', ...words]);
      assert.equal(outcome.stderr, '');
      assert.deepEqual(engine.requests.toSorted(), requests.toSorted());
    });
  }
});

/** What strace(1) saw of the programs that were started, in order. */
async function trace(place: Place, words: readonly string[]) {
  const log = join(place.folder, 'trace');
  const strace = ['strace', '-f', '-qq', '-e', 'trace=execve', '-o', log];
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
  };
}

describe('a run', { skip: isRoot ? false : 'needs root' }, () => {
  test('must start nothing before the stage but the executable', async (context) => {
    const place = makePlace(context);
    await withContainer(place);
    const words = ['-p', 'shop', '--resolver', 'host', 'web', '--', 'echo', 'hello'];
    const { outcome, guards, programs } = await trace(place, words);
    assert.deepEqual(outcome, { status: 0, stdout: 'hello\n', stderr: '' });
    assert.equal(guards, 1);
    assert.deepEqual(programs.slice(0, programs.indexOf('sh') + 1), [
      'docker-netexec',
      'netexec',
      'setpriv',
      'nsenter',
      'sh',
    ]);
    assert.equal(programs.at(-1), 'echo');
  });

  test('must start no more programs than it takes to lay the view', async (context) => {
    const place = makePlace(context);
    await withContainer(place);
    place.env['XDG_RUNTIME_DIR'] = dirname(place.write('runtime/.keep', ''));
    const { outcome, programs } = await trace(place, ['-p', 'shop', 'web', '--', 'echo', 'hello']);
    assert.deepEqual(outcome, { status: 0, stdout: 'hello\n', stderr: '' });
    assert.ok(programs.length <= 14, programs.join(' '));
  });

  test('must start no program at all where it only says what it would do', async (context) => {
    const place = makePlace(context);
    await withContainer(place);
    const { outcome, programs } = await trace(place, ['-p', 'shop', '--dry-run', 'web', 'true']);
    assert.equal(outcome.status, 0);
    assert.deepEqual(programs, ['docker-netexec', 'netexec']);
  });
});

describe('what a run loads', () => {
  /** The packages among what these files import, and what those do, but for what is imported on demand. */
  function packagesOf(...files: readonly string[]): readonly string[] {
    const packages = new Set<string>();
    const seen = new Set(files.map((file) => join(import.meta.dirname, '../../src', file)));
    for (const file of seen) {
      const code = file.endsWith('.ts') ? readFileSync(file, 'utf8') : '';
      for (const [, name = ''] of code.matchAll(/^(?:import|export) (?!type\b)(?:[^;]* from )?'([^']+)'/gm)) {
        if (name.startsWith('.')) seen.add(join(file, '..', name));
        else if (!/^(?:node|bun):/.test(name)) packages.add(name);
      }
    }
    return [...packages];
  }

  test('must be no package at all: they are for reports and errors', () => {
    assert.deepEqual(
      packagesOf('start.ts', 'as-called.ts', 'shell/enter/supervise.ts', 'shell/enter/helper-container.ts'),
      [],
    );
    assert.deepEqual(packagesOf('shell/compose/declared-project.ts').includes('yaml'), true);
  });

  test('must be no shell text: each would be a file in the executable, and is part of the code', () => {
    const executable = readFileSync(join(plugin.config, 'netexec/netexec'), 'latin1');
    const files = new Set(executable.match(/\$bunfs\/root\/[\w.-]+\.(?!js)\w+/g));
    assert.deepEqual(
      [...files].map((file) => file.replace(/.*\./, '')),
      ['1'],
    );
  });
});
