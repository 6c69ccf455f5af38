// --check of what is no container: servers of this machine, and machines outside that nobody gets to.
import assert from 'node:assert/strict';
import { callerNamed, useCallers } from './callers.ts';
import { beside, check, mustFind, project } from './checks.ts';
import { begin, end } from './forwarded.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const callers = useCallers(project, 'shared');
const without = callerNamed('netexec-docker');

/** Python's web server on this machine. @returns its port */
async function serveHere(s: Scenario, address: string): Promise<number> {
  const server = await s.start(['python3', '-u', '-m', 'http.server', '--bind', address, '0']);
  await s.eventually(() => /port \d+/.test(server.stdout()));
  return Number(/port (\d+)/.exec(server.stdout())?.[1]);
}

/** A container that knows this machine as host.docker.internal. */
async function asking(s: Scenario): Promise<string> {
  const name = `${s.projectName}-asking`;
  await s.docker(['rm', '-f', name]);
  s.t.after(() => s.docker(['rm', '-f', name]));
  const host = ['--add-host', 'host.docker.internal:host-gateway'];
  const network = ['--network', `${s.projectName}_front`];
  await must(
    s.docker(['run', '-d', '--name', name, '--stop-signal', 'KILL', ...host, ...network, 'netexec/busybox:1']),
  );
  return name;
}

async function gatewayOf(s: Scenario, network: string): Promise<string> {
  const format = '{{range .IPAM.Config}}{{.Gateway}}{{end}}';
  return (await must(s.docker(['network', 'inspect', '--format', format, network]))).stdout;
}

/** What the engine has written for it: of a bridge of its first start it tells no gateway. */
async function hostGateway(s: Scenario, container: string): Promise<string> {
  const { stdout } = await must(s.docker(['exec', container, 'grep', 'host.docker.internal', '/etc/hosts']));
  return stdout.split('\t')[0] ?? '';
}

