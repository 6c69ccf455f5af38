// What a program in the container has made of its resolv.conf and hosts counts, and not what the engine once wrote.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOutside, outside } from './outside-dns.ts';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';
import type { Checked } from './checks.ts';

const project = 'command';
const name = 'netexec-test-changed';
const service = `image: 'netexec/servers:1', dns: 127.0.0.1, dns_search: ., stop_signal: SIGKILL`;
const composeFile = `
name: ${name}
services:
  web: {${service}, command: [sleep, infinity], extra_hosts: ['printer:192.0.2.7', 'dropped:192.0.2.8']}
  db: {${service}, command: serve-redis}
`;

scenario("the container's present resolv.conf and hosts must count, whoever wrote them", { project }, async (s) => {
  const options = await bringUp(s, name, composeFile);
  const inside = (script: string) => must(s.docker(['exec', `${name}-web-1`, 'sh', '-c', script]));
  const list = async () =>
    await must(s.netexec(['--list-names', '--format', '{{.Name}} {{.Network}} {{.Address}}', 'web'], options));
  const check = async (host: string): Promise<Checked> => {
    const run = await s.netexec(['--format', 'json', '--timeout', '1', '--check', 'web', host], options);
    assert.equal(run.stderr, '');
    return JSON.parse(run.stdout) as Checked;
  };
  const lines = async (): Promise<readonly string[]> => (await list()).stdout.split('\n').toSorted();

  const before = await lines();
  assert.ok(before.some((line) => line.startsWith('db ')));
  assert.deepEqual(
    before.filter((line) => /^(printer|dropped|localhost|ip6)/.test(line)),
    ['dropped  [192.0.2.8]', 'printer  [192.0.2.7]'],
  );

  await s.subtest('a hosts file that was changed must be listed as it is', async () => {
    await inside(
      'grep -v dropped /etc/hosts >/tmp/hosts; echo "10.9.8.7 added more" >>/tmp/hosts; cat /tmp/hosts >/etc/hosts',
    );
    const { stdout, stderr } = await list();
    assert.equal(stderr, '');
    const fromHosts = stdout.split('\n').filter((line) => line.includes('  '));
    assert.deepEqual(fromHosts.toSorted(), ['added  [10.9.8.7]', 'more  [10.9.8.7]', 'printer  [192.0.2.7]']);
    assert.match((await check('added:80')).Steps[0]?.Seen ?? '', /^added is in the hosts file/);
  });

  await s.subtest('a resolv.conf that was changed must be told, and what the engine would know', async () => {
    await startOutside(s, `${name}-web-1`);
    await inside('echo nameserver 127.0.0.1 >/etc/resolv.conf');
    assert.equal((await s.netexec(['web', '--', 'getent', 'hosts', 'db'], options)).status, 2);
    const { stdout, stderr } = await list();
    assert.deepEqual(stdout.split('\n').toSorted(), ['added  [10.9.8.7]', 'more  [10.9.8.7]', 'printer  [192.0.2.7]']);
    assert.match(
      stderr,
      /^netexec: warning: \/etc\/resolv\.conf of web was changed: it names 127\.0\.0\.1, not the engine's 127\.0\.0\.11; /,
    );
    const verdict = await check('db:6379');
    assert.equal(verdict.Cause, 'resolv-conf-changed', JSON.stringify(verdict));
    assert.match(
      verdict.What,
      /^\/etc\/resolv\.conf of web was changed: it names 127\.0\.0\.1, not the engine's 127\.0\.0\.11$/,
    );
    assert.match(
      verdict.Steps.at(-1)?.Seen ?? '',
      /127\.0\.0\.1 does not know db \(.*\); 127\.0\.0\.11 does: \d+\.\d+/,
    );
    // What that server does know is found all the same.
    const found = await check(outside.name);
    assert.match(JSON.stringify(found.Steps), /192\.0\.2\.80, from 127\.0\.0\.1 in /);
  });

  await s.subtest('no file of the container may be a way out of it', async () => {
    const own = join(s.folder, 'hosts');
    writeFileSync(own, '10.66.66.66 secret\n');
    const { State: state } = await s.inspect(`${name}-web-1`);
    const script = `umount /etc/hosts && rm -f /etc/hosts && ln -s ${own} /etc/hosts`;
    await must(s.run(['nsenter', '-t', `${state.Pid}`, '-m', '--', 'sh', '-c', script]));
    // What it was configured with is what is known then.
    assert.match((await list()).stdout, /^dropped {2}/m);
    assert.doesNotMatch((await list()).stdout, /secret/);
  });
});
