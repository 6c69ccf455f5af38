// --host-network, whoever calls and whatever the machine forbids: by which way, as whom COMMAND runs, and that nothing stays.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';

import { join } from 'node:path';
import { callerNamed, everyCaller, uidOf, useCallers } from './callers.ts';
import type { Caller } from './callers.ts';
import { descendantsOf, isAlive, isNetexec, processNumbered, processesOfGroup, startAlone } from './command-process.ts';
import { openTerminal } from './command-terminal.ts';
import { hosts, makeHost } from './hosts.ts';
import { ownEngine } from './own-engine.ts';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);
const member = callerNamed('netexec-docker');

const outside = ['--host-network', 'web', '--'];
const isRefused = ({ engine }: Caller): boolean => engine === 'rootless';

/** The way that is told for this caller. */
async function wayOf(s: Scenario, words: readonly string[], options: RunOptions): Promise<string> {
  const planned = await must(s.netexec(['--host-network', '--dry-run', ...words, 'web', '--', 'true'], options));
  return /^way +(\w+)/m.exec(planned.stdout)?.[1] ?? planned.stdout;
}

everyCaller('COMMAND must be the caller, and find the service', { project }, async (s, caller) => {
  const options = callers.step(s, caller);
  const script = 'getent hosts web; id -u; id -g; pwd; umask; exit 7';
  const run = await s.netexec([...outside, 'sh', '-c', script], options);
  if (isRefused(caller)) {
    assert.deepEqual([run.stdout, run.status], ['', 125]);
    const [what, hint = ''] = run.stderr.split('\n');
    assert.match(
      what ?? '',
      /cannot reach addresses on .*: a rootless engine keeps its networks in its own namespace$/,
    );
    const line = hint.replace('hint: run COMMAND in that network, without --host-network: ', '');
    assert.match(line, /^docker netexec web -- sh -c /);
    assert.equal((await s.run(['sh', '-c', line], options)).status, 7);
    return;
  }
  const [web = '', ...own] = run.stdout.split('\n');
  assert.match(web, /^[\d.]+\s+web\b/);
  const alone = await must(
    s.run(['sh', '-c', script.replace('exit 7', ':').replace('getent hosts web', ':')], options),
  );
  assert.deepEqual([own, run.status, run.stderr], [alone.stdout.split('\n'), 7, '']);
  const way = caller === member ? 'namespace' : caller.way;
  assert.equal(await wayOf(s, [], options), way);
  // All of it but what only privilege gives: a user namespace knows of no group but the first.
  const groups = (await must(s.run(['id', '-G'], options))).stdout;
  const inside = (await must(s.netexec([...outside, 'id', '-G'], options))).stdout;
  assert.equal(inside, way === 'namespace' ? `${uidOf(caller)} 65534` : groups);
});

everyCaller('by kill -9 COMMAND must end, and nothing stay', { project }, async (s, caller) => {
  if (isRefused(caller)) return;
  const folder = join(callers.home(caller), 'tmp');
  mkdirSync(folder, { recursive: true });
  chownSync(folder, uidOf(caller), uidOf(caller));
  const options = callers.step(s, caller, { env: { TMPDIR: folder } });
  const mounts = (): string => readFileSync(`${/^\/proc\/\d+/.exec(callers.path('/'))?.[0]}/mounts`, 'utf8');
  const before = mounts();
  const started = await startAlone(
    s,
    ['docker', 'netexec', ...outside, 'sh', '-c', 'echo $$; exec sleep 600'],
    options,
  );
  await started.says('\n');
  // What took a name has none any more, while it runs.
  await s.eventually(() => assert.deepEqual(readdirSync(folder), []));
  const command = processNumbered(Number.parseInt(started.stdout(), 10));
  const netexec = descendantsOf(started.pid).find(isNetexec);
  process.kill(netexec?.pid ?? 0, 'SIGKILL');
  await s.eventually(() => assert.deepEqual([processesOfGroup(started.pid), isAlive(command)], [[], false]));
  assert.deepEqual([readdirSync(folder), mounts()], [[], before]);
});

scenario("what a user namespace cannot give must be the engine's to give", { project }, async (s) => {
  const options = callers.step(s, member);
  for (const [words, way] of [
    [['--cap-add', 'NET_RAW'], 'docker'],
    [['-u', 'netexec-sudo'], 'docker'],
    [['--elevate', 'docker'], 'docker'],
    [['--elevate', 'none'], 'namespace'],
  ] as const)
    await s.subtest(words.join(' '), async () => {
      assert.equal(await wayOf(s, words, options), way);
      const run = await must(s.netexec([...words, ...outside, 'sh', '-c', 'getent hosts web; id -un'], options));
      const user = words[0] === '-u' ? words[1] : member.user;
      assert.match(run.stdout, new RegExp(`^[\\d.]+ +web\\b.*\\n${user}$`));
    });
});

/** Puts a file in the place of a program of the callers' machine, until the scenario ends. */
async function cover(s: Scenario, file: string, program: string): Promise<void> {
  const [own = ''] = /^\/proc\/\d+/.exec(callers.path('/')) ?? [];
  const inMachine = (...argv: readonly string[]) => s.run(['nsenter', `--mount=${own}/ns/mnt`, '--', ...argv]);
  await must(inMachine('mount', '--bind', file, program));
  s.t.after(() => inMachine('umount', program));
}

