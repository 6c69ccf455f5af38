// A rootless Podman, as its owner sees it, who has no privilege at all: a table of scenarios, for a file each.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { installedPlugin } from './grounds.ts';
import { askForAll } from './asked-for.ts';
import { askedOfProject, project, usePodman } from './podman.ts';
import type { PodmanOf } from './podman.ts';
import { must, scenario } from './scenario.ts';
import type { Run, RunOptions, Scenario } from './scenario.ts';

/** A user of Debian's who owns nothing here. */
const owner = { name: 'games', uid: 5, gid: 60 };

/** The options of a step that the owner takes: the checkout may be where only root can enter. */
async function byOwner(s: Scenario): Promise<RunOptions> {
  const [config, home] = [join(s.folder, 'docker'), join(s.folder, 'of-owner')];
  await must(s.run(['cp', '-r', await installedPlugin(), config]));
  await must(s.run(['chmod', '-R', 'go=rX', config]));
  mkdirSync(home);
  chownSync(home, owner.uid, owner.gid);
  chmodSync(s.folder, 0o755);
  return {
    cwd: home,
    env: { HOME: home, DOCKER_CONFIG: config, COMPOSE_PROJECT_NAME: s.projectName },
    through: (argv) => ['setpriv', `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--init-groups', '--', ...argv],
  };
}

export async function rootlessScenarios(debian: PodmanOf): Promise<void> {
  const { beside, inNetwork } = await usePodman(debian, ['--user', owner.name]);
  const run = (intent: string, body: (s: Scenario) => Promise<void>): void =>
    scenario(`rootless Podman of ${debian}: ${intent}`, { project }, body);

  run('the owner of a rootless Podman must enter, and find services by name', async (s) => {
    const step = await byOwner(s);
    const id = await must(s.netexec(['web', '--', 'id', '-u'], step));
    assert.equal(id.stdout, String(owner.uid));
    const redis = await must(s.netexec(['web', '--', 'redis-cli', '-h', 'redis', 'ping'], step));
    assert.equal(redis.stdout, 'PONG');
    for (const [network, service] of [
      ['backend', 'west'],
      ['cache', 'east'],
    ] as const) {
      const pinned = await must(s.netexec(['--network', network, 'web', '--', 'getent', 'ahostsv4', 'peer'], step));
      const found = new Set(pinned.stdout.split('\n').map((line) => line.split(' ')[0]));
      assert.deepEqual([...found], [await s.address(service, network)]);
    }
    const on = await must(s.netexec(['--on', 'cache', '--', 'redis-cli', '-h', 'redis', 'ping'], step));
    assert.equal(on.stdout, 'PONG');
    const networks = await must(s.netexec(['--list-networks', '-q'], step));
    assert.equal(networks.stdout, 'netexec-test-podman_backend\nnetexec-test-podman_cache');
    const check = await s.netexec(['--check', 'web', 'redis:6379'], step);
    assert.equal(check.status, 0, check.stdout);
    const { COMPOSE_PROJECT_NAME: _, ...env } = step.env ?? {};
    const doctor = await s.netexec(['--doctor'], { ...step, env });
    assert.match(
      doctor.stdout,
      debian === 'bookworm' ? /✓ engine +Podman 4\.3\.\d+, rootless/ : /✓ engine +Podman 5\.4\.\d+, rootless/,
    );
    assert.match(doctor.stdout, /✓ rootless +used: /);
  });

  run('a run of the owner of a rootless Podman must have what it asks for', async (s) => {
    const podman = (words: readonly string[]) => s.run(beside(['podman', ...words]), { cwd: '/' });
    const besides = (words: readonly string[]) => podman(['exec', 'netexec-test-podman-west-1', ...words]);
    // Compose would have to read the checkout for these.
    const { file: _, ...asked } = askedOfProject;
    const options = await byOwner(s);
    await askForAll(s, { ...asked, options, besides });
    await s.subtest('--restart must begin again with the container', async () => {
      const words = ['docker', 'netexec', '--restart', 'west', '--', 'sh', '-c', 'echo begun; exec sleep 1000'];
      const started = await s.start(words, options);
      await started.says('begun\n');
      await must(podman(['restart', '--time', '0', 'netexec-test-podman-west-1']));
      await started.says('begun\nbegun\n');
      started.kill('SIGTERM');
      await started.ended;
    });
    await s.subtest('root must enter a rootless Podman’s containers, too', async () => {
      const redis = await must(s.netexec(['web', '--', 'redis-cli', '-h', 'redis', 'ping']));
      assert.equal(redis.stdout, 'PONG');
    });
  });

  run('networks and users of a rootless Podman’s own kinds must be entered', async (s) => {
    const step = await byOwner(s);
    const kinds: readonly (readonly [name: string, words: readonly string[]])[] = [
      ['slirp', ['--network', 'slirp4netns']],
      ...(debian === 'bookworm' ? [] : [['pasta', ['--network', 'pasta']] as const]),
      ['keep-id', ['--userns', 'keep-id', '--network', 'netexec-test-podman_cache']],
      ['keep-other-id', ['--userns', 'keep-id:uid=1000,gid=1000', '--network', 'netexec-test-podman_cache']],
      ['nomap', ['--userns', 'nomap', '--network', 'netexec-test-podman_cache']],
    ];
    // Its owner may not be able to read the checkout.
    const podman = (words: readonly string[]) => s.run(beside(['podman', ...words]), { cwd: '/' });
    s.t.after(() => podman(['rm', '-f', '-t', '0', ...kinds.map(([name]) => `netexec-test-${name}`)]));
    for (const [name, words] of kinds) {
      await s.subtest(name, async () => {
        const container = `netexec-test-${name}`;
        const starting = ['run', '-d', '--name', container, ...words];
        await must(podman([...starting, 'localhost/netexec/servers:1', 'serve-redis']));
        const entered = (options: readonly string[], ...command: readonly string[]): Promise<Run> =>
          s.netexec([...options, '--container', container, '--', ...command], step);
        await s.eventually(async () => {
          const { stdout, stderr } = await entered([], 'redis-cli', '-h', '127.0.0.1', 'ping');
          assert.equal(stdout, 'PONG', stderr);
        });
        const id = await must(entered(['--pid'], 'sh', '-c', 'id -u; cat /proc/1/comm'));
        assert.equal(id.stdout, `${owner.uid}\nredis-server`);
        if (!words.includes('--userns')) return;
        const [own, theirs] = [
          await must(s.run(['cat', '/proc/self/uid_map'])),
          await podman(['inspect', '-f', '{{.State.Pid}}', container]),
        ];
        const map = await must(s.run(['cat', `/proc/${theirs.stdout}/uid_map`]));
        assert.ok(map.stdout !== own.stdout && !/^ *0 +5 /.test(map.stdout), map.stdout);
        const other = await must(entered([], 'redis-cli', '-h', 'redis', 'info', 'server'));
        assert.match(other.stdout, /^redis_version/m);
      });
    }
  });

  run('the owner’s own network, where a container is in it, must be left as it is', async (s) => {
    const step = await byOwner(s);
    // Where the owner is on the same network as the containers that have the machine’s.
    const through: RunOptions['through'] = (...asked) => inNetwork(step.through?.(...asked) ?? asked[0]);
    const podman = (words: readonly string[]) => s.run(beside(['podman', ...words]), { cwd: '/' });
    s.t.after(() => podman(['rm', '-f', '-t', '0', 'netexec-test-host']));
    const starting = ['run', '-d', '--name', 'netexec-test-host', '--network', 'host', '--add-host', 'told:192.0.2.7'];
    await must(podman([...starting, 'localhost/netexec/servers:1', 'serve-redis']));
    const network = await must(s.run(inNetwork(['readlink', '/proc/self/ns/net'])));
    const script = 'readlink /proc/self/ns/net; id -u; getent hosts told; redis-cli -h 127.0.0.1 ping';
    await s.eventually(async () => {
      const entered = await s.netexec(['--container', 'netexec-test-host', '--', 'sh', '-c', script], {
        ...step,
        through,
      });
      assert.match(
        entered.stdout,
        new RegExp(`^net:\\[\\d+\\]\n${owner.uid}\n192\\.0\\.2\\.7 +told\nPONG$`),
        entered.stderr,
      );
      assert.equal(entered.stdout.split('\n')[0], network.stdout);
    });
  });
}
