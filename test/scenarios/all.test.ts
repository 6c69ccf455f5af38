// --all: COMMAND once in each running replica.
import assert from 'node:assert/strict';
import { everyCaller, useCallers } from './callers.ts';
import type { Caller } from './callers.ts';
import { descendantsOf, isAlive, isNetexec, processNumbered, startAlone } from './command-process.ts';
import type { Process } from './command-process.ts';
import { openTerminal } from './command-terminal.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario, Started } from './scenario.ts';

/** Its web has two containers. */
const project = 'documents';
const callers = useCallers(project);
const lines = (text: string): readonly string[] => text.split('\n').toSorted();

everyCaller('COMMAND must run in each replica, told apart, with the highest status', { project }, async (s, caller) => {
  const script = [
    'echo "$NETEXEC_CONTAINER"',
    'cat; tty; readlink /proc/self/ns/net; echo to stderr >&2; printf "no end"',
    'exit "${NETEXEC_CONTAINER##*-}"',
  ].join('\n');
  const run = await s.netexec(
    ['--all', 'web', '--', 'sh', '-c', script],
    callers.step(s, caller, { input: 'not read' }),
  );
  assert.equal(run.status, 2, run.stderr);
  const pid = await callers.pidOf(s, caller, 'web');
  const { stdout: firstNetwork } = await must(s.run(['readlink', `/proc/${pid}/ns/net`]));
  for (const number of [1, 2]) {
    const start = `web-${number}  | `;
    const [name, terminal, network, last, ...more] = run.stdout.split('\n').filter((line) => line.startsWith(start));
    assert.deepEqual([name, terminal], [`${start}${s.projectName}-web-${number}`, `${start}not a tty`]);
    assert.deepEqual([last, more], [`${start}no end`, []]);
    assert.equal(network === `${start}${firstNetwork}`, number === 1, network);
  }
  assert.deepEqual(lines(run.stderr), ['web-1  | to stderr', 'web-2  | to stderr']);
});

interface Running {
  readonly started: Started;
  readonly netexec: Process;
  readonly commands: readonly Process[];
}

/** Each tells its number, and what it is sent. */
async function runBoth(s: Scenario, caller: Caller): Promise<Running> {
  const script = 'trap "echo got TERM; exit 3" TERM; echo "pid $$"; while :; do sleep 0.1; done';
  const line = ['docker', 'netexec', '--all', 'web', '--', 'sh', '-c', script];
  const started = await startAlone(s, line, callers.step(s, caller));
  const numbers = (): readonly number[] =>
    Array.from(started.stdout().matchAll(/\| pid (\d+)$/gm), ([, number]) => Number(number));
  await s.eventually(() => assert.equal(numbers().length, 2, started.stderr()));
  const netexec = descendantsOf(started.pid).find(isNetexec);
  assert.ok(netexec !== undefined);
  return { started, netexec, commands: numbers().map((number) => processNumbered(number)) };
}

everyCaller('a signal must reach all of them', { project }, async (s, caller) => {
  const { started, netexec, commands } = await runBoth(s, caller);
  process.kill(netexec.pid, 'SIGTERM');
  const run = await started.ended;
  assert.equal(run.status, 3, run.stderr);
  assert.deepEqual(
    run.stdout
      .split('\n')
      .filter((line) => line.includes('got'))
      .toSorted(),
    ['web-1  | got TERM', 'web-2  | got TERM'],
  );
  assert.deepEqual(commands.filter(isAlive), []);
});

everyCaller('Ctrl-C must reach all of them once, and their words the terminal', { project }, async (s, caller) => {
  const terminal = await openTerminal(s, callers.step(s, caller));
  const script = 'trap "echo got INT; exit 4" INT; echo ready; while :; do sleep 0.1; done';
  await terminal.type(`docker netexec --all web -- bash -c '${script}'`);
  await terminal.shows(/web-[12]  \| ready\nweb-[12]  \| ready/);
  await terminal.press('C-c');
  await terminal.atPrompt();
  for (const number of [1, 2]) assert.equal((await terminal.screen()).split(`web-${number}  | got INT`).length, 2);
  assert.equal(await terminal.status(), 4);
});

everyCaller('kill -9 of netexec must end all of them', { project }, async (s, caller) => {
  const { netexec, commands } = await runBoth(s, caller);
  process.kill(netexec.pid, 'SIGKILL');
  await s.eventually(() => assert.deepEqual(commands.filter(isAlive), []));
});

