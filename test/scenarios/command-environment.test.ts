// What surrounds COMMAND: variables, words, folder, umask, limits, priority. All the caller's, but for what is documented.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { commandLinesWith } from './command-process.ts';
import { assertHandedOn, environments, readEnvironment, showEnvironment } from './command-variables.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

const project = 'command';

scenario("COMMAND's variables must be the caller's, and netexec's five", { project }, async (s) => {
  const compare = async (netexec: Scenario['netexec'], env: Readonly<Record<string, string>>): Promise<void> => {
    const outside = await must(s.run(showEnvironment, { env }));
    const run = await netexec(['web', '--', ...showEnvironment], { env });
    assert.deepEqual([run.status, run.stderr], [0, '']);
    assertHandedOn(s, outside.stdoutBytes, run.stdoutBytes);
  };
  for (const [name, env] of environments(s.projectFolder)) {
    await s.subtest(name, () => compare(s.netexec, env));
    // The launcher is a shell: what it cannot hold, or corrects, is lost where it was not docker that started it.
    if (!('a.b' in env) && env['PWD'] === s.projectFolder)
      await s.subtest(`${name}, called directly`, () => compare(s.standalone, env));
  }
});

scenario('an exported function of bash must be there in a bash that is COMMAND', { project }, async (s) => {
  const line = 'greet() { echo "hello $1"; }; export -f greet; docker netexec web -- bash -c "greet you"';
  const run = await s.run(['bash', '-c', line]);
  assert.deepEqual([run.stdout, run.stderr], ['hello you', '']);
});

scenario("docker's additions for plugins must not reach COMMAND", { project }, async (s) => {
  for (const attributes of [undefined, 'service.name=mine', 'docker.cli.cobra.command_path=docker%20run']) {
    const env = { OTEL_RESOURCE_ATTRIBUTES: attributes };
    const run = await s.netexec(['web', '--', ...showEnvironment], { env });
    const got = readEnvironment(run.stdoutBytes);
    assert.deepEqual(
      Object.keys(got).filter((name) => name.startsWith('DOCKER_CLI_PLUGIN')),
      [],
    );
    assert.doesNotMatch(got['OTEL_RESOURCE_ATTRIBUTES'] ?? '', /docker%20netexec/);
  }
});

scenario("COMMAND's words must arrive as they are, and none may be run", { project }, async (s) => {
  const plain = [
    'two words',
    '',
    ' ',
    '*',
    '~',
    '\t',
    'a\nb',
    '\n',
    "'",
    '"',
    '\\',
    '$HOME',
    '!',
    '%s',
    '#',
    'žluť',
    '\u001b',
  ];
  const code = [
    '$(touch pwned)',
    '`touch pwned`',
    '; touch pwned',
    '&& touch pwned',
    '| touch pwned',
    '>pwned',
    '${x:=y}',
  ];
  const optionLike = [
    '-x',
    '--dry-run',
    '--',
    '-',
    '--user=nobody',
    'pid=1',
    'uid=0',
    'environment=/etc/passwd',
    '=',
    'a=b',
  ];
  const words = [...plain, ...code, ...optionLike, 'x'.repeat(100_000)];
  for (const options of [[], ['-e', 'a.b=c'], ['-u', 'nobody']]) {
    const args = ['-p', s.projectName, ...options, 'web', '--', 'sh', '-c', 'cat "/proc/$$/cmdline"', ...words];
    const run = await s.netexec(args, { cwd: s.folder });
    assert.deepEqual([run.status, run.stderr], [0, '']);
    assert.deepEqual(Buffer.from(run.stdoutBytes).toString().split('\0').slice(3, -1), words);
    assert.ok(!existsSync(join(s.folder, 'pwned')));
  }
});

scenario("COMMAND's folder must be the caller's, by the name the caller has for it", { project }, async (s) => {
  const at = (cwd: string, env: RunOptions['env'] = {}): RunOptions => ({ cwd, env });
  const netexec = (command: readonly string[], options: RunOptions) =>
    s.netexec(['-p', s.projectName, 'web', '--', ...command], options);
  mkdirSync(join(s.folder, 'real'));
  symlinkSync('real', join(s.folder, 'link'));
  const link = join(s.folder, 'link');
  assert.equal((await netexec(['/bin/pwd', '-L'], at(link, { PWD: link }))).stdout, link);
  assert.equal((await netexec(['/bin/pwd', '-P'], at(link, { PWD: link }))).stdout, join(s.folder, 'real'));
  assert.equal((await netexec(['sh', '-c', 'pwd'], at(link, { PWD: link }))).stdout, link);
  // The stage lays the view out on such a folder, and covers that one.
  for (const folder of ['/', '/mnt', '/media', '/etc', '/tmp']) {
    await s.subtest(folder, async () => assert.equal((await netexec(['/bin/pwd'], at(folder))).stdout, folder));
  }
  mkdirSync(join(s.folder, 'private'), { mode: 0o700 });
  assert.equal((await netexec(['/bin/pwd'], at(join(s.folder, 'private')))).stdout, join(s.folder, 'private'));
});

