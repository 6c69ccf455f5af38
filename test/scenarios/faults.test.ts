// What goes wrong, or on and on: kills at any moment, engines that hang or talk nonsense, many runs. Nothing is left.
// NETEXEC_FAULTS=1000 is how often (scripts/reliability); the suite itself is content with less.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fakeEngine } from '../fake-engine.ts';
import type { Reply } from '../fake-engine.ts';
import { readRecording } from '../recordings.ts';
import { installedPlugin } from './grounds.ts';
import { ownMachine } from './machine.ts';
import type { Machine } from './machine.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import { tell } from './told.ts';

const project = 'faults';
const rounds = Number(process.env['NETEXEC_FAULTS'] ?? 30);
const atOnce = Math.ceil(rounds / 5);
const kills = Math.ceil(rounds / 10);

interface Place {
  readonly machine: Machine;
  readonly env: Readonly<Record<string, string>>;
}

async function makePlace(s: Scenario): Promise<Place> {
  const [runtime, temporary] = ['runtime', 'temporary'].map((name) => join(s.folder, name));
  assert.ok(runtime !== undefined && temporary !== undefined);
  for (const folder of [runtime, temporary]) mkdirSync(folder, { mode: 0o700 });
  return { machine: await ownMachine(s), env: { XDG_RUNTIME_DIR: runtime, TMPDIR: temporary } };
}

/** All that could grow, counted. */
async function lookAround(s: Scenario, { machine, env }: Place) {
  const label = `label=com.docker.compose.project=${s.projectName}`;
  const [mounts, containers, images, top, changed] = await Promise.all([
    must(s.run(machine.inside(['cat', '/proc/self/mountinfo']))),
    must(s.docker(['ps', '-aq', '--filter', label])),
    must(s.docker(['image', 'ls', '-aq', '--filter', 'reference=netexec/*'])),
    must(s.docker(['top', `${s.projectName}-web-1`])),
    must(s.docker(['diff', `${s.projectName}-web-1`])),
  ]);
  const files = Object.values(env).flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }));
  const processes = s.processes().map((line) => line.replace(/^\d+ /, ''));
  return {
    mounts: mounts.stdout,
    containers: containers.stdout,
    images: images.stdout,
    inContainer: top.stdout.split('\n').length,
    changed: changed.stdout,
    // But for what netexec keeps for a project.
    files: files.filter((name) => !name.includes('.hostaliases')).toSorted(),
    processes: processes.toSorted(),
  };
}

async function mustLeaveNothing(s: Scenario, act: (place: Place) => Promise<void>): Promise<void> {
  const place = await makePlace(s);
  // The first run makes the folder of the HOSTALIASES files.
  await must(s.run(place.machine.inside(['docker', 'netexec', 'web', '--', 'true']), { env: place.env }));
  const before = await lookAround(s, place);
  await act(place);
  await s.eventually(async () => assert.deepEqual(await lookAround(s, place), before));
}

scenario('runs one after the other must leave nothing', { project }, async (s) => {
  await mustLeaveNothing(s, async ({ machine, env }) => {
    const loop = 'round=0; while [ $round -lt $0 ]; do docker netexec web -- true || exit; round=$((round + 1)); done';
    const started = performance.now();
    await must(s.run(machine.inside(['sh', '-c', loop, String(rounds)]), { env, timeout: 900_000 }));
    const each = ((performance.now() - started) / rounds).toFixed(0);
    tell(
      `${rounds} runs one after the other`,
      `all status 0, ${each} ms each; no mount, process, file, container or image more`,
    );
  });
});

scenario('runs at the same time must all work, and leave nothing', { project }, async (s) => {
  const other = await s.address('other', 'default');
  await mustLeaveNothing(s, async ({ machine, env }) => {
    const one = 'docker netexec web -- getent ahostsv4 other || echo "status $?"';
    const loop = `round=0; while [ $round -lt $0 ]; do (${one}) & round=$((round + 1)); done; wait`;
    const run = await must(s.run(machine.inside(['sh', '-c', loop, String(atOnce)]), { env, timeout: 600_000 }));
    const found = run.stdout.split('\n').filter((line) => line.startsWith(`${other} `) && line.includes('STREAM'));
    assert.deepEqual([found.length, run.stderr], [atOnce, '']);
    assert.doesNotMatch(run.stdout, /status/);
    tell(`${atOnce} runs at the same time`, 'all found the name; no mount, process, file, container or image more');
  });
});

