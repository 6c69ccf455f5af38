// COMMAND for an ordinary user, by way of sudo: all that the contract promises, though sudo strips and changes much of it.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useSudoUser } from './command-sudo.ts';
import { commandLinesWith } from './command-process.ts';
import { assertHandedOn, environments, showEnvironment } from './command-variables.ts';
import { userIds } from './grounds.ts';
import { must, scenario } from './scenario.ts';
import type { Run, RunOptions, Scenario } from './scenario.ts';

const project = 'command';
const user = useSudoUser(project);

const netexec = (s: Scenario, args: readonly string[], options?: RunOptions): Promise<Run> =>
  s.netexec(args, user.step(s, options));

const bash = (s: Scenario, line: string, options?: RunOptions): Promise<Run> =>
  s.run(['bash', '-c', line], user.step(s, options));

/** The same line without netexec and with it, "$@" being where it goes. */
async function assertSame(s: Scenario, line: string, options?: RunOptions): Promise<void> {
  const outside = await must(s.run(['bash', '-c', line, 'bash'], user.step(s, options)));
  const inside = await s.run(['bash', '-c', line, 'bash', 'docker', 'netexec', 'web', '--'], user.step(s, options));
  assert.deepEqual([inside.status, inside.stderr], [0, '']);
  assert.equal(inside.stdout, outside.stdout);
}

scenario('an ordinary user must get into the network of the service', { project }, async (s) => {
  const show = ['readlink', '/proc/self/ns/net'];
  const inside = await must(netexec(s, ['web', '--', ...show]));
  const { Pid: pid } = (await s.inspect('web')).State;
  assert.equal(inside.stdout, (await must(s.run(['readlink', `/proc/${pid}/ns/net`]))).stdout);
  const plan = await must(netexec(s, ['--dry-run', 'web', '--', ...show]));
  assert.match(plan.stdout, /^way +sudo /m);
});

scenario(
  'COMMAND must be the caller: user, groups, capabilities, signals, priority, limits, umask',
  { project },
  async (s) => {
    // sudo takes core files away, and not every root may give them back.
    const limits = `bash -c 'ulimit -Sn; ulimit -Hn; ulimit -a; ulimit -aH' | grep -v core`;
    const status = `grep -E '^(Uid|Gid|Groups|Cap|NoNew|Secc|Cpus|Sig(Blk|Ign))' /proc/self/status`;
    const rows: readonly (readonly [name: string, line: string])[] = [
      ['user and groups', '"$@" id'],
      ['state', `"$@" ${status}`],
      ['ignored signals', `trap '' HUP; "$@" grep SigIgn /proc/self/status`],
      ['umask 027', `umask 027; "$@" sh -c umask`],
      ['umask 0', `umask 0; "$@" sh -c 'umask; touch made; stat -c %a made; rm made'`],
      ['limits', `"$@" ${limits}`],
      ['soft and hard limit of open files', `ulimit -Sn 777; ulimit -Hn 888; "$@" ${limits}`],
      ['few open files', `ulimit -n 64; "$@" ${limits}`],
      ['other limits', `ulimit -f 100000 -t 1000 -s 4096; "$@" ${limits}`],
      [
        'priority',
        `choom -n 500 -- chrt -b 0 nice -n 7 "$@" sh -c 'nice; chrt -p $$ | grep -o SCHED.*; choom -p $$ | tail -c4'`,
      ],
    ];
    for (const [name, line] of rows) await s.subtest(name, () => assertSame(s, line));
  },
);

scenario("COMMAND's variables must be the caller's, also those that sudo strips", { project }, async (s) => {
  for (const [name, env] of environments(user.home())) {
    await s.subtest(name, async () => {
      const outside = await must(s.run(showEnvironment, user.step(s, { env })));
      const run = await netexec(s, ['web', '--', ...showEnvironment], { env });
      assert.deepEqual([run.status, run.stderr], [0, '']);
      assertHandedOn(s, outside.stdoutBytes, run.stdoutBytes);
    });
  }
});

