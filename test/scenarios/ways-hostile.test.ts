// What would be code where data is read as code, and what somebody else has put in the way: for every kind of caller.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fakeEngine } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import { callerNamed, everyCaller, everyRow, isRoot, kindsOfCallers, uidOf, useCallers } from './callers.ts';
import type { Caller } from './callers.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);

/** Run as code, each would make a file of this name. */
const code = [
  '$(touch pwned)',
  '`touch pwned`',
  '; touch pwned',
  '&& touch pwned',
  '| touch pwned',
  '>pwned',
  "'; touch pwned; '",
  '"; touch pwned; "',
  'a\ntouch pwned\n',
];
const plain = [
  'two words',
  '',
  '*',
  '~',
  '\\',
  '%s',
  '#',
  'žluť',
  '\u001b[31m',
  '-x',
  '--',
  '-',
  '--user=root',
  'uid=0',
  'pid=1',
  'environment=/etc/passwd',
  'a=b',
  '=',
];

const nothingRan = (folder: string): void => assert.ok(!readdirSync(folder).includes('pwned'));

everyCaller("COMMAND's words must arrive as they are, and none may be run", { project }, async (s, caller) => {
  const words = [...plain, ...code, 'x'.repeat(100_000)];
  const show = ['sh', '-c', 'cat "/proc/$$/cmdline"', ...words];
  const run = await s.netexec(['web', '--', ...show], callers.step(s, caller));
  assert.deepEqual([run.status, run.stderr], [0, '']);
  assert.deepEqual(Buffer.from(run.stdoutBytes).toString().split('\0').slice(3, -1), words);
  nothingRan(callers.home(caller));
});

everyCaller('values of variables must arrive as they are, and none may be run', { project }, async (s, caller) => {
  const values = [...plain, ...code];
  const given = values.flatMap((value, index) => ['-e', `GIVEN_${index}=${value}`]);
  const env = Object.fromEntries(values.map((value, index) => [`OWN_${index}`, value]));
  const show = ['sh', '-c', 'cat /proc/self/environ'];
  const run = await s.netexec([...given, 'web', '--', ...show], callers.step(s, caller, { env }));
  const got = new Set(Buffer.from(run.stdoutBytes).toString().split('\0'));
  const wanted = values.flatMap((value, index) => [`GIVEN_${index}=${value}`, `OWN_${index}=${value}`]);
  assert.deepEqual(
    wanted.filter((entry) => !got.has(entry)),
    [],
  );
  nothingRan(callers.home(caller));
});

everyCaller('a folder of any name must be where COMMAND runs', { project }, async (s, caller) => {
  for (const name of ['$(touch pwned)', '-rf', 'a\nb; touch pwned', '--', 'a=b']) {
    const cwd = join(callers.home(caller), name);
    mkdirSync(cwd, { mode: 0o700 });
    giveTo(caller, cwd);
    const run = await s.netexec(['web', '--', 'readlink', '-n', '/proc/self/cwd'], callers.step(s, caller, { cwd }));
    assert.deepEqual([run.status, Buffer.from(run.stdoutBytes).toString(), run.stderr], [0, cwd, '']);
    nothingRan(cwd);
  }
  nothingRan(callers.home(caller));
});

// Before it is known which way will be taken.
scenario('a SERVICE that looks like code must be no more than a name that is not there', { project }, async (s) => {
  const caller = callerNamed('netexec-sudo');
  for (const service of [
    '$(touch pwned)',
    '`touch pwned`',
    'web; touch pwned',
    'web\ntouch pwned',
    '../web',
    'web --',
  ]) {
    const run = await s.netexec([service, '--', 'touch', 'pwned'], callers.step(s, caller));
    assert.deepEqual([run.status, run.stdout], [125, '']);
    assert.match(run.stderr, /^netexec: /);
  }
  nothingRan(callers.home(caller));
});

// The engine may be anybody's: DOCKER_HOST, a context, a socket in a shared folder.
const processes = [
  { name: "root's", ofRoot: true },
  { name: "the caller's own", ofRoot: false },
];

everyRow(
  "an engine that names another process, as the container's, must be refused",
  { project, rows: processes },
  async (s, caller, { ofRoot }) => {
    const pid = await startSleeper(s, ofRoot ? 0 : statSync(callers.home(caller)).uid);
    const socket = join(s.folder, `${caller.user}-${pid}`);
    const engine = await fakeEngine(recordingWith({ folder: '/srv/shop', pids: { 'shop-web-1': pid } }), socket);
    s.t.after(() => engine.close());
    const env = { DOCKER_HOST: `unix://${socket}`, COMPOSE_PROJECT_NAME: 'shop' };
    for (const options of [[], ...(isRoot(caller) ? [] : [['--elevate', 'docker']])]) {
      const run = await s.netexec([...options, 'web', '--', 'echo', 'started'], callers.step(s, caller, { env }));
      assert.deepEqual([run.status, run.stdout], [125, '']);
      assert.match(run.stderr, /^netexec: /);
    }
  },
);

