// A container that the engine cannot tell about: the others are listed all the same, and what is missing is said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeProject } from '../unit/core/fake-project.ts';
import { fakeEngine } from '../fake-engine.ts';
import { makePlace, run, usePlugin } from './place.ts';

const plugin = usePlugin();

test('one container that cannot be inspected must not hide the others, nor its own listed names', async (context) => {
  const place = makePlace(context);
  const recording = fakeProject('shop')
    .network('backend')
    .service('web', { networks: { backend: { aliases: ['front'] } } })
    .service('db', { networks: { backend: { aliases: ['store'] } } })
    .recording();
  const broken = Object.values(recording.containers).find((container) => container['Name'] === '/shop-db-1');
  const refused = `GET /containers/${String(broken?.['Id'])}/json`;
  const engine = await fakeEngine(recording, place.socket, {
    reply: (request) => (request === refused ? { status: 500, json: { message: 'broken' } } : undefined),
  });
  place.cleanUp(() => engine.close());
  const { status, stdout, stderr } = await run(place, [plugin.file, 'netexec', '-p', 'shop', '-q', '--list-names']);
  const names = stdout.trim().split('\n');
  assert.deepEqual(
    [status, ['web', 'front', 'db'].every((name) => names.includes(name)), names.includes('store')],
    [0, true, false],
  );
  assert.match(stderr, /^netexec: warning: cannot read the aliases of shop-db-1: .*500: broken\n$/);
});
