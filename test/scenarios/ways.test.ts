// Which way to the privilege each kind of caller takes, by itself and by --elevate, and what is said where there is none.
import assert from 'node:assert/strict';
import type { WayKind } from '../../src/core/ways/ways.ts';
import { callerNamed, everyCaller, stranger, useCallers } from './callers.ts';
import type { Caller } from './callers.ts';
import { must, scenario } from './scenario.ts';
import type { Run, Scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);

const show = ['readlink', '/proc/self/ns/net'];

const networkOf = async (s: Scenario, caller: Caller): Promise<string> =>
  (await must(s.run(['readlink', `/proc/${await callers.pidOf(s, caller, 'web')}/ns/net`]))).stdout;

const caller = (way: WayKind): Caller => callerNamed(way === 'root' ? 'root' : `netexec-${way}`);

/** What --dry-run says of the way: its name and cause. */
const wayOf = (plan: Run): string | undefined => /^way +(.*)$/m.exec(plan.stdout)?.[1];

everyCaller(
  'every kind of caller must get into the network of the service, by the way of its own',
  { project },
  async (s, each) => {
    const inside = await s.netexec(['web', '--', ...show], callers.step(s, each));
    assert.deepEqual([inside.status, inside.stdout, inside.stderr], [0, await networkOf(s, each), '']);
    const plan = await must(s.netexec(['--dry-run', 'web', '--', ...show], callers.step(s, each)));
    assert.match(wayOf(plan) ?? '', new RegExp(`^${each.way} +# \\S`));
  },
);

everyCaller("names must be the service's, whichever the way", { project }, async (s, each) => {
  const run = await s.netexec(['web', '--', 'getent', 'ahostsv4', 'web'], callers.step(s, each));
  const inside = await s.netexec(['web', '--', 'hostname', '-I'], callers.step(s, each));
  assert.match(inside.stdout.trim(), /^[\d.]+$/);
  assert.equal(run.stdout.split(/\s/)[0], inside.stdout.trim(), run.stderr);
});

/** What --elevate asks for, of whom, and the way that is taken; undefined: none, and why. */
const asked: readonly (readonly [elevate: string, way: WayKind, taken: WayKind | undefined, why?: RegExp])[] = [
  ['auto', 'sudo', 'sudo'],
  ['sudo', 'root', 'sudo'],
  ['docker', 'root', 'docker'],
  ['none', 'root', 'root'],
  ['docker', 'sudo', 'docker'],
  ['none', 'sudo', undefined, /root: you are not root[^]*rootless: /],
  ['sudo', 'doas', 'doas'],
  ['docker', 'doas', 'docker'],
  ['sudo', 'docker', undefined, /sudo: .*password.*\n?[^]*doas: /],
  ['none', 'docker', undefined, /root: you are not root/],
  ['none', 'rootless', 'rootless'],
  ['sudo', 'rootless', undefined, /sudo: .*password/],
  ['docker', 'rootless', undefined, /docker: the engine is rootless/],
];

scenario('--elevate must choose the way, or say why it cannot be taken', { project }, async (s) => {
  for (const [elevate, way, taken, why = /^/] of asked) {
    await s.subtest(`${elevate}, ${caller(way).name}: ${taken ?? 'refused'}`, async () => {
      for (const [args, env] of [
        [['--elevate', elevate], {}],
        [[], { NETEXEC_ELEVATE: elevate }],
      ] as const) {
        const options = callers.step(s, caller(way), { env });
        const plan = await s.netexec([...args, '--dry-run', 'web', '--', ...show], options);
        assert.equal(wayOf(plan)?.split(' ')[0], taken, plan.stderr);
        if (taken !== undefined) continue;
        assert.deepEqual([plan.status, plan.stdout], [125, '']);
        assert.match(plan.stderr, /^netexec: .*privilege/);
        assert.match(plan.stderr, why);
      }
      if (taken === undefined) return;
      const run = await s.netexec(['--elevate', elevate, 'web', '--', ...show], callers.step(s, caller(way)));
      assert.deepEqual([run.status, run.stdout, run.stderr], [0, await networkOf(s, caller(way)), '']);
    });
  }
});

scenario('the plan must say why the ways before are not taken', { project }, async (s) => {
  const plan = await must(s.netexec(['--dry-run', 'web', '--', 'true'], callers.step(s, caller('docker'))));
  assert.match(wayOf(plan) ?? '', /^docker +# .*sudo: .*password.*doas: /);
});

scenario('a caller who may not ask the engine must be told so', { project }, async (s) => {
  for (const args of [
    ['web', '--', 'id'],
    ['--elevate', 'docker', 'web', '--', 'id'],
  ]) {
    const run = await s.netexec(args, callers.step(s, stranger));
    assert.deepEqual([run.status, run.stdout], [125, '']);
    assert.match(
      run.stderr,
      /^netexec: netexec-stranger cannot connect to the engine: permission denied on .*docker\.sock$/m,
    );
    assert.match(run.stderr, /^hint: join the group that owns it/m);
  }
});

scenario("another user's rootless engine must be out of reach", { project }, async (s) => {
  const { env } = callers.step(s, caller('rootless'));
  const run = await s.netexec(
    ['web', '--', 'id'],
    callers.step(s, stranger, { env: { DOCKER_HOST: env?.['DOCKER_HOST'] } }),
  );
  assert.deepEqual([run.status, run.stdout], [125, '']);
  assert.match(run.stderr, /^netexec: /);
});

scenario('root must enter the network of a rootless engine, too', { project }, async (s) => {
  const { env } = callers.step(s, caller('rootless'));
  const run = await s.netexec(
    ['web', '--', ...show],
    callers.step(s, caller('root'), { env: { DOCKER_HOST: env?.['DOCKER_HOST'] } }),
  );
  assert.deepEqual([run.status, run.stdout, run.stderr], [0, await networkOf(s, caller('rootless')), '']);
});

scenario('a user with a rule for nsenter alone must need no more of sudo', { project }, async (s) => {
  callers.allow(s, 'netexec-docker ALL=(root) NOPASSWD: /usr/bin/nsenter');
  const plan = await must(s.netexec(['--dry-run', 'web', '--', 'true'], callers.step(s, caller('docker'))));
  assert.match(wayOf(plan) ?? '', /^sudo /);
  const run = await s.netexec(['web', '--', 'id', '-un'], callers.step(s, caller('docker')));
  assert.deepEqual([run.status, run.stdout, run.stderr], [0, 'netexec-docker', '']);
});
