// What COMMAND's end looks like from outside, and who it runs as, where, and with which variables of netexec's options.
import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, scenario } from './scenario.ts';
import type { Run, Scenario } from './scenario.ts';

const project = 'command';

/** The two ways in: `docker netexec ARGS...` and `docker-netexec ARGS...`. */
const callers = (s: Scenario) => [
  { name: 'through docker', netexec: s.netexec },
  { name: 'called directly', netexec: s.standalone },
];

interface Ending {
  readonly name: string;
  readonly args: readonly string[];
  readonly status: number;
  /** COMMAND's own ends leave stderr as COMMAND left it: empty. */
  readonly stderr?: RegExp;
}

const endings = (folder: string): readonly Ending[] => [
  { name: 'success', args: ['web', '--', 'true'], status: 0 },
  { name: 'success, without --', args: ['web', 'true'], status: 0 },
  { name: 'a status of its own', args: ['web', '--', 'sh', '-c', 'exit 7'], status: 7 },
  { name: 'a status of its own, without --', args: ['web', 'sh', '-c', 'exit 7'], status: 7 },
  { name: 'the highest status', args: ['web', '--', 'sh', '-c', 'exit 255'], status: 255 },
  { name: 'a status that is also one of netexec', args: ['web', '--', 'sh', '-c', 'exit 125'], status: 125 },
  { name: 'SIGTERM', args: ['web', '--', 'sh', '-c', 'kill -TERM $$'], status: 143 },
  { name: 'SIGKILL', args: ['web', '--', 'sh', '-c', 'kill -KILL $$'], status: 137 },
  { name: 'SIGINT', args: ['web', '--', 'sh', '-c', 'kill -INT $$'], status: 130 },
  { name: 'SIGSEGV', args: ['web', '--', 'sh', '-c', 'ulimit -c 0; kill -SEGV $$'], status: 139 },
  { name: 'a file that is not executable', args: ['web', '--', join(folder, 'plain')], status: 126, stderr: /plain/ },
  { name: 'a folder', args: ['web', '--', folder], status: 126, stderr: /directory/ },
  { name: 'a name that is not on PATH', args: ['web', '--', 'no-such-program'], status: 127, stderr: /PATH/ },
  { name: 'a path that is not there', args: ['web', '--', './no-such'], status: 127, stderr: /\.\/no-such/ },
  { name: 'an empty name', args: ['web', '--', ''], status: 127, stderr: /not found/ },
  { name: 'a service that is not there', args: ['no-such', '--', 'true'], status: 125, stderr: /no-such/ },
  { name: 'an option that is not there', args: ['--no-such', 'web', '--', 'true'], status: 125, stderr: /--no-such/ },
  { name: 'no SERVICE', args: [], status: 125, stderr: /SERVICE/ },
  { name: 'a user that is not there', args: ['-u', 'no-such', 'web', '--', 'true'], status: 125, stderr: /no-such/ },
  { name: 'a group that is not there', args: ['-u', '0:no-such', 'web', '--', 'true'], status: 125, stderr: /no-such/ },
  { name: 'a folder that is not there', args: ['-w', 'no-such', 'web', '--', 'true'], status: 125, stderr: /no-such/ },
];

scenario("the exit status must be COMMAND's, or netexec's own where COMMAND never ran", { project }, async (s) => {
  writeFileSync(join(s.folder, 'plain'), 'text\n');
  for (const caller of callers(s)) {
    for (const { name, args, status, stderr } of endings(s.folder)) {
      await s.subtest(`${name}, ${caller.name}: ${status}`, async () => {
        const run = await caller.netexec(args);
        assert.equal(run.status, status, run.stderr);
        assert.equal(run.stdout, '');
        if (stderr === undefined) return assert.equal(run.stderr, '');
        assert.match(run.stderr, /^netexec: /);
        assert.match(run.stderr, stderr);
        assert.doesNotMatch(run.stderr, /\n\s+at /, 'no stack trace');
      });
    }
  }
});

scenario(
  'a script without a first line that names a shell must run, as it does from a shell',
  { project },
  async (s) => {
    const script = join(s.folder, 'script');
    writeFileSync(script, 'echo "$1"; exit 9\n');
    chmodSync(script, 0o755);
    // A variable that no shell can hold makes the environment go another way.
    for (const env of [{}, { 'a.b': 'c' }]) {
      const run = await s.netexec(['web', '--', script, 'word'], { env });
      assert.deepEqual([run.status, run.stdout, run.stderr], [9, 'word', '']);
    }
  },
);

scenario("everything behind SERVICE must be COMMAND's", { project }, async (s) => {
  const rows: readonly (readonly [name: string, words: readonly string[], stdout: string])[] = [
    ["an option of netexec's", ['web', 'echo', '--dry-run', '-e', 'A=b'], '--dry-run -e A=b'],
    ["docker's --help", ['web', 'echo', '--help'], '--help'],
    ['the same behind --', ['web', '--', 'echo', '--help', '-h'], '--help -h'],
    ['a second --', ['web', '--', 'echo', '--', 'x'], '-- x'],
    ['a -- without one in front of COMMAND', ['web', 'echo', '--', 'x'], '-- x'],
  ];
  for (const caller of callers(s)) {
    for (const [name, words, stdout] of rows) {
      await s.subtest(`${name}, ${caller.name}`, async () => {
        // echo(1) itself understands --help, but only as its first word and not with POSIXLY_CORRECT.
        const run = await caller.netexec(words, { env: { POSIXLY_CORRECT: '1' } });
        assert.deepEqual([run.status, run.stdout, run.stderr], [0, stdout, '']);
      });
    }
  }
});

