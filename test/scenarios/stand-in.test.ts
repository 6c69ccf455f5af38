// --stand-in: COMMAND is a service, to the others and to Compose, that has no container or whose containers are stopped meanwhile.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { everyCaller, useCallers } from './callers.ts';
import type { Caller } from './callers.ts';
import { descendantsOf, isAlive, isNetexec, processNumbered, processesOfGroup, startAlone } from './command-process.ts';
import { fetchFrom } from './from-another.ts';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario, Started } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);

/** Of the project that is up, and one service more, whose image nobody can build. */
const withLater = `services:
  web:
    image: netexec/busybox:1
    pull_policy: never
    dns: 127.0.0.1
    networks: [backend]
  later:
    build: ./nowhere
    ports: ['127.0.0.1::8321']
    networks:
      backend: { aliases: [soon] }
networks:
  backend:
`;

/** The options of a step in a folder with that file. */
function withFile(s: Scenario, caller: Caller): RunOptions {
  writeFileSync(join(callers.home(caller), 'compose.yaml'), withLater, { mode: 0o644 });
  writeFileSync(join(s.folder, 'page'), 'from here');
  return callers.step(s, caller);
}

const serve = (s: Scenario): string => `echo $$; exec /usr/bin/python3 -u -m http.server --directory ${s.folder} 8321`;

/** What a container on the network gets from there. */
const ask = (s: Scenario, name: string, options: RunOptions) => fetchFrom(s, 'backend', `${name}:8321/page`, options);

async function killNetexec(s: Scenario, started: Started): Promise<void> {
  const command = processNumbered(Number.parseInt(started.stdout(), 10));
  process.kill(descendantsOf(started.pid).find(isNetexec)?.pid ?? 0, 'SIGKILL');
  await s.eventually(() => assert.deepEqual([processesOfGroup(started.pid), isAlive(command)], [[], false]));
}

const stateOf = async (s: Scenario, container: string, options?: RunOptions): Promise<string> =>
  (await s.run(['docker', 'inspect', '-f', '{{.State.Status}}', container], options)).stdout;

everyCaller('a service that cannot be built must be there by all of its names', { project }, async (s, caller) => {
  const options = withFile(s, caller);
  const started = await startAlone(
    s,
    ['docker', 'netexec', '--stand-in', 'later', '--', 'sh', '-c', serve(s)],
    options,
  );
  await started.says('Serving');
  const container = `${s.projectName}-later-1`;
  for (const name of ['later', 'soon', container, `later.${s.projectName}_backend`])
    assert.equal((await must(ask(s, name, options))).stdout, 'from here', name);
  const { stdout: published } = await must(s.run(['docker', 'port', container, '8321'], options));
  assert.equal((await must(s.run(['curl', '-sSf', `http://${published}/page`], options))).stdout, 'from here');
  const second = await s.netexec(['--stand-in', 'later', '--', 'true'], options);
  assert.equal(second.status, 125);
  assert.match(second.stderr, /^netexec: netexec \(pid \d+\) is already standing in for service "later"\n/);
  await killNetexec(s, started);
  await s.eventually(async () => assert.equal(await stateOf(s, container, options), ''));
});

everyCaller('a service that runs must be replaced, and be back at the end', { project }, async (s, caller) => {
  const options = withFile(s, caller);
  const container = `${s.projectName}-web-1`;
  const refused = await s.netexec(['--stand-in', 'web', '--', 'true'], options);
  assert.deepEqual(
    [refused.status, refused.stdout, refused.stderr],
    [
      125,
      '',
      `netexec: service "web" is running: ${container}\nhint: to stop it while COMMAND runs: docker netexec --stand-in --replace web -- true`,
    ],
  );
  const start = () =>
    startAlone(s, ['docker', 'netexec', '--stand-in', '--replace', 'web', '--', 'sh', '-c', serve(s)], options);
  const ended = await start();
  await ended.says('Serving');
  assert.equal(ended.stderr(), `netexec: ${container} is stopped, and starts again when COMMAND exits\n`);
  assert.equal(await stateOf(s, container, options), 'exited');
  for (const name of ['web', container]) assert.equal((await must(ask(s, name, options))).stdout, 'from here', name);
  // To start it would put both on the network.
  const beside = (await s.netexec(['web', '--', 'true'], options)).stderr;
  assert.match(
    beside,
    /is not running: a stand-in runs in its place, .*\nhint: .* --container docker-netexec-\S+ -- COMMAND$/,
  );
  process.kill(descendantsOf(ended.pid).find(isNetexec)?.pid ?? 0, 'SIGTERM');
  assert.equal((await ended.ended).status, 143);
  assert.equal(await stateOf(s, container, options), 'running');
  const killed = await start();
  await killed.says('Serving');
  await killNetexec(s, killed);
  await s.eventually(async () => assert.equal(await stateOf(s, container, options), 'running'));
});

