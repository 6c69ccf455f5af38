// What sudo itself may do: ask for a password, refuse, stand between with a terminal of its own, get signals.
import assert from 'node:assert/strict';
import { callerNamed, password, useCallers } from './callers.ts';
import { isAlive, parentOf, processesOfGroup, recorder, recorderStatus, startAlone } from './command-process.ts';
import { openTerminal } from './command-terminal.ts';
import { mustStopAndGoOn } from './job-control.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);
const user = callerNamed('netexec-sudo');
/** One whom sudo does not know. */
const other = callerNamed('netexec-docker');

/** With use_pty, the default of newer sudos and of Debian, COMMAND gets a terminal of sudo's own. */
const settings = ['!use_pty', 'use_pty'];
const set = (s: Scenario, setting: string): void => callers.allow(s, `Defaults:netexec-sudo ${setting}`);

scenario(
  'a user whom sudo wants a password of, or does not know, must be told so without a terminal',
  { project },
  async (s) => {
    for (const rule of ['', 'netexec-docker ALL=(ALL) ALL']) {
      if (rule !== '') callers.allow(s, rule);
      const run = await s.netexec(['--elevate', 'sudo', 'web', '--', 'id'], callers.step(s, other));
      assert.deepEqual([run.status, run.stdout], [125, '']);
      assert.match(run.stderr, /^netexec: [^]*sudo: .*password.*no terminal/m);
      assert.match(run.stderr, /^hint: /m);
    }
  },
);

scenario('--elevate sudo must ask for a password at a terminal; auto must ask for none', { project }, async (s) => {
  callers.allow(s, 'netexec-docker ALL=(ALL) ALL');
  const terminal = await openTerminal(s, callers.step(s, other));
  await terminal.type('docker netexec web -- id -un');
  await terminal.shows(/^netexec-docker$/m);
  await terminal.atPrompt();
  assert.doesNotMatch(await terminal.screen(), /password/);
  await terminal.clear();
  await terminal.type('docker netexec --elevate sudo web -- id');
  await terminal.shows(/password for netexec-docker:$/m);
  await terminal.type(password);
  await terminal.shows(/^uid=\d+\(netexec-docker\) gid=\d+\(netexec-docker\)/m);
  await terminal.atPrompt();
  assert.equal(await terminal.status(), 0);
});

scenario('a signal to sudo must reach COMMAND, and its end must end COMMAND', { project }, async (s) => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const command = recorder(s, ['TERM']);
    const started = await startAlone(s, ['docker', 'netexec', 'web', '--', ...command.argv], callers.step(s, user));
    const running = await command.running();
    process.kill(parentOf(running).pid, signal);
    if (signal === 'SIGTERM') assert.equal((await started.ended).status, recorderStatus.TERM);
    await s.eventually(() => assert.deepEqual([isAlive(running), processesOfGroup(started.pid)], [false, []]));
    assert.deepEqual(command.signals(), signal === 'SIGTERM' ? ['TERM'] : []);
  }
});

scenario('signals that the caller ignores must be ignored by COMMAND', { project }, async (s) => {
  for (const caller of [user, callerNamed('netexec-doas'), other]) {
    const line = `trap '' HUP; "$@" grep SigIgn /proc/self/status`;
    const at = callers.step(s, caller);
    const outside = await must(s.run(['bash', '-c', line, 'bash'], at));
    const inside = await s.run(['bash', '-c', line, 'bash', 'docker', 'netexec', 'web', '--'], at);
    assert.deepEqual([inside.status, inside.stdout, inside.stderr], [0, outside.stdout, '']);
  }
});

scenario("the terminal must be the caller's without use_pty, and sudo's own with it", { project }, async (s) => {
  for (const setting of settings) {
    await s.subtest(setting, async () => {
      set(s, setting);
      const terminal = await openTerminal(s, callers.step(s, user));
      await terminal.type('tty; docker netexec web -- tty');
      const ttys = await terminal.shows(/^(\/dev\/pts\/\d+)\n(\S.*)$/m);
      if (setting === '!use_pty') assert.equal(ttys[2], ttys[1]);
      else assert.match(ttys[2] ?? '', /^\/dev\/pts\/\d+$/);
      await terminal.atPrompt();
      const script = `trap 'stty size' WINCH; stty size; while :; do sleep 0.05; done`;
      await terminal.type(`docker netexec web -- bash -c "${script}"`);
      await terminal.shows(/^30 100$/m);
      await terminal.resize(90, 20);
      await terminal.shows(/^20 90$/m);
    });
  }
});

