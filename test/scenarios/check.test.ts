// --check: what keeps a service from being reached is made for real, one cause after the other, and must be named.
import assert from 'node:assert/strict';
import { beside, check, inNetwork, mustFind, project } from './checks.ts';
import { must, scenario } from './scenario.ts';

scenario('endpoints that connect must be said to, with what was seen on the way', { project }, async (s) => {
  const verdicts = await check(s, ['web', 'postgres:5432', 'redis:6379', 'http://api:8080/none', 'localhost:8080']);
  assert.deepEqual(
    verdicts.map(({ Connects, Cause }) => [Connects, Cause]),
    verdicts.map(() => [true, '']),
  );
  const said = verdicts.map(({ Steps }) => Steps.map(({ Step, Seen }) => `${Step} ${Seen}`).join('\n'));
  assert.match(said[0] ?? '', /^name postgres: netexec-test-check-postgres-1 \(Up .*healthy\)/);
  assert.ok(said[0]?.includes(`dns ${await s.address('postgres', 'front')}, from 127.0.0.11 `), said[0]);
  assert.match(said[0] ?? '', /^listens postgres \(pid \d+\) on 0\.0\.0\.0:5432/m);
  assert.match(said[0] ?? '', /^answer PostgreSQL: role "netexec" does not exist|^answer PostgreSQL$/m);
  assert.match(said[1] ?? '', /^answer Redis: PONG$/m);
  assert.match(said[2] ?? '', /^answer HTTP\/1\.1 404 Not Found$/m);
});

scenario('the text must say the same, in the order of the words', { project }, async (s) => {
  const run = await s.netexec(['--check', 'web', 'shy:6379', 'redis:6379']);
  assert.deepEqual([run.status, run.stderr], [1, '']);
  const [shy = '', redis = ''] = run.stdout.split('\n\n');
  assert.match(
    shy,
    /^shy:6379\n {2}✓ name .*\n {2}✓ dns .*\n {2}✓ route .*\n {2}✗ listens .*\n {2}cause: .*127\.0\.0\.1 only.*\n {2}hint: .*\n {4}or: reach it from this machine: docker netexec .*--forward 6379 shy$/,
  );
  assert.match(redis, /^redis:6379\n( {2}✓ .*\n)+ {2}✓ answer +Redis: PONG$/);
});

scenario('an endpoint without a port must be checked on every port that is listened on', { project }, async (s) => {
  assert.deepEqual(
    (await check(s, ['web', 'redis', 'postgres'])).map(({ Endpoint, Connects }) => [Endpoint, Connects]),
    [
      ['redis:6379', true],
      ['postgres:5432', true],
    ],
  );
});

scenario('without endpoints, what is needed and what listens must be listed', { project }, async (s) => {
  const table = async (service: string): Promise<readonly [number | undefined, readonly Record<string, unknown>[]]> => {
    const run = await s.netexec(['--format', 'json', '--check', service]);
    assert.equal(run.stderr, '');
    return [run.status, run.stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)];
  };
  const [status, rows] = await table('web');
  assert.equal(status, 0);
  assert.deepEqual(
    rows.map(({ Service, Network, Port, Declared, Needed, State }) => [
      Service,
      Network,
      Port,
      Declared,
      Needed,
      State,
    ]),
    [
      ['postgres', ['front'], '5432', ['expose', 'ports: 25432'], 'depends_on', 'listens'],
      ['redis', ['front'], '6379', [], 'depends_on', 'listens'],
      ['api', ['front'], '8080', [], '', 'listens'],
      ['idle', ['front'], '', [], '', 'nothing listens'],
      ['modern', ['front'], '6379', [], '', 'listens'],
      ['moved', ['front'], '6379', [], '', 'listens'],
      ['secluded', ['inside'], '8080', [], '', 'listens'],
      ['shy', ['front'], '6379', [], '', 'loopback only'],
    ],
  );
  assert.deepEqual(rows[0]?.['Listens'], ['0.0.0.0 (postgres)', ':: (postgres)']);
  s.t.after(async () => {
    await s.compose(['start', 'redis']);
    // netexec has no home any more that it could write to.
    const answers = 'until echo PING | nc -w 1 127.0.0.1 6379 | grep PONG; do sleep 0.2; done';
    await must(s.compose(['exec', '-T', 'redis', 'sh', '-c', answers]));
  });
  await must(s.compose(['kill', 'redis']));
  const [failed, without] = await table('web');
  assert.equal(failed, 1);
  assert.match(String(without[1]?.['State']), /^Exited/);
  // It is in the network of what it depends on: that is no other.
  assert.equal((await table('sidecar'))[0], 0);
});