scenario('a folder that was deleted must be no hindrance', { project }, async (s) => {
  const gone = join(s.folder, 'gone');
  mkdirSync(gone);
  const line = `rmdir "${gone}"; docker netexec -p ${s.projectName} web -- readlink /proc/self/cwd`;
  const run = await s.run(['bash', '-c', line], { cwd: gone });
  assert.deepEqual([run.status, run.stdout], [0, `${gone} (deleted)`]);
  // A shell on the way may say so, as any shell does there.
  assert.match(run.stderr, /^(.*getcwd.*\n?)*$/);
});

scenario("COMMAND's umask, limits, priority and processors must be the caller's", { project }, async (s) => {
  const limits = `bash -c 'ulimit -Sn; ulimit -Hn; ulimit -a; ulimit -aH'`;
  const priority = `sh -c 'nice; chrt -p $$ | grep -o SCHED.*; cat /proc/self/oom_score_adj'`;
  const status = `sh -c 'id; cat /proc/self/cgroup; grep -E "^(Cap|NoNew|Secc|Cpus)" /proc/self/status'`;
  const rows: readonly (readonly [name: string, before: string, show: string])[] = [
    ['umask 027', 'umask 027; ', "sh -c 'umask'"],
    ['umask 0', 'umask 0; ', "sh -c 'umask; touch made; stat -c %a made; rm made'"],
    ['nothing changed', '', limits],
    ['soft and hard limit of open files', 'ulimit -Sn 777; ulimit -Hn 888; ', limits],
    ['few open files', 'ulimit -n 64; ', limits],
    ['other limits', 'ulimit -c 0 -f 100000 -t 1000 -s 4096; ', limits],
    ['priority', 'choom -n 500 -- chrt -b 0 nice -n 7 ', priority],
    ['identity, processors, control group', 'taskset -c 0 setpriv --groups 4,24,1234 ', status],
  ];
  const options = { cwd: s.folder, env: { COMPOSE_PROJECT_NAME: s.projectName } };
  for (const [name, before, show] of rows) {
    await s.subtest(name, async () => {
      const outside = await must(s.run(['bash', '-c', `${before}${show}`], options));
      for (const prefix of ['', 'env a.b=c ']) {
        const inside = await s.run(['bash', '-c', `${before}${prefix}docker netexec web -- ${show}`], options);
        assert.deepEqual([inside.status, inside.stderr], [0, '']);
        assert.equal(inside.stdout, outside.stdout);
      }
    });
  }
});

scenario(
  'COMMAND must be in the network of the service and in namespaces of the caller otherwise',
  { project },
  async (s) => {
    const kinds = ['cgroup', 'ipc', 'net', 'pid', 'time', 'user', 'uts', 'mnt'];
    const show = ['readlink', ...kinds.map((kind) => `/proc/self/ns/${kind}`)];
    const outside = (await must(s.run(show))).stdout.split('\n');
    const inside = (await must(s.netexec(['web', '--', ...show]))).stdout.split('\n');
    const { Pid: pid } = (await s.inspect('web')).State;
    const container = (await must(s.run(['readlink', `/proc/${pid}/ns/net`]))).stdout;
    assert.deepEqual(
      kinds.filter((_, index) => inside[index] !== outside[index]),
      ['net', 'mnt'],
    );
    assert.equal(inside[kinds.indexOf('net')], container);
  },
);

scenario("the value of a caller's variable must stand on no command line, nor in the plan", { project }, async (s) => {
  const secret = `secret-${process.pid}-${'s'.repeat(20)}`;
  const env = { PASSWORD: secret };
  const plan = await must(s.netexec(['--dry-run', '-e', 'PASSWORD', 'web', '--', 'true'], { env }));
  assert.doesNotMatch(plan.stdout + plan.stderr, new RegExp(secret));
  // Set by the option it stands on the caller's own command line, but the plan still need not tell.
  const given = await must(s.netexec(['--dry-run', '-e', `PASSWORD=${secret}`, 'web', '--', 'true']));
  assert.match(given.stdout, /PASSWORD/);
  assert.doesNotMatch(given.stdout, new RegExp(secret));

  const ways = [[], ['-u', 'nobody'], ['--elevate', 'sudo']];
  for (const way of ways) {
    const steps = Array.from({ length: 3 }, () =>
      s.netexec([...way, '-e', 'PASSWORD', 'web', '--', 'sh', '-c', 'printenv PASSWORD | wc -c'], { env }),
    );
    const seen = await commandLinesWith(secret, Promise.all(steps));
    for (const step of steps) assert.equal((await step).stdout, `${secret.length + 1}`);
    assert.deepEqual(seen, []);
  }
  // Would it have been seen?
  assert.notDeepEqual(await commandLinesWith(secret, s.run(['sh', '-c', 'sleep 2', secret])), []);
});
