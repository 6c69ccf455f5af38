// The dialect of .env files, as Compose has it; test/scenarios/compose-dialect.test.ts asks Compose itself.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { nameInText } from '../../../../src/core/compose/name-in-text.ts';
import { substitute } from '../../../../src/core/compose/interpolation.ts';
import { parseDotEnv } from '../../../../src/core/compose/dotenv.ts';
import { nameInYaml } from '../../../../src/shell/compose/compose-yaml.ts';

const outside: Readonly<Record<string, string>> = { OS: 'outside', EMPTY: '' };
const lookup = (name: string): string | undefined => outside[name];

describe('a .env file', () => {
  const rows: readonly (readonly [text: string, expected: Readonly<Record<string, string>>])[] = [
    ['', {}],
    ['# A=1\n\n  # B=2', {}],
    ['\uFEFFA=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['export A = b c # d\n', { A: 'b c' }],
    ['A: b\n', { A: 'b' }],
    ['A=b#c\n', { A: 'b#c' }],
    ['A="b\nc" # d\nB=\'e\nf\'\n', { A: 'b\nc', B: 'e\nf' }],
    ['A="b\\nc"\nB=\'b\\nc\'\nC=b\\nc\n', { A: 'b\nc', B: 'b\\nc', C: 'b\\nc' }],
    ['A="\\"b\\""\nB=\'it\\\'s\'\n', { A: '"b"', B: "it's" }],
    ['A="\\$B"\nB=\'$A\'\nC=$$A\n', { A: '$B', B: '$A', C: '$A' }],
    ['A="\\0101\\08\\c"\n', { A: 'A\\8\\c' }],
    ['A=1\nB=${A}-$A-${U:-x}-${U-y}-${A:+z}\n', { A: '1', B: '1-1-x-y-z' }],
    ['A=${EMPTY:-x}${EMPTY-y}${EMPTY+z}${EMPTY:+w}\n', { A: 'xz' }],
    ['A=${U:-${V:-${OS}}}\n', { A: 'outside' }],
    // What is set outside wins, within the file too.
    ['OS=inside\nA=$OS\n', { OS: 'inside', A: 'outside' }],
    ['OS\nU\n', { OS: 'outside' }],
    ['A=1\nA=2\nB=$A\n', { A: '2', B: '2' }],
  ];
  for (const [text, expected] of rows) {
    test(JSON.stringify(text), () => assert.deepEqual(parseDotEnv(text, lookup), { ok: true, variables: expected }));
  }
  const faults: readonly (readonly [text: string, problem: string])[] = [
    ['A=1\nB="2\n', 'line 2: unterminated quoted value "2'],
    ['A=1\n!B=2\n', 'line 2: unexpected character "!" in variable name "!B=2"'],
    ['A B=1\n', 'line 1: key cannot contain a space'],
    ['A=${B:?which}\n', 'line 1: required variable B is missing a value: which'],
    ['A=${B?}\n', 'line 1: required variable B is missing a value'],
    ['A=${B\n', 'line 1: invalid variable: ${'],
  ];
  for (const [text, problem] of faults)
    test(`${JSON.stringify(text)} is none`, () => assert.deepEqual(parseDotEnv(text, lookup), { ok: false, problem }));

  test('of an earlier file, what this one says itself comes first', () => {
    const parsed = parseDotEnv('A=2\nC=$A$B\n', lookup, (name) => ({ A: '1', B: 'b' })[name]);
    assert.deepEqual(parsed, { ok: true, variables: { A: '2', C: '2b' } });
  });

  test('of whatever form ends well, and soon', () => {
    const piece = fc.constantFrom('A', '=', '"', "'", '\\', '$', '${', '}', ':-', '\n', ' #', '{', 'é', '\r');
    fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => void parseDotEnv(pieces.join(''), lookup)));
    for (const text of ['${a-', '${a-}', '}', '"', '\\"', '$', '# '])
      for (const end of ['', '\n']) parseDotEnv(`A=${`${text}${end}`.repeat(50_000)}`, lookup);
  });

  test('of variables without end is refused', () => {
    const nested = `${'${A:-'.repeat(200)}${'}'.repeat(200)}`;
    assert.equal(substitute(nested, lookup).ok, false);
  });
});

describe('the name in the text of a Compose file', () => {
  const rows: readonly (readonly [text: string, expected: ReturnType<typeof nameInText>])[] = [
    ['', { name: undefined }],
    ['services:\n  web: {}\n', { name: undefined }],
    ['name: shop\nservices: {}\n', { name: 'shop' }],
    ['# x\r\nname:  shop-${A:-b}  # y\r\nservices: {}\r\n', { name: 'shop-${A:-b}' }],
    ['services:\n  web:\n    name: inner\n', { name: undefined }],
    ['services:\n- name: x\n', { name: undefined }],
    ['name: "shop"\n', 'unsure'],
    ['"name": shop\n', 'unsure'],
    ['name : shop\n', 'unsure'],
    ['name: shop\n  and more\n', 'unsure'],
    ['name: 12\n', 'unsure'],
    ['name: null\n', 'unsure'],
    ['name: a\nname: b\n', 'unsure'],
    ['name: a\n---\nname: b\n', 'unsure'],
    ['x: "\nname: a\n  "\n', 'unsure'],
    ['x: [\nname: a\n  ]\n', 'unsure'],
    ['x: &a\n  name: shop\n<<: *a\n', 'unsure'],
    ['{name: shop}\n', 'unsure'],
    ['  name: shop\n', 'unsure'],
    ['x: 1\rname: shop\n', 'unsure'],
  ];
  for (const [text, expected] of rows) test(JSON.stringify(text), () => assert.deepEqual(nameInText(text), expected));

  test('is the one that a reader of YAML finds, or is left to it', () => {
    const line = fc.constantFrom(
      'name: shop',
      'name: ${A:-b}',
      'name: a # b',
      'name: "q"',
      "name: it's",
      'name:',
      'name: yes',
      'name: a:',
      'name: 1e3',

      'services:',
      '  web:',
      '    image: x',
      '    command: |',
      '      name: y',
      'name: z',
      '# name: c',
      '  - a',
      '- b',

      'x-a: &a',
      '<<: *a',
      'x-b: "',
      '"',
      "x-c: '",
      "'",
      'x-d: [',
      ']',
      'x-e: {',
      '}',
      '---',
      '...',
      '',
      '  name: w',
      '? name',
      ': v',
    );
    let sure = 0;
    fc.assert(
      fc.property(fc.array(line, { maxLength: 7 }), (lines) => {
        const text = `${lines.join('\n')}\n`;
        const quick = nameInText(text);
        const exact = nameInYaml(text);
        // Where the file is not YAML at all, Compose refuses it whatever it is called.
        if (quick === 'unsure' || exact === undefined) return;
        sure++;
        assert.equal(quick.name ?? '', exact, text);
      }),
      { numRuns: 3000 },
    );
    assert.ok(sure > 100);
  });
});
