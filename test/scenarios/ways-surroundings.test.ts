// What surrounds COMMAND must be the caller's, whichever way it got in: user, limits, variables, folder, programs.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WayKind } from '../../src/core/ways/ways.ts';
import { commonGroup, everyCaller, everyRow, uidOf, useCallers } from './callers.ts';
import type { Caller } from './callers.ts';
import { assertHandedOn, environments, showEnvironment } from './command-variables.ts';
import { must } from './scenario.ts';
import type { Run, RunOptions, Scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);
const netexec = ['docker', 'netexec', 'web', '--'];

/** A line of bash in which "$@" is nothing or netexec. */
const bash = (
  s: Scenario,
  caller: Caller,
  line: string,
  words: readonly string[],
  options?: RunOptions,
): Promise<Run> => s.run(['bash', '-c', line, 'bash', ...words], callers.step(s, caller, options));

interface Surroundings {
  readonly name: string;
  readonly line: string;
  /** Where COMMAND's are not the caller's by design: what becomes of them, by way. */
  readonly differ?: Partial<Record<WayKind, (outside: string) => string>>;
}

const status = `grep -E "^(Uid|Gid|Groups|Cap(Inh|Prm|Eff|Amb)|NoNew|Secc|Sig(Blk|Ign))" /proc/self/status`;
// Core files: sudo takes them away, and not every root may give them back.
const limits = `bash -c 'ulimit -Sn; ulimit -Hn; ulimit -a; ulimit -aH' | grep -v core`;
const show = `sh -c 'nice; chrt -p $$ | grep -o "SCHED.*"; cat /proc/self/oom_score_adj; grep Cpus_allowed_list /proc/self/status'`;

/** COMMAND's user namespace has no number for the caller's other groups; they have their effect all the same. */
const unmappedGroups = (outside: string): string => outside.replaceAll(String(commonGroup), '65534');

const surroundings: readonly Surroundings[] = [
  {
    name: 'user and groups',
    line: `"$@" sh -c 'id -u; id -g; id -G; id -un; cd; pwd; ${status}'`,
    differ: { rootless: unmappedGroups },
  },
  { name: 'umask 027', line: 'umask 027; "$@" sh -c umask' },
  { name: 'umask 0', line: `umask 0; "$@" sh -c 'umask; touch made; stat -c "%a %u %g" made; rm made'` },
  { name: 'limits', line: `"$@" ${limits}` },
  {
    name: 'limits of its own',
    line: `ulimit -Sn 777; ulimit -Hn 888; ulimit -f 100000 -t 1000 -s 4096; "$@" ${limits}`,
  },
  { name: 'few open files', line: `ulimit -n 64; "$@" ${limits}` },
  {
    name: 'priority and processors',
    line: `taskset -c 0 choom -n 500 -- chrt -b 0 nice -n 7 "$@" ${show}`,
  },
  {
    name: 'namespaces, but for network and mounts',
    line: `"$@" sh -c 'for kind in cgroup ipc pid time uts; do readlink /proc/self/ns/$kind; done'`,
  },
];

everyRow(
  'COMMAND must be the caller: user, groups, capabilities, limits, umask, priority',
  { project, rows: surroundings },
  async (s, caller, { line, differ = {} }) => {
    const outside = await must(bash(s, caller, line, []));
    const expected = differ[caller.way]?.(outside.stdout) ?? outside.stdout;
    assertPrints(await bash(s, caller, line, netexec), expected);
  },
);

everyCaller(
  "a file that only the caller's group may read must be there for COMMAND",
  { project },
  async (s, caller) => {
    const file = join(s.folder, 'shared');
    writeFileSync(file, 'text');
    chownSync(file, 0, commonGroup);
    chmodSync(file, 0o640);
    assertPrints(await s.netexec(['web', '--', 'cat', file], callers.step(s, caller)), 'text');
  },
);

everyCaller("files that COMMAND makes must be the caller's", { project }, async (s, caller) => {
  const made = join(callers.home(caller), 'made');
  await must(s.netexec(['web', '--', 'touch', made], callers.step(s, caller)));
  const uid = uidOf(caller);
  assertPrints(await s.run(['stat', '-c', '%u %g', made]), `${uid} ${uid}`);
});

