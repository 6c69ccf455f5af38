// --pid: a container may stop what enters its processes. A signal ends the run all the same, and nothing is left of it.
import assert from 'node:assert/strict';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineOf, isNetexec, processesOfGroup, startAlone, stateOf } from './command-process.ts';
import type { Process } from './command-process.ts';
import { useSudoUser } from './sudo-user.ts';
import { ways } from './processes.ts';
import type { Way } from './processes.ts';
import { scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

const project = 'processes';
const user = useSudoUser(project);

/** What the container's root may stop while it is in there: a program, by what it is started with, and the status then. */
const steps: readonly (readonly [
  name: string,
  program: string,
  words: string,
  statuses: Readonly<Record<Ending, number>>,
])[] = [
  ['the mount of /proc', 'mount', '*"-t proc"*', { SIGTERM: 143, SIGINT: 130 }],
  ['the step before COMMAND', 'setpriv', '"--pdeathsig KILL -- "*" -c [ "*', { SIGTERM: 137, SIGINT: 137 }],
];
type Ending = 'SIGTERM' | 'SIGINT';

/** A step on a machine on which that program stops itself. */
function whereItStops(
  s: Scenario,
  { step }: Way,
  { program, words, mark }: { readonly program: string; readonly words: string; readonly mark: string },
): RunOptions {
  const file = join(s.folder, program);
  const stop = `case "$*" in ${words}) exec sh -c 'kill -STOP $$' ${mark} ;; esac`;
  writeFileSync(`${file}-stopping`, `#!/bin/sh\n${stop}\nexec ${file}-real "$@"\n`, { mode: 0o755 });
  chmodSync(s.folder, 0o755);
  const lay = `cp /usr/bin/${program} ${file}-real; mount --bind ${file}-stopping /usr/bin/${program}; exec "$@"`;
  const machine = ['unshare', '--mount', '--propagation', 'slave', '--', 'sh', '-ec', lay, 'sh'];
  return {
    ...step,
    through: (argv, cwd) => {
      const all = step.through?.(argv, cwd) ?? argv;
      // The first words of another user's step bring it to that user's machine.
      const first = step.through === undefined ? 0 : all.indexOf('--') + 1;
      return [...all.slice(0, first), ...machine, ...all.slice(first)];
    },
  };
}

const processesWith = (word: string): readonly Process[] =>
  readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    return commandLineOf({ pid }).includes(word) ? [{ pid, started: '' }] : [];
  });

scenario(
  'a signal must end an entry that the container holds up, long before that is given up',
  { project },
  async (s) => {
    for (const way of ways(s, user)) {
      for (const [name, program, words, statuses] of steps) {
        for (const signal of ['SIGTERM', 'SIGINT'] as const) {
          await s.subtest(`${signal}, by ${way.name}, ${name}`, async () => {
            const mark = `${1000 + Math.random()}`;
            const argv = ['docker', 'netexec', ...way.options, 'web', '--', 'sleep', mark];
            const started = await startAlone(s, argv, whereItStops(s, way, { program, words, mark }));
            const left = (): readonly Process[] => processesWith(mark);
            s.t.after(() => left().forEach(({ pid }) => process.kill(pid, 'SIGKILL')));
            await s.eventually(() => assert.ok(left().some((each) => stateOf(each) === 'T')));
            const netexec = processesOfGroup(started.pid).find(isNetexec);
            process.kill(netexec?.pid ?? assert.fail('no netexec'), signal);
            await s.eventually(() => assert.deepEqual(left().map(commandLineOf), []), 8);
            const run = await started.ended;
            assert.deepEqual([run.status, run.stderr], [statuses[signal], '']);
          });
        }
      }
    }
  },
);
