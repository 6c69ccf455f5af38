// The container ends between the engine's last answer and the entry: that is said in netexec's words, with its status.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fakeEngine } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import { idOf, startContainer } from './fake-container.ts';
import { isRoot, makePlace, run, usePlugin } from './place.ts';

const plugin = usePlugin();
const name = 'shop-web-1';

const rows = [
  { title: 'with the status that the engine tells', status: 7, told: `${name} has ended with status 7, before` },
  { title: 'without one where it tells none', status: undefined, told: `${name} has ended, before` },
];

for (const { title, status, told } of rows) {
  test(
    `a container that is gone by the time of the entry must be told of, ${title}`,
    { skip: !isRoot },
    async (context) => {
      const place = makePlace(context);
      place.env['XDG_RUNTIME_DIR'] = dirname(place.write('runtime/.keep', ''));
      const pid = await startContainer(place, idOf(name));
      const died = {
        Type: 'container',
        Action: 'die',
        Actor: { ID: idOf(name), Attributes: { exitCode: `${status}` } },
      };
      const engine = await fakeEngine(recordingWith({ folder: place.cwd, pids: { [name]: pid } }), place.socket, {
        reply: (request) => {
          // Asked for the addresses of HOSTALIASES files: the process has been looked at by then.
          if (request === 'GET /networks') process.kill(pid, 'SIGKILL');
          return request === 'GET /events' ? { status: 200, json: status === undefined ? {} : died } : undefined;
        },
        hold: (request) => (request === 'GET /networks' ? isGone(pid) : Promise.resolve()),
      });
      place.cleanUp(() => engine.close());
      const words = ['netexec', '-p', 'shop', '--resolver', 'hostaliases', 'web', '--', 'true'];
      const outcome = await run(place, [plugin.file, ...words]);
      assert.ok(engine.requests.includes('GET /networks'));
      assert.deepEqual([outcome.status, outcome.stdout], [125, '']);
      assert.equal(
        outcome.stderr,
        `netexec: ${told} its network was entered\nhint: docker logs ${name} may tell why\n`,
      );
    },
  );
}

async function isGone(pid: number): Promise<void> {
  while (existsSync(`/proc/${pid}`)) await pause(5);
}
