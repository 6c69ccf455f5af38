// Numbers of processes that are not what they were, or count elsewhere: nothing is started or opened by them.
import assert from 'node:assert/strict';
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Docker from 'dockerode';
import { entryArgv } from '../../src/core/entry/entry-argv.ts';
import { lifelinePaths } from '../../src/core/entry/lifelines.ts';
import { emptyImageId } from '../../src/core/engine/empty-image.ts';
import { helperContainer } from '../../src/core/engine/helper-specification.ts';
import { stageParts } from '../../src/core/entry/stage-parts.ts';
import { planOf } from '../unit/core/samples.ts';
import { callerNamed, useCallers } from './callers.ts';
import { plainContainer } from './reports.ts';
import { begin, end } from './forwarded.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project, 'shared');
const hostile = 'netexec-test-ways-hostile';

/** The programs by which a helper goes on: in this container each of them tells that it ran. */
async function startHostile(s: Scenario): Promise<number> {
  await plainContainer(s, hostile, []);
  const program = join(s.folder, 'program');
  writeFileSync(program, '#!/bin/busybox sh\necho "$0 as $(/bin/busybox id -u)" >>/ran\n', { mode: 0o755 });
  await must(s.docker(['exec', hostile, 'mkdir', '-p', '/usr/bin']));
  for (const name of ['nsenter', 'unshare', 'sh', 'setpriv'])
    await must(s.docker(['cp', program, `${hostile}:/usr/bin/${name}`]));
  return (await s.inspect(hostile)).State.Pid;
}

