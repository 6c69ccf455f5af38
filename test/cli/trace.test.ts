// NETEXEC_TRACE: the drawing of where the time of a call went. How long anything takes is nobody's promise here.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { withContainer } from './fake-container.ts';
import { isRoot, makePlace, run, usePlugin } from './place.ts';
import type { Place } from './place.ts';

const plugin = usePlugin();

async function makeShop(context: TestContext): Promise<Place> {
  const place = makePlace(context);
  place.env['XDG_RUNTIME_DIR'] = dirname(place.write('runtime/.keep', ''));
  await withContainer(place);
  return place;
}

const netexec = (...words: readonly string[]): readonly string[] => [plugin.file, 'netexec', '-p', 'shop', ...words];

/** What each line of the drawing is about, in order; each must have its two numbers and a bar. */
function stagesOf(drawing: string): readonly string[] {
  const [head = '', columns, ...lines] = drawing.trimEnd().split('\n');
  assert.match(head, /^netexec: \d+\.\d ms since netexec started(; docker started about \d+ ms earlier)?$/);
  assert.equal(columns, '   from     ms');
  return lines.map((line) => {
    const [, stage] = /^ *\d+\.\d +\d+\.\d {2}(?=.{0,39}█).{40} {2}(.+)$/.exec(line) ?? [];
    assert.ok(stage, line);
    return stage;
  });
}

test('a run must be drawn from its start to its end', { skip: isRoot ? false : 'needs root' }, async (context) => {
  const place = await makeShop(context);
  place.env['NETEXEC_TRACE'] = '2';
  // Where a file tells that COMMAND starts, and not a pipe, that cannot be drawn: with another working directory than
  // PWD says, and where the parent has a descriptor 9, as the test runner has.
  place.env['PWD'] = place.cwd;
  const words = netexec('web', '--', 'sh', '-c', 'sleep 0.3; echo hello; exit 3');
  const { status, stdout, stderr } = await run(place, ['sh', '-c', '"$@"; exit $?', 'sh', ...words]);
  assert.deepEqual([status, stdout], [3, 'hello\n']);
  assert.deepEqual(stagesOf(stderr), [
    'start netexec',
    'load netexec',
    'read the command line',
    'GET /containers/json',
    'look at this machine',
    'load the entry',
    'GET /containers/ID/json',
    'make the plan',
    'write HOSTALIASES files',
    'start the entry',
    'enter, up to COMMAND',
    'COMMAND',
    'end netexec',
  ]);
});

test('a file must get one drawing after the other', async (context) => {
  const place = await makeShop(context);
  const file = join(place.folder, 'drawings');
  place.env['NETEXEC_TRACE'] = file;
  for (const words of [['--list-networks'], ['--dry-run', 'web', 'true']]) {
    const { status, stderr } = await run(place, netexec(...words));
    assert.deepEqual([status, stderr], [0, '']);
  }
  const drawings = readFileSync(file, 'utf8').split(/(?=^netexec: )/m);
  assert.equal(drawings.length, 2);
  assert.ok(stagesOf(drawings[0] ?? '').includes('GET /networks'));
  assert.ok(stagesOf(drawings[1] ?? '').includes('make the plan'));
});

test('a call that fails must be drawn as well, behind what it says', async (context) => {
  const place = await makeShop(context);
  place.env['NETEXEC_TRACE'] = '2';
  const { status, stderr } = await run(place, netexec('kafka', 'true'));
  assert.equal(status, 125);
  const [said = '', drawing = ''] = stderr.split(/^(?=netexec: \d)/m);
  assert.match(said, /^netexec: no service "kafka" in project "shop"/);
  assert.ok(stagesOf(drawing).includes('GET /containers/json'));
});

test('Compose, where it is asked, must be drawn as such, and not as an entry', async (context) => {
  const place = await makeShop(context);
  place.env['NETEXEC_TRACE'] = '2';
  place.write('work/compose.yaml', 'name: shop\nservices: {web: {image: x}}\n');
  chmodSync(place.write('bin/docker', '#!/bin/sh\nsleep 0.1; echo \'{"name": "shop"}\'\n'), 0o755);
  place.env['PATH'] = `${join(place.folder, 'bin')}:${place.env['PATH']}`;
  const { stderr } = await run(place, [plugin.file, 'netexec', 'kafka', 'true']);
  const stages = stagesOf(stderr.slice(stderr.search(/^netexec: \d/m)));
  assert.ok(stages.includes('docker compose config'), stderr);
  assert.ok(!stages.includes('start the entry'), stderr);
});

test('nothing must be drawn where nobody asks', async (context) => {
  const place = await makeShop(context);
  place.env['NETEXEC_TRACE'] = '';
  assert.equal((await run(place, netexec('--list-networks', '-q'))).stderr, '');
});