scenario('--workdir must be where COMMAND runs and from where its path counts', { project }, async (s) => {
  const script = join(s.folder, 'here');
  writeFileSync(script, '#!/bin/sh\npwd\n');
  chmodSync(script, 0o755);
  assertPrints(await s.netexec(['-w', s.folder, 'web', '--', 'pwd']), s.folder);
  assertPrints(await s.netexec(['--workdir', s.folder, 'web', '--', './here']), s.folder);
  assertPrints(
    await s.netexec(['-p', s.projectName, '-w', 'home', 'web', '--', 'pwd'], { cwd: s.folder }),
    join(s.folder, 'home'),
  );
});

scenario('--env must set, empty or pass on a variable, the last one counting', { project }, async (s) => {
  const args = ['-e', 'SET=a=b c', '-e', 'EMPTY=', '-e', 'KEPT', '-e', 'ABSENT', '-e', 'TWICE=1', '-e', 'TWICE=2'];
  const run = await s.netexec([...args, 'web', '--', 'env'], { env: { KEPT: 'outside', SET: 'outside' } });
  const lines = run.stdout.split('\n').filter((line) => /^(SET|EMPTY|KEPT|ABSENT|TWICE)=/.test(line));
  assert.deepEqual(lines.toSorted(), ['EMPTY=', 'KEPT=outside', 'SET=a=b c', 'TWICE=2']);
});

scenario('--env PATH must be where COMMAND is looked for', { project }, async (s) => {
  const program = join(s.folder, 'only-here');
  writeFileSync(program, '#!/bin/sh\necho "$PATH"\n');
  chmodSync(program, 0o755);
  assertPrints(await s.netexec(['-e', `PATH=${s.folder}:/bin`, 'web', '--', 'only-here']), `${s.folder}:/bin`);
});

scenario('--user must give COMMAND the uid, gid and groups of that user and no capability', { project }, async (s) => {
  const ids = await idsOf(s, 'nobody');
  const { stdout: daemon } = await must(s.run(['id', '-g', 'daemon']));
  const rows: readonly (readonly [user: string, uid: string, gid: string, groups: string])[] = [
    ['nobody', ids.uid, ids.gid, ids.groups],
    ['nobody:daemon', ids.uid, daemon, daemon],
    [ids.uid, ids.uid, ids.gid, ids.groups],
    ['1234:5678', '1234', '5678', '5678'],
    ['1234', '1234', '1234', '1234'],
  ];
  const show = 'id -u; id -g; id -G; grep -E "^Cap(Inh|Prm|Eff|Amb)" /proc/self/status | tr -d "\\t\\n"';
  for (const [user, uid, gid, groups] of rows) {
    await s.subtest(user, async () => {
      const none = ['Inh', 'Prm', 'Eff', 'Amb'].map((set) => `Cap${set}:0000000000000000`).join('');
      const run = await s.netexec(['-u', user, 'web', '--', 'sh', '-c', `${show}; exit 3`]);
      assert.deepEqual([run.status, run.stderr], [3, '']);
      assert.deepEqual(run.stdout.split('\n'), [uid, gid, groups, none]);
    });
  }
});

scenario('--user must work for a user who may not read where netexec is installed', { project }, async (s) => {
  // As with a plugin in the home folder of its owner: nobody else need enter that.
  const { stdout: plugin } = await must(s.run(['sh', '-c', 'readlink -f "$DOCKER_CONFIG"']));
  const copy = join(s.folder, 'private');
  await must(s.run(['cp', '-r', plugin, copy]));
  chmodSync(copy, 0o700);
  for (const env of [{}, { 'a.b': 'c' }]) {
    const run = await s.netexec(['-u', 'nobody', 'web', '--', 'id', '-un'], { env: { DOCKER_CONFIG: copy, ...env } });
    assert.deepEqual([run.status, run.stdout, run.stderr], [0, 'nobody', '']);
  }
});

scenario("without COMMAND the caller's shell must run and read standard input", { project }, async (s) => {
  const input = 'echo "$0"; readlink /proc/self/ns/net; exit 4\n';
  const { stdout: outside } = await must(s.run(['readlink', '/proc/self/ns/net']));
  for (const [shell, expected] of [
    ['/bin/bash', '/bin/bash'],
    [undefined, '/bin/sh'],
    ['/no/such/shell', '/bin/sh'],
  ] as const) {
    for (const words of [['web'], ['web', '--']]) {
      const run = await s.netexec(words, { input, env: { SHELL: shell } });
      assert.equal(run.status, 4, run.stderr);
      const [name, inside] = run.stdout.split('\n');
      assert.equal(name, expected);
      assert.match(inside ?? '', /^net:\[\d+\]$/);
      assert.notEqual(inside, outside);
    }
  }
});

function assertPrints(run: Run, stdout: string): void {
  assert.deepEqual([run.status, run.stdout, run.stderr], [0, stdout, '']);
}

async function idsOf(s: Scenario, user: string): Promise<{ uid: string; gid: string; groups: string }> {
  const [uid = '', gid = '', groups = ''] = await Promise.all(
    ['-u', '-g', '-G'].map(async (flag) => (await must(s.run(['id', flag, user]))).stdout),
  );
  return { uid, gid, groups };
}
