// Names are the container's on every kind of host: with odd files, with a cache daemon, while its files are rewritten.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpacked } from './hosts.ts';
import { ownMachine } from './machine.ts';
import { must, scenario } from './scenario.ts';

const project = 'view';
const netexec = ['docker', 'netexec', 'plain', '--'];
const getent = (name: string): readonly string[] => ['getent', 'ahostsv4', name];
const firstWord = (text: string): string => text.split(/\s/, 1)[0] ?? '';

const linkIntoRun = 'mkdir -p /run/stub; mv /etc/resolv.conf /run/stub/; ln -s /run/stub/resolv.conf /etc/';

// What the host is like, and the shell script that makes it so.
const oddHosts: readonly (readonly [string, string])[] = [
  ['nsswitch.conf asks no DNS', 'echo "hosts: files" >/etc/nsswitch.conf'],
  ['nsswitch.conf stops at a daemon', 'echo "hosts: db [NOTFOUND=return UNAVAIL=return] files" >/etc/nsswitch.conf'],
  ['there is no nsswitch.conf', 'rm /etc/nsswitch.conf'],
  ['resolv.conf is a link into /run', linkIntoRun],
  ['resolv.conf is a link to nothing', 'rm /etc/resolv.conf; ln -s ../run/nothing/resolv.conf /etc/resolv.conf'],
  ['there is neither resolv.conf nor hosts', 'rm /etc/resolv.conf /etc/hosts'],
  ['hosts has another address for the name', 'echo 192.0.2.66 other >>/etc/hosts'],
  ['/etc is read-only', 'mount -o remount,ro,bind /etc'],
];

scenario('names must be known whatever the host is like', { project }, async (s) => {
  const other = await s.address('other', 'default');
  for (const [like, script] of oddHosts) {
    await s.subtest(like, async () => {
      const machine = await ownMachine(s);
      await must(s.run(machine.inside(['sh', '-ec', script])));
      assert.notEqual(firstWord((await s.run(machine.inside(getent('other')))).stdout), other);
      const run = await s.run(machine.inside([...netexec, ...getent('other')]));
      assert.deepEqual([firstWord(run.stdout), run.stderr, run.status], [other, '', 0]);
    });
  }
});

const rename = 'cp $0 /etc/new; mv /etc/new /etc/resolv.conf; cp $1 /etc/new; mv /etc/new /etc/hosts';

// How the host's files change while COMMAND runs: what the host is like before, and what it then does.
const rewrites: readonly (readonly [string, string, string])[] = [
  ['in place', ':', 'cat <$0 >/etc/resolv.conf; cat <$1 >/etc/hosts'],
  ['by new files renamed into place', ':', rename],
  ['by new files, again and again', ':', `${rename}; ${rename}; ${rename}`],
  [
    'by a new target of a link',
    linkIntoRun,
    'cp $0 /run/stub/new; mv /run/stub/new /run/stub/resolv.conf; cp $1 /etc/hosts',
  ],
  ['by files in the place of links', linkIntoRun, rename],
  ['by links in the place of files', ':', 'ln -sf $0 /etc/resolv.conf; ln -sf $1 /etc/hosts'],
];

scenario('names must hold while COMMAND runs and the host rewrites its files', { project }, async (s) => {
  const other = await s.address('other', 'default');
  const files = ['resolv.conf', 'hosts'].map((name) => join(s.folder, name));
  const [resolv = '', hosts = ''] = files;
  writeFileSync(resolv, 'nameserver 192.0.2.1\n');
  writeFileSync(hosts, '192.0.2.66 other\n');
  const script = 'while read -r round; do echo "$round: $(getent ahostsv4 other)"; done';
  for (const [how, before, rewrite] of rewrites) {
    await s.subtest(how, async () => {
      const machine = await ownMachine(s);
      await must(s.run(machine.inside(['sh', '-ec', before])));
      const started = await s.start(machine.inside([...netexec, 'sh', '-c', script]));
      started.write('before\n');
      await started.says('before: ');
      await must(s.run(machine.inside(['sh', '-ec', rewrite, ...files])));
      assert.match((await must(s.run(machine.inside(getent('other'))))).stdout, /^192\.0\.2\.66 /);
      started.write('after\n');
      await started.says('after: ');
      started.closeInput();
      const { stdout, stderr, status } = await started.ended;
      assert.ok(stdout.includes(`before: ${other} `) && stdout.includes(`after: ${other} `), stdout);
      assert.deepEqual([stderr, status], ['', 0]);
    });
  }
});

const nscdConfiguration = [
  'enable-cache passwd no',
  'enable-cache group no',
  'enable-cache services no',
  'enable-cache netgroup no',
  'enable-cache hosts yes',
  'positive-time-to-live hosts 3600',
  'check-files hosts no',
  'persistent hosts no',
  'shared hosts no',
  '',
];

scenario('names must be known with a running nscd, and stay unknown to it', { project }, async (s) => {
  const nscd = join(await unpacked(s, ['nscd']), 'sbin/nscd');
  const machine = await ownMachine(s);
  writeFileSync(machine.path('/etc/nscd.conf'), nscdConfiguration.join('\n'));
  writeFileSync(machine.path('/etc/hosts'), '192.0.2.66 other\n');
  mkdirSync(machine.path('/run/nscd'));
  const daemon = await s.start(machine.inside([nscd, '--foreground']));
  await s.eventually(() => existsSync(machine.path('/run/nscd/socket')));

  // nscd is asked and answers from its memory: the file no longer has the name.
  const remembered = await must(s.run(machine.inside(getent('other'))));
  writeFileSync(machine.path('/etc/hosts'), '');
  assert.match(remembered.stdout, /^192\.0\.2\.66 /);
  assert.equal((await s.run(machine.inside(getent('other')))).stdout, remembered.stdout);

  const run = await s.run(machine.inside([...netexec, ...getent('other')]));
  assert.deepEqual([firstWord(run.stdout), run.stderr, run.status], [await s.address('other', 'default'), '', 0]);
  const extra = await s.run(machine.inside([...netexec, ...getent('legacy')]));
  assert.deepEqual([firstWord(extra.stdout), extra.stderr, extra.status], ['192.0.2.10', '', 0]);

  assert.equal((await s.run(machine.inside(getent('other')))).stdout, remembered.stdout);
  assert.equal((await s.run(machine.inside(getent('legacy')))).stdout, '');
  daemon.kill('SIGTERM');
  await daemon.ended;
});

scenario(
  "the host's later mounts must reach COMMAND, and COMMAND's must not reach the host",
  { project },
  async (s) => {
    const machine = await ownMachine(s);
    const [theirs, ours] = ['theirs', 'ours'].map((name) => join(s.folder, name));
    assert.ok(theirs !== undefined && ours !== undefined);
    for (const folder of [theirs, ours]) mkdirSync(folder);
    const script = 'mount -t tmpfs ours "$0"; echo mounted; read -r _ || :; cat /proc/self/mountinfo';
    const started = await s.start(machine.inside([...netexec, 'sh', '-ec', script, ours]));
    await started.says('mounted');
    await must(s.run(machine.inside(['mount', '-t', 'tmpfs', 'theirs', theirs])));
    const hosts = await must(s.run(machine.inside(['cat', '/proc/self/mountinfo'])));
    started.closeInput();
    const commands = await started.ended;
    assert.ok(commands.stdout.includes(` ${theirs} `) && commands.stdout.includes(` ${ours} `), commands.stdout);
    assert.ok(hosts.stdout.includes(` ${theirs} `) && !hosts.stdout.includes(` ${ours} `), hosts.stdout);
  },
);
