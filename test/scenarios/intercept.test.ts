// --intercept: what others send to a port of a service that goes on running reaches COMMAND.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { everyCaller, isRoot, useCallers } from './callers.ts';
import { descendantsOf, isNetexec, processNumbered, isAlive, processesOfGroup } from './command-process.ts';
import { fetchFrom } from './from-another.ts';
import { holders, intercept, nothingHeld, ours, own, serveInside, server, statusOf, tables } from './intercepted.ts';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);

/** What another container on the network gets. */
const ask = (s: Scenario, name: string, port: number, options: RunOptions) =>
  fetchFrom(s, 'backend', `${name}:${port}/page`, options);

everyCaller('others must reach COMMAND until it ends, whoever calls', { project }, async (s, caller) => {
  const options = callers.step(s, caller);
  const pid = await callers.pidOf(s, caller, 'web');
  await serveInside(s, 'web', 8088, options);
  assert.equal((await must(ask(s, 'web', 8088, options))).stdout, own);
  const started = await intercept(s, ['--intercept', '8088:8321', 'web'], server(s, 8321), options);
  assert.equal(started.stderr(), "web:8088 → port 8321 in web's network, for all clients but web itself\n");
  for (const name of ['web', `${s.projectName}-web-1`])
    assert.equal((await must(ask(s, name, 8088, options))).stdout, ours, name);
  const inside = await must(s.compose(['exec', '-T', 'web', 'wget', '-qO-', 'http://localhost:8088/page'], options));
  assert.equal(inside.stdout, own);

  const command = processNumbered(Number.parseInt(started.stdout(), 10));
  // It may change rules of networks, and nothing else.
  const found = holders(pid);
  assert.deepEqual(found.map(({ name }) => name).toSorted(), ['nft', 'sh', 'sh', 'sh']);
  for (const each of found) {
    const sets = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((set) => statusOf(each.pid, set));
    assert.deepEqual([...new Set(sets)], ['0000000000001000'], each.name);
    assert.equal(statusOf(each.pid, 'NoNewPrivs'), '1');
    assert.match(statusOf(each.pid, 'Uid'), caller.engine === 'rootless' ? /^(?!0\b)\d+/ : /^65533\b/);
    assert.equal(statusOf(each.pid, 'Groups'), '');
    // A Ctrl-C is not for it.
    assert.notEqual(statusOf(each.pid, 'NSsid'), statusOf(command.pid, 'NSsid'));
  }
  const held = readdirSync(`/proc/${command.pid}/fd`).map((number) =>
    readlinkSync(`/proc/${command.pid}/fd/${number}`),
  );
  assert.deepEqual(
    held.filter((each) => each.includes('docker-netexec')),
    [],
  );

  const second = await s.netexec(['--intercept', '8088:8322', 'web', '--', 'echo', 'COMMAND'], options);
  const netexec = descendantsOf(started.pid).find(isNetexec)?.pid ?? 0;
  const said = `netexec: port 8088 is already intercepted by netexec's process ${netexec}`;
  assert.deepEqual([second.status, second.stdout, second.stderr], [125, '', said]);

  assert.equal(statusOf(command.pid, 'Uid').startsWith('0\t'), isRoot(caller));
  process.kill(netexec, 'SIGKILL');
  await s.eventually(() => assert.deepEqual([processesOfGroup(started.pid), isAlive(command)], [[], false]));
  await nothingHeld(s, pid);
  assert.equal((await must(ask(s, 'web', 8088, options))).stdout, own);

  // An end that netexec sees leaves none behind.
  await must(s.netexec(['--intercept', '8088:8321', 'web', '--', 'true'], options));
  assert.deepEqual([holders(pid), await tables(s, pid)], [[], []]);
});

const name = 'netexec-test-intercept';
const composeFile = `services:
  web: &server
    image: netexec/servers:1
    pull_policy: never
    dns: 127.0.0.1
    command: [serve-http, '80']
    ports: ['127.0.0.1::80']
    environment: { GREETING: hello }
    networks: { both: { aliases: [www] } }
  client: { <<: *server, command: [sleep, infinity], ports: [], networks: [both] }
  sharer: { image: netexec/busybox:1, pull_policy: never, network_mode: 'service:web' }
networks:
  both: { enable_ipv6: true, ipam: { config: [{ subnet: 'fd6e:6574:6578:18::/64' }] } }
`;

interface World {
  readonly options: RunOptions;
  readonly pid: number;
  readonly four: string;
  readonly six: string;
  readonly published: string;
  /** What a container gets of a web server, from `client` unless another is named. */
  readonly get: (host: string, service?: string) => Promise<string>;
}

