// COMMAND at a terminal, for every kind of caller. What only some ways do differently is a row of its own.
import assert from 'node:assert/strict';
import { callerNamed, everyCaller, useCallers } from './callers.ts';
import type { Caller } from './callers.ts';
import { descendantsOf, commandLineOf, isAlive, isNetexec, recorder, recorderStatus } from './command-process.ts';
import type { Process } from './command-process.ts';
import { openTerminal } from './command-terminal.ts';
import { mustHaveJobControl, mustStopAndGoOn } from './job-control.ts';
import { scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);

const open = (s: Scenario, caller: Caller) => openTerminal(s, callers.step(s, caller));

everyCaller(
  "COMMAND's terminal must have the size of the caller's, and its changes",
  { project },
  async (s, caller) => {
    const terminal = await open(s, caller);
    await terminal.type(
      `docker netexec web -- sh -c 'for fd in 0 1 2; do [ -t $fd ] && echo "$fd is a terminal"; done'`,
    );
    await terminal.shows(/^0 is a terminal\n1 is a terminal\n2 is a terminal$/m);
    // What is typed ahead is COMMAND's where the terminal is the engine's.
    await terminal.atPrompt();
    const script = `trap 'stty size' WINCH; stty size; while :; do sleep 0.05; done`;
    await terminal.type(`docker netexec web -- bash -c "${script}"`);
    await terminal.shows(/^30 100$/m);
    await terminal.resize(90, 20);
    await terminal.shows(/^20 90$/m);
  },
);

everyCaller("the terminal's name must be the caller's where nothing stands between", { project }, async (s, caller) => {
  const terminal = await open(s, caller);
  await terminal.type('tty; docker netexec web -- tty');
  const ttys = await terminal.shows(/^(\/dev\/pts\/\d+)\n(\S.*)$/m);
  // sudo may have put one of its own in between; the engine's has no name here.
  const expected = { sudo: /^\/dev\/pts\/\d+$/, docker: /^not a tty$/ } as Partial<Record<string, RegExp>>;
  assert.match(ttys[2] ?? '', expected[caller.way] ?? new RegExp(`^${ttys[1]}$`));
});

everyCaller(
  'Ctrl-C must reach COMMAND once each time, and end one that does not handle it',
  { project },
  async (s, caller) => {
    const terminal = await open(s, caller);
    const command = recorder(s, ['QUIT']);
    await terminal.type(`docker netexec web -- ${command.argv.join(' ')}`);
    await command.running();
    for (const times of [1, 2, 3]) {
      await terminal.press('C-c');
      await s.eventually(() => assert.deepEqual(command.signals(), Array(times).fill('INT')));
    }
    await terminal.press('C-\\');
    await terminal.atPrompt();
    assert.deepEqual(command.signals(), ['INT', 'INT', 'INT', 'QUIT']);

    await terminal.type(`docker netexec web -- sh -c 'echo "way"ting; exec sleep 1000'`);
    await terminal.shows(/^wayting$/m);
    await terminal.press('C-c');
    await terminal.atPrompt();
    assert.equal(await terminal.status(), 130);
  },
);

everyCaller(
  'an interactive shell as COMMAND must have job control, and leave the terminal as it was',
  { project },
  async (s, caller) => {
    const terminal = await open(s, caller);
    await terminal.type('before=$(stty -a)');
    await mustHaveJobControl(terminal);
    await terminal.type('[ "$before" = "$(stty -a)" ]');
    assert.equal(await terminal.status(), 0);
  },
);

everyCaller(
  'at a terminal, pipes and files must be the streams that they are elsewhere',
  { project },
  async (s, caller) => {
    const rows: readonly (readonly [line: string, shown: RegExp])[] = [
      ["docker netexec web -- printf 'a\\nb\\004\\n' | od -An -c", /^ +a +\\n +b +004 +\\n$/m],
      ["printf 'one\\ntwo\\003\\n' | docker netexec web -- od -An -c", /^ +o +n +e +\\n +t +w +o +003 +\\n$/m],
      ['docker netexec web -- test -t 0 -a ! -t 1 -a -t 2 | cat; echo ${PIPESTATUS[*]}', /^0 0$/m],
      ['docker netexec web -- yes 2>/dev/null | head -n1; echo ${PIPESTATUS[*]}', /^y\n(Broken pipe\n)?141 0$/m],
    ];
    const terminal = await open(s, caller);
    for (const [line, shown] of rows) {
      await terminal.clear();
      await terminal.type(line);
      await terminal.shows(shown);
    }
  },
);

