// COMMAND at a terminal: the terminal is its own, keys reach it as they reach any other program, and docker is not in the way.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, parentOf, recorder, recorderStatus, stateOf } from './command-process.ts';
import { openTerminal } from './command-terminal.ts';
import { scenario } from './scenario.ts';

const project = 'command';

scenario("COMMAND's terminal must be the caller's, and its size", { project }, async (s) => {
  const terminal = await openTerminal(s);
  await terminal.type('tty; docker netexec web -- tty');
  const ttys = await terminal.shows(/^(\/dev\/pts\/\d+)\n(\S.*)$/m);
  assert.equal(ttys[2], ttys[1]);
  await terminal.type(`docker netexec web -- sh -c 'for fd in 0 1 2; do [ -t $fd ] && echo "$fd is a terminal"; done'`);
  await terminal.shows(/^0 is a terminal\n1 is a terminal\n2 is a terminal$/m);
  await terminal.type('docker netexec web -- stty size');
  await terminal.shows(/^30 100$/m);
});

scenario('a terminal that changes its size must tell COMMAND', { project }, async (s) => {
  const terminal = await openTerminal(s);
  const script = `trap 'stty size' WINCH; echo waiting; while :; do sleep 0.05; done`;
  await terminal.type(`docker netexec web -- bash -c "${script}"`);
  await terminal.shows(/^waiting$/m);
  await terminal.resize(90, 20);
  await terminal.shows(/^20 90$/m);
  await terminal.resize(110, 25);
  await terminal.shows(/^25 110$/m);
});

scenario('Ctrl-C and Ctrl-\\ must end COMMAND with 128 and the number of the signal', { project }, async (s) => {
  const terminal = await openTerminal(s);
  for (const [key, status] of [
    ['C-c', 130],
    ['C-\\', 131],
  ] as const) {
    await terminal.clear();
    await terminal.type(`docker netexec web -- sh -c 'echo "way"ting; ulimit -c 0; exec sleep 1000'`);
    await terminal.shows(/^wayting$/m);
    await terminal.press(key);
    await terminal.atPrompt();
    const got = await terminal.status();
    // docker itself dies of Ctrl-\, with 2, before it could hear of anything.
    assert.ok(got === status || (key === 'C-\\' && got === 2), `${key}: ${got}`);
  }
});

scenario('Ctrl-C must reach a COMMAND that handles it once each time', { project }, async (s) => {
  const terminal = await openTerminal(s);
  const command = recorder(s, ['TERM']);
  await terminal.type(`docker netexec web -- ${command.argv.join(' ')}`);
  const running = await command.running();
  for (const times of [1, 2, 3, 4]) {
    await terminal.press('C-c');
    await s.eventually(() => assert.deepEqual(command.signals(), Array(times).fill('INT')));
  }
  process.kill(parentOf(running).pid, 'SIGTERM');
  await terminal.atPrompt();
  assert.equal(await terminal.status(), recorderStatus.TERM);
  assert.deepEqual(command.signals(), ['INT', 'INT', 'INT', 'INT', 'TERM']);
});

scenario('Ctrl-C must be no more than that while the output goes to a file', { project }, async (s) => {
  const terminal = await openTerminal(s);
  const command = recorder(s, ['TERM']);
  await terminal.type(`docker netexec web -- ${command.argv.join(' ')} >${s.folder}/output`);
  const running = await command.running();
  const netexec = parentOf(running);
  const docker = parentOf(netexec);
  // At the third docker would kill netexec.
  for (const times of [1, 2]) {
    await terminal.press('C-c');
    await s.eventually(() => assert.deepEqual(command.signals(), Array(times).fill('INT')));
  }
  // A question that is answered later than whatever Ctrl-C has set off.
  process.kill(netexec.pid, 'SIGUSR1');
  await s.eventually(() => assert.deepEqual(command.signals(), ['INT', 'INT', 'USR1']));
  assert.deepEqual([docker, netexec, running].map(isAlive), [true, true, true]);
});