scenario('Ctrl-C must reach COMMAND once each time, with and without use_pty', { project }, async (s) => {
  for (const setting of settings) {
    await s.subtest(setting, async () => {
      set(s, setting);
      const terminal = await openTerminal(s, callers.step(s, user));
      const command = recorder(s, ['QUIT']);
      await terminal.type(`docker netexec web -- ${command.argv.join(' ')}`);
      await command.running();
      for (const times of [1, 2]) {
        await terminal.press('C-c');
        await s.eventually(() => assert.deepEqual(command.signals(), Array(times).fill('INT')));
      }
      await terminal.press('C-\\');
      await terminal.atPrompt();
      assert.deepEqual(command.signals(), ['INT', 'INT', 'QUIT']);
    });
  }
});

// Without use_pty sudo itself, below a program such as docker, comes back in the background.
scenario('with use_pty Ctrl-Z must stop COMMAND, and fg let it go on', { project }, async (s) => {
  set(s, 'use_pty');
  await mustStopAndGoOn(s, await openTerminal(s, callers.step(s, user)));
});

scenario(
  'at a terminal, pipes must be the streams that they are elsewhere, with and without use_pty',
  { project },
  async (s) => {
    const rows: readonly (readonly [line: string, shown: RegExp])[] = [
      ["docker netexec web -- printf 'a\\nb\\004\\n' | od -An -c", /^ +a +\\n +b +004 +\\n$/m],
      ["printf 'one\\ntwo\\003\\n' | docker netexec web -- od -An -c", /^ +o +n +e +\\n +t +w +o +003 +\\n$/m],
      ['docker netexec web -- yes | head -n1; echo ${PIPESTATUS[*]}', /^y\n141 0$/m],
    ];
    for (const setting of settings) {
      await s.subtest(setting, async () => {
        set(s, setting);
        const terminal = await openTerminal(s, callers.step(s, user));
        for (const [line, shown] of rows) {
          await terminal.clear();
          await terminal.type(line);
          await terminal.shows(shown);
          await terminal.atPrompt();
        }
      });
    }
  },
);

scenario(
  'a password that was typed at the terminal must do, with a port beside COMMAND, too',
  { project },
  async (s) => {
    callers.allow(s, 'netexec-docker ALL=(ALL) ALL');
    for (const setting of settings) {
      await s.subtest(setting, async () => {
        callers.allow(s, `Defaults:netexec-docker ${setting}`);
        const terminal = await openTerminal(s, callers.step(s, other));
        await terminal.type('sudo -k; sudo -v');
        await terminal.shows(/password for netexec-docker:$/m);
        await terminal.type(password);
        await terminal.atPrompt();
        // sudo would ask in a session of its own, and is not taken.
        await terminal.type('docker netexec --forward 0:1 web -- id -un; docker netexec --all web -- id -un');
        await terminal.shows(/in web\nnetexec-docker\n\S+ +\| netexec-docker$/m);
        await terminal.atPrompt();
        await terminal.clear();
        const command = 'while read -r line; do echo got-$line; done';
        await terminal.type(`docker netexec --elevate sudo --forward 0:1 web -- sh -c '${command}'`);
        await terminal.shows(/in web$/m);
        for (const line of ['one', 'two', 'three', 'four', 'five', 'six']) {
          await terminal.type(line);
          await terminal.shows(new RegExp(`^got-${line}$`, 'm'));
        }
        await terminal.press('C-d');
        await terminal.atPrompt();
        assert.doesNotMatch(await terminal.screen(), /password/);
        await terminal.type('docker netexec --elevate sudo --all web -- true');
        await terminal.shows(/^netexec: .*password/m);
      });
    }
  },
);
