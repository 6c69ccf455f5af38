// Behind sudo COMMAND is root's grandchild: signals, the terminal and netexec's end must reach it all the same.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import {
  commandLineOf,
  isAlive,
  parentOf,
  processesOfGroup,
  recorder,
  recorderStatus,
  startAlone,
  stateOf,
} from './command-process.ts';
import type { Process, Recorder } from './command-process.ts';
import { everything, useSudoUser } from './command-sudo.ts';
import { openTerminal } from './command-terminal.ts';
import { scenario } from './scenario.ts';
import type { Scenario, Started } from './scenario.ts';

const project = 'command';
const user = useSudoUser(project);

interface Running {
  readonly started: Started;
  readonly docker: Process;
  readonly netexec: Process;
  readonly sudo: Process;
  readonly command: Process;
}

async function runBehindSudo(s: Scenario, command: Recorder): Promise<Running> {
  const started = await startAlone(s, ['docker', 'netexec', 'web', '--', ...command.argv], user.step(s));
  const process = await command.running();
  const sudo = parentOf(process);
  const netexec = parentOf(sudo);
  return { started, command: process, sudo, netexec, docker: parentOf(netexec) };
}

const send = ({ pid }: Process, signal: NodeJS.Signals): boolean => process.kill(pid, signal);

/** Nothing is left: not COMMAND, nor sudo, nor what the stage started. */
const nothingLeft = (s: Scenario, started: Started, what = ''): Promise<void> =>
  s.eventually(() => assert.deepEqual(processesOfGroup(started.pid), [], what), 5);

scenario(
  'a signal must reach COMMAND once, and the status be the one COMMAND then ends with',
  { project },
  async (s) => {
    const rows = [
      { signal: 'SIGTERM', to: 'docker', arrives: 'TERM' },
      { signal: 'SIGTERM', to: 'netexec', arrives: 'TERM' },
      { signal: 'SIGHUP', to: 'netexec', arrives: 'HUP' },
      { signal: 'SIGINT', to: 'netexec', arrives: 'INT' },
      { signal: 'SIGQUIT', to: 'netexec', arrives: 'QUIT' },
      { signal: 'SIGTERM', to: 'sudo', arrives: 'TERM' },
    ] as const;
    for (const { signal, to, arrives } of rows) {
      await s.subtest(`${signal} to ${to}`, async () => {
        const command = recorder(s);
        const running = await runBehindSudo(s, command);
        send(running[to], signal);
        const run = await running.started.ended;
        assert.deepEqual([run.status, run.stderr, command.signals()], [recorderStatus[arrives], '', [arrives]]);
        await nothingLeft(s, running.started);
      });
    }
  },
);

scenario('a signal that COMMAND outlives must leave everything running', { project }, async (s) => {
  const command = recorder(s, ['TERM']);
  const running = await runBehindSudo(s, command);
  const sent = ['USR1', 'USR2', 'HUP', 'INT', 'QUIT'] as const;
  for (const [index, name] of sent.entries()) {
    send(running.netexec, `SIG${name}`);
    await s.eventually(() => assert.deepEqual(command.signals(), sent.slice(0, index + 1)), 5);
  }
  send(running.netexec, 'SIGTERM');
  assert.equal((await running.started.ended).status, recorderStatus.TERM);
});

scenario("docker's end must reach COMMAND as SIGTERM, and leave nothing", { project }, async (s) => {
  const command = recorder(s);
  const running = await runBehindSudo(s, command);
  send(running.docker, 'SIGKILL');
  await nothingLeft(s, running.started);
  assert.deepEqual(command.signals(), ['TERM']);
});

scenario('kill -9 of netexec, or of sudo, must end COMMAND at once and leave nothing', { project }, async (s) => {
  for (const whom of ['netexec', 'sudo'] as const) {
    await s.subtest(whom, async () => {
      const command = recorder(s, []);
      const running = await runBehindSudo(s, command);
      send(running[whom], 'SIGKILL');
      await nothingLeft(s, running.started);
      assert.deepEqual(command.signals(), []);
    });
  }
});

