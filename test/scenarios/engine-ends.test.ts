// The engine itself ends while COMMAND runs, and comes back: killed or stopped, with its containers or without them.
import assert from 'node:assert/strict';
import { ownEngine } from './own-engine.ts';
import type { OwnEngine } from './own-engine.ts';
import { scenario } from './scenario.ts';
import type { Scenario, Started } from './scenario.ts';

const project = 'ends';

/** Looks a name up for every line of its input. */
const answering = ['sh', '-c', 'echo up; while read -r name; do getent ahostsv4 "$name" || echo "no $name"; done'];
/** Says where it is, and ends when it is asked to. */
const untilAsked = ['sh', '-c', 'trap "exit 9" TERM; echo "up $(hostname -I)"; while :; do sleep 0.1; done'];

async function begin(s: Scenario, engine: OwnEngine, words: readonly string[]): Promise<Started> {
  const started = await s.start(engine.inside(['docker', 'netexec', ...words]), engine.options);
  await started.says('up');
  return started;
}

async function startContainers(engine: OwnEngine, ...options: readonly string[]): Promise<void> {
  await engine.docker('network', 'create', 'back');
  for (const name of ['web', 'db'])
    await engine.docker('run', '-d', '--name', name, '--network', 'back', ...options, 'netexec/busybox:1');
}

const addressOf = (engine: OwnEngine, container: string): Promise<string> =>
  engine.docker('inspect', '-f', '{{.NetworkSettings.Networks.back.IPAddress}}', container);

const away =
  'netexec: the engine is not running: until it is back, service names do not resolve, only addresses work\n';
const back = 'netexec: the engine is back: service names resolve again\n';

scenario('an engine that is away must be told of, and when it is back with its names', { project }, async (s) => {
  const engine = await ownEngine(s);
  await engine.start(['--live-restore']);
  await startContainers(engine);
  const address = await addressOf(engine, 'db');
  const started = await begin(s, engine, ['--container', 'web', '--', ...answering]);
  const ask = async (expected: string): Promise<void> => {
    started.write('db\n');
    const before = started.stdout();
    await s.eventually(() => started.stdout().slice(before.length).includes(expected));
  };
  await ask(`${address} `);
  // The first may come before netexec watches, the second does not.
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const said = started.stderr();
    await engine.end(signal);
    await s.eventually(() => started.stderr() === said + away);
    // glibc waits ten seconds for an answer: once is enough.
    if (signal === 'SIGKILL') await ask('no db');
    await engine.start(['--live-restore']);
    await s.eventually(() => started.stderr() === said + away + back);
    await ask(`${address} `);
  }
  await engine.docker('kill', 'web');
  await s.eventually(() => /netexec: web exited with status 137/.test(started.stderr()));
  started.closeInput();
  assert.equal((await started.ended).status, 0);
});

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  scenario(
    `an engine that is restarted after ${signal}, without its containers, must be told of`,
    { project },
    async (s) => {
      const engine = await ownEngine(s);
      await engine.start();
      await startContainers(engine);
      const started = await begin(s, engine, ['--container', 'web', '--', ...answering]);
      await engine.end(signal);
      await engine.start();
      await s.eventually(() => /^netexec: web exited.*: COMMAND continues without one/m.test(started.stderr()));
      started.closeInput();
      const { status, stderr } = await started.ended;
      assert.equal(status, 0);
      assert.equal(stderr.split(' exited').length, 2, stderr);
      assert.doesNotMatch(stderr, /engine is back/);
    },
  );

  scenario(
    `--restart must start COMMAND again with the containers of an engine that is restarted after ${signal}`,
    { project },
    async (s) => {
      const engine = await ownEngine(s);
      await engine.start();
      await startContainers(engine, '--restart', 'always');
      const started = await begin(s, engine, ['--restart', '--container', 'web', '--', ...untilAsked]);
      await engine.end(signal);
      await engine.start();
      await s.eventually(() => started.stdout().split('up ').length === 3);
      const last = started.stdout().trimEnd().split('up ').at(-1)?.trim();
      assert.equal(last, await addressOf(engine, 'web'));
      started.kill('SIGTERM');
      assert.equal((await started.ended).status, 9);
    },
  );
}
