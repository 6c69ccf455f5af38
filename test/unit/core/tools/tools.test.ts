// The table of the programs that netexec starts must have what its shell texts and its code start, and nothing else.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { isRequired, needs, needsOf, optionsOf, toolNames, tools } from '../../../../src/core/tools/tool-table.ts';
import type { Need, Tool } from '../../../../src/core/tools/tool-table.ts';
import { isProgramWay, wayKinds } from '../../../../src/core/ways/ways.ts';
import { required } from '../../../../src/core/tools/tools.ts';
import { root } from '../../../documents.ts';
import { commandsOf } from '../../../started.ts';

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).map((name) => `src/${name}`);
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const textsOf = (names: readonly string[]): ReadonlyMap<string, string> =>
  new Map(names.map((name) => [name, read(name)]));

const shellTexts = textsOf([...sources.filter((name) => name.endsWith('.sh')), 'plugin-metadata/launcher.sh']);
const code = textsOf(sources.filter((name) => name.endsWith('.ts') && !/\/tools?(?:-table)?\.ts$/.test(name)));

/** Words of the shell's own. */
const ofShell = new Set(
  'break case cd command continue done echo esac eval exec exit export fi for kill local printf read readonly return'
    .split(' ')
    .concat('set shift trap ulimit umask unset wait'.split(' ')),
);
const functionsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^\s*(\w+)\(\) [{(]/gm)].map(([, name = '']) => name);
/** A text may be put together from several. */
const functions = new Set([...shellTexts.values()].flatMap(functionsOf));
/** What the stage is told of programs by their paths, `mounter: tools.mount`. */
const told = new Map(
  [...code].flatMap(([file, text]) =>
    file.startsWith('src/core/')
      ? [...text.matchAll(/\b(\w+): (?:plan\.)?tools\.(\w+)/g)].map(
          ([, variable = '', tool = '']) => [variable, tool] as const,
        )
      : [],
  ),
);

function startedByShell(text: string): readonly string[] {
  const own = functionsOf(text);
  const given = [...text.matchAll(/\$netexec_(\w+)/g)].flatMap(([, name = '']) => told.get(name) ?? []);
  const script = text
    .replaceAll(/^\s*#.*$/gm, '')
    .replaceAll('\\\n', ' ')
    .replaceAll(/ +/g, ' ')
    .replaceAll(/"\$netexec_(\w+)"/g, (whole, name: string) => told.get(name) ?? whole)
    .replaceAll(/\$\(\([^()]*\)\)/g, '_')
    .replaceAll(/\bcase \S+ in\s[^()]*\)|;;\s+(?!esac\b)[^()]*\)/g, ';');
  const putIn = [...script.matchAll(/\$\(([a-z][\w.-]*)/g)].map(([, name = '']) => name);
  const words = new Set([...given, ...putIn, ...commandsOf(script)]);
  // `sh -c THIS netexec`: what a text calls itself.
  return [...words].filter(
    (word) =>
      /^[a-z][\w.-]*$/.test(word) && ![...own, 'netexec'].includes(word) && !ofShell.has(word) && !functions.has(word),
  );
}