scenario('kill -9 of netexec must end a COMMAND of another user as well', { project }, async (s) => {
  for (const name of ['nobody', 'root']) {
    await s.subtest(name, async () => {
      const command = recorder(s, []);
      const args = ['docker', 'netexec', '-u', name, 'web', '--', ...command.argv];
      const started = await startAlone(s, args, user.step(s, { cwd: '/' }));
      send(parentOf(parentOf(await command.running())), 'SIGKILL');
      await nothingLeft(s, started);
    });
  }
});

scenario('a SIGTERM for a COMMAND of another user must reach it', { project }, async (s) => {
  const command = recorder(s);
  const args = ['docker', 'netexec', '-u', 'nobody', 'web', '--', ...command.argv];
  const started = await startAlone(s, args, user.step(s, { cwd: '/' }));
  await command.running();
  started.kill('SIGTERM');
  await nothingLeft(s, started);
  assert.deepEqual([(await started.ended).status, command.signals()], [recorderStatus.TERM, ['TERM']]);
});

scenario('when COMMAND has ended nothing must be left, though it started others', { project }, async (s) => {
  const line = 'sleep 1000 >/dev/null 2>&1 & echo $!; exit 3';
  const started = await startAlone(s, ['docker', 'netexec', 'web', '--', 'sh', '-c', line], user.step(s));
  const run = await started.ended;
  assert.equal(run.status, 3);
  // What COMMAND leaves behind is COMMAND's.
  await s.eventually(() =>
    assert.deepEqual(
      processesOfGroup(started.pid).map(({ pid }) => `${pid}`),
      [run.stdout],
    ),
  );
});

scenario('whenever docker or netexec is ended, all must end', { project }, async (s) => {
  for (let moment = 0; moment < 300; moment += 20) {
    const started = await startAlone(s, ['docker', 'netexec', 'web', '--', 'sleep', '1000'], user.step(s));
    await pause(moment);
    const netexec = processesOfGroup(started.pid).find((each) => commandLineOf(each).includes('/netexec.cjs\0'));
    const signal = netexec === undefined || moment % 40 === 0 ? 'SIGTERM' : 'SIGKILL';
    if (netexec !== undefined && signal === 'SIGKILL') send(netexec, signal);
    else started.kill(signal);
    await nothingLeft(s, started, `${signal} after ${moment} ms`);
  }
});

/** With use_pty, the default of newer sudos and of Debian, COMMAND gets a terminal of sudo's own. */
const settings = ['!use_pty', 'use_pty'];

scenario("COMMAND's terminal must be the caller's, with its size and its changes", { project }, async (s) => {
  for (const setting of settings) {
    await s.subtest(setting, async () => {
      user.allow(s, everything, setting);
      const terminal = await openTerminal(s, user.step(s));
      await terminal.type('tty; docker netexec web -- tty');
      const ttys = await terminal.shows(/^(\/dev\/pts\/\d+)\n(\S.*)$/m);
      if (setting === '!use_pty') assert.equal(ttys[2], ttys[1]);
      else assert.match(ttys[2] ?? '', /^\/dev\/pts\/\d+$/);
      const script = `trap 'stty size' WINCH; stty size; while :; do sleep 0.05; done`;
      await terminal.type(`docker netexec web -- bash -c "${script}"`);
      await terminal.shows(/^30 100$/m);
      await terminal.resize(90, 20);
      await terminal.shows(/^20 90$/m);
    });
  }
});

scenario('at a terminal, pipes must be the streams that they are elsewhere', { project }, async (s) => {
  const rows: readonly (readonly [line: string, shown: RegExp])[] = [
    ["docker netexec web -- printf 'a\\nb\\004\\n' | od -An -c", /^ +a +\\n +b +004 +\\n$/m],
    ["printf 'one\\ntwo\\003\\n' | docker netexec web -- od -An -c", /^ +o +n +e +\\n +t +w +o +003 +\\n$/m],
    ['docker netexec web -- test -t 0 -a ! -t 1 -a -t 2 | cat; echo ${PIPESTATUS[*]}', /^0 0$/m],
    ['docker netexec web -- yes | head -n1; echo ${PIPESTATUS[*]}', /^y\n141 0$/m],
  ];
  for (const setting of settings) {
    for (const [line, shown] of rows) {
      await s.subtest(`${setting}: ${line}`, async () => {
        user.allow(s, everything, setting);
        const terminal = await openTerminal(s, user.step(s));
        await terminal.type(line);
        await terminal.shows(shown, 5);
      });
    }
  }
});