scenario('a program that is missing for it must be named', { project }, async (s) => {
  const file = join(s.folder, 'empty');
  writeFileSync(file, '', { mode: 0o644 });
  await cover(s, file, '/usr/bin/ln');
  const options = callers.step(s, member);
  const run = await s.netexec([...outside, 'true'], options);
  assert.deepEqual([run.status, run.stdout], [125, '']);
  assert.match(run.stderr, /^netexec: program "ln" not found: .*\nhint: install coreutils/);
  await must(s.netexec(['web', '--', 'true'], options));
});

scenario('where user namespaces are forbidden another way must be taken, or be wanting', { project }, async (s) => {
  const options = callers.step(s, member);
  // As AppArmor and the settings have it on machines that forbid it: this one's are everybody's.
  const wrapper = join(s.folder, 'unshare');
  const real = join(s.folder, 'real');
  writeFileSync(real, readFileSync('/usr/bin/unshare'));
  const refuse = `case " $* " in *' --user '*) echo 'unshare: unshare failed: Operation not permitted' >&2; exit 1 ;; esac`;
  writeFileSync(wrapper, `#!/bin/sh\n${refuse}\nexec ${real} "$@"\n`);
  for (const file of [wrapper, real]) chmodSync(file, 0o755);
  await cover(s, wrapper, '/usr/bin/unshare');
  assert.equal(await wayOf(s, [], options), 'docker');
  const run = await must(s.netexec([...outside, 'sh', '-c', 'getent hosts web; id -G'], options));
  assert.match(run.stdout, /^[\d.]+ +web\b/);
  assert.equal(run.stdout.split('\n')[1], (await must(s.run(['id', '-G'], options))).stdout);
  const none = await s.netexec(['--elevate', 'none', ...outside, 'true'], options);
  assert.deepEqual([none.stdout, none.status], ['', 125]);
  assert.match(
    none.stderr,
    /^netexec: a private hosts file for COMMAND needs privilege.*\n.*\n.*\n {2}namespace: .*not permitted$/m,
  );
});

scenario('within a user namespace it must be told what forbids another', { project }, async (s) => {
  const within = (script: string) =>
    s.run([
      'unshare',
      '--user',
      '--map-root-user',
      '--',
      'sh',
      '-c',
      `${script}; exec "$@"`,
      'sh',
      'docker',
      'netexec',
      ...outside,
      'getent',
      'hosts',
      'web',
    ]);
  assert.match((await must(within(':'))).stdout, /^[\d.]+ +web\b/);
  const forbidden = await within('echo 0 >/proc/sys/user/max_user_namespaces');
  assert.equal(forbidden.status, 125);
  assert.match(
    forbidden.stderr,
    /^ {2}namespace: this machine does not allow it: user\.max_user_namespaces is 0 \(sysctl\)$/m,
  );
});

scenario('a shell must open, and say where it is; TAB must know the option', { project }, async (s) => {
  const terminal = await openTerminal(s, {});
  await terminal.type('docker netexec --host-network web');
  await terminal.shows(/^web · netexec-test-ways · backend · in this machine's network$/m, 60);
  await terminal.type('getent hosts web; exit 5');
  await terminal.shows(/^[\d.]+ +web\b/m);
  await terminal.atPrompt();
  assert.equal(await terminal.status(), 5);
  const offered = await must(s.run(['docker', '__complete', 'netexec', '--host']));
  assert.match(offered.stdout, /^--host-network\b/m);
  const services = await must(s.run(['docker', '__complete', 'netexec', '--host-network', '']));
  assert.match(services.stdout, /^web\b/m);
});

const own = `services:
  web: { image: 'netexec/busybox:1', pull_policy: never, dns: 127.0.0.1, stop_grace_period: 0s }
  postgres: { image: 'netexec/busybox:1', pull_policy: never, dns: 127.0.0.1, stop_grace_period: 0s }
`;

scenario('systemd-resolved and nscd, which know another address, must not be asked', { project }, async (s) => {
  const host = hosts.find(({ name }) => name === 'systemd-resolved and nscd');
  assert.ok(host);
  const engine = await ownEngine(s);
  const machine = { inside: (argv: readonly string[]) => engine.inside(argv), path: (file: string) => file };
  await engine.start();
  const options = await bringUp(s, 'netexec-test-outside-hosts', own, engine.options.env);
  const daemons = await makeHost(s, machine, host);
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  const address = await engine.docker('inspect', '-f', format, 'netexec-test-outside-hosts-postgres-1');
  const words = ['docker', 'netexec', '-p', 'netexec-test-outside-hosts', ...outside];
  const run = await must(s.run(engine.inside([...words, 'getent', 'ahostsv4', 'postgres']), options));
  assert.match(run.stdout, new RegExp(`^${address.replaceAll('.', '\\.')} +STREAM`));
  for (const daemon of daemons) daemon.kill('SIGTERM');
  await Promise.all(daemons.map(({ ended }) => ended));
});
