// Services of a Swarm stack: found, named and entered as a project's are, on one node and from another.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askForAll } from './asked-for.ts';
import { check } from './checks.ts';
import { ownEngine } from './own-engine.ts';
import type { OwnEngine } from './own-engine.ts';
import { must, scenario } from './scenario.ts';
import { stack } from './stack.ts';
import type { Run, RunOptions, Scenario } from './scenario.ts';

const project = 'ends';

/** Where the words run as if they were typed on the engine's machine. */
const at = (engine: OwnEngine): RunOptions => ({ ...engine.options, through: (argv) => engine.inside(argv) });

/** Says what the server there answers. */
const get = (host: string): string => `curl -sS -m 30 -o /dev/null -w '%{http_code}\\n' http://${host}:8000/none`;

const netexec = (s: Scenario, engine: OwnEngine, words: readonly string[]): Promise<Run> =>
  s.netexec(words, at(engine));

async function deploy(s: Scenario, engine: OwnEngine, running: number): Promise<void> {
  const file = join(s.folder, 'stack.yaml');
  writeFileSync(file, stack);
  await engine.docker('stack', 'deploy', '--resolve-image', 'never', '-c', file, 'shop');
  const filters = ['--filter', 'desired-state=running', '--format', '{{.CurrentState}}'];
  await s.eventually(async () => {
    const states = (await engine.docker('stack', 'ps', ...filters, 'shop')).split('\n');
    assert.equal(states.filter((state) => state.startsWith('Running')).length, running, states.join());
  }, 180);
}

/** A manager that is reached at this address of its machine. */
async function beginSwarm(s: Scenario, address: string): Promise<OwnEngine> {
  const engine = await ownEngine(s);
  await engine.start();
  await must(s.run(engine.inside(['ip', 'address', 'add', `${address}/24`, 'dev', 'lo'])));
  await engine.docker('swarm', 'init', '--advertise-addr', address);
  return engine;
}

