// netexec and its guard are killed in one stroke: nobody is left who could end COMMAND, and what becomes of it is documented.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { isOwnChild } from '../../src/core/ways/ways.ts';
import { everyRow, useCallers } from './callers.ts';
import {
  commandLineOf,
  descendantsOf,
  isAlive,
  isNetexec,
  parentOf,
  processNumbered,
  startAlone,
  stateOf,
} from './command-process.ts';
import type { Process } from './command-process.ts';

const project = 'ways';
const callers = useCallers(project);

/** Seconds that no other process sleeps. */
const mark = String(2_000_000 + process.pid);

const rows = [
  { name: 'its network', options: [], waits: false },
  { name: 'its processes, too', options: ['--pid'], waits: true },
] as const;

everyRow(
  "kill -9 of netexec and its guard at once must leave COMMAND stopped where it is netexec's child, else running",
  { project, rows },
  async (s, caller, { options, waits }) => {
    const argv = ['docker', 'netexec', ...options, 'web', '--', 'sleep', mark];
    const started = await startAlone(s, argv, callers.step(s, caller));
    const command = await s.eventually(() => one((line) => line === `sleep\0${mark}\0`));
    s.t.after(() => isAlive(command) && process.kill(command.pid, 'SIGKILL'));
    const { pid } = waits ? parentOf(command) : command;
    const guard = await s.eventually(() =>
      one((line) => /^\S*sh\0-c\0/.test(line) && line.includes(`\0netexec\0${pid}\0`)),
    );
    const netexec = descendantsOf(started.pid).find(isNetexec);
    assert.ok(netexec !== undefined);
    // It would start another guard.
    process.kill(netexec.pid, 'SIGSTOP');
    await s.eventually(() => assert.equal(stateOf(netexec), 'T'));
    process.kill(guard.pid, 'SIGKILL');
    process.kill(netexec.pid, 'SIGKILL');
    await s.eventually(() => assert.deepEqual([guard, netexec].filter(isAlive), []));
    const expected = isOwnChild({ kind: caller.way }) && !waits ? 'T' : 'S';
    await s.eventually(() => assert.equal(stateOf(command), expected));
    process.kill(command.pid, 'SIGKILL');
    await s.eventually(() => assert.ok(!isAlive(command)));
  },
);

/** The process with such a command line. */
function one(isMeant: (line: string) => boolean): Process {
  const found = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isMeant(commandLineOf({ pid: Number(pid) })));
  assert.equal(found.length, 1);
  return processNumbered(Number(found[0]));
}