everyCaller(
  'Ctrl-C must reach what COMMAND has started, too, where its output is piped',
  { project },
  async (s, caller) => {
    const terminal = await open(s, caller);
    await terminal.type(`docker netexec web -- sh -c 'trap : INT; echo up; sleep 1000; echo over >&2' | cat`);
    await terminal.shows(/^up$/m);
    await terminal.press('C-c');
    await terminal.shows(/over$/m);
  },
);

everyCaller(
  'a terminal that is closed, and netexec killed at one, must end COMMAND',
  { project },
  async (s, caller) => {
    for (const close of [true, false]) {
      const terminal = await open(s, caller);
      const command = recorder(s, close ? ['HUP', 'TERM'] : []);
      await terminal.type(`docker netexec web -- ${command.argv.join(' ')}`);
      const running = await command.running();
      const netexec = netexecFor(command.argv.at(-1) ?? '');
      if (close) await terminal.close();
      else process.kill(netexec.pid, 'SIGKILL');
      await s.eventually(() => assert.deepEqual([netexec, running].filter(isAlive), []));
    }
  },
);

/** It has COMMAND's words on its own command line. */
function netexecFor(word: string): Process {
  const found = descendantsOf(1).find((each) => isNetexec(each) && commandLineOf(each).includes(word));
  return found ?? assert.fail('netexec does not run');
}

everyCaller('Ctrl-Z must stop COMMAND, and fg let it go on', { project }, async (s, caller) => {
  // Without use_pty sudo itself, below a program such as docker, comes back in the background; the engine's terminal
  // makes Ctrl-Z a matter of COMMAND's alone.
  if (caller.way === 'docker') return ctrlZByEngine(s, caller);
  await mustStopAndGoOn(s, await open(s, caller));
});

/** COMMAND leads a session of its own there, which nobody could let go on: the kernel does not stop it. */
async function ctrlZByEngine(s: Scenario, caller: Caller): Promise<void> {
  const terminal = await open(s, caller);
  const command = recorder(s, ['INT']);
  await terminal.type(`docker netexec web -- ${command.argv.join(' ')}`);
  const running = await command.running();
  await terminal.press('C-z');
  await terminal.press('C-c');
  await terminal.atPrompt();
  assert.deepEqual(
    [await terminal.status(), command.signals(), isAlive(running)],
    [recorderStatus.INT, ['INT'], false],
  );
}

everyCaller(
  'in the background COMMAND must leave the terminal alone, and have it after fg',
  { project },
  async (s, caller) => {
    const terminal = await open(s, caller);
    await terminal.type(`docker netexec web -- sh -c 'echo "be"gun; exec sleep 1000' &`);
    await terminal.shows(/begun$/m);
    await terminal.clear();
    await terminal.type('before=$(stty -a); jobs; kill %1; wait %1');
    await terminal.shows(/^\[1\]\+ +Running /m);
    assert.equal(await terminal.status(), 143);
    await terminal.type('diff <(echo "$before") <(stty -a) && echo "un"changed');
    await terminal.shows(/^unchanged$/m);

    await terminal.clear();
    await terminal.type(`docker netexec web -- sh -c 'echo "be"gun; exec sed -u s/^/got-/' &`);
    await terminal.shows(/begun$/m);
    await terminal.type('fg');
    await terminal.type('one');
    await terminal.shows(/^got-one$/m);
    await terminal.press('C-d');
    await terminal.atPrompt();
    assert.equal(await terminal.status(), 0);
  },
);

scenario('without stty only the size of the terminal must be lost, and be said', { project }, async (s) => {
  const terminal = await open(s, callerNamed('root'));
  const hidden =
    'mount --bind /dev/null /usr/bin/stty; exec docker netexec --elevate docker web -- sh -c "echo started"';
  await terminal.type(`unshare --mount sh -c '${hidden}'`);
  await terminal.shows(
    /^netexec: warning: COMMAND's terminal has a different size: stty is missing, or failed\nstarted$/m,
  );
});