scenario('without a service all that run must be looked at, each as by its name', { project }, async (s) => {
  const rowsOf = async (...words: readonly string[]) => {
    const run = await s.netexec(['--check', ...words, '--format', 'json']);
    assert.equal(run.stderr, '');
    return [run.status, run.stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)] as const;
  };
  const [status, all] = await rowsOf();
  const services = [...new Set(all.map(({ From }) => From))];
  assert.ok(services.length > 3, String(services));
  const statuses = [];
  for (const service of services) {
    const [its, rows] = await rowsOf(String(service));
    const here = all.filter(({ From }) => From === service);
    assert.deepEqual(
      here,
      rows.map((row) => ({ From: service, ...row })),
    );
    statuses.push(its);
  }
  assert.equal(status, Math.max(...statuses.map(Number)));
});

scenario('the cause must be named where nothing has to be broken', { project }, async (s) => {
  const rows: readonly (readonly [endpoint: string, cause: string, what: RegExp, hint: RegExp])[] = [
    ['posgres:5432', 'name-unknown', /"posgres"/, /did you mean postgres\?/],
    ['kafka:9092', 'name-unknown', /"kafka" on web's networks \(front and inside\)/, /--list-names web/],
    ['host.docker.internal:80', 'name-unknown', /host\.docker\.internal/, /extra_hosts.*; or: .* --reverse 80 web$/],
    [
      'vault:6379',
      'other-network',
      /vault and web have no network/,
      /services\.web\.networks: \[front, inside, back\]/,
    ],
    ['netexec-test-check-vault-1:6379', 'other-network', /vault and web/, /services\.web\.networks/],
    ['sidecar:8080', 'shares-network', /uses the network of api/, /use api/],
    ['later', 'not-started', /no container/, /up -d later/],
    ['moved:6379', 'stale-address', /10\.11\.12\.13 in web's hosts file/, /extra_hosts/],
    ['shy:6379', 'loopback-only', /127\.0\.0\.1 only/, /services\.shy\.command: redis-server --bind 0\.0\.0\.0/],
    ['shy', 'loopback-only', /127\.0\.0\.1 only/, /--bind/],
    ['modern:6379', 'ipv6-only', /IPv6 only/, /enable_ipv6/],
    ['redis:6380', 'wrong-port', /listens on 6379, not on 6380/, /use redis:6379/],
    ['postgres:25432', 'wrong-port', /on the container networks, it is 5432/, /use postgres:5432/],
    ['idle:80', 'nothing-listens', /nothing in idle listens/, /docker logs/],
    ['localhost:5432', 'nothing-listens', /web listens on 8080/, /localhost is web itself.*: postgres:5432$/],
    [
      'example.org:80',
      'dns-upstream',
      /the servers that it asks for other names (do not|fail for example\.org)/,
      /services\.web\.dns/,
    ],
    ['https://api:8080', 'tls-missing', /does not speak TLS/, /http:\/\/api:8080/],
    ['redis://api:8080', 'other-protocol', /does not speak Redis/, /right port/],
  ];
  for (const [endpoint, cause, what, hint] of rows) {
    await s.subtest(`${endpoint}: ${cause}`, () => mustFind(s, ['web', endpoint], cause, what, hint));
  }
});

scenario('a paused container must be named', { project }, async (s) => {
  const name = await beside(s, 'sleepy', ['serve-redis']);
  await must(s.docker(['pause', name]));
  await mustFind(s, ['web', `${name}:6379`], 'paused', /is paused/, /docker unpause netexec-test-check-sleepy/);
});

scenario('a service that has ended must be named', { project }, async (s) => {
  s.t.after(() => s.compose(['rm', '-fs', 'job']));
  await must(s.compose(['up', '-d', 'job']));
  await s.eventually(async () => (await s.inspect('job')).State.Status === 'exited');
  await mustFind(
    s,
    ['web', 'job:80'],
    'not-running',
    /exited with status 3/,
    /logs --tail 20 job; start it: .* start job/,
  );
});

scenario('a container that was stopped must be named', { project }, async (s) => {
  const name = await beside(s, 'stopped', ['serve-redis']);
  await must(s.docker(['kill', name]));
  await mustFind(
    s,
    ['web', `${name}:6379`],
    'not-running',
    /exited with status 137/,
    /docker start netexec-test-check-stopped/,
  );
});

scenario('NAT rules of the engine that were flushed must be named', { project }, async (s) => {
  const name = await beside(s, 'flushed', ['sleep', 'infinity']);
  assert.deepEqual(
    (await check(s, [name, 'redis:6379'])).map(({ Connects }) => Connects),
    [true],
  );
  await inNetwork(s, name, ['iptables', '-t', 'nat', '-F']);
  await mustFind(s, [name, 'redis:6379'], 'dns-rules-gone', /NAT rules/, /docker restart netexec-test-check-flushed/);
});

scenario('a DNS server that does not answer must be named', { project }, async (s) => {
  const name = `${s.projectName}-deaf`;
  s.t.after(() => s.docker(['rm', '-f', name]));
  // On the default bridge the engine serves no names: the container asks the server itself.
  await must(s.docker(['run', '-d', '--name', name, '--dns', '127.0.0.1', 'netexec/busybox:1']));
  await mustFind(
    s,
    ['--container', name, 'example.org:80'],
    'dns-dead',
    /127\.0\.0\.1: connection refused/,
    /default bridge/,
  );
});

scenario('a rule that drops packets must be named', { project }, async (s) => {
  const name = await beside(s, 'guarded', ['sleep', 'infinity']);
  const rule = ['add', 'rule', 'inet', 'guard', 'out', 'tcp', 'dport', '6379', 'drop'];
  await inNetwork(s, name, ['nft', 'add', 'table', 'inet', 'guard']);
  const chain = '{ type filter hook output priority 0; }';
  await inNetwork(s, name, ['nft', 'add', 'chain', 'inet', 'guard', 'out', chain]);
  await inNetwork(s, name, ['nft', ...rule]);
  const seen =
    /no answer within 3 s; in netexec-test-check-guarded's network: table inet guard, chain out: tcp dport 6379 drop$/;
  await mustFind(s, [name, 'redis:6379'], 'dropped', seen, /remove that rule/);
  await inNetwork(s, name, ['nft', 'flush', 'chain', 'inet', 'guard', 'out']);
  await inNetwork(s, name, ['nft', ...rule.slice(0, -1), 'reject', 'with', 'tcp', 'reset']);
  await mustFind(s, [name, 'redis:6379'], 'refused', /reject with tcp reset/, /a firewall rule in .* rejects it/);
});

scenario('an interface that is down must be named', { project }, async (s) => {
  const name = await beside(s, 'cut', ['sleep', 'infinity']);
  await inNetwork(s, name, ['ip', 'link', 'set', 'eth0', 'down']);
  await mustFind(
    s,
    [name, 'redis:6379'],
    'interface-down',
    /its address on netexec-test-check_front/,
    /docker restart/,
  );
});

scenario('an internal network must be named as what keeps from the outside', { project }, async (s) => {
  await mustFind(
    s,
    ['secluded', '192.0.2.7:80'],
    'internal-network',
    /or anything else outside inside/,
    /internal: true/,
  );
});

scenario('an address that nobody has must be named', { project }, async (s) => {
  const address = (await s.address('redis', 'front')).replace(/\.\d+$/, '.250');
  await mustFind(
    s,
    ['--timeout', '5', 'web', `${address}:80`],
    'no-route',
    new RegExp(`cannot reach ${address}`),
    /is the address right/,
  );
});

scenario('a server on the address of another network must be named', { project }, async (s) => {
  const address = await s.address('web', 'inside');
  s.t.after(() => s.compose(['exec', '-T', 'web', 'pkill', 'redis-server']));
  await must(s.compose(['exec', '-dT', 'web', 'redis-server', '--bind', address, '--port', '7777', '--save', '']));
  await s.eventually(async () => (await check(s, ['secluded', 'web:7777']))[0]?.Connects === true);
  await mustFind(s, ['api', 'web:7777'], 'other-address', new RegExp(`listens on ${address} only`), /0\.0\.0\.0/);
});
