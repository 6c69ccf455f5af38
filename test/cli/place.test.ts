// --on with an engine that does not go along: what it refuses is said, and what it has made is removed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeEngine } from '../fake-engine.ts';
import type { Reply } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import { helper, helperReplies } from './fake-container.ts';
import { makePlace, run, usePlugin } from './place.ts';

const plugin = usePlugin();
const refused = (message: string): Reply => ({ status: 500, json: { message } });

const rows: readonly (readonly [title: string, replies: Readonly<Record<string, Reply>>, said: RegExp])[] = [
  [
    'that starts no container',
    { [`POST /containers/${helper}/start`]: refused('no address is left') },
    /^netexec: the engine answered POST \/containers\/ID\/start with status 500: no address is left\n$/,
  ],
  [
    'that attaches nothing',
    { [`POST /containers/${helper}/attach`]: refused('not now') },
    /^netexec: the engine answered POST \/containers\/ID\/attach with status 500: not now\n$/,
  ],
  [
    'whose container has ended at once',
    { [`GET /containers/${helper}/json`]: { status: 404, json: { message: 'gone' } } },
    /^netexec: ab+.* has ended, before its network was entered\n/,
  ],
];

for (const [title, replies, said] of rows) {
  test(`an engine ${title} must be told of, and have nothing left`, async (context) => {
    const place = makePlace(context);
    const answers = { ...helperReplies, ...replies };
    const engine = await fakeEngine(recordingWith({ folder: place.cwd }), place.socket, {
      reply: (request) => answers[request],
    });
    place.cleanUp(() => engine.close());
    const words = ['netexec', '-p', 'shop', '--on', 'backend', '--', 'true'];
    const outcome = await run(place, [plugin.file, ...words]);
    assert.deepEqual([outcome.status, outcome.stdout], [125, '']);
    assert.match(outcome.stderr, said);
    assert.ok(engine.requests.includes(`DELETE /containers/${helper}`), engine.requests.join('\n'));
  });
}