// One of each kind; which names make a difference is the matter of command-environment.test.ts.
const few = ['the usual ones', 'no PWD', "HOSTALIASES of the caller's own", 'all of them'];
const rows = few.map((name) => ({ name }));

everyRow("COMMAND's variables must be the caller's, and netexec's five", { project, rows }, async (s, caller, row) => {
  const [, env = {}] = environments(callers.home(caller)).find(([name]) => name === row.name) ?? [];
  const outside = await must(s.run(showEnvironment, callers.step(s, caller, { env })));
  const run = await s.netexec(['web', '--', ...showEnvironment], callers.step(s, caller, { env }));
  assert.deepEqual([run.status, run.stderr], [0, '']);
  assertHandedOn(s, withoutCommand(outside.stdoutBytes), withoutCommand(run.stdoutBytes));
});

/** sudo tells the command that it was given, and the two were given two. */
const withoutCommand = (environ: Uint8Array): Uint8Array =>
  Buffer.from(
    Buffer.from(environ)
      .toString('latin1')
      .replace(/(^|\0)SUDO_COMMAND=[^\0]*/, ''),
    'latin1',
  );

everyCaller(
  "COMMAND's folder must be the caller's, also one that only the caller may enter",
  { project },
  async (s, caller) => {
    const inner = join(callers.home(caller), 'inner');
    mkdirSync(inner, { mode: 0o700 });
    giveTo(caller, inner);
    const run = (args: readonly string[], options?: RunOptions): Promise<Run> =>
      s.netexec([...args, 'web', '--', '/bin/pwd', '-P'], callers.step(s, caller, options));
    for (const cwd of ['/', '/etc', inner]) assertPrints(await run([], { cwd }), cwd);
    assertPrints(await run(['-w', 'inner']), inner);
  },
);

everyCaller('a folder that was deleted must be no hindrance', { project }, async (s, caller) => {
  const line = `mkdir gone; cd gone; rmdir ../gone; "$@" readlink /proc/self/cwd`;
  const run = await bash(s, caller, line, netexec);
  assert.deepEqual([run.status, run.stdout], [0, `${join(callers.home(caller), 'gone')} (deleted)`]);
  // A shell on the way may say so, as any shell does there.
  assert.match(run.stderr, /^(.*getcwd.*\n?)*$/);
});

everyCaller(
  "COMMAND must be found on the caller's PATH, in a folder that is only the caller's",
  { project },
  async (s, caller) => {
    const home = callers.home(caller);
    const program = join(home, 'only-here');
    writeFileSync(program, '#!/bin/sh\necho "$0 $1 $PATH"; exit 3\n');
    chmodSync(program, 0o755);
    // sudo takes the caller's PATH away before docker is there.
    const PATH = `${home}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
    const line = `PATH='${PATH}'; "$@" only-here word`;
    const run = await bash(s, caller, line, netexec);
    assert.deepEqual([run.status, run.stdout, run.stderr], [3, `${program} word ${PATH}`, '']);
  },
);

everyCaller("a virtual environment's python must be COMMAND's", { project }, async (s, caller) => {
  // What python3 -m venv makes, but for pip.
  const venv = join(callers.home(caller), 'venv');
  mkdirSync(join(venv, 'bin'), { recursive: true });
  symlinkSync('/usr/bin/python3', join(venv, 'bin/python'));
  writeFileSync(join(venv, 'pyvenv.cfg'), 'home = /usr/bin\ninclude-system-site-packages = false\n');
  const line = `PATH=${venv}/bin:$PATH; "$@" python -c 'import sys; print(sys.prefix)'`;
  assertPrints(await bash(s, caller, line, netexec), venv);
});

everyCaller("the caller's ssh-agent must be within COMMAND's reach", { project }, async (s, caller) => {
  // 1: it answers, and has no keys; 2: there is none.
  const line = `eval "$(ssh-agent -a agent)" >/dev/null; "$@" ssh-add -l; echo $?; ssh-agent -k >/dev/null`;
  assertPrints(await bash(s, caller, line, netexec), 'The agent has no identities.\n1');
});

function giveTo(caller: Caller, file: string): void {
  const { uid } = statSync(callers.home(caller));
  chownSync(file, uid, uid);
}

function assertPrints(run: Run, stdout: string): void {
  assert.deepEqual([run.status, run.stdout, run.stderr], [0, stdout, '']);
}
