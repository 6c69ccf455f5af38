// What a user of Podman would see, whichever version of it: a table of scenarios, for a file each.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { installedPlugin } from './grounds.ts';
import { askForAll } from './asked-for.ts';
import { check, mustFind } from './checks.ts';
import { askedOfProject, project, usePodman } from './podman.ts';
import type { Podman, PodmanOf } from './podman.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const container = (service: string): string => `netexec-test-podman-${service}-1`;
const image = 'localhost/netexec/servers:1';

export async function podmanScenarios(debian: PodmanOf): Promise<void> {
  const podman = await usePodman(debian);
  const named = `Podman of ${debian}`;
  const run = (intent: string, body: (s: Scenario, podman: Podman) => Promise<void>): void =>
    scenario(`${named}: ${intent}`, { project }, (s) => body(s, podman));

  run('psql must reach the database by name and alias, without HOSTALIASES', async (s) => {
    for (const host of ['postgres', 'db']) {
      const query = ['psql', '-h', host, '-U', 'app', '-tAc', "select 'from inside'"];
      // It takes its time to start, and nobody looks at its health.
      await s.eventually(async () => {
        const { status, stdout, stderr } = await s.netexec(['web', '--', ...query]);
        assert.deepEqual([status, stdout, stderr], [0, 'from inside', '']);
      });
    }
    const { status } = await s.netexec(['web', '--', 'printenv', 'HOSTALIASES']);
    assert.equal(status, 1);
  });

  run('--network must have a name mean that network’s', async (s) => {
    const asked = async (...words: readonly string[]): Promise<readonly string[]> => {
      const { stdout } = await must(s.netexec([...words, 'web', '--', 'getent', 'ahostsv4', 'peer']));
      return [...new Set(stdout.split('\n').map((line) => line.split(' ')[0] ?? ''))].toSorted();
    };
    assert.deepEqual(await asked('--network', 'backend'), [await s.address('west', 'backend')]);
    assert.deepEqual(await asked('--network', 'cache'), [await s.address('east', 'cache')]);
    const far = ['--elevate', 'tunnel', '--network', 'backend', '--forward', '0:peer:8080', 'web'];
    const { status, stderr } = await s.netexec(far);
    assert.equal(status, 125);
    assert.match(
      stderr,
      /^netexec: --network without COMMAND does not work here: Podman's DNS server does not answer for one network alone\nhint: with COMMAND, it works: docker netexec --elevate tunnel --network backend /,
    );
  });

  run('the reports must know everybody', async (s) => {
    const names = await must(s.netexec(['--list-names', 'web', '--format', '{{.Name}} {{join .Address ","}}']));
    for (const [service, network] of [
      ['postgres', 'backend'],
      ['redis', 'cache'],
    ] as const)
      assert.match(names.stdout, new RegExp(`^${service} ${await s.address(service, network)}$`, 'm'));
    assert.equal(names.stderr, '');
    const networks = await must(s.netexec(['--list-networks', '-q']));
    assert.equal(networks.stdout, 'netexec-test-podman_backend\nnetexec-test-podman_cache');
    const aliases = await s.netexec(['--hostaliases', 'backend']);
    assert.equal(aliases.status, 125);
    assert.match(aliases.stderr, /^netexec: Podman's DNS server only knows bare service names/);
  });

  run('--check must say what is well, and what is not', async (s) => {
    await s.eventually(async () => {
      const { status, stdout } = await s.netexec(['--check', 'web', 'postgres:5432']);
      assert.deepEqual([status, /✓ answer +PostgreSQL/.test(stdout)], [0, true], stdout);
    });
    const port = await s.netexec(['--check', 'web', 'redis:6380']);
    assert.match(port.stdout, /^ {2}cause: redis listens on 6379, not on 6380$/m);
    const apart = await s.netexec(['--check', 'west', 'redis:6379']);
    assert.match(apart.stdout, /^ {2}cause: redis and west have no network in common$/m);
  });

  run('--check must name the rule that drops, beside those of netavark', async (s, { inNetwork }) => {
    // Called on Podman's machine: its network is then "the host".
    const options = { through: inNetwork };
    const connects = async (): Promise<void> => {
      const [verdict] = await check(s, ['web', 'redis:6379'], options);
      assert.deepEqual([verdict?.Connects, verdict?.Cause], [true, ''], JSON.stringify(verdict));
    };
    await connects();
    const { State: state } = await s.inspect(container('redis'));
    const inRedis = (argv: readonly string[]) => ['nsenter', `--net=/proc/${state.Pid}/ns/net`, '--', ...argv];
    // Where the packets of both pass: on the bridge, which is the engine's, and at redis's own end.
    for (const [where, inside, family, hook] of [
      ['on the host', inNetwork, 'bridge', 'forward'],
      ["in redis's network", inRedis, 'inet', 'input'],
    ] as const) {
      await s.subtest(where, async () => {
        const nft = (...words: readonly string[]) => must(s.run(inside(['nft', ...words])));
        s.t.after(() => s.run(inside(['nft', 'delete', 'table', family, 'guard'])));
        await nft('add', 'table', family, 'guard');
        await nft('add', 'chain', family, 'guard', 'on', `{ type filter hook ${hook} priority 0; }`);
        await nft('add', 'rule', family, 'guard', 'on', 'tcp', 'dport', '6379', 'drop');
        // That rule alone: none of netavark's own.
        const rule = new RegExp(`within 3 s; ${where}: table ${family} guard, chain on: tcp dport 6379 drop$`);
        await mustFind(s, ['web', 'redis:6379'], 'dropped', rule, /^remove that rule$/, options);
        await nft('delete', 'table', family, 'guard');
        await connects();
      });
    }
  });

  run('the end of the container must be said, and --restart begin again', async (s, { beside }) => {
    const started = await s.start([
      'docker',
      'netexec',
      '--restart',
      'west',
      '--',
      'sh',
      '-c',
      'echo begun; exec sleep 1000',
    ]);
    await started.says('begun\n');
    await must(s.run(beside(['podman', 'kill', container('west')])));
    await s.eventually(() => assert.match(started.stderr(), /west-1 exited with status 137/));
    await must(s.run(beside(['podman', 'start', container('west')])));
    await started.says('begun\nbegun\n');
    started.kill('SIGTERM');
    await started.ended;
  });

  run('--on and --stand-in must have a place of their own', async (s, { beside }) => {
    const on = await must(s.netexec(['--on', 'backend', '--', 'getent', 'ahostsv4', 'postgres']));
    assert.match(on.stdout, new RegExp(`^${(await s.address('postgres', 'backend')).replaceAll('.', '\\.')} `));
    s.t.after(() => s.compose(['start', 'west']));
    await must(s.run(beside(['podman', 'stop', '--time', '0', container('west')])));
    const asked = `docker exec ${container('postgres')} getent ahostsv4 west`;
    const standing = await must(s.netexec(['--stand-in', 'west', '--', 'sh', '-c', `hostname -I; ${asked}`]));
    const [own = '', ...found] = standing.stdout.split('\n');
    assert.ok(own.trim() !== '' && found.some((line) => line.startsWith(`${own.trim()} `)), standing.stdout);
  });

  run('--forward must lead in', async (s, { inNetwork }) => {
    const started = await s.start(inNetwork(['docker', 'netexec', '--forward=0:redis:6379', 'web']));
    await s.eventually(() => assert.match(started.stderr(), /:\d+ → redis:6379/));
    const port = /:(\d+) →/.exec(started.stderr())?.[1] ?? '';
    const { stdout } = await must(s.run(inNetwork(['redis-cli', '-h', '127.0.0.1', '-p', port, 'ping'])));
    assert.equal(stdout, 'PONG');
    started.kill('SIGINT');
    await started.ended;
  });

  run('the engine must be the way in', async (s) => {
    // No more than Podman itself may give, which is less than root's own on some machines.
    const limited = ['prlimit', '--nproc=20000:20000', 'docker', 'netexec', '--elevate', 'docker', 'web'];
    const command = ['sh', '-c', 'cat; getent ahostsv4 redis'];
    const entered = await must(s.run(limited.concat('--', command), { input: 'typed\n' }));
    assert.match(entered.stdout, new RegExp(`^typed\n${(await s.address('redis', 'cache')).replaceAll('.', '\\.')} `));
    const { stdout } = await must(s.docker(['ps', '-aq', '--filter', 'label=docker-netexec.supervisor']));
    assert.equal(stdout, '');
  });

  run('a run must have what it asks for', (s, { beside }) => {
    const besides = (words: readonly string[]) => s.run(beside(['podman', 'exec', container('west'), ...words]));
    return askForAll(s, { ...askedOfProject, options: {}, besides });
  });

  run('--host-network must have the names of containers, where Podman’s own network is', async (s, { inNetwork }) => {
    const words = ['docker', 'netexec', '--host-network'];
    const seen =
      'readlink /proc/self/ns/net; getent hosts redis postgres | cut -d " " -f 1; curl -sS http://west:8080/';
    const inside = await must(s.run(inNetwork(words.concat('web', '--', 'sh', '-c', seen))));
    const network = await must(s.run(inNetwork(['readlink', '/proc/self/ns/net'])));
    const addresses = [await s.address('redis', 'cache'), await s.address('postgres', 'backend')];
    assert.deepEqual(inside.stdout.split('\n').slice(0, 3), [network.stdout, ...addresses]);
    const on = await must(s.run(inNetwork(words.concat('--on', 'cache', '--', 'getent', 'hosts', 'redis'))));
    assert.ok(on.stdout.startsWith(`${addresses[0]} `), on.stdout);
    // Interfaces of that name are another Podman's there, or none's.
    const other = [
      'unshare',
      '--net',
      '--',
      'sh',
      '-c',
      'ip link add podman1 type bridge; ip link add podman2 type bridge; ip address add 10.89.0.1/24 dev podman1; ip link set podman1 up; exec "$@"',
      'sh',
    ];
    const elsewhere = await s.run(other.concat(words, 'web', '--', 'true'));
    assert.deepEqual([elsewhere.status, elsewhere.stdout], [125, '']);
    assert.match(
      elsewhere.stderr,
      /cannot reach addresses on .*: this machine has no address on it\nhint: run COMMAND in that network/,
    );
  });

  run('it must be found by a context, and in the place of docker’s own socket', async (s) => {
    const host = process.env['DOCKER_HOST'] ?? '';
    const config = join(s.folder, 'docker');
    await must(s.run(['cp', '-r', await installedPlugin(), config]));
    const env = { DOCKER_CONFIG: config };
    await must(s.docker(['context', 'create', 'podman', '--docker', `host=${host}`], { env }));
    const without = { env, through: (argv: readonly string[]) => ['env', '-u', 'DOCKER_HOST', ...argv] };
    const ping = ['netexec', 'web', '--', 'redis-cli', '-h', 'redis', 'ping'];
    assert.equal((await must(s.docker(['--context', 'podman', ...ping], without))).stdout, 'PONG');
    // As podman-docker has it: there is nothing else at /run that netexec would need.
    const bind = 'mount -t tmpfs netexec /run; touch /run/docker.sock; mount --bind "$0" /run/docker.sock; exec "$@"';
    const socket = ['unshare', '--mount', '--', 'sh', '-c', bind, host.replace('unix://', '')];
    const inPlace = {
      ...without,
      through: (argv: readonly string[]) => socket.concat('env', '-u', 'DOCKER_HOST', argv),
    };
    assert.equal((await must(s.docker(ping, inPlace))).stdout, 'PONG');
  });

  run('--doctor must know it', async (s) => {
    const { status, stdout } = await s.netexec(['--doctor']);
    assert.equal(status, 0, stdout);
    assert.match(stdout, debian === 'bookworm' ? /✓ engine +Podman 4\.3/ : /✓ engine +Podman 5\.4/);
  });

  run('pods and networks of Podman’s own kinds must be entered, or refused in words', async (s, { beside }) => {
    const kinds: readonly (readonly [name: string, words: readonly string[], seen: RegExp])[] = [
      ['pod', ['--pod', 'netexec-pod'], /^1$/],
      ['shared', ['--network', `container:${container('web')}`], /^2$/],
      ['slirp', ['--network', 'slirp4netns'], /^1$/],
      ['default', [], /^1$/],
      ['host', ['--network', 'host'], /^\d+$/],
      ['none', ['--network', 'none'], /^0$/],
    ];
    const names = kinds.map(([name]) => `netexec-test-${name}`);
    s.t.after(async () => {
      await s.run(beside(['podman', 'rm', '--force', '--time', '0', ...names]));
      await s.run(beside(['podman', 'pod', 'rm', '--force', 'netexec-pod']));
    });
    const pod = ['pod', 'create', '--name', 'netexec-pod', '--network', 'netexec-test-podman_cache'];
    await must(s.run(beside(['podman', ...pod])));
    for (const [index, [name, words, seen]] of kinds.entries()) {
      await s.subtest(name, async () => {
        await must(
          s.run(beside(['podman', 'run', '-d', '--name', names[index] ?? '', ...words, image, 'sleep', '1000'])),
        );
        const count = ['sh', '-c', 'ip -o -4 addr show scope global | wc -l'];
        const entered = await s.netexec(['--resolver', 'host', '--container', names[index] ?? '', '--', ...count]);
        assert.deepEqual([entered.status, seen.test(entered.stdout)], [0, true], entered.stderr + entered.stdout);
        const viewed = await s.netexec(['--container', names[index] ?? '', '--', 'true']);
        if (name === 'none') assert.match(viewed.stderr, /^netexec: \/etc\/resolv\.conf of the container is missing/);
        else assert.equal(viewed.status, 0, viewed.stderr);
      });
    }
    const inPod = await s.netexec(['--container', 'netexec-test-pod', '--', 'getent', 'ahostsv4', 'redis']);
    assert.match(inPod.stdout, new RegExp(`^${(await s.address('redis', 'cache')).replaceAll('.', '\\.')} `));
  });

  run('a project of podman-compose must be found', async (s, { beside }) => {
    const cwd = join(s.folder, 'netexec-test-own');
    mkdirSync(cwd);
    const service = (command: string): string => `{image: '${image}', command: ${command}, networks: [front]}`;
    const file = `services:\n  web: ${service("'sleep 1000'")}\n  redis: ${service('serve-redis')}\nnetworks: {front: }\n`;
    writeFileSync(join(cwd, 'compose.yaml'), file);
    await must(s.run(beside(['podman-compose', 'up', '-d']), { cwd }));
    const ping = ['redis-cli', '-h', 'redis', 'ping'];
    await s.eventually(async () => assert.equal((await s.netexec(['web', '--', ...ping], { cwd })).stdout, 'PONG'));
    const pods = await must(
      s.run(beside(['podman', 'ps', '--pod', '--format', '{{.PodName}}', '--filter', 'name=own_web'])),
    );
    // That of Debian 12 makes none yet.
    assert.equal(pods.stdout, debian === 'bookworm' ? '' : 'pod_netexec-test-own');
    const pinned = await must(s.netexec(['--network', 'front', 'web', '--', ...ping], { cwd }));
    assert.equal(pinned.stdout, 'PONG');
    const { stdout } = await must(s.netexec(['--list-networks', '-q'], { cwd }));
    assert.equal(stdout, 'netexec-test-own_front');
    await must(s.run(beside(['podman-compose', 'down', '-t', '0']), { cwd }));
  });
}