scenario('a server of this machine must be named where no container reaches it', { project }, async (s) => {
  const name = await asking(s);
  const [port, elsewhere] = [await serveHere(s, '127.0.0.1'), await serveHere(s, '127.0.0.2')];
  const front = await gatewayOf(s, `${s.projectName}_front`);
  const bridge = await hostGateway(s, name);
  const rows: readonly (readonly [endpoint: string, cause: string, what: RegExp, hint: RegExp])[] = [
    [
      `host.docker.internal:${port}`,
      'loopback-only',
      new RegExp(`^python3 on 127\\.0\\.0\\.1:${port} \\(this machine\\): containers cannot reach that$`),
      new RegExp(`listen on 0\\.0\\.0\\.0, or on ${bridge} for containers only`),
    ],
    [
      `${front}:${port}`,
      'loopback-only',
      /\(this machine\): containers cannot reach that$/,
      new RegExp(`or on ${front} `),
    ],
    [
      `http://${front}:${elsewhere}`,
      'loopback-only',
      /127\.0\.0\.2:\d+ \(this machine\): containers cannot/,
      /0\.0\.0\.0/,
    ],
    [`${front}:1`, 'nothing-listens', /^nothing on this machine listens on port 1$/, /is its server running/],
    // postgres publishes it for this machine alone.
    [`${front}:25432`, 'loopback-only', /^docker-proxy on 127\.0\.0\.1:25432/, /postgres's port, .*use postgres:5432$/],
  ];
  for (const [endpoint, cause, what, hint] of rows) {
    await s.subtest(`${endpoint}: ${cause}`, () => mustFind(s, [name, endpoint], cause, what, hint));
  }
});

scenario('a server of this machine on one of its addresses must be named with that', { project }, async (s) => {
  const [front, bridge] = [await gatewayOf(s, `${s.projectName}_front`), await hostGateway(s, await asking(s))];
  const port = await serveHere(s, bridge);
  const what = new RegExp(`^python3 on ${bridge}:${port} \\(this machine\\), not on ${front}$`);
  await mustFind(s, ['web', `${front}:${port}`], 'other-address', what, new RegExp(`^use ${bridge}:${port}, or make`));
  const [verdict] = await check(s, ['web', `${bridge}:${port}`]);
  assert.equal(verdict?.Connects, true);
});

scenario('an ordinary user must be told the address, though not the program', { project }, async (s) => {
  const port = await serveHere(s, '127.0.0.1');
  const endpoint = `${await gatewayOf(s, `${s.projectName}_front`)}:${port}`;
  const words = ['-p', s.projectName, '--elevate', 'docker', '--check', 'web', endpoint];
  const run = await s.netexec(words, callers.step(s, without));
  assert.deepEqual([run.status, run.stderr], [1, '']);
  assert.ok(run.stdout.includes(`cause: a program on 127.0.0.1:${port} (this machine): containers cannot reach that`));
});

scenario(
  'a machine outside must be told from a free address of a network, whatever the error',
  { project },
  async (s) => {
    const free = (await gatewayOf(s, `${s.projectName}_front`)).replace(/\.1$/, '.250');
    const what = new RegExp(`^cannot reach ${free}: it is in front's own subnet, and no container has it`);
    // The kernel gives up looking for it after three seconds.
    for (const seconds of ['1', '5']) {
      await s.subtest(`--timeout ${seconds}`, () =>
        mustFind(s, ['--timeout', seconds, 'web', `${free}:80`], 'no-route', what, /networks\.front\.ipam\.config$/),
      );
    }
    await s.subtest('a network that it is not on', async () => {
      const other = (await gatewayOf(s, `${s.projectName}_back`)).replace(/\.1$/, '.250');
      await mustFind(
        s,
        ['web', `${other}:80`],
        'no-route',
        /subnet of netexec-test-check_back, a network of this/,
        /recreate/,
      );
    });
    await s.subtest('IPv6', async () => {
      const network = `${s.projectName}_six`;
      await s.docker(['network', 'rm', network]);
      await must(s.docker(['network', 'create', '--ipv6', '--subnet', 'fd00:5151::/64', network]));
      const name = await beside(s, 'six', ['sleep', 'infinity'], 'six');
      s.t.after(() => s.docker(['network', 'rm', network]));
      const cause = /^cannot reach fd00:5151::dead: it is in netexec-test-check_six's own subnet/;
      await mustFind(s, [name, '[fd00:5151::dead]:80'], 'no-route', cause, /recreate netexec-test-check_six with/);
    });
  },
);

scenario("the way from one localhost to the other must be shown, where that is the other's", { project }, async (s) => {
  const hinted = async (endpoint: string): Promise<readonly string[]> => {
    const run = await s.netexec(['--check', 'web', endpoint], {
      cwd: '/',
      env: { COMPOSE_PROJECT_NAME: s.projectName },
    });
    const [, line = ''] = /: docker netexec (.*)$/.exec(run.stdout) ?? [];
    return line.split(' ');
  };
  await s.subtest('of what connects inside', async () => {
    const words = await hinted('localhost:8080');
    assert.deepEqual(words, ['-p', s.projectName, '--forward', '8080', 'web']);
    // Another port: this machine's 8080 may be taken.
    const forwarded = await begin(s, words.with(3, '0:8080'), { cwd: '/' });
    await must(s.run(['curl', '-sSf', `http://127.0.0.1:${forwarded.ports[0]}/`]));
    await end(s, forwarded);
  });
  await s.subtest('of what only this machine has', async () => {
    const port = await serveHere(s, '127.0.0.1');
    const words = await hinted(`127.0.0.1:${port}`);
    assert.deepEqual(words, ['-p', s.projectName, '--reverse', `${port}`, 'web']);
    await must(
      s.netexec([...words, '--', 'curl', '-sSf', '-o', '/dev/null', `http://127.0.0.1:${port}/`], { cwd: '/' }),
    );
  });
});