/** In a network of its own, that it would be worth something to be in. */
async function startSleeper(s: Scenario, uid: number): Promise<number> {
  const become = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--', 'sleep', '600'];
  const sleeper = spawn('unshare', ['--net', '--', ...become], { stdio: 'ignore' });
  s.t.after(() => sleeper.kill('SIGKILL'));
  const { pid = 0 } = sleeper;
  await s.eventually(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('sleep\0'));
  return pid;
}

everyCaller(
  'a runtime folder that leads elsewhere must be refused, and nothing be written there',
  { project },
  async (s, caller) => {
    const runtime = join(callers.home(caller), 'runtime');
    const other = join(s.folder, `other-${caller.user}`);
    mkdirSync(runtime, { mode: 0o700 });
    mkdirSync(other);
    chmodSync(other, 0o777);
    symlinkSync(other, join(runtime, 'docker-netexec'));
    chownSync(runtime, uidOf(caller), uidOf(caller));
    const at = callers.step(s, caller, { env: { XDG_RUNTIME_DIR: runtime } });
    const run = await s.netexec(['web', '--', 'echo', 'started'], at);
    assert.deepEqual([run.status, run.stdout], [125, '']);
    assert.match(run.stderr, /^netexec: .*docker-netexec.*link/);
    assert.deepEqual(readdirSync(other), []);
  },
);

const planted =
  'nsenter unshare setpriv prlimit sh bash mount umount mkfifo cat grep setsid stty sudo doas id getent node env sleep';

// Root's own PATH is root's to answer for.
scenario("root must run nothing that happens to be first on the caller's PATH", { project }, async (s) => {
  for (const caller of kindsOfCallers.filter((each) => !isRoot(each))) {
    await s.subtest(caller.name, async () => {
      const folder = join(callers.home(caller), 'planted');
      const ran = join(folder, 'ran');
      mkdirSync(folder);
      // For the user of --user, too.
      chmodSync(callers.home(caller), 0o711);
      s.t.after(() => chmodSync(callers.home(caller), 0o700));
      writeFileSync(ran, '');
      chmodSync(ran, 0o666);
      for (const name of planted.split(' ')) {
        const text = [
          `echo "${name} $(/usr/bin/id -u)" >>${ran}`,
          `PATH=/usr/sbin:/usr/bin:/sbin:/bin exec ${name} "$@"`,
        ];
        writeFileSync(join(folder, name), `#!/bin/dash\n${text.join('\n')}\n`, { mode: 0o755 });
      }
      // Shells and Node read these, each of its own accord.
      const script = join(folder, 'script');
      writeFileSync(script, `echo "script $(/usr/bin/id -u)" >>${ran}\n`);
      // Set only here: what brings the step into the machine is root's, too.
      const env = [
        `PATH=${folder}:/usr/sbin:/usr/bin:/sbin:/bin`,
        `ENV=${script}`,
        `BASH_ENV=${script}`,
        'IFS=e/',
        'SHELLOPTS=xtrace',
        `PS4=$(/bin/dash ${script})`,
      ];
      for (const options of [[], ['-u', caller.way === 'rootless' ? caller.user : 'nobody']]) {
        const words = ['/usr/bin/env', ...env, '/usr/bin/docker', 'netexec', ...options, 'web', '--', 'nsenter', '-V'];
        const run = await s.run(words, callers.step(s, caller));
        assert.match(run.stdout, /^nsenter from/, run.stderr);
      }
      const lines = readFileSync(ran, 'utf8').split('\n');
      // COMMAND itself was the caller's.
      assert.ok(lines.includes(`nsenter ${uidOf(caller)}`), lines.join(', '));
      assert.deepEqual(
        lines.filter((line) => line.endsWith(' 0')),
        [],
      );
    });
  }
});

everyCaller("names must be there where /proc hides others' processes", { project }, async (s, caller) => {
  const words = [
    'docker',
    'netexec',
    'web',
    '--',
    'sh',
    '-c',
    'getent ahostsv4 web; readlink /proc/self/ns/net; ls -d /proc/1',
  ];
  // Without /proc/1 Debian's PAM has doas begin with 1024 open files at most, and not every root may raise that.
  const hidden = 'ulimit -n 1000 && mount -t proc -o hidepid=invisible proc /proc && exec "$@"';
  const at = callers.step(s, caller);
  const through = (argv: readonly string[], cwd: string): readonly string[] => {
    const inside = at.through?.(argv, cwd) ?? argv;
    const machine = inside.indexOf('--') + 1;
    const own = ['unshare', '--mount', '--propagation', 'slave', '--', 'sh', '-c', hidden, 'sh'];
    return [...inside.slice(0, machine), ...own, ...inside.slice(machine)];
  };
  const run = await s.run(words, { ...at, through });
  const { stdout: network } = await must(s.run(['readlink', `/proc/${await callers.pidOf(s, caller, 'web')}/ns/net`]));
  const lines = run.stdout.split('\n');
  assert.match(lines[0] ?? '', /^[\d.]+ /, run.stderr);
  assert.ok(lines.includes(network));
  assert.equal(lines.includes('/proc/1'), isRoot(caller));
});

function giveTo(caller: Caller, file: string): void {
  const { uid } = statSync(callers.home(caller));
  chownSync(file, uid, uid);
}
