// COMMAND's words, its standard streams and its end, whichever way it got in.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { everyCaller, everyRow, kindsOfCallers, useCallers } from './callers.ts';
import type { Caller } from './callers.ts';
import { installedPlugin } from './grounds.ts';
import { scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);

const bytes = randomBytes(1_000_000);
const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

everyCaller(
  '1 MB of any bytes must reach COMMAND and leave it, apart from what it says on stderr',
  { project },
  async (s, caller) => {
    const line = 'tee /dev/fd/3 3>&1 >/dev/null | cat; sha256sum </dev/null >/dev/null; echo end >&2';
    const through = await s.netexec(['web', '--', 'sh', '-c', line], callers.step(s, caller, { input: bytes }));
    assert.deepEqual([through.status, through.stdoutBytes.length, through.stderr], [0, bytes.length, 'end']);
    assert.equal(sha256(through.stdoutBytes), sha256(bytes));
    writeFileSync(join(s.folder, 'bytes'), bytes);
    const line2 = `docker netexec web -- sh -c 'echo error >&2; cat' <"$s/bytes" >copy 2>error; echo $?; sha256sum <copy; cat error`;
    const files = await s.run(['bash', '-c', line2], callers.step(s, caller, { env: { s: s.folder } }));
    assert.equal(files.stdout, `0\n${sha256(bytes)}  -\nerror`, files.stderr);
  },
);

/** By the engine, to a caller that has not begun to read: of Node's making, its child's streams are sockets. */
async function startUnread(s: Scenario, script: string): Promise<ChildProcessByStdio<null, Readable, Readable>> {
  const words = ['netexec', '-p', s.projectName, '--elevate', 'docker', 'web', '--', 'sh', '-c', script];
  return spawn('docker', words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DOCKER_CONFIG: await installedPlugin() },
  });
}

scenario('megabytes must come through a socket whose reader takes its time', { project }, async (s) => {
  const child = await startUnread(s, 'head -c 3000000 /dev/zero; echo printed >&2');
  let stderr = '';
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const ended = once(child, 'close');
  await s.eventually(() => assert.match(stderr, /printed/));
  let taken = 0;
  child.stdout.on('data', (piece: Buffer) => (taken += piece.length));
  assert.deepEqual([(await ended)[0], taken, stderr], [0, 3_000_000, 'printed\n']);
});

scenario('COMMAND must wait for a reader that is far behind', { project }, async (s) => {
  const child = await startUnread(s, 'echo $$ >&2; exec head -c 300000000 /dev/zero');
  const ended = once(child, 'close');
  const [head] = (await once(child.stderr, 'data')) as Buffer[];
  const printed = (): number => Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${Number(head)}/io`, 'utf8'))?.[1]);
  await s.eventually(async () => {
    const before = printed();
    await pause(500);
    assert.equal(printed(), before);
  });
  assert.ok(printed() > 1_000_000 && printed() < 50_000_000, String(printed()));
  let taken = 0;
  child.stdout.on('data', (piece: Buffer) => (taken += piece.length));
  assert.deepEqual([(await ended)[0], taken], [0, 300_000_000]);
});

scenario('a reader that was far behind, and goes away, must end COMMAND', { project }, async (s) => {
  const child = await startUnread(s, 'echo $$ >&2; exec head -c 60000000 /dev/zero');
  const ended = once(child, 'close');
  const [head] = (await once(child.stderr, 'data')) as Buffer[];
  const printed = (): number => Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${Number(head)}/io`, 'utf8'))?.[1]);
  await s.eventually(() => assert.ok(printed() > 16_000_000));
  child.stdout.destroy();
  assert.equal((await ended)[0], 141);
});

/** doas says itself which signal ended what it ran. */
const withoutDoas = ({ way }: Caller, stderr: string): string =>
  way === 'doas' ? stderr.replace(/^(Terminated|Killed|Broken pipe)$/, '') : stderr;