scenario('services of a stack must be found, named and entered as those of a project', { project }, async (s) => {
  const engine = await beginSwarm(s, '198.51.100.1');
  await deploy(s, engine, 4);
  const idOf = (task: string): Promise<string> =>
    engine.docker('service', 'ps', '-q', '--no-trunc', '--filter', `name=${task}`, 'shop_api');
  const tell = ['--', 'sh', '-c', 'echo "$NETEXEC_PROJECT $NETEXEC_SERVICE $NETEXEC_CONTAINER"'];
  for (const [words, told] of [
    [['-p', 'shop', 'api'], 'shop api shop_api.1.'],
    [['-p', 'shop', '--index', '2', 'api'], 'shop api shop_api.2.'],
    [['-p', 'shop', 'api.2'], 'shop api shop_api.2.'],
    [['shop_api'], 'shop api shop_api.1.'],
    [['shop_api.2'], 'shop api shop_api.2.'],
    [[await idOf('shop_api.2')], 'shop api shop_api.2.'],
    [['-p', 'shop', 'every'], 'shop every shop_every.'],
  ] as const) {
    await s.subtest(words.join(' '), async () => {
      const run = await must(netexec(s, engine, [...words, ...tell]));
      assert.ok(run.stdout.startsWith(told), run.stdout);
    });
  }
  await s.subtest('every name that is listed must lead there', async () => {
    const listed = await must(netexec(s, engine, ['-p', 'shop', '--list-names', '--format', 'json', 'api']));
    const names = listed.stdout.split('\n').map((line) => JSON.parse(line) as { Name: string; Address: string[] });
    const told = names.map(({ Name: name, Address: addresses }) => [name, ...addresses.toSorted()].join(' '));
    for (const wanted of ['api', 'www', 'shop_api', 'tasks.api', 'tasks.shop_api', 'db', 'tasks.db'])
      assert.ok(
        names.some(({ Name: name }) => name === wanted),
        wanted,
      );
    const script = 'for each; do echo $each $(getent ahostsv4 $each | cut -d " " -f 1 | LC_ALL=C sort -u); done';
    const asked = ['-p', 'shop', 'api', '--', 'sh', '-c', script, 'sh', ...names.map(({ Name: name }) => name)];
    const resolved = (await must(netexec(s, engine, asked))).stdout.split('\n');
    assert.deepEqual(resolved.toSorted(), told.toSorted());
  });
  await s.subtest('networks must be told with their scope', async () => {
    const format = '{{.Network}} {{.Key}} {{.Driver}}';
    const listed = await must(
      netexec(s, engine, ['-p', 'shop', '-f', '/dev/null', '--list-networks', '--format', format]),
    );
    assert.deepEqual(listed.stdout.split('\n'), [
      'ingress  overlay (swarm)',
      'shop_back back overlay (swarm, attachable)',
      'shop_closed closed overlay (swarm)',
    ]);
  });
  await s.subtest('--on must join what is attachable', async () => {
    for (const networks of ['back', 'all']) {
      const script = `${get('tasks.api')}; getent hosts db tasks.api | wc -l`;
      const run = await must(netexec(s, engine, ['-p', 'shop', '--on', networks, '--', 'sh', '-c', script]));
      assert.equal(run.stdout, '404\n3');
    }
  });
  const container = (task: string) => engine.docker('ps', '-q', '--filter', `name=${task}.`);
  const address = '{{(index .NetworkSettings.Networks "shop_back").IPAddress}}';
  await askForAll(s, {
    options: at(engine),
    lead: ['-p', 'shop'],
    service: 'api',
    called: await engine.docker('inspect', '-f', address, await container('shop_api.1')),
    other: 'db',
    port: 8000,
    network: 'back',
    process: 'httpd',
    replicas: ['shop_api.1.', 'shop_api.2.'],
    variable: ['TOLD', 'of the service'],
    besides: async (words) => s.docker(['exec', await container('shop_db.1'), ...words], at(engine)),
  });
  await s.subtest('--restart must begin again in the next task', async () => {
    const words = [
      'docker',
      'netexec',
      '--restart',
      '-p',
      'shop',
      'db',
      '--',
      'sh',
      '-c',
      'echo begun; exec sleep 1000',
    ];
    const started = await s.start(words, at(engine));
    await started.says('begun\n');
    await engine.docker('kill', await container('shop_db.1'));
    await started.says('begun\nbegun\n');
    assert.match(started.stderr(), /shop_db\.1\.\w+ exited with status 137/);
    started.kill('SIGTERM');
    await started.ended;
  });
  await s.subtest('the engine must be the way in', async () => {
    const words = ['--elevate', 'docker', '-p', 'shop', 'api', '--', 'getent', 'hosts', 'tasks.api'];
    assert.match((await must(netexec(s, engine, words))).stdout, /tasks\.api$/);
  });
  await s.subtest('what cannot be must be said', async () => {
    const none = 'has no running task';
    for (const [words, said] of [
      [['-p', 'shop', '--on', 'closed', '--'], /^netexec: network "shop_closed" is not attachable: .*\nhint: /],
      [
        ['-p', 'shop', 'idle'],
        new RegExp(`^netexec: swarm service "shop_idle" ${none}\nhint: start one: docker service scale`),
      ],
      [
        ['shop_far'],
        new RegExp(`^netexec: swarm service "shop_far" ${none}: .*no suitable node.*\nhint: list its tasks: `),
      ],
      [
        ['-p', 'shop', '--service-files', 'api'],
        /^netexec: the secrets and configs of service "api" are stored in the swarm: .*\nhint: .*: docker exec shop_api\.1\.\w+ /,
      ],
      [
        ['-p', 'shop', '--host-network', 'api'],
        /^netexec: this machine cannot reach addresses on "\w+": its containers are not connected to the host \(overlay\)\n/,
      ],
      [
        ['-p', 'shop', '--stand-in', 'api'],
        /^netexec: service "api" belongs to a stack: .*\nhint: to run COMMAND in a task's network: docker netexec -p shop api true$/,
      ],
      [
        ['-p', 'shop', 'api', 'httpd'],
        /^netexec: httpd: command not found .*\nhint: api has it: docker exec -it shop_api\.1\.\w+ httpd/,
      ],
      [['-p', 'shop', 'apy'], /^netexec: no service "apy" in project "shop".*\nhint: did you mean api\?/],
      [['-p', 'shop', 'api.7'], /has no running container number 7; running: 1, 2/],
      [['-p', 'shop', '--index', '7', 'api'], /has no running container number 7; running: 1, 2/],
    ] as const) {
      const run = await netexec(s, engine, [...words, 'true']);
      assert.deepEqual([run.status, run.stdout], [words.at(-1) === 'httpd' ? 127 : 125, '']);
      assert.match(run.stderr, said);
    }
    assert.equal(await engine.docker('ps', '-aq', '--filter', 'label=docker-netexec.supervisor'), '');
  });
  await s.subtest('--check must tell what a name leads to', async () => {
    // Without it services are reached by tasks.NAME, and by their own where they have `endpoint_mode: dnsrr`.
    const hasIpvs = existsSync('/proc/net/ip_vs');
    for (const [host, cause, what, seen] of [
      ['tasks.api:8000', '', /^$/, /^service shop_api: shop_api\.1 and shop_api\.2, on shop_back$/],
      [
        'api:8000',
        hasIpvs ? '' : 'vip-dead',
        hasIpvs ? /^$/ : /lacks IPVS/,
        /^service shop_api at its virtual address/,
      ],
      ['db:8000', '', /^$/, /^service shop_db: shop_db\.1, on shop_back$/],
      ['api:8099', 'wrong-port', /^8099 is api's port on every node of the swarm \(mode: ingress\)/, /^service/],
      ['db:8098', 'wrong-port', /^8098 is db's port on .*\(mode: host\)/, /^service/],
      ['far', 'not-running', /^swarm service shop_far has no running task: .*no suitable node/, /^swarm service/],
      ['every:8000', 'other-network', /^every is a swarm service .*no network in common/, /^every/],
    ] as const) {
      const [verdict] = await check(s, ['-p', 'shop', 'api', `http://${host}`], at(engine));
      assert.equal(verdict?.Cause, cause, JSON.stringify(verdict));
      assert.match(verdict.What, what);
      assert.match(verdict.Steps.find(({ Step: step }) => step === 'name')?.Seen ?? '', seen);
    }
  });
  await s.subtest('TAB must offer them', async () => {
    const offered = await must(s.docker(['__complete', 'netexec', '-p', 'shop', ''], at(engine)));
    const words = offered.stdout.split('\n').map((line) => line.split('\t')[0]);
    for (const service of ['api', 'db', 'every']) assert.ok(words.includes(service), offered.stdout);
  });
});

scenario(
  'a service of another node must be told with that node, and be reached by its network',
  { project },
  async (s) => {
    const [manager, worker] = [await ownEngine(s), await ownEngine(s, { apart: true })];
    await connectMachines(s, manager, worker);
    await manager.start();
    const host = 'tcp://198.51.100.2:2375';
    await worker.start(['--host', host, '--tls=false']);
    await manager.docker('swarm', 'init', '--advertise-addr', '198.51.100.1');
    const token = await manager.docker('swarm', 'join-token', '-q', 'worker');
    await worker.docker('swarm', 'join', '--advertise-addr', '198.51.100.2', '--token', token, '198.51.100.1:2377');
    await deploy(s, manager, 6);
    const says = async (
      engine: OwnEngine,
      words: readonly string[],
      said: RegExp,
      given = at(engine),
    ): Promise<Run> => {
      const run = await s.netexec([...words, '--', 'true'], given);
      assert.deepEqual([run.status, run.stdout], [125, '']);
      assert.match(run.stderr, said);
      return run;
    };
    const elsewhere =
      /^netexec: service "far" of stack "shop" has no task on this node; running tasks: shop_far\.1 on \S+ \(198\.51\.100\.2\)\n/;
    await s.subtest('its node and what to do', async () => {
      await says(manager, ['-p', 'shop', 'far'], elsewhere);
      await says(manager, ['shop_far'], /; to run on its network from here: docker netexec -p shop --on back -- …/);
    });
    await s.subtest('the context that leads there, by the line that is told', async () => {
      const config = join(s.folder, 'docker');
      mkdirSync(config);
      symlinkSync(
        join((await must(s.run(['sh', '-c', 'echo $DOCKER_CONFIG']))).stdout, 'cli-plugins'),
        join(config, 'cli-plugins'),
      );
      const made = ['--config', config, 'context', 'create', 'second', '--docker', `host=${host}`];
      await must(s.docker(made));
      const there = { ...at(manager), env: { ...manager.options.env, DOCKER_CONFIG: config } };
      const line = /\nhint: use the docker context for \S+: (docker --context second netexec -p shop far) …;/;
      const { stderr } = await says(manager, ['-p', 'shop', 'far'], line, there);
      const typed = (line.exec(stderr)?.[1] ?? '').split(' ');
      // By a tunnel: that engine's processes are none of this machine's.
      const script = `echo "$NETEXEC_CONTAINER"; ${get('db')}; ${get('far')}; ip -br link | cut -d ' ' -f 1`;
      const run = await must(s.run([...typed, '--', 'sh', '-c', script], there));
      assert.match(run.stdout, /^shop_far\.1\.\w+\n404\n404\nlo\nnetexec$/);
      const helpers = () => worker.docker('ps', '-aq', '--filter', 'label=docker-netexec.supervisor');
      await s.eventually(async () => assert.equal(await helpers(), ''));
    });
    await s.subtest('names and addresses of it', async () => {
      const script = `getent hosts far tasks.far | wc -l; ${get('far')}`;
      for (const words of [
        ['-p', 'shop', 'api'],
        ['-p', 'shop', '--on', 'back'],
      ]) {
        const run = await must(netexec(s, manager, [...words, '--', 'sh', '-c', script]));
        assert.equal(run.stdout, '2\n404');
      }
      const listed = await must(netexec(s, manager, ['-p', 'shop', '--list-names', '--format', '{{.Name}}']));
      assert.ok(listed.stdout.split('\n').includes('tasks.far'), listed.stdout);
    });
    await s.subtest('on the other node what it cannot know', async () => {
      await must(netexec(s, worker, ['-p', 'shop', 'far', '--', 'getent', 'hosts', 'db']));
      await says(
        worker,
        ['-p', 'shop', 'db'],
        /^netexec: service "db" of stack "shop" has no task on this node, and only a manager of the swarm knows where it runs/,
      );
    });
  },
);

/** By a cable, 198.51.100.1 to .2. */
async function connectMachines(s: Scenario, one: OwnEngine, other: OwnEngine): Promise<void> {
  const held = await s.start(other.inside(['sh', '-c', 'echo up; read -r _']));
  await held.says('up');
  const link = ['ip', 'link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'cable', 'netns', String(held.pid)];
  await must(s.run(one.inside(link)));
  for (const [engine, last] of [
    [one, 1],
    [other, 2],
  ] as const) {
    await must(s.run(engine.inside(['ip', 'address', 'add', `198.51.100.${last}/24`, 'dev', 'cable'])));
    await must(s.run(engine.inside(['ip', 'link', 'set', 'cable', 'up'])));
  }
  held.closeInput();
}