scenario('nothing must be stopped for a COMMAND that cannot start', { project }, async (s) => {
  const started = (): Promise<string> => s.inspect('web').then(({ State: { Pid: pid } }) => String(pid));
  const before = await started();
  const missing = await s.netexec(['--stand-in', '--replace', 'web', '--', './no-such-program']);
  assert.equal(missing.status, 127);
  const planned = await must(s.netexec(['--stand-in', '--replace', '--dry-run', 'web', '--', 'true']));
  assert.match(planned.stdout, /^container .*# --stand-in, for web; stopped until the end: netexec-test-ways-web-1$/m);
  assert.equal(await started(), before);
});

const name = 'netexec-test-stand-in';
const file = (further = '') => `services:
  web:
    build: ./nowhere
    hostname: front
    extra_hosts: ['outside.test:192.0.2.7']
    dns: 127.0.0.1
    dns_search: [example.test]
    environment: { GREETING: "it's $$5", EMPTY: '' }
    healthcheck: { test: [CMD, 'false'] }
    ports: ['127.0.0.1::8321']
    volumes: ['data:/usr/share/data']
    networks:
      backend: { aliases: [www], ipv4_address: 10.77.29.50 }
      front:
  db: &service
    image: netexec/busybox:1
    pull_policy: never
    dns: 127.0.0.1
    stop_grace_period: 0s
    networks: [backend, front]
${further}
networks:
  backend: { internal: true, ipam: { config: [{ subnet: 10.77.29.0/24 }] } }
  front:
volumes:
  data:
`;
const dependents = `
  client:
    <<: *service
    depends_on: { web: { condition: service_healthy } }
  beside:
    image: netexec/busybox:1
    pull_policy: never
    stop_grace_period: 0s
    network_mode: service:web
    depends_on: [web]
`;

scenario('to Compose a stand-in must be the service', { project }, async (s) => {
  const options = await bringUp(s, name, file(), {}, ['db']);
  writeFileSync(join(s.folder, 'page'), 'from here');
  writeFileSync(join(s.folder, name, 'compose.yaml'), file(dependents));
  const started = await s.start(
    ['docker', 'netexec', '--stand-in', 'web', '--', 'sh', '-c', `read -r _; ${serve(s)}`],
    options,
  );
  const container = `${name}-web-1`;
  await s.eventually(async () => assert.equal(await stateOf(s, container, options), 'running'));
  const id = async (): Promise<string> => (await must(s.run(['docker', 'inspect', '-f', '{{.Id}}', container]))).stdout;
  const before = await id();
  const up = s.compose(['up', '-d', '--no-build', '--wait', 'client', 'beside'], { ...options, timeout: 120_000 });
  const health = ['docker', 'inspect', '-f', '{{.State.Health.Status}}', container];
  assert.equal((await must(s.run(health))).stdout, 'starting');
  started.write('\n');
  await must(up);
  await s.subtest('whose dependents come up once it listens', async () => {
    assert.equal((await must(s.run(health))).stdout, 'healthy');
    assert.equal(await id(), before);
  });
  await s.subtest('whose names, address and network others have', async () => {
    for (const [service, host] of [
      ['client', 'web'],
      ['client', 'www'],
      ['client', 'front'],
      ['client', '10.77.29.50'],
      ['beside', 'localhost'],
    ] as const) {
      const get = ['exec', '-T', service, 'wget', '-qO-', `http://${host}:8321/page`];
      assert.equal((await must(s.compose(get, options))).stdout, 'from here', host);
    }
  });
  await s.subtest('that ps, port and logs know', async () => {
    const ps = await must(s.compose(['ps', '--format', '{{.Service}} {{.State}}', 'web'], options));
    assert.equal(ps.stdout, 'web running');
    const { stdout: published } = await must(s.compose(['port', 'web', '8321'], options));
    assert.equal((await must(s.run(['curl', '-sSf', `http://${published}/page`]))).stdout, 'from here');
  });
  await s.subtest('that a second up leaves alone', async () => {
    await must(s.compose(['up', '-d', '--no-build'], options));
    assert.equal(await id(), before);
  });
  await s.subtest('that netexec enters as any other', async () => {
    const beside = await must(s.netexec(['web', '--', 'curl', '-sSf', 'http://localhost:8321/page'], options));
    assert.equal(beside.stdout, 'from here');
  });
  await s.subtest('that down ends', async () => {
    await must(s.compose(['down', '-t', '0'], options));
    const { status, stderr } = await started.ended;
    assert.equal(status, 143);
    assert.ok(stderr.endsWith(`netexec: ${container} exited with status 137: stopping COMMAND`), stderr);
  });
});

scenario('it must be healthy once others reach what listens', { project }, async (s) => {
  const options = await bringUp(s, name, file(), {}, ['db']);
  const server = (address: string): string => `/usr/bin/python3 -m http.server --bind ${address} 8321`;
  const line = `${server('127.0.0.1')} & read -r _; kill $!; wait; exec ${server('0.0.0.0')}`;
  const started = await s.start(['docker', 'netexec', '--stand-in', 'web', '--', 'sh', '-c', line], options);
  const look = async () => {
    const inspected = [
      'docker',
      'inspect',
      '-f',
      '{{.State.Health.Status}} {{len .State.Health.Log}}',
      `${name}-web-1`,
    ];
    const [status, looks] = (await s.run(inspected)).stdout.split(' ');
    return { status, looks: Number(looks) };
  };
  const listens = ['docker', 'netexec', 'web', '--', 'curl', '-sSf', '-o', '/dev/null', 'http://127.0.0.1:8321/'];
  await s.eventually(async () => assert.equal((await s.run(listens, options)).status, 0));
  const { looks: before } = await look();
  await s.eventually(async () => assert.ok((await look()).looks > before));
  assert.equal((await look()).status, 'starting');
  await s.eventually(() => assert.match(started.stderr(), /^netexec: warning: port 8321 is open on localhost only, /m));
  started.write('\n');
  await s.eventually(async () => assert.equal((await look()).status, 'healthy'));
  started.kill('SIGTERM');
  assert.equal((await started.ended).status, 143);
});

scenario('COMMAND must have what the service would have', { project }, async (s) => {
  const options = await bringUp(s, name, file(), {}, ['db']);
  const words = ['--stand-in', '--service-env', 'web', '--', 'sh', '-c'];
  const run = await must(
    s.netexec(
      [...words, 'getent ahostsv4 outside.test | head -n 1; grep ^search /etc/resolv.conf; echo "$GREETING$EMPTY"'],
      options,
    ),
  );
  assert.match(run.stdout, /^192\.0\.2\.7 +STREAM outside\.test\nsearch example\.test\nit's \$5$/);
  const told = await must(s.netexec(['--stand-in', 'web', '--', 'sh', '-c', 'env | grep ^NETEXEC_ | sort'], options));
  const networks = `NETEXEC_NETWORKS=${name}_backend,${name}_front`;
  assert.equal(
    told.stdout,
    [`NETEXEC_CONTAINER=${name}-web-1`, networks, `NETEXEC_PROJECT=${name}`, 'NETEXEC_SERVICE=web'].join('\n'),
  );
});

scenario('what cannot be stood in for must be refused, with the reason', { project }, async (s) => {
  const options = await bringUp(s, name, file(dependents.replace('depends_on: [web]', '')), {}, ['db']);
  for (const [words, said] of [
    [
      ['nobody'],
      `no service "nobody" in project "${name}", and no container is named "nobody"; services: beside, client, db, web`,
    ],
    [['beside'], 'service "beside" does not have its own network: network_mode: service:web'],
    [['db'], `service "db" is running: ${name}-db-1`],
    [['--on', 'backend', 'web'], '--on and --stand-in cannot be used together'],
    [['--pid', 'web'], '--stand-in and --pid cannot be used together'],
    [['--restart', 'web'], '--stand-in and --restart cannot be used together'],
  ] as const) {
    await s.subtest(words.join(' '), async () => {
      const run = await s.netexec(['--stand-in', ...words, '--', 'true'], options);
      assert.deepEqual([run.status, run.stdout, run.stderr.split('\n')[0]], [125, '', `netexec: ${said}`]);
    });
  }
  await s.subtest('without --stand-in', async () => {
    const run = await s.netexec(['--replace', 'web', '--', 'true'], options);
    assert.match(run.stderr, /^netexec: --replace requires --stand-in\n/);
  });
  await s.subtest('without the file', async () => {
    const run = await s.netexec(['-p', name, '--stand-in', 'web', '--', 'true'], { cwd: '/' });
    assert.match(run.stderr, /^netexec: cannot read the definition of service "web": no Compose file found\n/);
  });
  await s.subtest('without its networks', async () => {
    await must(s.compose(['down', '-t', '0'], options));
    const run = await s.netexec(['--stand-in', 'web', '--', 'true'], options);
    const hint = `hint: create it: docker compose -p ${name} up -d db`;
    const told = `netexec: network "${name}_backend" of project "${name}" is declared but has not been created yet`;
    assert.equal(run.stderr, `${told}\n${hint}`);
  });
});
