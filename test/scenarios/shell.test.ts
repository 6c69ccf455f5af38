// `docker netexec web`: the caller's shell, which is told where it is, and whose prompt can say so.
import assert from 'node:assert/strict';
import { openTerminal } from './command-terminal.ts';
import { scenario } from './scenario.ts';

const project = 'command';
const notice = `web · netexec-test-${project} · backend`;

scenario('a shell at a terminal must be told where it is, in one line', { project }, async (s) => {
  const terminal = await openTerminal(s, { env: { SHELL: '/bin/sh' } });
  await terminal.type('docker netexec web');
  await terminal.shows(new RegExp(`^${notice}\n(.*[#$>])$`, 'm'));
  await terminal.type('exit 3');
  await terminal.atPrompt();
  assert.equal(await terminal.status(), 3);
});

scenario('nothing must be told to scripts, pipes and a COMMAND', { project }, async (s) => {
  const terminal = await openTerminal(s, { env: { SHELL: '/bin/sh' } });
  for (const line of ['echo true | docker netexec web', 'docker netexec web -- true', 'docker netexec web true']) {
    await terminal.clear();
    await terminal.type(line);
    await terminal.atPrompt();
    assert.doesNotMatch(await terminal.screen(), /·/);
  }
  await terminal.clear();
  await terminal.type(`docker netexec web 2>${s.folder}/errors`);
  await terminal.type('exit');
  await terminal.atPrompt();
  assert.doesNotMatch((await s.run(['cat', `${s.folder}/errors`])).stdout, /·/);
  const run = await s.netexec(['web'], { input: 'exit 4\n' });
  assert.deepEqual([run.status, run.stdout, run.stderr], [4, '', '']);
});
