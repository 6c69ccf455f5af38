// Nothing of the host or of the container is changed, and nothing is left, however a run ends.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ownMachine } from './machine.ts';
import type { Machine } from './machine.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

const project = 'article';

// Names, kinds, modes, owners, sizes, times and link targets; then what is in the files.
const describeEtc = `
  find /etc -printf '%p %y %m %U:%G %s %T@ %C@ %l\\n' | sort
  find /etc -type f -print0 | sort -z | xargs -0 sha256sum
`;

/** All that netexec could have touched, by what it is. */
async function lookAround(s: Scenario, machine: Machine, folders: readonly string[]) {
  const container = `${s.projectName}-web-1`;
  const [etc, mounts, diff, top, inspected] = await Promise.all([
    must(s.run(machine.inside(['sh', '-c', describeEtc]))),
    must(s.run(machine.inside(['cat', '/proc/self/mountinfo']))),
    must(s.docker(['diff', container])),
    must(s.docker(['top', container, '-o', 'pid,args'])),
    must(s.docker(['inspect', '--format', '{{.State.Pid}}', container])),
  ]);
  const process = `/proc/${inspected.stdout}`;
  return {
    etc: etc.stdout,
    mounts: mounts.stdout,
    folders: folders.flatMap((folder) => filesIn(s, folder)).join('\n'),
    processes: s.processes().join('\n'),
    containerChanges: diff.stdout,
    containerMounts: readFileSync(`${process}/mountinfo`, 'utf8'),
    containerResolvConf: readFileSync(`${process}/root/etc/resolv.conf`, 'utf8'),
    containerHosts: readFileSync(`${process}/root/etc/hosts`, 'utf8'),
    containerProcesses: top.stdout,
  };
}

type State = Awaited<ReturnType<typeof lookAround>>;

/** What of it has changed, line by line. */
const changes = (before: State, after: State): readonly string[] =>
  Object.entries(before).flatMap(([what, text]) => {
    const [old, now] = [
      text.split('\n'),
      Object.entries(after)
        .find(([name]) => name === what)?.[1]
        .split('\n') ?? [],
    ];
    return [
      ...old.filter((line) => !now.includes(line)).map((line) => `${what} no longer: ${line}`),
      ...now.filter((line) => !old.includes(line)).map((line) => `${what} now: ${line}`),
    ];
  });

/** All files below, but those that netexec is known to keep for the project: the HOSTALIASES files. */
function filesIn(s: Scenario, folder: string): readonly string[] {
  const kept = new RegExp(`^docker-netexec(/${s.projectName}(/[^/]+\\.hostaliases)?)?$`);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => !kept.test(name)).map((name) => join(folder, name));
}

/** A machine, and the private folders that its programs are told to use for what is temporary. */
async function makeWorld(s: Scenario) {
  const [runtime, temporary] = [join(s.folder, 'runtime'), join(s.folder, 'temporary')];
  mkdirSync(runtime, { mode: 0o700 });
  mkdirSync(temporary, { mode: 0o777 });
  const machine = await ownMachine(s);
  const home = join(s.folder, 'home');
  return {
    env: { XDG_RUNTIME_DIR: runtime, TMPDIR: temporary },
    argv: (words: readonly string[]) => machine.inside(['docker', 'netexec', ...words]),
    look: () => lookAround(s, machine, [runtime, temporary, home, '/mnt']),
  };
}

// netexec hands the environment on in a file where a name in it is none that a shell could hold.
const viaFile = { 'BASH_FUNC_say%%': '() { echo; }' };

