// Who COMMAND is, and what it may, by --user and --cap-add, for every kind of caller; and what it may not.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { callerNamed, everyCaller, isRoot, kindsOfCallers, uidOf, useCallers } from './callers.ts';
import { commandLinesWith } from './command-process.ts';
import { must, scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);

const ids = ['sh', '-c', 'echo $(id -u) $(id -g) $(id -G) $MINE; exit 3'];
const sets = ['sh', '-c', 'id -u; grep -E "^Cap(Inh|Prm|Eff|Amb)" /proc/self/status | tr -s "\\t\\n" "  "'];
const rawSocket = ['python3', '-c', 'import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, 1); print("raw")'];

const capabilities = (inheritable: string, others = inheritable): string =>
  `CapInh: ${inheritable} CapPrm: ${others} CapEff: ${others} CapAmb: ${inheritable}`;
const none = '0000000000000000';
const netRaw = '0000000000002000';

scenario('--user must make COMMAND that user, by every way that has root', { project }, async (s) => {
  const { stdout: nobody } = await must(s.run(['sh', '-c', 'echo $(id -u nobody) $(id -g nobody) $(id -G nobody)']));
  const rows = [
    ['nobody', nobody],
    ['root', '0 0 0'],
    ['1234:5678', '1234 5678 5678'],
  ] as const;
  for (const caller of kindsOfCallers.filter(({ way }) => way !== 'rootless')) {
    for (const [user, expected] of rows) {
      await s.subtest(`${caller.name}: ${user}`, async () => {
        const options = callers.step(s, caller, { env: { MINE: 'kept' }, cwd: '/' });
        const run = await s.netexec(['-u', user, 'web', '--', ...ids], options);
        assert.deepEqual([run.status, run.stdout, run.stderr], [3, `${expected} kept`, '']);
      });
    }
  }
});

scenario("a rootless engine's owner must be told that COMMAND cannot be another user", { project }, async (s) => {
  const owner = callerNamed('netexec-rootless');
  for (const user of ['nobody', 'root', '1234']) {
    const run = await s.netexec(['-u', user, 'web', '--', 'id'], callers.step(s, owner));
    assert.deepEqual([run.status, run.stdout], [125, '']);
    assert.match(run.stderr, /^netexec: [^]*rootless: .*--user/m);
  }
  const own = await s.netexec(['-u', owner.user, 'web', '--', 'id', '-un'], callers.step(s, owner));
  assert.deepEqual([own.status, own.stdout, own.stderr], [0, owner.user, '']);
});

everyCaller('COMMAND of an ordinary user must have no capability', { project }, async (s, caller) => {
  const options = isRoot(caller) ? ['-u', 'nobody'] : [];
  const at = callers.step(s, caller, { cwd: '/' });
  const run = await s.netexec([...options, 'web', '--', ...sets], at);
  const { stdout: nobody } = await must(s.run(['id', '-u', 'nobody']));
  assert.deepEqual(run.stdout.split('\n'), [isRoot(caller) ? nobody : `${uidOf(caller)}`, `${capabilities(none)} `]);
  const raw = await s.netexec([...options, 'web', '--', ...rawSocket], at);
  assert.deepEqual([raw.status, raw.stdout], [1, '']);
  assert.match(raw.stderr, /PermissionError/);
});

everyCaller('--cap-add must leave COMMAND that capability, and no other', { project }, async (s, caller) => {
  const options = ['--cap-add', 'NET_RAW', ...(isRoot(caller) ? ['-u', 'nobody'] : [])];
  const at = callers.step(s, caller, { cwd: '/' });
  const raw = await s.netexec([...options, 'web', '--', ...rawSocket], at);
  assert.deepEqual([raw.status, raw.stdout, raw.stderr], [0, 'raw', '']);
  const run = await s.netexec([...options, 'web', '--', ...sets], at);
  const [uid, set] = run.stdout.split('\n');
  if (caller.way === 'rootless') {
    // Capabilities count in the engine's user namespace alone, where the caller is uid 0.
    assert.equal(uid, '0');
    assert.match(set ?? '', new RegExp(`CapPrm: ${netRaw} CapEff: ${netRaw}`));
    return;
  }
  assert.notEqual(uid, '0');
  assert.equal(set, `${capabilities(netRaw)} `);
});

everyCaller('COMMAND must be able to mount nothing, and to get at nothing of root', { project }, async (s, caller) => {
  const options = isRoot(caller) ? ['-u', 'nobody'] : [];
  const line =
    'mount -t tmpfs tmpfs /mnt || echo no mount; cat /etc/shadow || echo no secret; ls /proc/1/fd || echo no root';
  const run = await s.netexec([...options, 'web', '--', 'sh', '-c', line], callers.step(s, caller, { cwd: '/' }));
  assert.equal(run.stdout, 'no mount\nno secret\nno root');
});

// On a rootless engine neither root nor anybody else has a number in COMMAND's user namespace.
everyCaller(
  'setuid programs and files of others must be what they are outside, but with a rootless engine',
  { project },
  async (s, caller) => {
    const line =
      'stat -c "%u %g" /etc/passwd; stat -c %u "$HOME"; test -u /usr/bin/sudo; sudo -n id -u 2>/dev/null || echo refused';
    const run = await s.netexec(['web', '--', 'sh', '-c', line], callers.step(s, caller));
    const user = `${uidOf({ ...caller, lead: [] })}`;
    const mayRoot = isRoot(caller) || caller.way === 'sudo';
    const expected =
      caller.way === 'rootless' ? ['65534 65534', user, 'refused'] : ['0 0', user, mayRoot ? '0' : 'refused'];
    assert.deepEqual(run.stdout.split('\n'), expected);
  },
);

everyCaller('the value of a variable must stand on no command line and in no file', { project }, async (s, caller) => {
  const secret = `secret-${process.pid}-${'s'.repeat(20)}`;
  const tmp = join(callers.home(caller), 'tmp');
  await must(s.run(['mkdir', tmp], callers.step(s, caller)));
  const line = `printenv PASSWORD | wc -c; find ${tmp} -mindepth 1`;
  const at = callers.step(s, caller, { env: { PASSWORD: secret, TMPDIR: tmp } });
  const run = s.netexec(['-e', 'PASSWORD', 'web', '--', 'sh', '-c', line], at);
  assert.deepEqual(await commandLinesWith(secret, run), []);
  assert.deepEqual([(await run).stdout, (await run).stderr], [`${secret.length + 1}`, '']);
  assert.deepEqual(readdirSync(tmp), []);
});

scenario('--user must work for a user who may not read where netexec is installed', { project }, async (s) => {
  for (const caller of kindsOfCallers.filter(({ way }) => way !== 'rootless')) {
    await s.subtest(caller.name, async () => {
      const copy = join(callers.home(caller), 'docker');
      await must(s.run(['sh', '-c', `cp -r "$DOCKER_CONFIG" '${copy}'`], callers.step(s, caller)));
      const at = callers.step(s, caller, { env: { DOCKER_CONFIG: copy }, cwd: '/' });
      const run = await s.netexec(['-u', 'nobody', 'web', '--', 'id', '-un'], at);
      assert.deepEqual([run.status, run.stdout, run.stderr], [0, 'nobody', '']);
    });
  }
});