async function makeWorld(s: Scenario): Promise<World> {
  const options = await bringUp(s, name, composeFile);
  const { State, NetworkSettings } = JSON.parse(
    (await must(s.docker(['inspect', '-f', '{{json .}}', `${name}-web-1`]))).stdout,
  ) as {
    readonly State: { readonly Pid: number };
    readonly NetworkSettings: {
      readonly Networks: Readonly<Record<string, { readonly IPAddress: string; readonly GlobalIPv6Address: string }>>;
    };
  };
  const addresses = NetworkSettings.Networks[`${name}_both`];
  return {
    options,
    pid: State.Pid,
    four: addresses?.IPAddress ?? '',
    six: addresses?.GlobalIPv6Address ?? '',
    published: (await must(s.compose(['port', 'web', '80'], options))).stdout,
    get: async (host, service = 'client') =>
      (await must(s.compose(['exec', '-T', service, 'wget', '-qO-', `http://${host}/page`], options))).stdout,
  };
}

async function open(host: string): Promise<Socket> {
  const socket = connect({ host, port: 80 });
  await once(socket, 'connect');
  return socket;
}

/** @returns the last line of an answer */
async function finish(socket: Socket): Promise<string> {
  socket.setEncoding('utf8').end('GET /page HTTP/1.0\r\n\r\n');
  let answer = '';
  for await (const part of socket) answer += part;
  return answer.trimEnd().split('\n').at(-1) ?? '';
}

scenario(
  'others must reach COMMAND by every name, address and published port, and the service itself its own server',
  { project },
  async (s) => {
    const { options, pid, four, six, published, get } = await makeWorld(s);
    await must(s.compose(['exec', '-T', 'web', 'sh', '-c', `echo ${own} >/var/www/page`], options));
    const others = ['web', 'www', `${name}-web-1`, `web.${name}_both`, four, `[${six}]`];
    for (const host of others) assert.equal(await get(host), own, host);
    // Before there is any rule of IPv6 the kernel tracks none of its connections.
    const before = await Promise.all([four, six].map(open));
    const started = await intercept(
      s,
      ['--intercept', '80:3000', '--service-env', 'web'],
      server(s, 3000, ['--bind', '::']),
      options,
    );
    for (const host of others) assert.equal(await get(host), ours, host);
    for (const host of [published, four, `[${six}]`])
      assert.equal((await must(s.run(['curl', '-sS', '--max-time', '20', `http://${host}/page`]))).stdout, ours, host);
    // COMMAND is told who calls.
    await s.eventually(() => started.stderr().includes(`::ffff:${four.replace(/\d+$/, '')}`));
    for (const host of ['localhost', '127.0.0.1', '[::1]', 'web', four, `[${six}]`])
      assert.equal(await get(host, 'web'), own, host);
    assert.equal(await get('localhost', 'sharer'), own);
    const beside = await s.netexec(['web', '--', 'curl', '-sS', 'http://localhost/page'], options);
    assert.equal(beside.stdout, own, beside.stderr);
    for (const socket of before) assert.equal(await finish(socket), own);
    process.kill(Number.parseInt(started.stdout(), 10), 'SIGKILL');
    assert.equal((await started.ended).status, 137);
    assert.deepEqual([holders(pid), await tables(s, pid)], [[], []]);
    for (const host of others) assert.equal(await get(host), own, host);
  },
);

scenario('several ports must lead to COMMAND, beside other options', { project }, async (s) => {
  const { options, pid, four } = await makeWorld(s);
  const ports = Array.from({ length: 100 }, (_, index) => 1001 + index);
  const words = ports.flatMap((port) => ['--intercept', `${port}:3000`]);
  const all = ['--forward', '0:80', '--pid', '--service-env', '-u', 'nobody', ...words, 'web'];
  const script = 'echo $GREETING; id -un; getent hosts client >/dev/null && exec sleep infinity';
  const started = await s.start(['docker', 'netexec', ...all, '--', 'sh', '-c', script], options);
  await started.says('nobody');
  assert.equal(started.stdout(), 'hello\nnobody\n');
  assert.equal((await tables(s, pid)).length, 100);
  const refused = await s.run(['curl', '-sS', `http://${four}:1100/`]);
  assert.equal(refused.status, 7, refused.stderr);
  started.kill('SIGTERM');
  assert.equal((await started.ended).status, 143);
  await nothingHeld(s, pid);
});

scenario('each replica must be intercepted by --all, and one of them by --index', { project }, async (s) => {
  const options = await bringUp(s, name, composeFile.replace("ports: ['127.0.0.1::80']", 'deploy: { replicas: 2 }'));
  const pids = await Promise.all(
    [1, 2].map(async (index) => {
      const { stdout } = await must(s.docker(['inspect', '-f', '{{.State.Pid}}', `${name}-web-${index}`]));
      return Number(stdout);
    }),
  );
  const seen = async (words: readonly string[]): Promise<readonly number[]> => {
    const started = await s.start(
      ['docker', 'netexec', ...words, '--intercept', '80:3000', 'web', '--', 'sleep', 'infinity'],
      options,
    );
    const count = words.includes('--all') ? 2 : 1;
    await s.eventually(() => started.stderr().match(/web:80 → port 3000/g)?.length === count);
    const found = await Promise.all(pids.map(async (pid) => (await tables(s, pid)).length));
    started.kill('SIGTERM');
    await started.ended;
    return found;
  };
  assert.deepEqual(await seen(['--all']), [1, 1]);
  assert.deepEqual(await seen(['--index', '2']), [0, 1]);
});

