// What --resolver hostaliases cannot do is said in one line before COMMAND starts, and nothing is said where it can.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtPrograms } from './grounds.ts';
import type { Machine } from './machine.ts';
import { domain, machineAsking, startProvider } from './provider-dns.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'provider';
const byAlias = ['--resolver', 'hostaliases', '--provider', domain];

const nsswitch = (machine: Machine, hosts: string): void =>
  writeFileSync(machine.path('/etc/nsswitch.conf'), `passwd: files\ngroup: files\nhosts: ${hosts}\n`);

const resolveConf = (machine: Machine, text: string): void => writeFileSync(machine.path('/etc/resolv.conf'), text);

/** What is said before a COMMAND that says nothing itself. */
async function said(s: Scenario, machine: Machine, command: readonly string[]): Promise<string> {
  return (await s.run(machine.inside(['docker', 'netexec', ...byAlias, 'web', '--', ...command]))).stderr;
}

const warning = (text: string): string => (text === '' ? '' : `netexec: warning: ${text}`);

scenario('what the machine answers by another way must be said, a line each', { project }, async (s) => {
  const machine = await machineAsking(s, '192.0.2.53');
  const resolve = 'nss-resolve answers before dns, and ignores HOSTALIASES';
  const noDns = 'nsswitch.conf does not list dns for hosts, so nothing reads HOSTALIASES';
  const loopback = (servers: string): string =>
    `the host's DNS server ${servers} is not reachable from the container's network`;
  for (const [title, prepare, text] of [
    ['nothing', () => {}, ''],
    ['mDNS before dns', () => nsswitch(machine, 'files mdns4_minimal [NOTFOUND=return] dns myhostname'), ''],
    ['nss-resolve', () => nsswitch(machine, 'files resolve [!UNAVAIL=return] dns'), resolve],
    ['nss-resolve after dns', () => nsswitch(machine, 'files dns resolve'), ''],
    ['no dns', () => nsswitch(machine, 'files # dns'), noDns],
    ['a loopback DNS server', () => resolveConf(machine, 'nameserver 127.0.0.53\n'), loopback('127.0.0.53')],
    ['two of them', () => resolveConf(machine, 'nameserver ::1\nnameserver 127.0.0.1\n'), loopback('::1, 127.0.0.1')],
    ['no DNS server named', () => resolveConf(machine, ''), loopback('127.0.0.1')],
    ['one of two', () => resolveConf(machine, 'nameserver 127.0.0.1\nnameserver 192.0.2.53\n'), ''],
  ] as const) {
    await s.subtest(title, async () => {
      nsswitch(machine, 'files dns');
      resolveConf(machine, 'nameserver 192.0.2.53\n');
      prepare();
      assert.equal(await said(s, machine, ['/bin/true']), warning(text));
    });
  }
  await s.subtest('nscd and two more', async () => {
    mkdirSync(machine.path('/run/nscd'));
    nsswitch(machine, 'resolve dns');
    resolveConf(machine, 'nameserver 127.0.0.53\n');
    const nscd = 'nscd answers first, and ignores HOSTALIASES';
    assert.deepEqual(
      (await said(s, machine, ['/bin/true'])).split('\n').toSorted(),
      [resolve, loopback('127.0.0.53'), nscd].map(warning).toSorted(),
    );
  });
});

scenario('a COMMAND that does not read HOSTALIASES must be named so', { project }, async (s) => {
  const machine = await machineAsking(s, '192.0.2.53');
  const folder = await builtPrograms();
  const dynamic = join(s.folder, 'resolve-musl');
  await must(s.run(['musl-gcc', '-o', dynamic, join(import.meta.dirname, '../programs/resolve.c')]));
  const script = join(s.folder, 'script');
  writeFileSync(script, '#!/bin/sh\n', { mode: 0o755 });
  const isStatic = 'COMMAND is statically linked: musl and Go ignore HOSTALIASES';
  for (const [command, text] of [
    [join(folder, 'resolve-go'), isStatic],
    [join(folder, 'resolve-musl-static'), isStatic],
    [dynamic, 'COMMAND uses musl, which ignores HOSTALIASES'],
    [join(folder, 'resolve-glibc'), ''],
    [script, ''],
    ['/usr/bin/su', 'COMMAND is a setuid program, for which glibc ignores HOSTALIASES'],
  ] as const) {
    await s.subtest(command, async () => {
      const help = command === '/usr/bin/su' ? '--help' : 'localhost';
      assert.equal(await said(s, machine, [command, help]), warning(text));
    });
  }
});

scenario('a setuid program and another user must not be left without names unsaid', { project }, async (s) => {
  const address = await s.address('nameserver', 'front');
  await startProvider(s, 'nameserver', address);
  const machine = await machineAsking(s, address);
  const getent = join(s.folder, 'getent');
  copyFileSync('/usr/bin/getent', getent);
  const shop = await s.address('shop', 'front');
  const ask = (program: string, options: readonly string[] = []) => {
    const words = [...byAlias, ...options, 'web', '--', program, 'ahostsv4', 'shop'];
    return s.run(machine.inside(['docker', 'netexec', ...words]));
  };
  const plain = await ask(getent);
  assert.ok(plain.stdout.startsWith(`${shop} `), plain.stderr);
  await s.subtest("another user, who cannot read the caller's files", async () => {
    const run = await ask(getent, ['--user', 'nobody']);
    assert.ok(run.stdout.startsWith(`${shop} `) || run.stderr.startsWith('netexec: '), 'neither a name nor a warning');
  });
  chmodSync(getent, 0o4755);
  await s.subtest('setuid', async () => {
    const run = await ask(getent, ['--user', 'nobody']);
    assert.deepEqual([run.stdout, run.status], ['', 2]);
    assert.match(run.stderr, /COMMAND is a setuid program/);
  });
});
