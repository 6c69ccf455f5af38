// COMMAND's standard streams and the descriptors above them: the caller's own, with nothing in between.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, scenario } from './scenario.ts';
import type { Run, Scenario } from './scenario.ts';

const project = 'command';
const tenMegabytes = 10_000_000;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A line of bash, with $s for the scenario's folder. */
const bash = (s: Scenario, line: string, input?: string | Uint8Array): Promise<Run> =>
  s.run(['bash', '-c', line], { env: { s: s.folder }, ...(input === undefined ? {} : { input }) });

scenario('10 MB of any bytes must reach COMMAND through a pipe, and leave it', { project }, async (s) => {
  const bytes = randomBytes(tenMegabytes);
  const into = await s.netexec(['web', '--', 'sha256sum'], { input: bytes });
  assert.deepEqual([into.status, into.stdout], [0, `${sha256(bytes)}  -`]);
  const through = await s.netexec(['web', '--', 'cat'], { input: bytes });
  assert.deepEqual(
    [through.status, through.stdoutBytes.length, sha256(through.stdoutBytes)],
    [0, tenMegabytes, sha256(bytes)],
  );

  writeFileSync(join(s.folder, 'bytes'), bytes);
  const files = await bash(s, 'docker netexec web -- cat <"$s/bytes" >"$s/copy"');
  assert.equal(files.status, 0, files.stderr);
  assert.equal(sha256(readFileSync(join(s.folder, 'copy'))), sha256(bytes));
});

scenario('what COMMAND writes to stdout and to stderr must stay apart and in order', { project }, async (s) => {
  const run = await s.netexec(['web', '--', 'sh', '-c', 'for i in 1 2 3; do echo out$i; echo error$i >&2; done']);
  assert.deepEqual([run.stdout, run.stderr], ['out1\nout2\nout3', 'error1\nerror2\nerror3']);
  const merged = await bash(s, "docker netexec web -- sh -c 'echo a; echo b >&2; echo c; echo d >&2' 2>&1");
  assert.equal(merged.stdout, 'a\nb\nc\nd');
});

scenario('COMMAND must append to a file that others write to as well', { project }, async (s) => {
  const line =
    '{ echo before; docker netexec web -- sh -c "echo within; echo error >&2"; echo after; } >>"$s/log" 2>&1';
  await must(bash(s, line));
  assert.equal(readFileSync(join(s.folder, 'log'), 'utf8'), 'before\nwithin\nerror\nafter\n');
});

scenario('COMMAND must leave unread what it does not read', { project }, async (s) => {
  const run = await bash(s, '{ docker netexec web -- head -c 6; cat; } <<<"first second"');
  assert.deepEqual([run.status, run.stdout], [0, 'first second']);
});

scenario('a reader that goes away must end COMMAND by SIGPIPE', { project }, async (s) => {
  // A variable that no shell can hold makes the environment go another way.
  for (const prefix of ['', 'env a.b=c ']) {
    const run = await bash(s, `${prefix}docker netexec web -- yes | head -c1; echo " \${PIPESTATUS[*]}"`);
    assert.deepEqual([run.stdout, run.stderr], ['y 141 0', '']);
  }
});

scenario('COMMAND must find no signal ignored or blocked that the caller did not ignore', { project }, async (s) => {
  const show = ['grep', '-E', 'Sig(Blk|Ign)', '/proc/self/status'];
  const outside = await must(s.run(show));
  for (const env of [{}, { 'a.b': 'c' }])
    assert.equal((await s.netexec(['web', '--', ...show], { env })).stdout, outside.stdout);
});

scenario('standard input from /dev/null, or closed, must be an end of input for COMMAND', { project }, async (s) => {
  for (const redirection of ['</dev/null', '<&-']) {
    const run = await bash(s, `docker netexec web -- cat ${redirection}; echo "end $?"`);
    assert.deepEqual([run.stdout, run.stderr], ['end 0', '']);
  }
});

scenario('a closed standard output or error must harm neither COMMAND nor its status', { project }, async (s) => {
  const out = await bash(s, "docker netexec web -- sh -c 'echo error >&2; exit 3' >&-");
  assert.deepEqual([out.status, out.stderr], [3, 'error']);
  const error = await bash(s, "docker netexec web -- sh -c 'echo out; exit 3' 2>&-");
  assert.deepEqual([error.status, error.stdout], [3, 'out']);
});

scenario("the same open file must be COMMAND's, offset and all", { project }, async (s) => {
  writeFileSync(join(s.folder, 'lines'), 'one\ntwo\nthree\n');
  const run = await bash(s, '{ read -r line; docker netexec web -- head -n1; } <"$s/lines"');
  assert.equal(run.stdout, 'two');
});

scenario("descriptors above 2 must be COMMAND's too", { project }, async (s) => {
  const rows: readonly (readonly [name: string, line: string, stdout: string])[] = [
    ['<(…)', 'docker netexec web -- cat <(echo hi)', 'hi'],
    ['two of <(…)', 'docker netexec web -- paste <(echo a) <(echo b)', 'a\tb'],
    ['>(…)', "docker netexec web -- sh -c 'echo hi >$0' >(cat) | cat", 'hi'],
    ['read from 3', 'docker netexec web -- cat /dev/fd/3 3<<<three', 'three'],
    ['written to 3', 'docker netexec web -- sh -c "echo three >&3" 3>"$s/3"; cat "$s/3"', 'three'],
    ...[4, 5, 6, 7, 8, 9].map(
      (number) =>
        [`read from ${number}`, `docker netexec web -- cat /dev/fd/${number} ${number}<<<text`, 'text'] as const,
    ),
    ['read from 100', 'docker netexec web -- cat /dev/fd/100 100<<<hundred', 'hundred'],
    ['with a variable that no shell can hold', 'env a.b=c docker netexec web -- cat <(echo hi)', 'hi'],
  ];
  for (const [name, line, stdout] of rows) {
    await s.subtest(name, async () => {
      const run = await bash(s, line);
      assert.deepEqual([run.stdout, run.stderr], [stdout, '']);
    });
  }
});

scenario("COMMAND must find no descriptor open that is not the caller's", { project }, async (s) => {
  const show = ['ls', '/proc/self/fd'];
  const outside = await must(s.run(show));
  for (const env of [{}, { 'a.b': 'c' }])
    assert.equal((await s.netexec(['web', '--', ...show], { env })).stdout, outside.stdout);
});