scenario('--dry-run must show it, and a TAB the ports', { project }, async (s) => {
  const { options, pid } = await makeWorld(s);
  const words = ['--dry-run', '--intercept', '80:3000', 'web', '--', 'true'];
  const line = "web:80 → port 3000 in web's network, for all clients but web itself";
  const cause = '--intercept: with an nftables table there';
  const plan = await must(s.netexec(words, options));
  assert.ok(plan.stdout.replaceAll(/ +/g, ' ').includes(`\nintercept ${line} # ${cause}\n`), plan.stdout);
  const json = await must(s.netexec(['--format', 'json', ...words], options));
  const row = { Step: 'intercept', What: line, Cause: cause };
  assert.ok(json.stdout.split('\n').includes(JSON.stringify(row)), json.stdout);
  assert.deepEqual(await tables(s, pid), []);
  const { stdout } = await must(s.docker(['__complete', 'netexec', '--intercept', ''], options));
  assert.equal(stdout, '80:\tweb\n:6');
});

scenario("ports of a network that is this machine's must stay everybody's", { project }, async (s) => {
  const host = composeFile
    .replace("ports: ['127.0.0.1::80']\n", 'network_mode: host\n')
    .replace(/ {4}networks: .*\n/, '');
  const options = await bringUp(s, name, host.replace(/ {2}client[^]*?\n(?=networks)/, ''));
  const run = await s.netexec(['--intercept', '80:3000', 'web', '--', 'echo', 'COMMAND'], options);
  assert.deepEqual([run.status, run.stdout], [125, '']);
  assert.match(run.stderr, /^netexec: web uses this machine's own network: cannot intercept its ports\nhint: /);
});

scenario('nor must they be taken where it was shared by a container that is gone', { project }, async (s) => {
  const make = async (network: string): Promise<string> => {
    const words = ['run', '-d', '--stop-signal', 'SIGKILL', '--network', network, 'netexec/busybox:1', 'sleep', '600'];
    const { stdout } = await must(s.docker(words));
    s.t.after(() => s.docker(['rm', '-f', stdout]));
    return stdout;
  };
  const owner = await make('host');
  const sharer = await make(`container:${owner}`);
  const words = ['--intercept', '47999:47998', '--container', sharer, '--', 'echo', 'COMMAND'];
  assert.match((await s.netexec(words)).stderr, /uses this machine's own network/);
  await must(s.docker(['rm', '-f', owner]));
  const run = await s.netexec(words);
  assert.deepEqual([run.status, run.stdout], [125, '']);
  assert.match(
    run.stderr,
    /shares the network of a removed container, which may be this machine's own network: cannot intercept/,
  );
});

scenario('a service whose network is shared must be intercepted where it is shared', { project }, async (s) => {
  const { options, four } = await makeWorld(s);
  const words = ['--elevate', 'docker', '--intercept', '80:3000', 'sharer'];
  const started = await intercept(s, words, server(s, 3000), options);
  assert.equal((await must(s.run(['curl', '-sS', `http://${four}/page`]))).stdout, ours);
  started.kill('SIGTERM');
});

scenario(
  "nor where a container has entered this machine's own network, unknown to the engine",
  { project },
  async (s) => {
    const rights = ['--cap-add', 'SYS_ADMIN', '--cap-add', 'SYS_PTRACE', '--security-opt', 'seccomp=unconfined'];
    const words = ['run', '-d', '--stop-signal', 'SIGKILL', ...rights, '--pid', 'host'];
    const enter = ['netexec/busybox:1', 'nsenter', '-t', `${process.pid}`, '-n', 'sleep', '600'];
    const { stdout: id } = await must(s.docker([...words, ...enter]));
    s.t.after(() => s.docker(['rm', '-f', id]));
    const format = '{{.State.Pid}} {{.HostConfig.NetworkMode}}';
    const { stdout } = await must(s.docker(['inspect', '-f', format, id]));
    const [pid = '', mode = ''] = stdout.split(' ');
    assert.notEqual(mode, 'host');
    const network = readlinkSync('/proc/self/ns/net');
    await s.eventually(() => assert.equal(readlinkSync(`/proc/${pid}/ns/net`), network));
    const before = await tables(s, process.pid);
    const run = await s.netexec(['--intercept', '47999:47998', '--container', id, '--', 'echo', 'COMMAND']);
    assert.deepEqual([run.status, run.stdout], [125, '']);
    assert.equal(
      run.stderr,
      "netexec: the container has this machine's own network, whatever the engine says: its ports are not intercepted",
    );
    assert.deepEqual([await tables(s, process.pid), before], [[], []]);
  },
);
