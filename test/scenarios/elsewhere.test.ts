// An engine of another kernel: what it is asked is told, and ports of this machine lead into its containers' networks.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { begin, closes, heard, open, openByConnect, openBySocks, outcome, take } from './forwarded.ts';
import { farEngine } from './far-engine.ts';
import type { FarEngine } from './far-engine.ts';
import { installedPlugin } from './grounds.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';
import { besideCommand, isLeft, lostCommand, plannedCommand, six } from './far-commands.ts';
import { pinnedThere, reversed, takenInside } from './far-ports.ts';
import { mirrored } from './mirrored.ts';
import { ordinaryUser, tunnelled } from './tunnelled.ts';

const project = 'article';
const carriers = ['unix', 'tcp', 'tls', 'ssh'] as const;

scenario('a remote engine must be as good as one here, for COMMAND, ports and reports', { project }, async (s) => {
  const engine = await farEngine(s);
  await must(s.compose(['up', '-d', '--wait'], engine.by.unix));
  for (const carrier of carriers) {
    await s.subtest(`reports by ${carrier}`, () => reports(s, engine, carrier));
    await s.subtest(`ports by ${carrier}`, () => ports(s, engine, carrier));
    await s.subtest(`what would lead by ${carrier}`, () => planned(s, engine, carrier));
    await s.subtest(`what is said on them by ${carrier}`, () => bytes(s, engine, carrier));
  }
  const serves = (script: string) => must(s.compose(['exec', '-T', '-d', 'web', 'sh', '-c', script], engine.by.unix));
  for (const carrier of ['tcp', 'ssh'] as const)
    await s.subtest(`COMMAND by ${carrier}`, async () => {
      await tunnelled(s, (words) => s.netexec(words, engine.by[carrier]), serves);
      await s.eventually(async () => assert.equal(await isLeft(engine), false));
    });
  await s.subtest("a user's COMMAND", async () => {
    const options = await ordinaryUser(s, engine.by.tcp);
    await tunnelled(s, (words) => s.netexec(words, options), serves);
  });
  await s.subtest("ports of COMMAND's must be there for other containers", () =>
    mirrored(s, [], engine.by.tcp, engine.by.unix, () => engine.cut()),
  );
  await s.subtest('ports beside COMMAND', () => besideCommand(s, engine));
  await s.subtest('ports inside must lead here', () => reversed(s, engine));
  await s.subtest('a port that is taken inside must be told', () => takenInside(s, engine));
  await s.subtest('names must be those of one network', () => pinnedThere(s, engine));
  await s.subtest('what would run', () => plannedCommand(s, engine));
  await s.subtest('IPv6 must be led there, too', () => six(s, engine));
  await s.subtest("COMMAND's tunnel must be made again where it is lost", () => lostCommand(s, engine));
  await s.subtest('a kill -9 must leave nothing', () => killed(s, engine));
  await s.subtest('a connection that is lost must be made again', () => lost(s, engine));
  await s.subtest("the container's end must end it, or be waited for", () => ended(s, engine));
  await s.subtest('what cannot be must be refused, with the line that can', () => refused(s, engine));
});

/** The engine is a program of this test's, too: what is left is told by netexec's own. */
async function finish(s: Scenario, { started, ports: opened }: Awaited<ReturnType<typeof begin>>) {
  started.kill('SIGTERM');
  const run = await started.ended;
  await s.eventually(() => assert.deepEqual(netexecs(s), []));
  for (const port of opened) await closes(s, port);
  return run;
}

const netexecs = (s: Scenario): readonly string[] =>
  s.processes().filter((line) => /docker-netexec:main|ssh .*dial-stdio| cat$/.test(line));

type Carrier = (typeof carriers)[number];

async function reports(s: Scenario, engine: FarEngine, carrier: Carrier): Promise<void> {
  const options = engine.by[carrier];
  const listed = await must(s.netexec(['--list-networks', '-q'], options));
  assert.deepEqual(listed.stdout.split('\n').toSorted(), [`${s.projectName}_backend`, `${s.projectName}_cache`]);
  assert.match((await must(s.netexec(['--list-names', 'web'], options))).stdout, /^db, postgres, /m);
  assert.match((await must(s.netexec(['--print-env', 'web'], options))).stdout, /^LANG=/m);
  // A TAB waits for a second and a half: to log in may take as long.
  if (carrier === 'ssh') return;
  assert.deepEqual(
    (await must(s.docker(['__complete', 'netexec', 'po'], options))).stdout.split('\n')[0]?.split('\t')[0],
    'postgres',
  );
}

