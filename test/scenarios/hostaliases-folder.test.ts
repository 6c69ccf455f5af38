// The folder of HOSTALIASES files where somebody else had a hand in it, nothing can be written, or many write at once.
import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { plainContainer } from './reports.ts';
import { must, scenario } from './scenario.ts';
import type { Run, Scenario } from './scenario.ts';

const project = 'pin';
const nobody = 65534;

/** The world as somebody left it: `runtime` is XDG_RUNTIME_DIR, `folder` what netexec makes in it, `other` somebody else's. */
interface Ground {
  readonly runtime: string;
  readonly folder: string;
  readonly ofProject: string;
  readonly other: string;
}

function ground(s: Scenario): Ground {
  const runtime = join(s.folder, 'runtime');
  const folder = join(runtime, 'docker-netexec');
  mkdirSync(runtime, { mode: 0o700 });
  mkdirSync(join(s.folder, 'other'));
  return { runtime, folder, ofProject: join(folder, s.projectName), other: join(s.folder, 'other') };
}

const env = ({ runtime }: Ground): Readonly<Record<string, string>> => ({ XDG_RUNTIME_DIR: runtime });

/** A run, a run that depends on the files, and a report that writes them. */
const calls = [
  ['west', '--', 'echo', 'started'],
  ['--resolver', 'hostaliases', '--provider', 'example.test', 'west', '--', 'echo', 'started'],
  ['--hostaliases'],
] as const;

const hostile: readonly {
  readonly title: string;
  readonly reason: string;
  /** @returns the folder that the message is to name */
  readonly prepare: (at: Ground) => string;
}[] = [
  {
    title: 'is a link',
    reason: 'it is a symbolic link',
    prepare: ({ folder, other }) => {
      symlinkSync(other, folder);
      return folder;
    },
  },
  {
    title: 'is a link to nowhere',
    reason: 'it is a symbolic link',
    prepare: ({ folder, other }) => {
      symlinkSync(join(other, 'nowhere'), folder);
      return folder;
    },
  },
  {
    title: 'is a file',
    reason: 'it is not a directory',
    prepare: ({ folder }) => {
      writeFileSync(folder, '');
      return folder;
    },
  },
  {
    title: "is another user's",
    reason: 'it belongs to another user',
    prepare: ({ folder }) => {
      mkdirSync(folder);
      chownSync(folder, nobody, nobody);
      return folder;
    },
  },
  {
    title: 'may be written by its group',
    reason: 'other users may write to it',
    prepare: ({ folder }) => {
      mkdirSync(folder);
      chmodSync(folder, 0o770);
      return folder;
    },
  },
  {
    title: 'may be written by everyone',
    reason: 'other users may write to it',
    prepare: ({ folder }) => {
      mkdirSync(folder);
      chmodSync(folder, 0o1777);
      return folder;
    },
  },
  {
    title: "has a link in the project's place",
    reason: 'it is a symbolic link',
    prepare: ({ folder, ofProject, other }) => {
      mkdirSync(folder, { mode: 0o700 });
      symlinkSync(other, ofProject);
      return ofProject;
    },
  },
  {
    title: "has another user's folder in the project's place",
    reason: 'it belongs to another user',
    prepare: ({ folder, ofProject }) => {
      mkdirSync(folder, { mode: 0o700 });
      mkdirSync(ofProject);
      chownSync(ofProject, nobody, nobody);
      return ofProject;
    },
  },
];

for (const { title, reason, prepare } of hostile) {
  scenario(`a runtime folder that ${title} must be refused, and nothing written`, { project }, async (s) => {
    const at = ground(s);
    const folder = prepare(at);
    const before = lstatSync(folder);
    for (const call of calls) {
      const run = await s.netexec(call, { env: env(at) });
      const first = run.stderr.split('\n').find((line) => !line.startsWith('netexec: warning: '));
      assert.equal(first, `netexec: cannot create a private file in ${folder}: ${reason}`);
      assert.match(run.stderr, /\nhint: set XDG_RUNTIME_DIR .*to another directory$/);
      assert.deepEqual([run.stdout, run.status], ['', 125], call.join(' '));
    }
    const after = lstatSync(folder);
    assert.deepEqual([after.uid, after.mode, after.ino], [before.uid, before.mode, before.ino]);
    assert.deepEqual(readdirSync(at.other), []);
    if (after.isDirectory()) assert.deepEqual(readdirSync(folder), []);
    // Without HOSTALIASES nothing is wanted of that folder.
    const host = await s.netexec(['--resolver', 'host', 'west', '--', 'echo', 'started'], { env: env(at) });
    assert.deepEqual([host.stdout, host.stderr, host.status], ['started', '', 0]);
  });
}