/** Where a program is started that the text names by itself. */
const calls = [
  /\b(?:findTrusted|firstLine)\('([\w-]+)'/g,
  /\b(?:ask\(\w+, \[|(?:spawn|spawnSync|execa)\(\[?)\s*'([\w-]+)'/g,
  /\bread\(\w+, '([\w-]+)'/g,
  /\[\s*'([\w-]+)', 'compose'/g,
];

const startedByCode = (text: string): readonly string[] =>
  calls.flatMap((call) => [...text.matchAll(call)].map(([, name = '']) => name));

const started = new Map(
  [...shellTexts, ...code].map(([file, text]) => [
    file,
    file.endsWith('.sh') ? startedByShell(text) : startedByCode(text),
  ]),
);
/** The ways that are programs are started by what their entries say. */
const allStarted = new Set<string>([...[...started.values()].flat(), ...wayKinds.filter(isProgramWay)]);
const isTool = (name: string): name is Tool => name in tools;

describe('each program that is started must be of the table:', () => {
  for (const [file, names] of started) {
    if (names.length > 0)
      test(file, () =>
        assert.deepEqual(
          names.filter((name) => !isTool(name)),
          [],
        ),
      );
  }
});

test('each program of the table must be started by something', () => {
  assert.deepEqual(
    toolNames.filter((name) => !allStarted.has(name)),
    [],
  );
});

test('no file but these may start programs: what they start is found by the table, or is asked by name', () => {
  const starting = /\bBun\.spawn(?:Sync)?\(|(?<![.\w])(?:spawn|spawnSync|execa|execFile|execFileSync|fork)\(/;
  const found = [...code].flatMap(([file, text]) =>
    starting.test(text) && !file.endsWith('.d.ts') ? [basename(file, '.ts')] : [],
  );
  const expected = [
    'ask',
    'caller-priorities',
    'elevators',
    'enter',
    'lifeline-files',
    'replaced',
    'ssh',
    'start-guard',
    'uninstall',
    'user-namespace',
  ];
  assert.deepEqual(found.toSorted(), expected);
});

describe('a program that is started must be found in', () => {
  const shell: readonly (readonly [text: string, found: string])[] = [
    ['a -b | c || exec d -- e; x=$(f "$(g)")', 'a c d f g'],
    ['begin() {\n  exec "$netexec_setpriv" --x -- "$netexec_mounter" "$@"\n}\nbegin', 'mount setpriv'],
    ['case $1 in\n  b | c) d ;;\n  e) f=$((g + 1)) ;;\n  *) h ;;\nesac\ni', 'd h i'],
    ["exec setsid sh -c 'a; b' netexec", 'a b setsid sh'],
    ['# a\n[ -z "$b" ] || echo "c d" >e', ''],
  ];
  for (const [text, found] of shell)
    test(text.replaceAll('\n', '; '), () => assert.equal([...startedByShell(text)].toSorted().join(' '), found));

  const typed: readonly (readonly [text: string, found: string])[] = [
    ["await ask(patience, ['a', '--']); spawn('b', []); Bun.spawnSync(['c'])", 'a b c'],
    ["findTrusted('d') ?? 'e'", 'd'],
    ["const f = ['g', 'h'];", ''],
  ];
  for (const [text, found] of typed)
    test(text, () => assert.equal([...startedByCode(text)].toSorted().join(' '), found));
});

describe('of each program of the table', () => {
  for (const name of toolNames)
    test(`${name}: what takes it must be told, and once`, () => {
      const { without = {}, options = {} } = tools[name];
      assert.ok(needsOf(name).length > 0, 'nothing takes it');
      for (const need of Object.keys(without) as readonly Need[])
        assert.ok(!isRequired(name, need), `${need} is refused without it, and told to go on`);
      // Options of a program that may be missing altogether.
      for (const need of Object.keys(options) as readonly Need[])
        assert.ok(isRequired(name, 'run') || isRequired(name, need) || need in without, `${need}: and without them?`);
    });
});

test('each need must be one that something is required for, or goes on without', () => {
  const taken = new Set(toolNames.flatMap(needsOf));
  assert.deepEqual(
    Object.keys(needs).filter((need) => !taken.has(need as Need)),
    [],
  );
  assert.deepEqual(
    Object.keys(required).filter((need) => !(need in needs)),
    [],
  );
});

test('each option of the table must be one that the sources have', () => {
  const all = [...shellTexts.values(), ...code.values()].join('\n');
  const unused = toolNames.flatMap((name) =>
    (Object.keys(needs) as readonly Need[]).flatMap((need) =>
      optionsOf(name, need)
        // Of the limits prlimit is told those that there are.
        .filter((option) => !(name === 'prlimit' && option !== '--pid'))
        .filter((option) => !new RegExp(`${option}(?![\\w-])|'${option.slice(2)}'`).test(all)),
    ),
  );
  assert.deepEqual(unused, []);
});

/** What the stage is made of, what comes before it, and what waits beside COMMAND. */
const rootsTexts = /\/(?:entry|guard|stage)\.sh$|\/stage\/[^/]+\.sh$/;

test('docs/security.md must have each program, and whether it is ever started as root', () => {
  const roots = new Set([...started].flatMap(([file, names]) => (rootsTexts.test(file) ? names : [])));
  const asRoot = (name: Tool): string =>
    roots.has(name) || name === 'sudo' || name === 'doas'
      ? 'yes'
      : needsOf(name).join() === 'rules'
        ? 'if root asks'
        : 'no';
  const rows = toolNames.map((name) => {
    const { package: everywhere, debian = everywhere } = tools[name];
    return `| ${name} | ${debian} | ${needsOf(name)
      .map((need) => needs[need])
      .join('; ')} | ${asRoot(name)} |`;
  });
  const [, table = ''] = read('docs/security.md').split("| program | Debian's package | what takes it | as root |\n");
  assert.deepEqual(table.split('\n\n')[0]?.split('\n').slice(1), rows);
});

test('README must name the programs of util-linux that a run is refused without', () => {
  const [, named = ''] = /^- \*\*util-linux\*\* \(([\w, ]+)\)/m.exec(read('README.md')) ?? [];
  const wanted = toolNames.filter(
    (name) => tools[name].package === 'util-linux' && needsOf(name).some((need) => isRequired(name, need)),
  );
  assert.deepEqual(named.split(', ').toSorted(), wanted.toSorted());
});
