// A COMMAND that takes on other rights, as tcpdump, su and sudo do, or is of another user: what ties it to netexec, and
// what it may become.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { callerNamed, kindsOfCallers, uidOf, useCallers } from './callers.ts';
import type { Caller } from './callers.ts';
import { commandLineOf, descendantsOf, isAlive, isNetexec, processNumbered, startAlone } from './command-process.ts';
import type { Process } from './command-process.ts';
import { scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);
const root = callerNamed('root');
const sudoer = callerNamed('netexec-sudo');
const ofDocker = callerNamed('netexec-docker');

/** A number that no other process has among its words: of seconds, or of bytes. */
const mark = String(1_000_000 + process.pid);
const sleep = ['sleep', mark];
const other = callerNamed('netexec-doas');
const become = [`--reuid=${uidOf(other)}`, `--regid=${uidOf(other)}`, '--clear-groups', '--', ...sleep];

/** A copy that runs as root, whoever starts it; found in the scenario's folder. */
const setuidSleep = 'setuid-sleep';

/** The kernel unties a process from its parent when its ids change, or its file has capabilities or another's id. */
const untied: readonly (readonly [Caller, ...(readonly string[])])[] = [
  [root, ...sleep],
  [root, 'setpriv', ...become],
  [root, 'runuser', '-u', other.user, '--', ...sleep],
  [root, 'su', other.user, '-c', `exec ${sleep.join(' ')}`],
  [root, 'sg', 'root', `exec ${sleep.join(' ')}`],
  [root, 'sudo', '-u', other.user, ...sleep],
  [root, 'chroot', `--userspec=${uidOf(other)}`, '/', ...sleep],
  [root, 'tcpdump', '-ni', 'any', '-w', '/dev/null', `less ${mark}`],
  [root, 'tcpdump', '-Z', other.user, '-ni', 'any', '-w', '/dev/null', `less ${mark}`],
  [callerNamed('netexec-admin'), 'setpriv', ...become],
  [sudoer, 'sudo', '-n', '-u', other.user, ...sleep],
  [ofDocker, 'sudo', '-n', '-u', other.user, ...sleep],
  ...kindsOfCallers.map((caller) => [caller, `./${setuidSleep}`, mark] as const),
];

scenario(
  'kill -9 of netexec must end a COMMAND that has taken on other rights, and what it runs with them',
  { project },
  async (s) => {
    callers.allow(s, 'netexec-docker ALL=(ALL) NOPASSWD: ALL');
    copyFileSync('/usr/bin/sleep', join(s.folder, setuidSleep));
    chmodSync(join(s.folder, setuidSleep), 0o4755);
    for (const [caller, ...words] of untied) {
      await s.subtest(`${caller.name}: ${words.join(' ').replaceAll(mark, 'NUMBER')}`, async () => {
        const options = caller.way === 'docker' ? ['--elevate', 'docker'] : [];
        const argv = ['docker', 'netexec', ...options, 'web', '--', ...words];
        const started = await startAlone(s, argv, callers.step(s, caller, { cwd: s.folder }));
        const netexec = await s.eventually(() => netexecBelow(started.pid));
        const marked = await s.eventually(() => {
          const found = markedProcesses();
          assert.ok(found.length > 0, started.stderr());
          return found;
        });
        process.kill(netexec.pid, 'SIGKILL');
        s.t.after(() => marked.filter(isAlive).forEach(({ pid }) => process.kill(pid, 'SIGKILL')));
        await s.eventually(() => assert.deepEqual(marked.filter(isAlive).map(commandLineOf), []), 5);
      });
    }
  },
);

function netexecBelow(pid: number): Process {
  const found = descendantsOf(pid).find(isNetexec);
  if (found === undefined) throw new Error('netexec does not run');
  return found;
}

/** What does the work in the end, whoever started it. */
function markedProcesses(): readonly Process[] {
  return readdirSync('/proc').flatMap((name) => {
    const [program = '', ...words] = /^\d+$/.test(name) ? commandLineOf({ pid: Number(name) }).split('\0') : [];
    const isMarked = /(^|[-/])(sleep|tcpdump)$/.test(program) && words.join(' ').includes(mark);
    return isMarked ? [processNumbered(Number(name))] : [];
  });
}
