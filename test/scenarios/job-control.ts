// What a terminal's user expects of Ctrl-Z, Ctrl-C and fg, of COMMAND itself and of a shell that is COMMAND.
import assert from 'node:assert/strict';
import { recorder, recorderStatus, stateOf } from './command-process.ts';
import type { Terminal } from './command-terminal.ts';
import type { Scenario } from './scenario.ts';

/** COMMAND stops, goes on in front again, and is ended by a Ctrl-C. */
export async function mustStopAndGoOn(s: Scenario, terminal: Terminal): Promise<void> {
  const command = recorder(s, ['INT']);
  await terminal.type(`docker netexec web -- ${command.argv.join(' ')}`);
  const running = await command.running();
  await terminal.clear();
  await terminal.press('C-z');
  await terminal.atPrompt();
  assert.equal(stateOf(running), 'T');
  await terminal.type('fg');
  await s.eventually(() => assert.notEqual(stateOf(running), 'T'));
  await terminal.press('C-c');
  await terminal.atPrompt();
  assert.deepEqual([await terminal.status(), command.signals()], [recorderStatus.INT, ['INT']]);
}

/** @param options netexec's, in front of the service */
export async function mustHaveJobControl(terminal: Terminal, options: readonly string[] = []): Promise<void> {
  await terminal.type(`docker netexec ${options.join(' ')} -e PS1='inner> ' web -- bash --noprofile --norc -i`);
  await terminal.shows(/inner>$/);
  assert.doesNotMatch(await terminal.screen(), /job control|ioctl/);
  // It holds the terminal when it says so.
  await terminal.type(`sh -c 'echo run"ning"; exec sleep 1000'`);
  await terminal.shows(/^running$/m);
  await terminal.press('C-z');
  await terminal.shows(/Stopped +sh -c/);
  await terminal.type('fg');
  await terminal.shows(/^sh -c/m);
  await terminal.press('C-c');
  await terminal.type('echo still"-"here; stty size; exit 9');
  await terminal.shows(/^still-here\n30 100$/m);
  await terminal.atPrompt();
  assert.equal(await terminal.status(), 9);
}