scenario('Ctrl-C must reach COMMAND once each time, and end one that does not handle it', { project }, async (s) => {
  for (const setting of settings) {
    await s.subtest(setting, async () => {
      user.allow(s, everything, setting);
      const terminal = await openTerminal(s, user.step(s));
      const command = recorder(s, ['QUIT']);
      await terminal.type(`docker netexec web -- ${command.argv.join(' ')}`);
      await command.running();
      for (const times of [1, 2, 3]) {
        await terminal.press('C-c');
        await s.eventually(() => assert.deepEqual(command.signals(), Array(times).fill('INT')), 5);
      }
      await terminal.press('C-\\');
      await terminal.atPrompt();
      assert.deepEqual(command.signals(), ['INT', 'INT', 'INT', 'QUIT']);

      await terminal.type(`docker netexec web -- sh -c 'echo "way"ting; exec sleep 1000'`);
      await terminal.shows(/^wayting$/m);
      await terminal.press('C-c');
      await terminal.atPrompt();
      assert.equal(await terminal.status(), 130);
    });
  }
});

// Without use_pty sudo itself, below a program such as docker, comes back in the background.
scenario('Ctrl-Z must stop COMMAND, and fg let it go on', { project }, async (s) => {
  user.allow(s, everything, 'use_pty');
  const terminal = await openTerminal(s, user.step(s));
  const command = recorder(s, ['INT']);
  await terminal.type(`docker netexec web -- ${command.argv.join(' ')}`);
  const running = await command.running();
  await terminal.clear();
  await terminal.press('C-z');
  await terminal.atPrompt();
  assert.equal(stateOf(running), 'T');
  await terminal.type('fg');
  await s.eventually(() => assert.notEqual(stateOf(running), 'T'), 5);
  await terminal.press('C-c');
  await terminal.atPrompt();
  assert.deepEqual([await terminal.status(), command.signals()], [recorderStatus.INT, ['INT']]);
});

scenario(
  'an interactive shell as COMMAND must have job control, and leave the terminal as it was',
  { project },
  async (s) => {
    for (const setting of settings) {
      await s.subtest(setting, async () => {
        user.allow(s, everything, setting);
        const terminal = await openTerminal(s, user.step(s));
        await terminal.type('before=$(stty -a)');
        await terminal.type(`docker netexec -e PS1='inner> ' web -- bash --noprofile --norc -i`);
        await terminal.shows(/inner>$/);
        assert.doesNotMatch(await terminal.screen(), /job control|ioctl/);
        await terminal.type(`sh -c 'echo run"ning"; exec sleep 1000'`);
        await terminal.shows(/^running$/m);
        await terminal.press('C-z');
        await terminal.shows(/Stopped +sh -c/);
        await terminal.type('exit 9; exit 9');
        await terminal.atPrompt();
        assert.equal(await terminal.status(), 9);
        await terminal.type('[ "$before" = "$(stty -a)" ]');
        assert.equal(await terminal.status(), 0);
      });
    }
  },
);

scenario('a terminal that is closed, and netexec killed at one, must end COMMAND', { project }, async (s) => {
  for (const setting of settings) {
    for (const close of [true, false]) {
      await s.subtest(`${setting}, ${close ? 'closed' : 'killed'}`, async () => {
        user.allow(s, everything, setting);
        const terminal = await openTerminal(s, user.step(s));
        const command = recorder(s, close ? ['HUP', 'TERM'] : []);
        await terminal.type(`docker netexec web -- ${command.argv.join(' ')}`);
        const running = await command.running();
        if (close) await terminal.close();
        else signalNetexec(running);
        await s.eventually(() => assert.ok(!isAlive(running)), 5);
      });
    }
  }
});

/** sudo may have another of its own between netexec and COMMAND. */
function signalNetexec(command: Process): void {
  let process = parentOf(command);
  while (!commandLineOf(process).includes('/netexec.cjs\0')) process = parentOf(process);
  send(process, 'SIGKILL');
}
