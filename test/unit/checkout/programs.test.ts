// What the tests, the documents and the scripts start is installed for them, and not there only by chance.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { base, installersOf, lists, startingFiles } from '../../installed.ts';
import { commandsOf, startedBy } from '../../started.ts';

const files = startingFiles();
const programsIn = (installers: readonly string[]): readonly string[] =>
  installers.flatMap((script) => lists[script] ?? []).flatMap(({ programs }) => programs);
const listed = new Set(programsIn(Object.keys(lists)));

/** Words of the shell's own. */
const ofShell =
  'break case cd continue done eval exec exit export for kill read return set shift trap type ulimit umask wait'.split(
    ' ',
  );

/** Programs that come otherwise, or not at all. */
const otherwise: Readonly<Record<string, string>> = {
  'serve-http': 'it runs in a container: its image has it',
  'docker-netexec': 'it is what is tested',
  'docker-compose': 'compose-v1.test.ts unpacks it',
  httpd: "a container's busybox has it",
  'no-such-program': 'there is none',
  'only-here': 'command-status.test.ts makes it',
  wireshark: 'typing.ts makes it',
  npx: 'vite.test.ts starts what it would',
  x: 'command-status.test.ts makes it',
};

describe('each program must be in a list of packages that is installed for whoever starts it:', () => {
  for (const [file, text] of files) {
    const { surely, likely } = startedBy(file, text);
    const started = new Set([...surely, ...likely.filter((word) => listed.has(word))]);
    if (started.size > 0)
      test(file, () => {
        const installers = installersOf(file, text);
        const known = new Set([...base, ...ofShell, ...Object.keys(otherwise), ...programsIn(installers)]);
        const missing = [...started].filter((word) => !known.has(word));
        assert.deepEqual(missing, [], `${file} starts them: where is the package? (CONTRIBUTING.md, "How to add")`);
      });
  }
});

describe('each program that a list names must be started by somebody for whom it is installed:', () => {
  for (const [script, packages] of Object.entries(lists))
    test(script, () => {
      const texts = [...files]
        .filter(([file, text]) => installersOf(file, text).includes(script))
        .map(([, text]) => text.replace(/^packages=\([^]*?^\)$/m, ''));
      const isNamed = (program: string): boolean =>
        texts.some((text) => new RegExp(`(?<![\\w-])${program}(?![\\w-])`).test(text));
      assert.deepEqual(
        packages.flatMap(({ programs }) => programs).filter((program) => !isNamed(program)),
        [],
      );
    });
});

test('the words where a command stands must be found', () => {
  const rows: readonly (readonly [script: string, commands: string])[] = [
    ['a && b; c | d', 'a b c d'],
    ['X=1 a; if ! b >c; then d; fi', 'a b d fi'],
    ['a \'b; c\' "d $(e f)" # g', 'a e'],
    ['sudo -n a b; timeout 2 c; xargs -r d', 'sudo a timeout c xargs d'],
    ["sh -c 'a; b'; nsenter --net=c -- d e", 'sh a b nsenter d'],
    ['docker netexec -p a -u b web c d; docker netexec web -- e', 'docker c docker e'],
    ['packages=(\n  a # b\n)\nc \\\n d', 'c'],
  ];
  for (const [script, commands] of rows)
    assert.deepEqual(
      commandsOf(script).filter((word) => /^[a-z]+$/.test(word)),
      commands.split(' '),
      script,
    );
});

test('programs that TypeScript starts must be found', () => {
  const rows: readonly (readonly [code: string, surely: string])[] = [
    ["spawn('a', ['b'])", 'a'],
    ["await must(s.run(['a', '-x']))", 'a'],
    ["s.run(machine.inside(['a']))", 'a'],
    ["run(place, [...lead, 'a'])", 'a'],
    ["['web', '--', 'a', 'b']", 'a'],
    ["['sh', '-c', 'a; b']", 'a b'],
    ["// spawn('a')\nconst b = ['c'];", ''],
  ];
  for (const [code, surely] of rows) assert.equal(startedBy('a.ts', code).surely.join(' '), surely, code);
  assert.deepEqual(startedBy('a.ts', "['python3', '-c', 'import sys; load(open(sys.argv[1]))', file]").likely, [
    'python3',
  ]);
});

test('a program that is installed for others only must be missed', () => {
  const missing = (file: string, text: string): readonly string[] => {
    const programs = programsIn(installersOf(file, text));
    return startedBy(file, text).surely.filter((word) => !base.includes(word) && !programs.includes(word));
  };
  assert.deepEqual(missing('test/scenarios/a.test.ts', "s.run(['java'])"), ['java']);
  assert.deepEqual(missing('test/scenarios/a.test.ts', "s.run([await builtPrograms()]); s.run(['java'])"), []);
  assert.deepEqual(missing('README.md', '`docker netexec web -- nslookup db`'), ['nslookup']);
});