scenario(
  "COMMAND must be found on the caller's PATH, in a folder that is only the caller's",
  { project },
  async (s) => {
    const program = join(user.home(), 'only-here');
    writeFileSync(program, '#!/bin/sh\necho "$0 $1 $PATH"; exit 3\n');
    chmodSync(program, 0o755);
    const PATH = `${user.home()}:/usr/local/bin:/usr/bin:/bin`;
    const run = await netexec(s, ['web', '--', 'only-here', 'word'], { env: { PATH } });
    assert.deepEqual([run.status, run.stdout, run.stderr], [3, `${program} word ${PATH}`, '']);
  },
);

scenario("COMMAND's folder must be the caller's, also one that only the caller may enter", { project }, async (s) => {
  const inner = join(user.home(), 'inner');
  const { uid, gid } = await userIds(user.name);
  mkdirSync(inner, { mode: 0o700 });
  chownSync(inner, uid, gid);
  for (const cwd of ['/', '/tmp', user.home(), inner])
    assert.equal((await netexec(s, ['web', '--', '/bin/pwd'], { cwd })).stdout, cwd);
  assert.equal((await netexec(s, ['-w', inner, 'web', '--', '/bin/pwd'])).stdout, inner);
  assert.equal((await netexec(s, ['-w', 'inner', 'web', '--', '/bin/pwd'])).stdout, inner);
});

scenario("the exit status must be COMMAND's, or netexec's own where COMMAND never ran", { project }, async (s) => {
  const rows: readonly (readonly [words: readonly string[], status: number])[] = [
    [['true'], 0],
    [['sh', '-c', 'exit 7'], 7],
    [['sh', '-c', 'exit 1'], 1],
    [['sh', '-c', 'kill -TERM $$'], 143],
    [['sh', '-c', 'kill -INT $$'], 130],
    [['sh', '-c', 'kill -KILL $$'], 137],
    [['sh', '-c', 'ulimit -c 0; kill -SEGV $$'], 139],
    [['/etc/passwd'], 126],
    [['no-such-program'], 127],
  ];
  for (const [words, status] of rows) {
    await s.subtest(words.join(' '), async () => {
      const run = await netexec(s, ['web', '--', ...words]);
      assert.deepEqual([run.status, run.stdout], [status, '']);
      assert.match(run.stderr, status === 126 || status === 127 ? /^netexec: / : /^$/);
    });
  }
  assert.equal((await netexec(s, ['no-such', '--', 'true'])).status, 125);
});

scenario('a script without a first line that names a shell must run', { project }, async (s) => {
  const script = join(user.home(), 'script');
  writeFileSync(script, 'echo "$1"; exit 9\n');
  chmodSync(script, 0o755);
  const run = await netexec(s, ['web', '--', './script', 'word']);
  assert.deepEqual([run.status, run.stdout, run.stderr], [9, 'word', '']);
});

scenario("COMMAND's words must arrive as they are, and none may be run", { project }, async (s) => {
  const words = ['two words', '', '*', 'a\nb', `'"\\`, '$(touch pwned)', '; touch pwned', '-x', '--', 'uid=0', 'a=b'];
  const run = await netexec(s, ['web', '--', 'sh', '-c', 'cat "/proc/$$/cmdline"', ...words]);
  assert.deepEqual(Buffer.from(run.stdoutBytes).toString().split('\0').slice(3, -1), words);
  assert.ok(!readdirSync(user.home()).includes('pwned'));
});

