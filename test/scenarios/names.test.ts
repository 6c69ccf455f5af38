// The project of the article: the host's own programs reach its services by their names, and nothing is published.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before } from 'node:test';
import { builtPrograms } from './grounds.ts';
import { startOutside } from './outside-dns.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'article';
// psql, redis-cli and curl are among them.
before(() => builtPrograms());
const services = ['web', 'postgres', 'redis'];
const psql = ['/usr/bin/psql', '-U', 'app', '-tA'];

/** Every name that a service has on one of its networks. */
async function namesOf(s: Scenario, service: string, network: string, aliases: readonly string[]): Promise<string[]> {
  const { Config: config, Name: name } = await s.inspect(service);
  const short = [service, ...aliases, name.slice(1), config.Hostname];
  return [...short, ...short.map((each) => `${each}.${s.projectName}_${network}`)];
}

scenario('nothing must be published, and the names must mean nothing on the host', { project }, async (s) => {
  for (const service of services) {
    const { HostConfig: host, NetworkSettings: network } = await s.inspect(service);
    assert.deepEqual(host.PortBindings, {}, service);
    assert.deepEqual(Object.values(network.Ports).filter(Boolean), [], service);
    // What the host's own DNS server says is its business: the host's file is ours to look at.
    assert.equal((await s.run(['getent', '-s', 'hosts:files', 'hosts', service])).status, 2, service);
  }
  const format = ['--format', '{{.Internal}}', `${s.projectName}_backend`];
  assert.equal((await must(s.docker(['network', 'inspect', ...format]))).stdout, 'true');
});

scenario('psql must reach the database by each of its names', { project }, async (s) => {
  const seen = `${await s.address('postgres', 'backend')}|${await s.address('web', 'backend')}`;
  const query = join(s.folder, 'query.sql');
  // A file of the host: whoever reads it is a program of the host.
  writeFileSync(query, 'select host(inet_server_addr()), host(inet_client_addr())');
  for (const name of await namesOf(s, 'postgres', 'backend', ['db'])) {
    await s.subtest(name, async () => {
      const run = await s.netexec(['web', '--', ...psql, '-h', name, '-f', query]);
      assert.deepEqual([run.stdout, run.stderr, run.status], [seen, '', 0]);
    });
  }
});

scenario('redis-cli must reach the cache by each of its names', { project }, async (s) => {
  const [redis, web] = [await s.address('redis', 'cache'), await s.address('web', 'cache')];
  for (const name of await namesOf(s, 'redis', 'cache', [])) {
    await s.subtest(name, async () => {
      const run = await s.netexec(['web', '--', '/usr/bin/redis-cli', '-h', name, 'CLIENT', 'INFO']);
      const [, client, server] = / addr=(\S+):\d+ laddr=(\S+):6379 /.exec(run.stdout) ?? [];
      assert.deepEqual([client, server, run.stderr, run.status], [web, redis, '', 0], run.stdout);
    });
  }
});

scenario('curl must reach the web service by each of its names, also from its neighbours', { project }, async (s) => {
  const page = (await s.inspect('web')).Config.Hostname;
  for (const [from, network] of [
    ['web', 'backend'],
    ['web', 'cache'],
    ['postgres', 'backend'],
    ['redis', 'cache'],
  ] as const) {
    for (const name of await namesOf(s, 'web', network, [])) {
      await s.subtest(`${name} from ${from}`, async () => {
        const run = await s.netexec([from, '--', '/usr/bin/curl', '-sS', '-m', '10', `http://${name}:8080/`]);
        assert.deepEqual([run.stdout, run.stderr, run.status], [page, '', 0]);
      });
    }
  }
});

scenario('one program must reach services of both networks at once', { project }, async (s) => {
  const program = [
    'import psycopg2, redis, urllib.request',
    'cache = redis.Redis("redis")',
    'cache.set("answer", 42)',
    'cursor = psycopg2.connect(host="db", user="app").cursor()',
    'cursor.execute("select %s::int + 1", (int(cache.get("answer")),))',
    'print(cursor.fetchone()[0], urllib.request.urlopen("http://web:8080/").read().decode().strip())',
  ];
  const run = await s.netexec(['web', '--', '/usr/bin/python3', '-'], { input: program.join('\n') });
  const page = (await s.inspect('web')).Config.Hostname;
  assert.deepEqual([run.stdout, run.stderr, run.status], [`43 ${page}`, '', 0]);
});

scenario('a service of another network must stay unknown and out of reach', { project }, async (s) => {
  await startOutside(s, 'postgres');
  const redis = await s.address('redis', 'cache');
  const byName = await s.netexec(['postgres', '--', 'getent', 'hosts', 'redis']);
  assert.deepEqual([byName.stdout, byName.status], ['', 2]);
  const byAddress = await s.netexec(['postgres', '--', '/usr/bin/curl', '-sS', '-m', '2', `telnet://${redis}:6379`]);
  // 7: not connected, 28: no answer. Which of the two is for the engine's firewall and routes to say.
  assert.ok(byAddress.status === 7 || byAddress.status === 28, `${byAddress.status} ${byAddress.stderr}`);
});

scenario('names must be known without docker in between', { project }, async (s) => {
  const run = await s.standalone(['web', '--', ...psql, '-h', 'db', '-c', 'select 6 * 7']);
  assert.deepEqual([run.stdout, run.stderr, run.status], ['42', '', 0]);
});
