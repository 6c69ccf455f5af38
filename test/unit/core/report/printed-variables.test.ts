// --print-env: what it prints is read again as what it was, by netexec's own reader, by sh, and as JSON.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseDotEnv } from '../../../../src/core/compose/dotenv.ts';
import { printedVariables } from '../../../../src/core/report/printed-variables.ts';

type Variables = readonly (readonly [name: string, value: string])[];

const piece = fc.constantFrom(
  'a',
  ' ',
  '\n',
  '\r',
  '\r\n',
  '\t',
  '"',
  "'",
  '\\',
  '$',
  '$$',
  '${',
  '}',
  '${A:-b}',
  '$A',
  '#',
  ' #',
  '`',
  '$(id)',
  '=',
  ':',
  'export ',
  '\\n',
  '\\$',
  "\\'",
  '\\"',
  '\\0101',
  'é',
  '語',
  '👩‍🚀',
  '\u202e',
  '\u00a0',
  '\u0085',
  '\uFEFF',
  '\u001b[2J',
  '\u007f',
);
const value = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
);
const name = fc.constantFrom('A', 'B', 'a.b', 'x-y', '_', '1K', 'É', 'A[0]', 'export');
const variables: fc.Arbitrary<Variables> = fc.array(fc.tuple(name, value), { maxLength: 5 });
const outside = (each: string): string | undefined => ({ A: 'outside', B: 'outside' })[each];

describe('as a .env file', () => {
  test('every value is read as what it was', () => {
    fc.assert(
      fc.property(variables, (given) => {
        const { text, left } = printedVariables(given, 'dotenv');
        assert.deepEqual(left, []);
        assert.deepEqual(parseDotEnv(text, outside), { ok: true, variables: Object.fromEntries(given) });
      }),
      { numRuns: 2000 },
    );
  });

  test('so is one as long as the kernel takes', () => {
    for (const part of ["'$", "'${", "'$\n", '\\', '"']) {
      const given: Variables = [['A', part.repeat(60_000)]];
      const parsed = parseDotEnv(printedVariables(given, 'dotenv').text, outside);
      assert.deepEqual(parsed, { ok: true, variables: Object.fromEntries(given) });
    }
  });

  const rows: readonly (readonly [value: string, line: string])[] = [
    ['', 'A='],
    ['http://u:p@db:5432/x?y=1%20', "A='http://u:p@db:5432/x?y=1%20'"],
    ['a,b/c=d', 'A=a,b/c=d'],
    ['two words', "A='two words'"],
    ['$HOME #1', "A='$HOME #1'"],
    ['a\nb', "A='a\nb'"],
    ["it's $5", String.raw`A="it's \$5"`],
    ['C:\\', String.raw`A="C:\\"`],
    ['\u001b[2J', String.raw`A="\0033[2J"`],
  ];
  for (const [given, line] of rows)
    test(`${JSON.stringify(given)} is ${line}`, () =>
      assert.equal(printedVariables([['A', given]], 'dotenv').text, `${line}\n`));

  test('names that it cannot hold are left out', () => {
    const { text, left } = printedVariables(
      [
        ['A B', '1'],
        ['npm_config_//x', '2'],
        ['C', '3'],
      ],
      'dotenv',
    );
    assert.deepEqual([text, left], ['C=3\n', ['A B', 'npm_config_//x']]);
  });
});

describe('for a shell', () => {
  test('every value is read as what it was', () => {
    const ofShell = fc.array(fc.tuple(fc.constantFrom('A', 'B', '_x'), value), { maxLength: 3 });
    fc.assert(
      fc.property(ofShell, (given) => {
        const { text } = printedVariables(given, 'shell');
        const script = `eval "$1"; for name in A B _x; do eval "value=\\\${$name-none}"; printf '%s\\0' "$value"; done`;
        const read = execFileSync('sh', ['-c', script, 'sh', text], { env: {} });
        const expected = ['A', 'B', '_x'].map((each) => Object.fromEntries(given)[each] ?? 'none');
        assert.deepEqual(read.toString().split('\0').slice(0, -1), expected);
      }),
      { numRuns: 200 },
    );
  });

  test('names that a shell cannot hold, or keeps for itself, are left out', () => {
    const given: Variables = ['A', 'a.b', 'UID', 'PPID'].map((each) => [each, '1']);
    assert.deepEqual(printedVariables(given, 'shell'), { text: "export A='1'\n", left: ['PPID', 'UID', 'a.b'] });
  });
});

test('as JSON it is one object on a line, in which nothing steers a terminal', () => {
  fc.assert(
    fc.property(variables, (given) => {
      const { text } = printedVariables(given, 'json');
      assert.deepEqual(JSON.parse(text), Object.fromEntries(given));
      assert.match(text, /^[^\p{Cc}\p{Cf}]*\n$/u);
    }),
  );
});

test('of two that are alike the later counts, and the order is that of the names', () =>
  assert.equal(
    printedVariables(
      [
        ['B', '1'],
        ['A', '2'],
        ['B', '3'],
      ],
      'dotenv',
    ).text,
    'A=2\nB=3\n',
  ));