scenario("docker's end must reach COMMAND behind a Ctrl-C as well", { project }, async (s) => {
  const terminal = await openTerminal(s);
  const command = recorder(s, ['TERM']);
  await terminal.type(`docker netexec web -- ${command.argv.join(' ')} >${s.folder}/output`);
  const running = await command.running();
  const netexec = parentOf(running);
  await terminal.press('C-c');
  await s.eventually(() => assert.deepEqual(command.signals(), ['INT']));
  // With its output in a file docker has hung up at the Ctrl-C, and says nothing more.
  process.kill(parentOf(netexec).pid, 'SIGKILL');
  await s.eventually(() => assert.deepEqual([netexec, running].map(isAlive), [false, false]));
  assert.deepEqual(command.signals(), ['INT', 'TERM']);
});

scenario("docker's end must reach a COMMAND at a terminal", { project }, async (s) => {
  const terminal = await openTerminal(s);
  for (const signal of ['SIGKILL', 'SIGHUP'] as const) {
    await s.subtest(signal, async () => {
      const command = recorder(s);
      await terminal.type(`docker netexec web -- ${command.argv.join(' ')}`);
      const running = await command.running();
      const netexec = parentOf(running);
      process.kill(parentOf(netexec).pid, signal);
      await s.eventually(() => assert.deepEqual([netexec, running].map(isAlive), [false, false]));
      assert.deepEqual(command.signals(), ['TERM']);
    });
  }
});

scenario('a terminal that is closed must end COMMAND', { project }, async (s) => {
  const terminal = await openTerminal(s);
  const command = recorder(s, ['HUP', 'TERM']);
  await terminal.type(`docker netexec web -- ${command.argv.join(' ')}`);
  const running = await command.running();
  const netexec = parentOf(running);
  await terminal.close();
  await s.eventually(() => assert.deepEqual([netexec, running].map(isAlive), [false, false]));
  assert.equal(command.signals()[0], 'HUP');
});

scenario('Ctrl-Z must stop COMMAND, and fg and bg let it go on', { project }, async (s) => {
  const terminal = await openTerminal(s);
  const command = recorder(s, ['INT', 'TERM']);
  await terminal.type(`docker netexec web -- ${command.argv.join(' ')}`);
  const running = await command.running();
  const all = [running, parentOf(running), parentOf(parentOf(running))];
  for (const resume of ['fg', 'bg; fg']) {
    await terminal.clear();
    await terminal.press('C-z');
    await terminal.atPrompt();
    assert.deepEqual(all.map(stateOf), ['T', 'T', 'T']);
    await terminal.type(resume);
    await s.eventually(() => assert.ok(!all.map(stateOf).includes('T')));
  }
  assert.deepEqual(command.signals(), []);
  await terminal.press('C-c');
  await terminal.atPrompt();
  assert.equal(await terminal.status(), recorderStatus.INT);
});

scenario("a shell that is the caller's own must run at a terminal without COMMAND", { project }, async (s) => {
  const terminal = await openTerminal(s, { env: { SHELL: '/bin/bash', NETEXEC_SERVICE: 'outside' } });
  await terminal.type('docker netexec web');
  await terminal.type('echo "$0 of $NETEXEC_SERVICE", $-');
  // i: interactive, m: with job control.
  await terminal.shows(/^\/bin\/bash of web, \w*i\w*m\w*$/m);
  await terminal.press('C-d');
  await terminal.atPrompt();
  assert.equal(await terminal.status(), 0);
});

scenario('the terminal must be as it was, however COMMAND ended', { project }, async (s) => {
  const terminal = await openTerminal(s);
  const settings = async (name: string): Promise<string> => {
    await terminal.type(`stty -a >${s.folder}/${name}`);
    await terminal.status();
    return readFileSync(join(s.folder, name), 'utf8');
  };
  const before = await settings('before');
  const ends = [
    ['bash --noprofile --norc -i -c true', undefined],
    [`sh -c 'echo "way"ting; exec sleep 1000'`, 'C-c'],
    [`bash -c 'echo "way""ting"; read -s line'`, 'Enter'],
  ] as const;
  for (const [index, [command, key]] of ends.entries()) {
    await terminal.clear();
    await terminal.type(`docker netexec web -- ${command}`);
    if (key !== undefined) {
      await terminal.shows(/^wayting$/m);
      await terminal.press(key);
    }
    await terminal.atPrompt();
    assert.equal(await settings(`after-${index}`), before);
  }
});
