// x-netexec: its keys are options, as if they were typed in front of what is; what is wrong is told with its line.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseArgv } from '../../../../src/core/arguments/argv.ts';
import { wantedAt } from '../../../../src/core/arguments/completion.ts';
import { choosePreset, presetClash, presetKeys } from '../../../../src/core/arguments/preset.ts';
import type { PresetEntry } from '../../../../src/core/arguments/preset.ts';
import { explain } from '../../../../src/core/failure/explain.ts';

const entryOf = (
  keys: Readonly<Record<string, unknown>>,
  service?: string,
  file = '/src/compose.yaml',
): PresetEntry => ({
  file,
  line: 3,
  service,
  keys: Object.entries(keys).map(([name, value], index) => ({ name, line: 4 + index, value, written: value })),
});

function presetOf(...entries: readonly PresetEntry[]) {
  const chosen = choosePreset(entries);
  if (!chosen.ok) return assert.fail(explain(chosen.failure).what);
  return chosen.value ?? assert.fail('there is none');
}

function runOf(words: readonly string[], preset: ReturnType<typeof presetOf>) {
  const request = parseArgv(['netexec', ...words], true, preset);
  return request.ok && request.value.action === 'run' ? request.value.run : assert.fail(JSON.stringify(request));
}

describe('a line without SERVICE must be read as if its preset had been typed in front', () => {
  const web = presetOf(
    entryOf({
      service: 'web',
      'service-env': true,
      forward: ['9229', 15432],
      network: 'back',
      command: ['npm', 'test'],
    }),
  );
  const rows: readonly (readonly [words: string, preset: ReturnType<typeof presetOf>, same: string])[] = [
    ['', web, '--service-env --forward 9229 --forward 15432 --network back web npm test'],
    ['-- vite --port 80', web, '--service-env --forward 9229 --forward 15432 --network back web vite --port 80'],
    ['--network front --service-env=false -- x', web, '--network front --forward 9229 --forward 15432 web x'],
    ['--forward 1 -- x', web, '--service-env --network back --forward 1 web x'],
    ['-- x', presetOf(entryOf({ wait: 'db:5432' }, 'web')), '--wait db:5432 web x'],
    ['-- x', presetOf(entryOf({ on: ['backend', 'cache'] })), '--on backend --on cache -- x'],
    ['', presetOf(entryOf({ service: 'web', command: 'npm test | tee log' })), 'web sh -c COMMAND'],
    ['-- x', presetOf(entryOf({ service: 'db' }), entryOf({ service: 'web' }, undefined, '/src/o.yaml')), 'web x'],
  ];
  for (const [words, preset, same] of rows)
    test(`docker netexec ${words} -> ${same}`, () => {
      const typed = parseArgv(
        ['netexec', ...same.split(' ')].map((word) => (word === 'COMMAND' ? 'npm test | tee log' : word)),
        true,
      );
      assert.ok(typed.ok && typed.value.action === 'run');
      const { preset: its, ...run } = runOf(words === '' ? [] : words.split(' '), preset);
      assert.deepEqual(run, typed.value.run);
      assert.equal(its?.source, `x-netexec in ${preset.entry.file}:3`);
    });
});

describe('what a run has of its preset must be told as it would be typed, and nothing that was typed', () => {
  const keys = { 'service-env': true, replace: false, forward: ['9229', 15432], service: 'web' };
  const rows: readonly (readonly [words: string, entry: PresetEntry, gives: string])[] = [
    [
      '',
      entryOf({ ...keys, command: 'npm run dev' }),
      '--service-env --replace=false --forward 9229 --forward 15432 web -- npm run dev',
    ],
    ['--forward 1 -- x', entryOf({ ...keys, command: 'y' }), '--service-env --replace=false web'],
    ['', entryOf({ command: ['npm', 'run', 'a b'] }, 'db'), `db -- npm run 'a b'`],
    ['', entryOf({ command: 'one\ntwo\n' }, 'db'), 'db -- one ...'],
    ['-- x', entryOf({ on: ['backend', 'cache'] }), '--on backend --on cache'],
  ];
  for (const [words, entry, gives] of rows)
    test(`docker netexec ${words} -> ${gives}`, () =>
      assert.equal(runOf(words === '' ? [] : words.split(' '), presetOf(entry)).preset?.gives, gives));

  test('with variables as they stand there', () => {
    const entry = entryOf({ service: 'web' });
    const command = { name: 'command', line: 9, value: 'login secret', written: 'login ${TOKEN}' };
    assert.equal(
      runOf([], presetOf({ ...entry, keys: [...entry.keys, command] })).preset?.gives,
      'web -- login ${TOKEN}',
    );
  });
});

