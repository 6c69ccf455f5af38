// The dialect of .env files: some hundred of them, as Compose itself reads them.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDotEnv } from '../../src/core/compose/dotenv.ts';
import { bothComposes } from './composes.ts';
import { scenario } from './scenario.ts';

const project = 'folders';
const outside: Readonly<Record<string, string>> = { OUTSIDE: 'outside', EMPTY: '' };
/** The variables that are looked at. */
const names = ['A', 'B', 'C', 'K_1', 'OUTSIDE', 'EMPTY', 'É'];

/** What values are made of: each has its place in the dialect. */
const pieces = [
  ['a', 'b', '1', ' ', '  ', '\t', '#', ' #c', '=', ':', '"', "'", '\\', '.', '-', '[', ']', '_', '{', '}', '$', '$$'],
  ['\\n', '\\"', "\\'", '\\$', '\\\\', '\\x41', '\\c', '\\101', '\\0101', '\\08', '\\0', '\\0777', 'export '],
  [
    'é',
    '\u00a0',
    '\u0085',
    '\u2003',
    '\uFEFF',
    '\v',
    '\r',
    '$A',
    '${A}',
    '${',
    '${A} ${B:-q}',
    '$OUTSIDE',
    '${OUTSIDE}',
  ],
  ['${A:-x}', '${B-y}', '${C:+z}', '${C+z}', '${U:-${A}}', '${U:-{}}', '${U:-a}b}', '${A:?e}', '${U?no}', '${A?}'],
  ['${U:-${V:-${W-w}}}', '${EMPTY:-e}', '${EMPTY-e}', '${EMPTY+e}', '${EMPTY:+e}', '${A:-"q"}', "${U:-'q'}"],
].flat();

/** The same files every time: what comes out is compared with Compose, not with what came out before. */
function random(seed: number): <Item>(list: readonly Item[]) => Item {
  let state = seed;
  return (list) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
    const item = list[(state >> 8) % list.length];
    if (item === undefined) throw new Error('an empty list');
    return item;
  };
}

function makeFile(seed: number): string {
  const pick = random(seed);
  const upTo = (count: number): number => pick([...Array(count).keys()]);
  const text = (): string => Array.from({ length: upTo(6) }, () => pick(pieces)).join('');
  const value = (): string =>
    pick([
      () => `"${text().replaceAll('"', '')}"${pick(['', '', '', 'tail', ' # x'])}`,
      () => `'${text().replaceAll("'", '')}'`,
      () => pick([' ', '', '  ']) + text(),
      text,
    ])();
  const key = (): string => pick(['A', 'B', 'C', 'K_1', 'a.b', 'x-y', '1K', 'É', 'OUTSIDE', 'EMPTY']);
  const line = (end: string): string =>
    pick([
      () => '# comment',
      () => '',
      key,
      () => `export ${key()}${pick(['=', '\t='])}${value()}`,
      () => `${key()}${pick([' = ', ': ', ' :', '=\t'])}${value()}`,
      () => `${key()}="one${end}${pick(pieces).replaceAll('"', '')}${end}end"`,
      () => text(),
      ...Array.from({ length: 6 }, () => () => `${key()}=${value()}`),
    ])() + end;
  const lines = Array.from({ length: 1 + upTo(6) }, () => line(pick(['\n', '\n', '\n', '\r\n'])));
  // A last line without an end and without a value is one that older versions stumble over.
  return pick(['', '', '', '', '', '\uFEFF']) + lines.join('');
}

scenario('a .env file must be read as Compose reads it', { project }, async (s) => {
  const folder = join(s.folder, 'dialect');
  mkdirSync(folder);
  const shown = names.filter((name) => /^\w+$/.test(name)).map((name) => [name, `\${${name}-not set}`]);
  const service = { image: 'x', environment: Object.fromEntries(shown) };
  writeFileSync(join(folder, 'compose.yaml'), JSON.stringify({ name: 'dialect', services: { web: service } }));
  const counts = { read: 0, refused: 0 };
  for (const { version, env } of await bothComposes(s)) {
    for (let seed = 1; seed <= 120; seed++) {
      const text = makeFile(seed);
      writeFileSync(join(folder, '.env'), text);
      const options = { cwd: folder, env: { ...env, ...outside } };
      const asked = await s.docker(['compose', 'config', '--format', 'json'], options);
      const parsed = parseDotEnv(text, (name) => outside[name]);
      const where = `${JSON.stringify(text)}, by Compose ${version}: ${asked.stderr}`;
      // Older versions hand all of it to the system, which takes no nameless variable.
      if (asked.stderr.includes('setenv: invalid argument')) continue;
      assert.equal(parsed.ok, asked.status === 0, where);
      counts[parsed.ok ? 'read' : 'refused']++;
      if (!parsed.ok) continue;
      const config = JSON.parse(asked.stdout) as { services: { web: { environment: Record<string, string> } } };
      const seen = Object.entries(config.services.web.environment).map(([name, value]) => [
        name,
        value.replaceAll('$$', '$'),
      ]);
      const expected = shown.map(([name = '']) => [name, outside[name] ?? parsed.variables[name] ?? 'not set']);
      assert.deepEqual(Object.fromEntries(expected), Object.fromEntries(seen), where);
    }
  }
  assert.ok(counts.read > 100 && counts.refused > 20, JSON.stringify(counts));
});
