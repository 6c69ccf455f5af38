// COMMANDs with a remote engine: what is said of them, IPv6, and what a connection that is lost is to them.
import assert from 'node:assert/strict';
import type { FarEngine } from './far-engine.ts';
import { begin, outcome, serveHere } from './forwarded.ts';
import { must } from './scenario.ts';
import type { Scenario } from './scenario.ts';

/** Whether a far end is there. */
export const isLeft = async (engine: FarEngine): Promise<boolean> =>
  (await engine.docker('ps', '-aq', '--filter', 'label=docker-netexec.supervisor')) !== '';

export async function plannedCommand(s: Scenario, engine: FarEngine): Promise<void> {
  const { stdout } = await must(s.netexec(['--dry-run', 'web', '--', 'true'], engine.by.tcp));
  assert.match(stdout, /^true would run in its own network, with connections into the network of web /);
  assert.match(stdout, /^way +root-tunnel +# the container is not on this kernel; you are root$/m);
  const doctor = await s.netexec(['--doctor'], engine.by.tcp);
  assert.match(doctor.stdout, /place .*go through a tunnel/);
  assert.match(doctor.stdout, /root-tunnel .*used: you are root$/m);
  assert.match(doctor.stdout, /\broot .*not available: the container is not on this kernel$/m);
}

/** A container with an address of IPv6, and itself as the server. */
export async function six(s: Scenario, engine: FarEngine): Promise<void> {
  const name = `${s.projectName}-six`;
  const [network, container] = [`${name}-network`, `${name}-server`];
  await engine.docker('network', 'create', '--ipv6', '--subnet', 'fd00:99:1::/64', network);
  const image = ['--network', network, '--pull', 'never', 'netexec/servers:1', 'serve-http', '8080'];
  await engine.docker('run', '-d', '--name', container, ...image);
  const address = await engine.docker(
    'inspect',
    '--format',
    '{{range .NetworkSettings.Networks}}{{.GlobalIPv6Address}}{{end}}',
    container,
  );
  const get = ['curl', '-sS', '--noproxy', '*', '-m', '20', '-o', '/dev/null', '-w', '%{http_code}'];
  const through = (...words: readonly string[]) => s.netexec(['--container', container, '--', ...words], engine.by.tcp);
  await s.eventually(async () => assert.equal((await through(...get, `http://[${address}]:8080/`)).stdout, '200'));
  const closed = await through(...get, `http://[${address}]:7443/`);
  assert.deepEqual([closed.status, closed.stdout], [7, '000']);
  await engine.docker('rm', '-f', container);
  await engine.docker('network', 'rm', network);
}

export async function lostCommand(s: Scenario, engine: FarEngine): Promise<void> {
  const get = 'curl -sS --noproxy "*" -m 60 -o /dev/null -w "%{http_code}\\n" http://localhost:8080/';
  const started = await s.start(
    ['docker', 'netexec', 'web', '--', 'sh', '-c', `${get}; read -r line; ${get}`],
    engine.by.tcp,
  );
  await started.says('200');
  engine.cut();
  await s.eventually(() => assert.match(started.stderr(), /^netexec: \S+-web-1 is reachable again$/m));
  started.write('\n');
  const run = await started.ended;
  assert.deepEqual([run.status, run.stdout], [0, '200\n200']);
  assert.match(
    run.stderr,
    /^netexec: lost the connection to the helper container, and all open connections with it: reconnecting$/m,
  );
  await s.eventually(async () => assert.equal(await isLeft(engine), false));
}

export async function besideCommand(s: Scenario, engine: FarEngine): Promise<void> {
  const words = [
    '--forward',
    '0:postgres:5432',
    '--forward',
    '0:9999',
    '--proxy',
    '0',
    '--reverse',
    `9003:${await serveHere(s)}`,
    'web',
    '--',
    'sh',
    '-c',
    'curl -sS --noproxy "*" http://localhost:9003/; read -r line; exit 7',
  ];
  const { started, ports } = await begin(s, words, engine.by.tcp);
  await started.says('of this machine');
  await must(s.run(['curl', '-sSf', '-x', `socks5h://127.0.0.1:${ports[2]}`, 'http://web:8080/']));
  const query = ['/usr/bin/psql', '-h', '127.0.0.1', '-p', `${ports[0]}`, '-U', 'app', '-tAc', 'select 1'];
  assert.equal((await must(s.run(query))).stdout, '1');
  assert.equal(await outcome(ports[1] ?? 0), 'ECONNRESET');
  started.write('\n');
  const run = await started.ended;
  assert.equal(run.status, 7);
  assert.match(run.stderr, /^netexec: localhost:9999 in web: connection refused: nothing is listening there$/m);
  await s.eventually(async () => assert.equal(await isLeft(engine), false));
}