// What is made there, its owner could put something else in the place of; and root's folder would be in the owner's way.
scenario('in an XDG_RUNTIME_DIR that everyone may change nothing must be made', { project }, async (s) => {
  const at = ground(s);
  chmodSync(at.runtime, 0o777);
  for (const call of calls) {
    const run = await s.netexec(call, { env: env(at) });
    assert.deepEqual(readdirSync(at.runtime), [], call.join(' '));
    const first = run.stderr.split('\n').find((line) => !line.startsWith('netexec: warning: '));
    assert.equal(first, `netexec: cannot create a private file in ${at.runtime}: other users may write to it`);
    assert.deepEqual([run.stdout, run.status], ['', 125]);
  }
});

scenario(
  "an XDG_RUNTIME_DIR or HOME of another user's must not be used, as sudo leaves them",
  { project },
  async (s) => {
    const at = ground(s);
    chownSync(at.runtime, nobody, nobody);
    const show = ['west', '--', 'sh', '-c', 'echo "$HOSTALIASES"'];
    const home = join(s.folder, 'home-of-root');
    mkdirSync(home);
    const byHome = await must(s.netexec(show, { env: { ...env(at), HOME: home } }));
    assert.ok(byHome.stdout.startsWith(join(home, '.local/state/docker-netexec')), byHome.stdout);
    const byAccount = await must(s.netexec(show, { env: { ...env(at), HOME: at.runtime } }));
    assert.ok(byAccount.stdout.startsWith(join(userInfo().homedir, '.local/state/docker-netexec')), byAccount.stdout);
    s.t.after(() => rmSync(dirname(byAccount.stdout), { recursive: true, force: true }));
    assert.deepEqual(readdirSync(at.runtime), []);
  },
);

scenario('a folder that others may read must be made private', { project }, async (s) => {
  const at = ground(s);
  mkdirSync(at.folder);
  mkdirSync(at.ofProject);
  for (const folder of [at.folder, at.ofProject]) chmodSync(folder, 0o755);
  const run = await s.netexec(['west', '--', 'echo', 'started'], { env: env(at) });
  assert.deepEqual([run.stdout, run.stderr, run.status], ['started', '', 0]);
  for (const folder of [at.folder, at.ofProject]) assert.equal(statSync(folder).mode & 0o777, 0o700, folder);
});

scenario('a link in the place of a file must be replaced, not followed', { project }, async (s) => {
  const at = ground(s);
  const victim = join(at.other, 'victim');
  const file = join(at.ofProject, `${s.projectName}_left.hostaliases`);
  writeFileSync(victim, `# ${'0'.repeat(64)}\nsecret secret\n`);
  mkdirSync(at.folder, { mode: 0o700 });
  mkdirSync(at.ofProject, { mode: 0o700 });
  symlinkSync(victim, file);
  const run = await s.netexec(['west', '--', 'cat', file], { env: env(at) });
  assert.deepEqual([run.stderr, run.status, lstatSync(file).isFile()], ['', 0, true]);
  assert.match(run.stdout, /^west west\./m);
  assert.doesNotMatch(run.stdout, /secret/);
  assert.match(readFileSync(victim, 'utf8'), /secret/);
});

/** Runs netexec where XDG_RUNTIME_DIR is a file system of its own, which nobody else sees. */
const onFileSystem = (s: Scenario, at: Ground, options: string, call: readonly string[]): Promise<Run> => {
  const script = 'mount -t tmpfs -o "$1" runtime "$XDG_RUNTIME_DIR" && shift && exec docker netexec "$@"';
  return s.run(['unshare', '--mount', 'sh', '-c', script, 'sh', options, ...call], { env: env(at) });
};