async function planned(s: Scenario, engine: FarEngine, carrier: Carrier): Promise<void> {
  const options = engine.by[carrier];
  const { stdout } = await must(s.netexec(['--dry-run', '--forward', '15433:postgres:5432', 'web'], options));
  assert.ok(stdout.startsWith("This machine's ports would be forwarded into the network of web (container "), stdout);
  assert.match(stdout, /^forward +127\.0\.0\.1:15433 → postgres:5432 +# --forward$/m);
  assert.match(stdout, /^way +helper container +# the container does not run on this machine's kernel$/m);
  assert.equal(await isLeft(engine), false);
}

async function ports(s: Scenario, engine: FarEngine, carrier: Carrier): Promise<void> {
  const words = ['--forward', '0:postgres:5432', '--forward', '0:8080', '--forward', '0:9999', '--proxy', '0', 'web'];
  const forwarded = await begin(s, words, engine.by[carrier]);
  const [postgres = 0, http = 0, closed = 0, proxy = 0] = forwarded.ports;
  const query = ['/usr/bin/psql', '-h', '127.0.0.1', '-p', `${postgres}`, '-U', 'app', '-tAc', 'select 1'];
  assert.equal((await must(s.run(query))).stdout, '1');
  for (const host of ['127.0.0.1', '[::1]']) await must(s.run(['curl', '-sSf', `http://${host}:${http}/`]));
  assert.equal(await outcome(closed), 'ECONNRESET');
  await s.eventually(() =>
    assert.match(
      forwarded.started.stderr(),
      /^netexec: localhost:9999 in web: connection refused: nothing is listening there$/m,
    ),
  );
  // By name, as the service knows it; and what is refused there is refused here.
  const redis = await openBySocks(proxy, 'redis', 6379);
  assert.ok(typeof redis !== 'number');
  redis.end('PING\r\n');
  assert.match((await heard(redis)).toString(), /^\+PONG/);
  assert.equal(await openBySocks(proxy, 'redis', 1), 5);
  assert.equal(await openBySocks(proxy, 'nobody', 80), 4);
  (await openByConnect(proxy, 'postgres', 5432)).destroy();
  // Many at once.
  const all = await Promise.all(Array.from({ length: 200 }, () => openBySocks(proxy, 'redis', 6379)));
  for (const each of all) {
    assert.ok(typeof each !== 'number');
    each.end('PING\r\n');
    assert.match((await heard(each)).toString(), /^\+PONG/);
  }
  const run = await finish(s, forwarded);
  assert.deepEqual([run.status, run.stdout], [143, '']);
  await s.eventually(async () => assert.equal(await isLeft(engine), false));
}

/** Both ways, more than a window of it, with a half-close and the answer after it. */
async function bytes(s: Scenario, engine: FarEngine, carrier: Carrier): Promise<void> {
  const serve =
    'nc -l -p 7001 -e sha256sum & nc -l -p 7002 -e head -c 20000000 /dev/zero & nc -l -p 7003 -e cat & wait';
  await must(s.compose(['exec', '-T', '-d', 'web', 'sh', '-c', serve], engine.by.unix));
  const forwarded = await begin(
    s,
    ['--forward', '0:7001', '--forward', '0:7002', '--forward', '0:7003', 'web'],
    engine.by[carrier],
  );
  const [up = 0, down = 0, deaf = 0] = forwarded.ports;
  const sent = Buffer.alloc(20_000_000, 'netexec');
  // One whose answer nobody reads keeps no other.
  const slow = await open(deaf);
  slow.write(sent);
  const upload = await open(up);
  upload.end(sent);
  const sum = createHash('sha256').update(sent).digest('hex');
  assert.equal((await heard(upload)).toString().split(' ')[0], sum);
  assert.deepEqual(await heard(await open(down)), Buffer.alloc(20_000_000));
  slow.destroy();
  await finish(s, forwarded);
}

async function killed(s: Scenario, engine: FarEngine): Promise<void> {
  for (const carrier of ['tcp', 'ssh'] as const) {
    const forwarded = await begin(s, ['--forward', '0:8080', 'web'], engine.by[carrier]);
    assert.equal(await isLeft(engine), true);
    for (const line of netexecs(s))
      if (line.includes('docker-netexec:main')) process.kill(Number.parseInt(line, 10), 'SIGKILL');
    await closes(s, forwarded.ports[0]);
    await s.eventually(async () => assert.equal(await isLeft(engine), false));
    await s.eventually(() =>
      assert.deepEqual(
        s.processes().filter((line) => /\bssh\b/.test(line)),
        [],
      ),
    );
    await forwarded.started.ended;
  }
}

async function lost(s: Scenario, engine: FarEngine): Promise<void> {
  const forwarded = await begin(s, ['--forward', '0:redis:6379', 'web'], engine.by.tcp);
  const [port = 0] = forwarded.ports;
  const before = await open(port);
  before.write('PING\r\n');
  await take(before, 7);
  const reset = new Promise((resolve) => before.on('error', resolve));
  engine.cut();
  assert.equal(((await reset) as NodeJS.ErrnoException).code, 'ECONNRESET');
  // Who connects meanwhile waits.
  const after = await open(port);
  after.end('PING\r\n');
  assert.match((await heard(after)).toString(), /^\+PONG/);
  // One that gives no sign of life is lost, too.
  const [far = ''] = (await engine.docker('ps', '-q', '--filter', 'label=docker-netexec.supervisor')).split('\n');
  await engine.docker('pause', far);
  await s.eventually(() => assert.equal(forwarded.started.stderr().match(/is reachable again/g)?.length, 2));
  const third = await open(port);
  third.end('PING\r\n');
  assert.match((await heard(third)).toString(), /^\+PONG/);
  await engine.docker('unpause', far);
  const run = await finish(s, forwarded);
  await s.eventually(async () => assert.equal(await isLeft(engine), false));
  assert.match(
    run.stderr,
    /^netexec: lost the connection to the helper container, and all open connections with it: reconnecting$/m,
  );
}

async function ended(s: Scenario, engine: FarEngine): Promise<void> {
  const name = `${s.projectName}-web-1`;
  const forwarded = await begin(s, ['--forward', '0:8080', 'web'], engine.by.tcp);
  await engine.docker('stop', '-t', '0', name);
  const run = await forwarded.started.ended;
  assert.equal(run.status, 125);
  assert.match(
    run.stderr,
    /^netexec: \S+-web-1 exited with status \d+: closing its ports \(with --restart they would stay open\)$/m,
  );
  await engine.docker('start', name);
  const waiting = await begin(s, ['--restart', '--forward', '0:8080', 'web'], engine.by.tcp);
  const [port = 0] = waiting.ports;
  await engine.docker('restart', '-t', '0', name);
  await s.eventually(() => assert.match(waiting.started.stderr(), /is reachable again: forwarding its ports$/m));
  await s.eventually(async () => assert.equal((await s.run(['curl', '-sSf', `http://127.0.0.1:${port}/`])).status, 0));
  await finish(s, waiting);
}

async function refused(s: Scenario, engine: FarEngine): Promise<void> {
  const command = await s.netexec(['--elevate', 'docker', 'web', '--', 'true'], engine.by.tcp);
  assert.equal(command.status, 125);
  assert.match(command.stderr, /does not run on this machine's kernel: .*\nhint: .*docker netexec --forward .* web/);
  const pid = await s.netexec(['--pid', 'web', '--', 'true'], engine.by.tcp);
  assert.match(pid.stderr, /^netexec: --pid does not work through a tunnel: /m);
  const host = await s.netexec(['--forward', '0:8080', '--resolver', 'host', 'web'], engine.by.tcp);
  assert.equal(host.status, 125);
  assert.match(
    host.stderr,
    /^netexec: --resolver host needs an engine that runs on this machine's kernel, and the one at tcp:\/\/\S+ does not\nhint: /,
  );
  const words = ['--elevate', 'docker', '--stand-in', '--replace', 'web', '--', 'true'];
  const replacing = await s.netexec(words, engine.by.tcp);
  assert.match(replacing.stderr, /does not run on this machine's kernel/);
  assert.doesNotMatch(replacing.stderr, /stopped/);
}

scenario('without namespaces an engine of this machine must do as well', { project }, async (s) => {
  await leads(s, { NETEXEC_NO_NAMESPACES: '1' });
});

scenario("another file of netexec must do, too, with the container's libraries", { project }, async (s) => {
  const relay = join(await installedPlugin(), 'netexec/netexec');
  const { stderr } = await leads(s, { NETEXEC_NO_NAMESPACES: '1', NETEXEC_RELAY: relay });
  assert.doesNotMatch(stderr, /message from the helper container/);
  const words = ['--elevate', 'tunnel', 'web', '--', 'curl', '-sSf', 'http://web:8080/'];
  await must(s.netexec(words, { env: { NETEXEC_RELAY: relay } }));
});

async function leads(s: Scenario, env: RunOptions['env'] & object) {
  const forwarded = await begin(s, ['--forward', '0:postgres:5432', '--proxy', '0', 'web'], { env });
  const [postgres = 0, proxy = 0] = forwarded.ports;
  const query = ['/usr/bin/psql', '-h', '127.0.0.1', '-p', `${postgres}`, '-U', 'app', '-tAc', 'select 1'];
  assert.equal((await must(s.run(query))).stdout, '1');
  const byProxy = s.run(['curl', '-sSf', '-x', `socks5h://127.0.0.1:${proxy}`, 'http://web:8080/']);
  assert.equal((await must(byProxy)).status, 0);
  return finish(s, forwarded);
}
