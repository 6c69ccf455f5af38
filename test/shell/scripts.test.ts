// The scripts that a developer types: asked for help, or given words that they do not take, they say so and do nothing.
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makePlace, run } from './place.ts';

const folder = join(import.meta.dirname, '../../scripts');

const isProgram = (name: string): boolean => {
  const file = join(folder, name);
  return statSync(file).isFile() && (statSync(file).mode & 0o111) !== 0;
};

/** All but that of the npm package, which is the plugin itself. */
const programs = readdirSync(folder).filter((name) => isProgram(name) && name !== 'command');
const scripts: readonly (readonly [called: string, argv: readonly string[]])[] = [
  ...programs.map((name) => [`scripts/${name}`, [join(folder, name)]] as const),
  ...['bill.ts', 'npm-packages.ts', 'record.ts'].map(
    (name) => [`node scripts/${name}`, [process.execPath, join(folder, name)]] as const,
  ),
];

/** These say what is wrong in a sentence, with the usage as the hint. */
const inSentences = ['scripts/install', 'scripts/uninstall', 'scripts/release'];

test('they must be those that are expected, for the others to be looked at', () => {
  for (const name of [
    'bench',
    'build',
    'check',
    'demo',
    'engine',
    'engines',
    'install',
    'recording',
    'setup',
    'test',
    'unit',
  ])
    assert.ok(programs.includes(name), name);
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
  [['demo', 'web'], 'it takes none'],
  [['setup', 'all'], 'it takes none'],
  [['recording', 'x.svg'], 'it takes none'],
  [['bench', 'many'], 'no number'],
  [['bench', '0'], 'no number of runs'],
  [['bench', '10', '20'], 'too many'],
  [['check', '--no-tests', 'x'], 'too many'],
  [['reliability', 'quick'], 'no option'],
  [['test', 'test/none.test.ts'], 'no such file'],
  [['test', '--here', 'README.md'], 'one or the other'],
  [['unit', 'test/core/none.test.ts'], 'no such file'],
  [['unit', '--update', 'test/shell/tls.test.ts'], 'it is no unit test'],
  [['engine', 'begin'], 'no such command'],
  [['engines'], 'none is named'],
  [['engines', 'sid'], 'no such Debian'],
  [['with-engine', 'testing'], 'no command'],
  [['packages'], 'none is named'],
];
for (const [[name = '', ...words], why] of refused) {
  test(`scripts/${[name, ...words].join(' ')} must be refused: ${why}`, async (context) => {
    const { status, stdout, stderr } = await run(makePlace(context), [join(folder, name), ...words]);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, new RegExp(`^Usage: scripts/${name}\\b`));
  });
}