scenario("COMMAND's standard streams must be the caller's", { project }, async (s) => {
  const bytes = randomBytes(10_000_000);
  const sum = createHash('sha256').update(bytes).digest('hex');
  await s.subtest('10 MB in', async () => {
    const run = await netexec(s, ['web', '--', 'sha256sum'], { input: bytes });
    assert.deepEqual([run.status, run.stdout], [0, `${sum}  -`]);
  });
  await s.subtest('10 MB out', async () => {
    const run = await netexec(s, ['web', '--', 'cat'], { input: bytes });
    assert.equal(createHash('sha256').update(run.stdoutBytes).digest('hex'), sum);
  });
  const rows: readonly (readonly [name: string, line: string, stdout: string, stderr: string])[] = [
    ['both outputs', `docker netexec web -- sh -c 'echo out; echo error >&2'`, 'out', 'error'],
    ['/dev/null', 'docker netexec web -- cat </dev/null; echo "end $?"', 'end 0', ''],
    ['closed', 'docker netexec web -- cat <&-; echo "end $?"', 'end 0', ''],
    ['a reader that goes away', 'docker netexec web -- yes | head -c1; echo " ${PIPESTATUS[*]}"', 'y 141 0', ''],
    ['what is left unread', '{ docker netexec web -- head -c6; cat; } <<<"first second"', 'first second', ''],
  ];
  for (const [name, line, stdout, stderr] of rows) {
    await s.subtest(name, async () => {
      const run = await bash(s, line);
      assert.deepEqual([run.stdout, run.stderr], [stdout, stderr]);
    });
  }
});

scenario(
  '--user must work through sudo, also for one who may not read where netexec is installed',
  { project },
  async (s) => {
    const copy = join(user.home(), 'docker');
    await must(bash(s, `cp -r "$DOCKER_CONFIG" '${copy}'`));
    const nobody = await userIds('nobody');
    const rows = [
      ['nobody', `${nobody.uid} ${nobody.gid} ${nobody.gid}`],
      ['root', '0 0 0'],
      ['1234:5678', '1234 5678 5678'],
    ] as const;
    for (const [name, ids] of rows) {
      for (const [how, more] of [['', {}] as const, [', netexec being private', { DOCKER_CONFIG: copy }] as const]) {
        await s.subtest(`${name}${how}`, async () => {
          const command = ['sh', '-c', 'echo $(id -u) $(id -g) $(id -G) $MINE; exit 3'];
          const run = await netexec(s, ['-u', name, 'web', '--', ...command], {
            env: { MINE: 'kept', ...more },
            cwd: '/',
          });
          assert.deepEqual([run.status, run.stdout, run.stderr], [3, `${ids} kept`, '']);
        });
      }
    }
  },
);

scenario('a user whom sudo wants a password of, or does not know, must be told so', { project }, async (s) => {
  for (const rule of ['ALL=(ALL) ALL', '']) {
    user.allow(s, rule);
    const run = await netexec(s, ['--elevate', 'sudo', 'web', '--', 'id']);
    assert.deepEqual([run.status, run.stdout], [125, '']);
    assert.match(run.stderr, /^netexec: .*sudo/m);
    assert.match(run.stderr, /^hint: .*--elevate sudo/m);
    assert.doesNotMatch(run.stderr, /\n\s+at /, 'no stack trace');
  }
});

scenario('--elevate none must start no sudo, and say what it would have taken', { project }, async (s) => {
  const run = await netexec(s, ['--elevate', 'none', 'web', '--', 'id']);
  assert.deepEqual([run.status, run.stdout], [125, '']);
  assert.match(run.stderr, /^netexec: .*privilege/);
});

scenario("the value of a caller's variable must stand on no command line and in no file", { project }, async (s) => {
  const secret = `secret-${process.pid}-${'s'.repeat(20)}`;
  const folders = await Promise.all(
    ['one', 'two', 'three'].map(async (name) => {
      await must(s.run(['mkdir', name], user.step(s)));
      return join(user.home(), name);
    }),
  );
  const line = 'printenv PASSWORD | wc -c; find "$TMPDIR" -mindepth 1';
  const steps = folders.map((TMPDIR) =>
    netexec(s, ['web', '--', 'sh', '-c', line], { env: { PASSWORD: secret, TMPDIR } }),
  );
  assert.deepEqual(await commandLinesWith(secret, Promise.all(steps)), []);
  for (const step of steps) {
    const run = await step;
    assert.deepEqual([run.status, run.stdout, run.stderr], [0, `${secret.length + 1}`, '']);
  }
  for (const folder of folders) assert.deepEqual(readdirSync(folder), []);
});
