// Reports on a terminal: colours where they are seen and wanted, tables that fit; and none of it anywhere else.
import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { project, useNeighbour } from './reports.ts';
import { scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

await useNeighbour();

/** A line of the shell on a terminal of its own: what the terminal got. */
async function onTerminal(s: Scenario, line: string, env: Record<string, string> = {}, columns = 80): Promise<string> {
  const sized = `stty cols ${columns} rows 24; ${line}`;
  const run = await s.run(['script', '-qec', sized, '/dev/null'], { env: { TERM: 'xterm-256color', ...env } });
  return run.stdout.replaceAll('\r', '');
}

const escape = '\u001b[';
const check = 'docker netexec --check web cache:6379';

/** Without its times: `in 2 ms`. */
const timeless = (text: string): string => text.replaceAll(/\d+ ms|\d+ (second|minute)s?|[Aa]bout a minute/g, 'N');

scenario(
  'the marks and the cause must have colours on a terminal, and the text be the same',
  { project },
  async (s) => {
    const seen = await onTerminal(s, check, {}, 300);
    const run = await s.netexec(['--check', 'web', 'cache:6379']);
    assert.equal(run.status, 1, run.stderr);
    assert.ok(!run.stdout.includes(escape));
    assert.ok(seen.includes(`  ${escape}32m✓${escape}39m name`), seen);
    assert.ok(seen.includes(`  ${escape}31m✗${escape}39m listens`), seen);
    assert.match(JSON.stringify(seen), /\\n {2}\\u001b\[1mcause: [^\\]+\\u001b\[22m\\n/);
    assert.equal(timeless(stripVTControlCharacters(seen).trimEnd()), timeless(run.stdout));
    const doctor = await onTerminal(s, 'docker netexec --doctor', {}, 200);
    assert.ok(doctor.includes(`  ${escape}32m✓${escape}39m system`), doctor);
    assert.ok(doctor.includes(`  ${escape}2m·${escape}22m `), doctor);
  },
);

scenario('sentences must be broken at words, below where they begin', { project }, async (s) => {
  for (const [line, indent] of [
    [check, / {8,13}/],
    ['docker netexec --doctor', / {20,}/],
  ] as const) {
    const seen = stripVTControlCharacters(await onTerminal(s, line)).split('\n');
    // A path that is longer than what is left of a line stays whole, and so does a line to type.
    const tooLong = seen.filter((each) => each.length > 80 && !/\S{55,}|^ +docker completion /.test(each));
    assert.deepEqual(tooLong, []);
    assert.ok(
      seen.some((each) => new RegExp(`^${indent.source}\\S`).test(each)),
      seen.join('\n'),
    );
  }
});

scenario('colours must be where they are wanted', { project }, async (s) => {
  const rows: readonly (readonly [env: Record<string, string>, line: string, colours: boolean])[] = [
    [{}, check, true],
    [{}, `${check} | cat`, false],
    [{ NO_COLOR: '1' }, check, false],
    [{ NODE_DISABLE_COLORS: '1' }, check, false],
    [{ TERM: 'dumb' }, check, false],
    [{ FORCE_COLOR: '0' }, check, false],
    [{ FORCE_COLOR: '1', TERM: 'dumb' }, check, true],
    [{ FORCE_COLOR: '1' }, `${check} | cat`, true],
    [{ FORCE_COLOR: '1' }, check.replace('--check', '--format json --check'), false],
    [{}, 'docker netexec --format json --doctor', false],
    [{ FORCE_COLOR: '1' }, 'docker netexec --list-networks', false],
  ];
  for (const [env, line, colours] of rows) {
    await s.subtest(`${JSON.stringify(env)} ${line}`, async () => {
      const seen = await onTerminal(s, line, env);
      assert.match(seen, /cache|Cache|system|System/);
      assert.equal(seen.includes(escape), colours, seen);
    });
  }
});

scenario('lists must be cut until a table fits the terminal', { project }, async (s) => {
  const names = '--list-names';
  const widest = (text: string): number =>
    Math.max(
      ...text
        .trimEnd()
        .split('\n')
        .map((line) => line.length),
    );
  const lists = `docker netexec ${names} --format 'table {{.Name}}\\t{{.Service}}\\t{{.Container}}'`;
  const wide = await onTerminal(s, lists, {}, 300);
  assert.ok(widest(wide) > 110, wide);
  assert.ok(widest(await onTerminal(s, lists, {}, 110)) <= 110);
  assert.equal(
    widest(await onTerminal(s, `${lists} --no-trunc`, {}, 110)),
    widest(await onTerminal(s, `${lists} --no-trunc`, {}, 300)),
  );
  // Where that is not enough, columns give way.
  const header = async (width: number): Promise<string> =>
    (await onTerminal(s, `docker netexec ${names}`, {}, width)).split(/\r?\n/)[0] ?? '';
  assert.match(await header(300), /SERVICE/);
  for (const report of [names, '--list-networks', '--check web'])
    assert.ok(widest(await onTerminal(s, `docker netexec ${report}`, {}, 80)) <= 80, report);
  assert.ok(widest(await onTerminal(s, `${lists} | cat`, {}, 110)) >= widest(wide));
});