/** The container that netexec would have the engine make, for a netexec of this number. */
async function runHelper(s: Scenario, supervisor: number, started: string, pid: number) {
  // It makes the empty image, where there is none yet.
  await must(s.netexec(['--elevate', 'docker', 'web', '--', 'true']));
  const docker = new Docker({
    socketPath: process.env['DOCKER_HOST']?.replace(/^unix:\/\//, '') ?? '/var/run/docker.sock',
  });
  const image = emptyImageId(await docker.getImage('docker-netexec:helper').inspect()) ?? '';
  const read = (name: string): string => readFileSync(join(import.meta.dirname, '../../src/shell/enter', name), 'utf8');
  const sample = planOf({ elevate: 'docker' });
  const plan = { ...sample, process: { ...sample.process, pid }, way: { kind: 'docker', cause: 'a test' } as const };
  const stages = {
    entry: read('entry.sh'),
    stage: Object.fromEntries(stageParts.map((part) => [part, read(`stage/${part}.sh`)])),
    reader: read('reader.sh'),
    guard: '',
    waiter: '',
    interceptor: '',
    launch: () => [],
  };
  const lifelines = { supervisor, started, executable: '', paths: lifelinePaths(plan, supervisor, {}) };
  const argv = entryArgv(plan, stages, lifelines);
  const streams = { terminal: false, reopened: [undefined, undefined, undefined] } as const;
  const body = helperContainer({
    image,
    target: (await s.inspect('web')).Id,
    argv,
    supervisor: `${supervisor} ${started}`,
    capabilities: [],
    streams,
    folders: ['/usr', '/bin', '/lib', '/lib64'],
    limits: [],
    oomScore: 0,
    runtime: 'runc',
  }) as { HostConfig: object };
  // What it says is to be read, and it goes then.
  const HostConfig = { ...body.HostConfig, LogConfig: { Type: 'json-file', Config: {} } };
  const options: Docker.ContainerCreateOptions = { ...body, HostConfig };
  const helper = await docker.createContainer(options);
  s.t.after(() => s.docker(['rm', '-f', helper.id]));
  return s.docker(['start', '--attach', helper.id]);
}

scenario(
  "nothing of a container's must run as root where netexec's number is one of its processes'",
  { project },
  async (s) => {
    const supervisor = await startHostile(s);
    const { State: state } = await s.inspect('web');
    const run = await runHelper(s, supervisor, '4711', state.Pid);
    assert.deepEqual((await s.docker(['exec', hostile, 'cat', '/ran'])).stdout, '');
    assert.equal(run.status, 125);
    assert.match(
      run.stderr,
      new RegExp(`^netexec: netexec itself, process ${supervisor}, has exited or is a different process$`),
    );
  },
);

const spaces: readonly (readonly [string, readonly string[]])[] = [
  ['with a /proc of its own', ['unshare', '--pid', '--fork', '--mount-proc']],
  ["with the machine's /proc", ['unshare', '--pid', '--fork']],
  [
    'with a /proc that hides others',
    [
      'unshare',
      '--pid',
      '--fork',
      '--mount',
      'sh',
      '-c',
      'mount -t proc -o hidepid=invisible proc /proc; exec "$@"',
      'sh',
    ],
  ],
  [
    "with the machine's /proc, which hides others",
    [
      'unshare',
      '--mount',
      'sh',
      '-c',
      'mount -t proc -o hidepid=invisible proc /proc; exec unshare --pid --fork "$@"',
      'sh',
    ],
  ],
];

/** A service that has no container, in whose place one could be started. */
const withLater = `services:
  web: { image: netexec/busybox:1, networks: [backend] }
  later: { image: netexec/busybox:1, networks: [backend] }
networks: { backend: }
`;

const command = ['--', 'echo', 'started'];
/** What goes by numbers of processes: netexec's own, or those that the engine names. */
const refused: readonly (readonly string[])[] = [
  ...[
    ['web'],
    ['--elevate', 'docker', 'web'],
    ['--pid', 'web'],
    ['--resolver', 'host', 'web'],
    ['--dry-run', 'web'],
    ['--all', 'web'],
    ['--wait', 'web:80', 'web'],
    ['--forward', '18080:80', 'web'],
    ['--reverse', '9003', 'web'],
    ['--host-network', 'web'],
    ['--host-network', '--on', 'backend'],
    ['--elevate', 'docker', '--host-network', '--on', 'backend'],
    ['--on', 'backend'],
    ['--dry-run', '--on', 'backend'],
    ['--forward', '18080:web:80', '--on', 'backend'],
    ['--stand-in', 'later'],
    ['--stand-in', '--replace', 'web'],
  ].map((words) => [...words, ...command]),
  ['--forward', '18080:web:80', '--on', 'backend'],
  ['--check', 'web', 'web:80'],
  ['--check', 'web'],
];

/** Which netexec each container was created for, by its process namespace. */
async function namespacesOfCreated(s: Scenario, since: number): Promise<readonly string[]> {
  const span = ['--since', since.toFixed(3), '--until', (Date.now() / 1000).toFixed(3)];
  const label = 'docker-netexec.supervisor';
  const filters = ['--filter', 'event=create', '--filter', `label=${label}`];
  const format = `{{index .Actor.Attributes "${label}"}}`;
  const { stdout } = await must(s.run(['docker', 'events', ...span, ...filters, '--format', format]));
  return stdout.split('\n').flatMap((line) => line.split(' ')[3] ?? []);
}

scenario('in a process namespace of its own netexec must say so, before anything starts', { project }, async (s) => {
  const own = readlinkSync('/proc/self/ns/pid');
  const before = Date.now() / 1000;
  await must(s.netexec(['--on', 'backend', '--', 'true']));
  assert.ok((await namespacesOfCreated(s, before)).includes(own));
  for (const caller of ['root', 'netexec-sudo', 'netexec-docker'].map((user) => callerNamed(user))) {
    for (const [title, lead] of spaces) {
      await s.subtest(`${caller.name}, ${title}`, async () => {
        const at = callers.step(s, caller);
        const through = (argv: readonly string[], cwd: string): readonly string[] => {
          const inside = at.through?.(argv, cwd) ?? argv;
          const machine = inside.indexOf('--') + 1;
          return [...inside.slice(0, machine), ...lead, ...inside.slice(machine)];
        };
        writeFileSync(join(callers.home(caller), 'compose.yaml'), withLater, { mode: 0o644 });
        const since = Date.now() / 1000;
        // How much of /proc is seen is asked once for all.
        for (const words of title.includes('hides') ? refused.slice(0, 5) : refused) {
          const run = await s.netexec(words, { ...at, through });
          assert.deepEqual([run.status, run.stdout], [125, ''], words.join(' '));
          assert.equal(
            run.stderr,
            "netexec: this PID namespace is not the host's\nhint: run netexec on the host, or start its container with --pid=host",
            words.join(' '),
          );
        }
        const created = await namespacesOfCreated(s, since);
        assert.deepEqual(
          created.filter((namespace) => namespace !== own),
          [],
        );
        const doctor = await s.netexec(['--doctor'], { ...at, through });
        assert.match(doctor.stdout, /✗ place +this PID namespace is not the host's/);
        assert.equal(doctor.status, 1);
      });
    }
  }
});

scenario(
  'ports must be led by the engine there, and nothing of theirs be taken for left behind',
  { project: 'article' },
  async (s) => {
    for (const [title, lead] of spaces.slice(0, 2))
      await s.subtest(title, async () => {
        const apart = lead.flatMap((word) => (word === '--fork' ? [word, '--kill-child'] : [word]));
        const forwarded = await begin(s, ['--forward', '0:8080', 'web'], { through: (argv) => [...apart, ...argv] });
        const get = ['curl', '-sSf', '-o', '/dev/null', `http://127.0.0.1:${forwarded.ports[0]}/`];
        await must(s.run(get));
        // It removes what others have left.
        await must(s.netexec(['--elevate', 'tunnel', 'web', '--', 'true']));
        await must(s.run(get));
        assert.doesNotMatch(forwarded.started.stderr(), /lost/);
        await end(s, forwarded);
      });
  },
);

// A container may be on the machine's own processes, and netexec in it.
scenario("within another mount namespace, on the machine's processes, netexec must work", { project }, async (s) => {
  const run = await s.run([
    'unshare',
    '--mount',
    '--uts',
    '--ipc',
    '--',
    'docker',
    'netexec',
    'web',
    '--',
    'echo',
    'started',
  ]);
  assert.deepEqual([run.status, run.stdout, run.stderr], [0, 'started', '']);
});
