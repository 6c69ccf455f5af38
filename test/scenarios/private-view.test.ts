// What COMMAND sees of /etc: the container's name resolution, all else the host's, whatever the host's is like or does.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { ownMachine } from './machine.ts';
import { outside, startOutside } from './outside-dns.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'view';

/** A file of the container, whether or not it has a program that could show it. */
async function containersFile(s: Scenario, service: string, file: string): Promise<string> {
  const { State: state } = await s.inspect(service);
  return readFileSync(`/proc/${state.Pid}/root${file}`, 'utf8');
}

const getent = (name: string): readonly string[] => ['getent', 'ahostsv4', name];
const firstWord = (text: string): string => text.split(/\s/, 1)[0] ?? '';

for (const service of ['web', 'bare']) {
  scenario(`resolv.conf and hosts must be those of the container ${service}`, { project }, async (s) => {
    for (const file of ['/etc/resolv.conf', '/etc/hosts']) {
      const run = await must(s.netexec([service, '--', 'cat', file]));
      const theirs = await containersFile(s, service, file);
      assert.match(theirs, /\S/);
      const [comment = '', rest] = [run.stdout.split('\n')[0], run.stdout.split('\n').slice(1).join('\n')];
      assert.match(comment, /^# /);
      assert.ok(comment.includes(`${s.projectName}-${service}-1`), comment);
      if (file === '/etc/resolv.conf') assert.equal(`${rest}\n`, theirs);
      // Whoever asks which machine this is must not be told by the container.
      else assert.equal(`${rest.replace(/^# the host's own name\n127\.0\.1\.1\t.*\n/, '')}\n`, theirs);
    }
  });
}

scenario('what the machine has mounted in /etc must be there for COMMAND', { project }, async (s) => {
  const machine = await ownMachine(s);
  const mounted = `mkdir -p /etc/netexec-mounts/inner && mount -t tmpfs one /etc/netexec-mounts && mkdir /etc/netexec-mounts/inner &&
    mount -t tmpfs two /etc/netexec-mounts/inner && echo 1 >/etc/netexec-mounts/one && echo 2 >/etc/netexec-mounts/inner/two &&
    echo own >/run/own-name && mount --bind /run/own-name /etc/hostname`;
  await must(s.run(machine.inside(['sh', '-c', mounted])));
  const show =
    'cd /etc/netexec-mounts && cat one inner/two /etc/hostname; getent hosts other >/dev/null && echo names; ls /etc/below';
  const run = await s.run(machine.inside(['docker', 'netexec', 'web', '--', 'sh', '-c', show]));
  assert.equal(run.stdout, '1\n2\nown\nnames', run.stderr);
});

scenario('whoever stands in /etc must see the same files there', { project }, async (s) => {
  const standing = await must(s.netexec(['-p', s.projectName, 'web', '--', 'cat', 'resolv.conf'], { cwd: '/etc' }));
  assert.equal(standing.stdout, (await must(s.netexec(['web', '--', 'cat', '/etc/resolv.conf']))).stdout);
  const below = await must(
    s.netexec(['-p', s.projectName, 'web', '--', 'sh', '-c', 'pwd -P; cat ../resolv.conf'], { cwd: '/etc/default' }),
  );
  assert.equal(below.stdout, `/etc/default\n${standing.stdout}`);
});

scenario("names must be the container's: its neighbours, its extra hosts, its search list", { project }, async (s) => {
  await startOutside(s, 'web');
  const other = await s.address('other', 'default');
  for (const [service, name, address] of [
    ['web', 'other', other],
    ['bare', 'other', other],
    ['web', 'legacy', '192.0.2.10'],
    ['web', 'outside', outside.address],
    ['web', outside.name, outside.address],
  ] as const) {
    await s.subtest(`${name} from ${service}`, async () => {
      const run = await s.netexec([service, '--', ...getent(name)]);
      assert.deepEqual([firstWord(run.stdout), run.stderr, run.status], [address, '', 0]);
    });
  }
});

scenario("the host's own name must stay known, as an address of its own", { project }, async (s) => {
  const run = await s.netexec(['web', '--', ...getent(hostname())]);
  assert.match(run.stdout, /^127\./);
  const own = await s.netexec(['web', '--', 'hostname']);
  assert.equal(own.stdout, hostname());
});

scenario("nsswitch.conf must be the host's but for hosts, and all else in /etc the host's", { project }, async (s) => {
  const machine = await ownMachine(s);
  const netexec = ['docker', 'netexec', 'web', '--'];
  const nsswitch = ['passwd: files systemd', 'hosts: files mdns4_minimal [NOTFOUND=return] resolve', 'networks: files'];
  await must(s.run(machine.inside(['tee', '/etc/nsswitch.conf']), { input: nsswitch.join('\n') }));
  const seen = await must(s.run(machine.inside([...netexec, 'cat', '/etc/nsswitch.conf'])));
  const [comment = '', ...lines] = seen.stdout.split('\n');
  assert.match(comment, /^# /);
  assert.deepEqual(lines, [nsswitch[0], nsswitch[2], 'hosts: files dns']);

  const covered = ['resolv.conf', 'hosts', 'nsswitch.conf'].flatMap((name) => ['!', '-path', `/etc/${name}`]);
  const describe = ['find', '/etc', '-mindepth', '1', ...covered, '-printf', '%p %y %m %U:%G %s %T@ %l\n'];
  const sums = ['find', '/etc', '-type', 'f', ...covered, '-exec', 'sha256sum', '{}', '+'];
  for (const look of [describe, sums]) {
    const hosts = await must(s.run(machine.inside(look)));
    const commands = await must(s.run(machine.inside([...netexec, ...look])));
    assert.ok(hosts.stdout.includes('/etc/passwd'));
    assert.deepEqual(commands.stdout.split('\n').toSorted(), hosts.stdout.split('\n').toSorted());
  }
});

scenario("with --resolver host everything must stay the host's", { project }, async (s) => {
  for (const words of [
    ['cat', '/etc/resolv.conf', '/etc/hosts', '/etc/nsswitch.conf'],
    ['readlink', '/proc/self/ns/mnt'],
  ]) {
    const hosts = await must(s.run(words));
    assert.equal((await must(s.netexec(['--resolver', 'host', 'web', '--', ...words]))).stdout, hosts.stdout);
  }
  const { State: state } = await s.inspect('web');
  const network = await must(s.run(['readlink', `/proc/${state.Pid}/ns/net`]));
  const run = await s.netexec(['--resolver', 'host', 'web', '--', 'readlink', '/proc/self/ns/net']);
  assert.equal(run.stdout, network.stdout);
});

scenario("within a netexec another netexec must give the inner container's names", { project }, async (s) => {
  const inner = await s.netexec(['bare', '--', 'docker', 'netexec', 'web', '--', ...getent('legacy')]);
  assert.deepEqual([firstWord(inner.stdout), inner.status], ['192.0.2.10', 0], inner.stderr);
  const outer = await s.netexec(['web', '--', 'docker', 'netexec', 'bare', '--', 'cat', '/etc/hosts']);
  assert.doesNotMatch(outer.stdout, /legacy/);
  assert.ok(outer.stdout.includes(await s.address('bare', 'default')), outer.stdout);
});