describe('an option that does not go with a key must be told with the line of the key:', () => {
  const rows: readonly (readonly [words: string, keys: Readonly<Record<string, unknown>>, what: RegExp])[] = [
    ['--host-network -- x', { service: 'web', 'stand-in': true }, /^\/src\/compose.yaml:5: .*--stand-in.*together$/],
    ['--pid -- x', { 'stand-in': true, service: 'web' }, /^\/src\/compose.yaml:4: .*--stand-in.*together$/],
    ['--index 2 -- x', { on: 'backend' }, /^\/src\/compose.yaml:4: .*--on.*together$/],
  ];
  for (const [words, keys, what] of rows)
    test(words, () => {
      const preset = presetOf(entryOf(keys));
      const request = parseArgv(['netexec', ...words.split(' ')], true, preset);
      assert.ok(!request.ok);
      const told = explain(presetClash(request.failure, preset));
      assert.match(told.what, what);
      assert.match(told.hint ?? '', /leave one of them out|;/);
    });
});

describe('an entry that is wrong must be told with its line', () => {
  const rows: readonly (readonly [entry: PresetEntry, what: string, hint?: RegExp])[] = [
    [
      entryOf({ service: 'web', forwards: 1 }),
      '/src/compose.yaml:5: x-netexec has no key "forwards"',
      /^did you mean forward\?$/,
    ],
    [
      entryOf({ user: 'root', service: 'web' }),
      '/src/compose.yaml:4: x-netexec has no key "user"',
      /^valid keys: service, command, /,
    ],
    [entryOf({ service: ['web'] }), '/src/compose.yaml:4: service: expected a service name'],
    [entryOf({ service: 'web', 'service-env': 'yes' }), '/src/compose.yaml:5: service-env: expected true or false'],
    [
      entryOf({ service: 'web', forward: null }),
      '/src/compose.yaml:5: forward: expected a string, or a list of strings',
    ],
    [entryOf({ service: 'web', forward: [] }), '/src/compose.yaml:5: forward: expected a string, or a list of strings'],
    [
      entryOf({ service: 'web', command: { a: 1 } }),
      '/src/compose.yaml:5: command: expected a string, or a list of strings',
    ],
    [
      entryOf({ command: 'x' }),
      '/src/compose.yaml:3: x-netexec does not say where COMMAND runs',
      /service: NAME, or on: NETWORK/,
    ],
    [
      entryOf({ service: 'web', on: 'a' }),
      '/src/compose.yaml:3: x-netexec has both service and on: use only one of them',
    ],
    [
      entryOf({ service: 'web' }, 'web'),
      '/src/compose.yaml:4: service: this x-netexec is in service web, and means that service',
    ],
    [entryOf({ on: 'a' }, 'web'), '/src/compose.yaml:3: on: this x-netexec is in service web, and COMMAND runs there'],
  ];
  for (const [entry, what, hint = /./] of rows)
    test(what, () => {
      const chosen = choosePreset([entry]);
      assert.ok(!chosen.ok);
      const told = explain(chosen.failure);
      assert.equal(told.what, what);
      assert.match(told.hint ?? '', hint);
    });

  test('what an option refuses, too, in its words', () => {
    const chosen = choosePreset([entryOf({ service: 'web', forward: '99999' })]);
    assert.ok(!chosen.ok);
    assert.match(explain(chosen.failure).what, /^\/src\/compose\.yaml:5: .*99999/);
  });

  test('two of them', () => {
    const chosen = choosePreset([entryOf({}, 'web'), entryOf({}, 'db')]);
    assert.ok(!chosen.ok);
    assert.equal(
      explain(chosen.failure).what,
      'more than one x-netexec found: /src/compose.yaml:3 (in web), /src/compose.yaml:3 (in db)',
    );
  });
});

test('no key must be more than where COMMAND runs, and what it gets', () => {
  for (const each of ['user', 'cap-add', 'elevate', 'pid', 'container', 'file', 'index'])
    assert.ok(!presetKeys.includes(each), each);
});

test('a TAB behind the -- must be for COMMAND where a preset names the service', () => {
  assert.equal(wantedAt(['--', 'np']).kind, 'services');
  assert.equal(wantedAt(['--', 'np'], true).kind, 'commands');
  assert.deepEqual(wantedAt(['--', 'cat', 'no'], true), { kind: 'these', candidates: [], directive: 0 });
  assert.equal(wantedAt(['w'], true).kind, 'services');
});