everyCaller('all of them must end where nobody reads any more', { project }, async (s, caller) => {
  const words = '--all web -- sh -c "echo pid \\$\\$ >&2; until [ -e go ]; do sleep 0.1; done; exec yes"';
  const line = `docker netexec ${words} | head -n 100; echo "\${PIPESTATUS[0]}"`;
  const step = callers.step(s, caller);
  await must(s.run(['rm', '-f', 'go'], step));
  const started = await s.start(['bash', '-c', line], { ...step, input: '' });
  const numbers = (): readonly number[] =>
    Array.from(started.stderr().matchAll(/\| pid (\d+)$/gm), ([, number]) => Number(number));
  await s.eventually(() => assert.equal(numbers().length, 2));
  const commands = numbers().map((number) => processNumbered(number));
  await must(s.run(['touch', 'go'], step));
  const { stdout } = await started.ended;
  assert.equal(stdout.split('\n').at(-1), '141');
  await s.eventually(() => assert.deepEqual(commands.filter(isAlive), []));
});

everyCaller('much output must arrive whole, line by line', { project }, async (s, caller) => {
  const run = await must(s.netexec(['--all', 'web', '--', 'seq', '100000'], callers.step(s, caller)));
  for (const number of [1, 2]) {
    const own = run.stdout.split('\n').filter((line) => line.startsWith(`web-${number}  | `));
    assert.deepEqual(
      own,
      Array.from({ length: 100_000 }, (_, index) => `web-${number}  | ${index + 1}`),
    );
  }
});

everyCaller('the folder of --workdir must be that of all', { project }, async (s, caller) => {
  const { stdout } = await must(s.netexec(['--all', '-w', '/usr', 'web', '--', '/bin/pwd'], callers.step(s, caller)));
  assert.deepEqual(lines(stdout), ['web-1  | /usr', 'web-2  | /usr']);
});

scenario('what COMMAND leaves behind must not hold up the end', { project }, async (s) => {
  const run = await must(s.netexec(['--all', 'web', '--', 'sh', '-c', 'sleep 300 & echo over']));
  assert.deepEqual(lines(run.stdout), ['web-1  | over', 'web-2  | over']);
});

scenario('of one container there must be one line more in front, too', { project }, async (s) => {
  assert.equal((await must(s.netexec(['--all', 'api', 'echo', 'here']))).stdout, 'api-1  | here');
});

scenario('--dry-run must show the plan of each', { project }, async (s) => {
  const { stdout } = await must(s.netexec(['--all', '--dry-run', 'web', 'ls']));
  assert.deepEqual(
    Array.from(stdout.matchAll(/^container +(\S+)/gm), ([, name]) => name),
    [1, 2].map((number) => `${s.projectName}-web-${number}`),
  );
});

scenario('what --all cannot do must be refused', { project }, async (s) => {
  const rows: readonly (readonly [words: readonly string[], expected: RegExp, status: number])[] = [
    [
      ['--all', '-eA=b', 'web'],
      /^netexec: --all needs COMMAND: .*\nhint: docker netexec --all -eA=b web -- COMMAND$/,
      125,
    ],
    [['--all', '--index', '2', 'web', 'ls'], /^netexec: --all and --index cannot be used together\nhint: /, 125],
    [['--all', '--container', 'web', 'ls'], /^netexec: --all and --container cannot be used together\nhint: /, 125],
    [['--all', '--restart', 'web', 'ls'], /^netexec: --all and --restart cannot be used together\nhint: /, 125],
    [['--all', '--forward', '80', 'web', 'ls'], /^netexec: --all and --forward cannot be used together\nhint: /, 125],
    [['--all', 'none', 'ls'], /^netexec: no service "none" in project /, 125],
    [['--all', 'web', 'no-such-program'], /^netexec: no-such-program: command not found/, 127],
    [['--check', '--all', 'web'], /^netexec: --check and --all cannot be used together\nhint: /, 125],
  ];
  for (const [words, expected, status] of rows)
    await s.subtest(words.join(' '), async () => {
      const run = await s.netexec(words);
      assert.deepEqual([run.status, run.stdout], [status, '']);
      assert.match(run.stderr, expected);
    });
});