interface Line {
  readonly name: string;
  /** Of bash. */
  readonly line: string;
  readonly stdout: string;
  readonly stderr?: string;
}

const lines: readonly Line[] = [
  {
    name: 'both outputs',
    line: `docker netexec web -- sh -c 'echo out; echo error >&2'`,
    stdout: 'out',
    stderr: 'error',
  },
  { name: '/dev/null', line: 'docker netexec web -- cat </dev/null; echo "end $?"', stdout: 'end 0' },
  { name: 'a closed input', line: 'docker netexec web -- cat <&-; echo "end $?"', stdout: 'end 0' },
  {
    name: 'a reader that goes away',
    line: 'docker netexec web -- yes | head -c1; echo " ${PIPESTATUS[*]}"',
    stdout: 'y 141 0',
  },
  {
    name: 'what is left unread',
    line: '{ docker netexec web -- head -c6; cat; } <<<"first second"',
    stdout: 'first second',
  },
  { name: 'a writer that waits', line: '{ echo a; sleep 0.3; echo b; } | docker netexec web -- cat', stdout: 'a\nb' },
  {
    name: 'a file that others write to as well',
    line: '{ echo before; docker netexec web -- echo within; echo after; } >>log; cat log; rm log',
    stdout: 'before\nwithin\nafter',
  },
];

everyRow(
  "COMMAND's standard streams must be the caller's",
  { project, rows: lines },
  async (s, caller, { line, stdout, stderr = '' }) => {
    const run = await s.run(['bash', '-c', line], callers.step(s, caller));
    assert.deepEqual([run.stdout, withoutDoas(caller, run.stderr)], [stdout, stderr]);
  },
);

const endings: readonly { readonly name: string; readonly words: readonly string[]; readonly status: number }[] = [
  { name: 'success', words: ['true'], status: 0 },
  { name: 'a status of its own', words: ['sh', '-c', 'exit 3'], status: 3 },
  { name: 'SIGTERM', words: ['sh', '-c', 'kill -TERM $$'], status: 143 },
  { name: 'SIGKILL', words: ['sh', '-c', 'kill -KILL $$'], status: 137 },
  { name: 'a file that is not executable', words: ['/etc/passwd'], status: 126 },
  { name: 'a name that is not on PATH', words: ['no-such-program'], status: 127 },
];

everyRow(
  "the exit status must be COMMAND's, or netexec's own where COMMAND never ran",
  { project, rows: endings },
  async (s, caller, { words, status }) => {
    const run = await s.netexec(['web', '--', ...words], callers.step(s, caller));
    assert.deepEqual([run.status, run.stdout], [status, '']);
    assert.match(withoutDoas(caller, run.stderr), status === 126 || status === 127 ? /^netexec: / : /^$/);
  },
);

everyCaller('a script without a first line that names a shell must run', { project }, async (s, caller) => {
  const script = join(callers.home(caller), 'script');
  writeFileSync(script, 'echo "$1"; exit 9\n');
  chmodSync(script, 0o755);
  const run = await s.netexec(['web', '--', './script', 'word'], callers.step(s, caller));
  assert.deepEqual([run.status, run.stdout, run.stderr], [9, 'word', '']);
});

scenario('descriptors above 2 must be there where nothing closes them on the way', { project }, async (s) => {
  // sudo, doas and the engine pass on three.
  const passed: readonly string[] = ['root', 'rootless'];
  for (const caller of kindsOfCallers.filter(({ way }) => passed.includes(way))) {
    await s.subtest(caller.name, async () => {
      const line = 'docker netexec web -- cat <(echo hi) 5<<<five; docker netexec web -- cat /dev/fd/5 5<<<five';
      const run = await s.run(['bash', '-c', line], callers.step(s, caller));
      assert.deepEqual([run.stdout, run.stderr], ['hi\nfive', '']);
    });
  }
});
