// The container ends between the engine's last answer and the entry: that is said in netexec's words, with its status.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fakeEngine } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import { helper, helperReplies, idOf, startContainer } from './fake-container.ts';
import { endingAt } from './ending-container.ts';
import type { Step } from './ending-container.ts';
import { isRoot, makePlace, run, usePlugin } from './place.ts';

const plugin = usePlugin();
const name = 'shop-web-1';

const rows = [
  { title: 'with the status that the engine tells', status: 7, told: `${name} exited with status 7 before` },
  { title: 'without one where it tells none', status: undefined, told: `${name} exited before` },
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
        `netexec: ${told} netexec entered its network\nhint: see why: docker logs ${name}\n`,
      );
    },
  );
}

const asRoot: readonly string[] = [];
const bySudo = ['--elevate', 'sudo'];

interface Row extends Step {
  readonly words: readonly string[];
  /** Held by then, its network and files are there until COMMAND ends. */
  readonly starts?: boolean;
  /** Whether its resolv.conf is not for everybody: that is not what there is to say. */
  readonly secret?: boolean;
}

const steps: readonly Row[] = [
  { program: 'setpriv', time: 1, words: asRoot },
  { program: 'setpriv', time: 2, words: asRoot, starts: true },
  { program: 'setpriv', time: 2, words: asRoot, secret: true },
  { program: 'nsenter', time: 2, words: bySudo },
  { program: 'nsenter', time: 3, words: bySudo },
  { program: 'setpriv', time: 1, words: bySudo, starts: true },
  ...[asRoot, bySudo].flatMap((words): readonly Row[] => [
    { program: 'nsenter', time: 1, words },
    { program: 'unshare', time: 1, words },
    { program: 'mount', time: 1, words },
    { program: 'mount', time: 2, words, starts: true },
  ]),
  // No process can be started in a process namespace whose first has ended.
  ...[asRoot, bySudo].flatMap((way): readonly Row[] => {
    const words = [...way, '--pid'];
    return [
      { program: 'unshare', time: 1, words },
      { program: 'mount', time: 1, words },
      { program: 'mount', time: 2, words },
      { program: 'mount', time: 3, words },
      { program: 'nsenter', time: words.includes('sudo') ? 4 : 2, words },
    ];
  }),
];

for (const { program, time, words, starts = false, secret = false } of steps) {
  const when = `${program} starts, time ${time}${secret ? ', and its files are secret' : ''}`;
  test(
    `a container that ends in the midst of the entry must be told of and no more: ${[...words, when].join(' ')}`,
    { skip: !isRoot },
    async (context) => {
      const place = makePlace(context);
      place.env['XDG_RUNTIME_DIR'] = dirname(place.write('runtime/.keep', ''));
      const ownProcesses = words.includes('--pid') ? ['--pid', '--fork', '--kill-child'] : [];
      const pid = await startContainer(place, idOf(name), ...ownProcesses);
      if (secret) chmodSync(join(place.folder, idOf(name), 'resolv.conf'), 0o600);
      const begun = join(place.folder, 'begun');
      const died = { Type: 'container', Action: 'die', Actor: { ID: idOf(name), Attributes: { exitCode: '7' } } };
      const engine = await fakeEngine(recordingWith({ folder: place.cwd, pids: { [name]: pid } }), place.socket, {
        reply: (request) => {
          if (request === `GET /containers/${idOf(name)}/json`) writeFileSync(begun, '');
          return request === 'GET /events' ? { status: 200, json: died } : undefined;
        },
      });
      place.cleanUp(() => engine.close());
      const front = endingAt(place, pid, { program, time }, begun);
      const outcome = await run(place, [...front, plugin.file, 'netexec', '-p', 'shop', ...words, 'web', '--', 'true']);
      assert.ok(existsSync(join(place.folder, 'due')), 'the step is never taken');
      const told = `netexec: ${name} exited with status 7 before netexec entered its network\nhint: see why: docker logs ${name}\n`;
      const expected = { status: starts ? 0 : 125, stdout: '', stderr: starts ? '' : told };
      assert.deepEqual(outcome, expected);
    },
  );
}

/** In the words of dockerd, of Podman, and of runc where the process has ended a moment later. */
const refusals = [
  [409, `cannot join network of a non running container: ${idOf(name)}`],
  [404, `No such container: ${idOf(name)}`],
  [500, `container ${idOf(name)} is not running: container state improper`],
  [500, 'OCI runtime create failed: runc create failed: lstat /proc/4711/ns/net: no such file or directory'],
] as const;

for (const [status, message] of refusals) {
  for (const step of ['POST /containers/create', `POST /containers/${helper}/start`]) {
    test(
      `a container whose network cannot be joined as it has ended must be told of: ${step.replace(helper, 'ID')}, ${message}`,
      { skip: !isRoot },
      async (context) => {
        const place = makePlace(context);
        place.env['XDG_RUNTIME_DIR'] = dirname(place.write('runtime/.keep', ''));
        const pid = await startContainer(place, idOf(name));
        const died = { Type: 'container', Action: 'die', Actor: { ID: idOf(name), Attributes: { exitCode: '7' } } };
        const engine = await fakeEngine(recordingWith({ folder: place.cwd, pids: { [name]: pid } }), place.socket, {
          reply: (request) => {
            if (request === step) process.kill(pid, 'SIGKILL');
            if (request === step) return { status, json: { message } };
            return request === 'GET /events' ? { status: 200, json: died } : helperReplies[request];
          },
          hold: (request) => (request === step ? isGone(pid) : Promise.resolve()),
        });
        place.cleanUp(() => engine.close());
        const words = ['netexec', '-p', 'shop', '--elevate', 'docker', 'web', '--', 'true'];
        const outcome = await run(place, [plugin.file, ...words]);
        const told = `netexec: ${name} exited with status 7 before netexec entered its network\nhint: see why: docker logs ${name}\n`;
        assert.deepEqual(outcome, { status: 125, stdout: '', stderr: told });
      },
    );
  }
}

async function isGone(pid: number): Promise<void> {
  while (existsSync(`/proc/${pid}`)) await pause(5);
}
