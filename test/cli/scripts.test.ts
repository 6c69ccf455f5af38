// The scripts that a developer types: asked for help, or given words that they do not take, they say so and do nothing.
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makePlace, run } from './place.ts';

const root = join(import.meta.dirname, '../..');

const isProgram = (file: string): boolean => {
  const { mode } = statSync(join(root, file));
  return statSync(join(root, file)).isFile() && (mode & 0o111) !== 0;
};

const filesOf = (folder: string): readonly string[] =>
  readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
/** All but that of the npm package, which is the plugin itself. */
const programs = [...filesOf('scripts'), 'scripts/lib/packages', ...filesOf('test/engines')].filter(
  (file) => isProgram(file) && file !== 'scripts/command',
);
const scripts: readonly (readonly [called: string, argv: readonly string[]])[] = [
  ...programs.map((file) => [file, [join(root, file)]] as const),
  ...['scripts/release.d/bill.ts', 'scripts/release.d/npm-packages.ts', 'test/engines/record.ts'].map(
    (file) => [`node ${file}`, [process.execPath, join(root, file)]] as const,
  ),
];

/** These say what is wrong in a sentence, with the usage as the hint. */
const inSentences = ['scripts/install', 'scripts/uninstall', 'scripts/release'];

test('they must be those that are expected, for the others to be looked at', () => {
  for (const name of ['bench', 'build', 'check', 'demo', 'install', 'recording', 'setup', 'test', 'unit'])
    assert.ok(programs.includes(`scripts/${name}`), name);
  for (const name of ['engine', 'engines', 'with-docker', 'with-engine'])
    assert.ok(programs.includes(`test/engines/${name}`), name);
});

for (const [called, argv] of scripts) {
  describe(called, () => {
    for (const word of ['--help', '-h']) {
      test(`must answer ${word}, and do nothing`, async (context) => {
        const place = makePlace(context);
        const { status, stdout, stderr } = await run(place, [...argv, word]);
        assert.deepEqual([status, stderr], [0, '']);
        assert.match(stdout, new RegExp(`^Usage: ${called}\\b.*\\n[^]*\\n\\n?.+`));
        assert.deepEqual(readdirSync(place.cwd), []);
      });
    }

    test('must refuse a word that it does not know, and do nothing', async (context) => {
      const place = makePlace(context);
      const { status, stdout, stderr } = await run(place, [...argv, '--bogus']);
      const sentence = inSentences.includes(called);
      assert.deepEqual([status, stdout], [sentence ? 1 : 2, '']);
      assert.match(stderr, new RegExp(`^${sentence ? 'netexec: .*\\nhint: ' : ''}Usage: ${called}\\b`));
      assert.deepEqual(readdirSync(place.cwd), []);
    });
  });
}

const refused: readonly (readonly [words: readonly string[], why: string])[] = [
  [['scripts/demo', 'web'], 'it takes none'],
  [['scripts/setup', 'all'], 'it takes none'],
  [['scripts/recording', 'x.svg'], 'it takes none'],
  [['scripts/bench', 'many'], 'no number'],
  [['scripts/bench', '0'], 'no number of runs'],
  [['scripts/bench', '10', '20'], 'no rows'],
  [['scripts/check', '--no-tests', 'x'], 'too many'],
  [['scripts/reliability', 'quick'], 'no option'],
  [['scripts/test', 'test/none.test.ts'], 'no such file'],
  [['scripts/test', '--here', 'README.md'], 'one or the other'],
  [['scripts/unit', 'test/unit/none.test.ts'], 'no such file'],
  [['scripts/unit', '--update', 'test/cli/tls.test.ts'], 'it is no unit test'],
  [['test/engines/engine', 'begin'], 'no such command'],
  [['test/engines/engines'], 'none is named'],
  [['test/engines/engines', 'sid'], 'no such Debian'],
  [['test/engines/with-engine', 'testing'], 'no command'],
  [['scripts/lib/packages'], 'none is named'],
];
for (const [[file = '', ...words], why] of refused) {
  test(`${[file, ...words].join(' ')} must be refused: ${why}`, async (context) => {
    const { status, stdout, stderr } = await run(makePlace(context), [join(root, file), ...words]);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, new RegExp(`^Usage: ${file}\\b`));
  });
}
