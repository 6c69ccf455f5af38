// --on with an engine that does not go along: what it refuses is said, and what it has made is removed.
import assert from 'node:assert/strict';
import { release } from 'node:os';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fakeEngine } from '../fake-engine.ts';
import type { Reply } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import { helper, helperReplies, startContainer } from './fake-container.ts';
import { makePlace, run, usePlugin } from './place.ts';

const plugin = usePlugin();
/** None of the project's containers runs any more, by which its kernel could be told; the engine says that it is this one. */
const ofThisKernel: Readonly<Record<string, Reply>> = {
  'GET /info': { status: 200, json: { KernelVersion: release() } },
  ...Object.fromEntries(
    Object.values(recordingWith().containers).map(({ Id: id }): [string, Reply] => [
      `GET /containers/${String(id)}/json`,
      { status: 404, json: { message: 'gone' } },
    ]),
  ),
};
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
    'that tells nothing of itself',
    {
      'GET /info': { status: 200, json: null },
      [`POST /containers/${helper}/start`]: refused('no address is left'),
    },
    /^netexec: the engine answered POST \/containers\/ID\/start with status 500: no address is left\n$/,
  ],
  [
    'whose container has ended at once',
    { [`GET /containers/${helper}/json`]: { status: 404, json: { message: 'gone' } } },
    /^netexec: ab+.* exited before netexec entered its network\n/,
  ],
];

for (const [title, replies, said] of rows) {
  test(`an engine ${title} must be told of, and have nothing left`, async (context) => {
    const place = makePlace(context);
    const answers = { ...ofThisKernel, ...helperReplies, ...replies };
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

test('an engine that does not remove the place must be waited for a few seconds, and the line that does be told', async (context) => {
  const place = makePlace(context);
  const pid = await startContainer(place, helper);
  const recording = recordingWith({ folder: place.cwd });
  const engine = await fakeEngine(recording, place.socket, {
    reply: (request) => answers[request] ?? helperReplies[request] ?? ofThisKernel[request],
  });
  const made = { ...recording.containers['shop-web-1'], Id: helper, Name: '/docker-netexec-made' };
  const answers: Readonly<Record<string, Reply>> = {
    [`GET /containers/${helper}/json`]: {
      status: 200,
      json: { ...made, State: { Status: 'running', Pid: pid, ExitCode: 0 } },
    },
    [`DELETE /containers/${helper}`]: 'silence',
  };
  place.cleanUp(() => engine.close());
  place.env['XDG_RUNTIME_DIR'] = dirname(place.write('runtime/.keep', ''));
  const begun = performance.now();
  const words = ['netexec', '-p', 'shop', '--on', 'backend', '--', 'sh', '-c', 'exit 7'];
  const outcome = await run(place, [plugin.file, ...words]);
  assert.deepEqual([outcome.status, outcome.stdout], [7, ''], outcome.stderr);
  assert.match(
    outcome.stderr,
    /^netexec: warning: the engine did not confirm that container docker-netexec-made was removed \(docker rm -f docker-netexec-made\)$/m,
  );
  assert.ok(engine.requests.includes(`DELETE /containers/${helper}`));
  assert.ok(performance.now() - begun < 14_000, 'it was waited for as long as for an answer');
});