for (const [title, options, code] of [
  ['is read-only', 'ro,mode=0700', 'EROFS'],
  ['has no room for a folder', 'mode=0700,nr_inodes=1', 'ENOSPC'],
  ['has no room for a file', 'mode=0700,nr_inodes=3', 'ENOSPC'],
] as const) {
  scenario(`where XDG_RUNTIME_DIR ${title}, only what depends on it must fail`, { project }, async (s) => {
    const at = ground(s);
    const [run, dependent, report] = await Promise.all(calls.map((call) => onFileSystem(s, at, options, call)));
    const folder = title === 'has no room for a file' ? at.ofProject : at.folder;
    assert.equal(run?.stderr, `netexec: warning: HOSTALIASES is not up to date: ${folder}: ${code}`);
    assert.deepEqual([run.stdout, run.status], ['started', 0]);
    const failure = `netexec: cannot write to ${folder}: ${code}\nhint: set XDG_RUNTIME_DIR to another directory`;
    for (const failed of [dependent, report]) {
      const said = failed?.stderr.split('\n').filter((line) => !line.startsWith('netexec: warning: '));
      assert.deepEqual([failed?.stdout, said, failed?.status], ['', failure.split('\n'), 125]);
    }
  });
}

scenario('a file for which there is no room must not be there in part', { project }, async (s) => {
  const at = ground(s);
  // More than a page of names: what fits is written, and the rest is not.
  const names = Array.from({ length: 60 }, (_, index) => ['--network-alias', `${'long-name-'.repeat(5)}${index}`]);
  await plainContainer(s, `${s.projectName}-many`, ['--network', `${s.projectName}_left`, ...names.flat()]);
  const list = 'docker netexec --hostaliases; echo "$?"; cat "$XDG_RUNTIME_DIR"/docker-netexec/*/*_left.hostaliases';
  const script = `mount -t tmpfs -o mode=0700,size=8k runtime "$XDG_RUNTIME_DIR" && { ${list}; }`;
  const run = await s.run(['unshare', '--mount', 'sh', '-c', script], { env: env(at) });
  assert.equal(run.stdout, '125');
  assert.match(run.stderr, /^netexec: cannot write to \S+: ENOSPC$/m);
});

scenario('a runtime folder that can never be made must be told, not tried for ever', { project }, async (s) => {
  // In /proc a new folder's parent is missing, whatever one makes.
  const at = { XDG_RUNTIME_DIR: '/proc' };
  const run = await s.netexec(['west', '--', 'echo', 'started'], { env: at });
  assert.deepEqual([run.stdout, run.status], ['started', 0]);
  assert.match(run.stderr, /^netexec: warning: HOSTALIASES is not up to date: \/proc\/docker-netexec: ENOENT$/);
});

scenario('whoever reads a file while runs write it must see it whole', { project }, async (s) => {
  const at = ground(s);
  const file = join(at.ofProject, `${s.projectName}_left.hostaliases`);
  await must(s.netexec(['--hostaliases'], { env: env(at) }));
  const whole = readFileSync(file, 'utf8');
  const inode = statSync(file).ino;
  const writing = new AbortController();
  const seen = new Set<string>();
  const inodes = new Set<number>();
  const read = async (): Promise<void> => {
    for (; !writing.signal.aborted; await turn()) {
      seen.add(existsSync(file) ? readFileSync(file, 'utf8') : 'missing');
      inodes.add(statSync(file).ino);
    }
  };
  const write = async (): Promise<void> => {
    for (let round = 0; round < 5; round += 1) {
      // One that others may read is replaced; one that says the same already is left as it is otherwise.
      chmodSync(file, 0o644);
      await must(s.netexec(['west', '--', 'true'], { env: env(at) }));
    }
  };
  const reading = read();
  await Promise.all([write(), write(), write(), write()]).finally(() => writing.abort());
  await reading;
  assert.ok(inodes.size > 1, 'it was written again and again');
  assert.ok(!(inodes.size === 1 && inodes.has(inode)));
  assert.deepEqual(
    [...seen].map((text) => text.split('\n').toSorted()),
    [whole.split('\n').toSorted()],
  );
  // What a run writes is only its file: no other is left.
  assert.deepEqual(
    readdirSync(at.ofProject).filter((name) => !name.endsWith('.hostaliases')),
    [],
  );
});