const ends: readonly (readonly [string, readonly string[], number, RunOptions['env']?])[] = [
  ['after success', ['web', '--', 'curl', '-sS', 'http://web:8080/'], 0],
  ['after success, environment in a file', ['web', '--', 'true'], 0, viaFile],
  ['after success, through sudo', ['--elevate', 'sudo', 'web', '--', 'true'], 0],
  ['after success, as another user', ['--user', 'nobody', 'web', '--', 'true'], 0],
  ["after success, with the host's names", ['--resolver', 'host', 'web', '--', 'true'], 0],
  ['after failure', ['web', '--', 'sh', '-c', 'exit 3'], 3],
  ['after failure, through sudo', ['--elevate', 'sudo', 'web', '--', 'sh', '-c', 'exit 3'], 3],
  ['after a signal', ['web', '--', 'sh', '-c', 'kill -KILL $$'], 137],
  ['after COMMAND tried to write to /etc', ['web', '--', 'sh', '-c', 'echo 192.0.2.1 db >>/etc/hosts'], 2],
  ['when COMMAND is not found', ['web', '--', 'no-such-program'], 127],
  ['when there is no such service', ['nobody', '--', 'true'], 125],
  ['when only asked what it would do', ['--dry-run', 'web', '--', 'true'], 0],
];

scenario('nothing must be changed and nothing left', { project }, async (s) => {
  const world = await makeWorld(s);
  let before = await world.look();
  for (const [when, words, status, env] of ends) {
    await s.subtest(when, async () => {
      const run = await s.run(world.argv(words), { env: { ...world.env, ...env } });
      assert.equal(run.status, status, run.stderr);
      const [earlier, now] = [before, await world.look()];
      before = now;
      assert.deepEqual(changes(earlier, now), []);
    });
  }
});

const docker = /^\d+ docker netexec /;
const netexec = /^\d+ \S+ docker-netexec:main /;

const victims: readonly (readonly [string, RegExp, readonly string[], RunOptions['env']?])[] = [
  ['docker', docker, []],
  ['docker, of a run through sudo', docker, ['--elevate', 'sudo']],
  ['netexec', netexec, []],
  ['netexec, environment in a file', netexec, [], viaFile],
  ["netexec, with the host's names", netexec, ['--resolver', 'host']],
  ["netexec, of another user's COMMAND", netexec, ['--user', 'nobody']],
  ['netexec, of a run through sudo', netexec, ['--elevate', 'sudo']],
];

scenario('COMMAND must not outlive a kill -9, and nothing must be left', { project }, async (s) => {
  const world = await makeWorld(s);
  let before = await world.look();
  for (const [victim, pattern, options, env] of victims) {
    await s.subtest(victim, async () => {
      const processes = s.processes();
      // What docker's end tells COMMAND it may answer; netexec's own end asks nothing of it.
      const deaf = pattern === netexec ? "trap '' HUP INT TERM;" : '';
      const script = ['sh', '-c', `${deaf} echo ready; exec sleep 86399`];
      const started = await s.start(world.argv([...options, 'web', '--', ...script]), {
        env: { ...world.env, ...env },
      });
      await started.says('ready');
      const found = s.processes().filter((line) => pattern.test(line));
      assert.equal(found.length, 1, found.join('\n'));
      process.kill(Number.parseInt(found[0] ?? '', 10), 'SIGKILL');
      await s.eventually(() => assert.deepEqual(s.processes(), processes));
      await started.ended;
      const [earlier, now] = [before, await world.look()];
      before = now;
      assert.deepEqual(changes(earlier, now), []);
    });
  }
});

scenario('COMMAND must not outlive a docker that never came to take netexec in', { project }, async (s) => {
  const script = ['sh', '-c', 'echo ready; exec sleep 86399'];
  const started = await s.start(['docker', 'netexec', 'web', '--', ...script]);
  // Stopped before netexec connects to it, which is some hundred milliseconds of work away.
  for (let tries = 0; tries < 10_000 && !s.processes().some((line) => netexec.test(line)); tries++)
    await setImmediate();
  started.kill('SIGSTOP');
  await started.says('ready');
  started.kill('SIGKILL');
  await s.eventually(() => assert.deepEqual(s.processes(), []));
});