const isDocker = (argv: string): boolean => argv.startsWith('docker netexec ');
const isNetexec = (argv: string): boolean => /\/docker-netexec | docker-netexec:main /.test(argv);
// Those that lead into the scenario's own machine.
const isWay = (argv: string): boolean => /^(nsenter --target|sh -c cd )/.test(argv);
const victims: readonly (readonly [string, (argv: string) => boolean])[] = [
  ['docker', isDocker],
  ['netexec', (argv) => !isDocker(argv) && isNetexec(argv)],
  ['the stage or COMMAND', (argv) => !isDocker(argv) && !isNetexec(argv) && !isWay(argv)],
];

for (const [victim, isVictim] of victims) {
  scenario(`kill -9 of ${victim} at any moment must end all of the run, and leave nothing`, { project }, async (s) => {
    await mustLeaveNothing(s, async ({ machine, env }) => {
      const others = new Set(s.processes().map((line) => Number.parseInt(line, 10)));
      const moments = { early: 0, late: 0 };
      for (let round = 0; round < kills; round++) {
        const started = await s.start(
          machine.inside(['docker', 'netexec', 'web', '--', 'sh', '-c', 'echo runs; exec sleep 1000']),
          { env },
        );
        // Spread over a run's first moments, and some more: COMMAND runs by then.
        await pause((round * 150) / kills);
        const theirs = () => s.processes().filter((line) => !others.has(Number.parseInt(line, 10)));
        const hit = await s.eventually(() => theirs().find((line) => isVictim(line.replace(/^\d+ /, ''))) ?? false);
        assert.ok(hit !== false);
        moments[started.stdout().includes('runs') ? 'late' : 'early']++;
        try {
          process.kill(Number.parseInt(hit, 10), 'SIGKILL');
        } catch {
          // It has become another program, or ended: what comes is ended below.
        }
        await s.eventually(() => {
          const left = theirs();
          // The one that was hit may have been a short helper of the stage's: the run goes on, rightly.
          if (started.stdout().includes('runs') && left.some((line) => line.endsWith(' sleep 1000 ')))
            started.kill('SIGTERM');
          assert.deepEqual(left, []);
        });
        const { stderr } = await started.ended;
        assert.doesNotMatch(stderr, /\n\s+at /, stderr);
      }
      tell(
        `kill -9 of ${victim}, ${kills} times`,
        `nothing outlived it or was left (${moments.early} before COMMAND ran, ${moments.late} after)`,
      );
    });
  });
}

const engines: readonly (readonly [string, Reply])[] = [
  ['10 MB that are no HTTP', { bytes: 'nonsense '.repeat(1_200_000) }],
  ['10 MB of an endless header', { bytes: `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(10_000_000)}` }],
  ['10 MB of text in place of a list', { status: 200, json: 'x'.repeat(10_000_000) }],
  ['10 MB of a list of nothing', { status: 200, json: Array.from({ length: 2_000_000 }, () => null) }],
];

scenario('an engine that answers megabytes of nonsense must be told of in a few lines', { project }, async (s) => {
  for (const [title, reply] of engines) {
    await s.subtest(title, async () => {
      const socket = join(s.folder, 'engine.sock');
      const engine = await fakeEngine(readRecording('shop'), socket, { reply: () => reply });
      try {
        const run = await s.standalone(['web', '--', 'true'], { env: { DOCKER_HOST: `unix://${socket}` } });
        assert.deepEqual([run.status, run.stdout], [125, '']);
        assert.match(run.stderr, /^netexec: /);
        assert.ok(run.stderr.length < 2000, `${run.stderr.length} bytes of message`);
        tell(
          `an engine that answers ${title}`,
          `status 125, \`${run.stderr.split('\n')[0]?.replaceAll('|', '\\|').replace(s.folder, '')}\``,
        );
      } finally {
        await engine.close();
      }
    });
  }
});

scenario('an engine that hangs must not keep Ctrl-C from ending netexec', { project }, async (s) => {
  const socket = join(s.folder, 'engine.sock');
  const engine = await fakeEngine(readRecording('shop'), socket, { reply: () => 'silence' });
  try {
    const started = await s.start([join(await installedPlugin(), 'cli-plugins/docker-netexec'), 'web', '--', 'true'], {
      env: { DOCKER_HOST: `unix://${socket}` },
    });
    await s.eventually(() => engine.requests.length > 0);
    const at = performance.now();
    started.kill('SIGINT');
    const { status, signal, stdout } = await started.ended;
    tell(
      'Ctrl-C while an engine hangs',
      `ended within ${Math.ceil((performance.now() - at) / 10) * 10} ms, ${signal ?? `status ${status}`}`,
    );
    assert.ok(signal === 'SIGINT' || status === 130, `${signal} ${status}`);
    assert.equal(stdout, '');
  } finally {
    await engine.close();
  }
});
