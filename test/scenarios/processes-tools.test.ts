// --pid for what it is made for: ps, htop, strace, gdb, lsof and ss of the host, and what the kernel refuses whom.
import assert from 'node:assert/strict';
import { useSudoUser } from './sudo-user.ts';
import { openTerminal } from './command-terminal.ts';
import { mustHaveJobControl } from './job-control.ts';
import { isAlive, parentOf, recorder, recorderStatus, stateOf } from './command-process.ts';
import { startRecorder, ways } from './processes.ts';
import { must, scenario } from './scenario.ts';

const project = 'processes';
const user = useSudoUser(project);

scenario("root's tools must look into the container's processes, without a shell in it", { project }, async (s) => {
  const rows: readonly (readonly [service: string, command: readonly string[], shows: RegExp])[] = [
    ['scratch', ['sh', '-c', 'timeout -s INT 1 strace -p 1 2>&1'], /Process 1 attached\n(restart_sys|.*nanosleep)/],
    ['scratch', ['gdb', '-p', '1', '-nx', '-batch', '-ex', 'info proc'], /process 1\ncmdline = '\/sleep infinity'/],
    ['listening', ['lsof', '-p', '1'], /5w +REG .* \/tmp\/held-open/],
    ['listening', ['ss', '-ltnp'], /:8080 .*users:\(\("nc",pid=1,fd=\d+\)\)/],
    ['listening', ['ls', '-l', '/proc/1/exe'], /-> \/bin\/busybox/],
  ];
  for (const [service, command, shows] of rows) {
    await s.subtest(command.join(' '), async () => {
      const run = await s.netexec(['--pid', service, '--', ...command]);
      assert.match(run.stdout, shows, run.stderr);
    });
  }
});

scenario('a user must trace with --cap-add SYS_PTRACE, or as root, and else be told so', { project }, async (s) => {
  const strace = ['timeout', '-s', 'INT', '1', 'strace', '-p', '1'];
  const traced = /Process 1 attached/;
  for (const { name, options, step } of ways(s, user).slice(1)) {
    await s.subtest(`as they are, by ${name}`, async () => {
      const run = await s.netexec([...options, 'scratch', '--', 'strace', '-p', '1'], step);
      assert.match(
        run.stderr,
        /^netexec: warning: strace: uid \d+ may not trace processes of uid 0: use -u root, or --cap-add SYS_PTRACE/,
      );
      assert.match(run.stderr, /Operation not permitted/);
    });
    for (const more of [
      ['--cap-add', 'SYS_PTRACE'],
      ['-u', 'root'],
    ]) {
      await s.subtest(`${more.join(' ')}, by ${name}`, async () => {
        const run = await s.netexec([...options, ...more, 'scratch', '--', ...strace], step);
        assert.match(run.stderr, traced);
        assert.doesNotMatch(run.stderr, /warning|attach: /);
      });
    }
    await s.subtest(`processes of their own, by ${name}`, async () => {
      const run = await s.netexec([...options, '-u', '1234', 'modest', '--', ...strace], { ...step, cwd: '/' });
      assert.match(run.stderr, traced);
    });
  }
});

scenario('htop must show the container at a terminal, and leave it as it was', { project }, async (s) => {
  const terminal = await openTerminal(s);
  await terminal.type('docker netexec --pid web -- htop');
  await terminal.shows(/1 root .* sleep infinity/);
  assert.doesNotMatch(await terminal.screen(), /dockerd/);
  await terminal.press('q');
  await terminal.atPrompt();
  assert.equal(await terminal.status(), 0);
});

scenario('gdb must be interrupted by Ctrl-C, and stay', { project }, async (s) => {
  const terminal = await openTerminal(s);
  await terminal.type('docker netexec --pid scratch -- gdb -nx -q -p 1');
  await terminal.shows(/^\(gdb\)$/m);
  await terminal.type('continue');
  await terminal.shows(/^Continuing\.$/m);
  await terminal.press('C-c');
  await terminal.shows(/received signal SIGINT/);
  await terminal.type('kill-is-not-what-detach-is');
  await terminal.shows(/Undefined command/);
  await terminal.type('detach');
  await terminal.shows(/detached/);
  await terminal.type('quit');
  await terminal.atPrompt();
  assert.equal(await terminal.status(), 0);
});

scenario('Ctrl-C, Ctrl-Z, fg and a shell must work at a terminal', { project }, async (s) => {
  for (const { name, options, step } of ways(s, user)) {
    await s.subtest(name, async () => {
      const terminal = await openTerminal(s, step);
      const start = `docker netexec ${options.join(' ')} web --`;
      const command = recorder(s, ['TERM']);
      await terminal.type(`${start} ${command.argv.join(' ')}`);
      await s.eventually(() => command.isReady());
      for (const times of [1, 2]) {
        await terminal.press('C-c');
        await s.eventually(() => assert.deepEqual(command.signals(), Array(times).fill('INT')));
      }
      await terminal.press('C-\\');
      await s.eventually(() => assert.deepEqual(command.signals(), ['INT', 'INT', 'QUIT']));
    });
    await s.subtest(`a shell, by ${name}`, async () => {
      const terminal = await openTerminal(s, step);
      await mustHaveJobControl(terminal, options);
    });
  }
});

scenario('Ctrl-Z must stop COMMAND, and fg let it go on', { project }, async (s) => {
  const terminal = await openTerminal(s);
  const command = recorder(s, ['INT']);
  await terminal.type(`docker netexec --pid web -- ${command.argv.join(' ')}`);
  await s.eventually(() => command.isReady());
  await terminal.press('C-z');
  await terminal.atPrompt();
  const stopped = s.processes().filter((line) => line.includes('recorder-0/script'));
  const states = (): string[] => stopped.map((line) => stateOf({ pid: Number.parseInt(line, 10), started: '' }) ?? '');
  // docker, netexec, COMMAND's parent, COMMAND.
  assert.deepEqual(states(), ['T', 'T', 'T', 'T']);
  await terminal.type('fg');
  await s.eventually(() => assert.ok(!states().includes('T')));
  assert.deepEqual(command.signals(), []);
  await terminal.press('C-c');
  await terminal.atPrompt();
  assert.equal(await terminal.status(), recorderStatus.INT);
});

scenario('when the container ends, COMMAND must end, and the message say so', { project }, async (s) => {
  for (const way of ways(s, user)) {
    await s.subtest(way.name, async () => {
      s.t.after(() => s.compose(['up', '-d', 'listening']));
      await must(s.compose(['up', '-d', 'listening']));
      const command = recorder(s, []);
      const running = await startRecorder(s, way, command, 'listening');
      await must(s.compose(['kill', 'listening']));
      const run = await running.started.ended;
      assert.deepEqual(
        [run.status, run.stderr],
        [137, `netexec: ${s.projectName}-listening-1 exited, and COMMAND with it`],
      );
      assert.ok(!isAlive(running.command));
    });
  }
  await s.subtest('but not when COMMAND alone is killed', async () => {
    const [way] = ways(s, user);
    if (way === undefined) return;
    const running = await startRecorder(s, way, recorder(s, []));
    assert.equal(parentOf(running.command).pid > 0, true);
    process.kill(running.command.pid, 'SIGKILL');
    const run = await running.started.ended;
    assert.deepEqual([run.status, run.stderr], [137, '']);
  });
});
