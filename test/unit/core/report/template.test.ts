// Templates: what the real docker printed for them, what is said about a bad one, and that none throws or runs away.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { executeHeading, executeTemplate, parseTemplate } from '../../../../src/core/report/template.ts';
import type { TemplateResult, TemplateRow } from '../../../../src/core/report/template.ts';

const row = {
  Name: 'front',
  Driver: 'bridge',
  Internal: true,
  Services: ['api', 'db', 'web'],
  Empty: [],
  Nested: { City: 'Oslo', Flags: ['x', 'y'] },
  Count: 7,
} satisfies TemplateRow;

function fill(template: string, values: TemplateRow = row): TemplateResult<string> {
  const parsed = parseTemplate(template, Object.keys(values));
  return parsed.ok ? executeTemplate(parsed.value, values) : parsed;
}

interface Recorded {
  readonly container: TemplateRow;
  readonly inspect: readonly { readonly format: string; readonly output?: string }[];
}

describe('what docker container inspect --format prints', () => {
  const file = new URL('../../../fixtures/templates/docker-output.json', import.meta.url);
  const { container, inspect } = JSON.parse(readFileSync(file, 'utf8')) as Recorded;
  for (const { format, output } of inspect) {
    test(format, () => {
      const made = fill(format, container);
      // docker ends what the template made with a line feed.
      assert.equal(made.ok ? `${made.value}\n` : undefined, output, JSON.stringify(made));
    });
  }
});

describe('what the record cannot have', () => {
  const rows: readonly (readonly [template: string, expected: string])[] = [
    ['', ''],
    ['a {{- /* said\nin lines */ -}} b', 'ab'],
    ['{{\n.Name\n}}', 'front'],
    ['{{join .Services "\n"}}', 'api\ndb\nweb'],
    ['{{or .Name (index .Services 9)}}', 'front'],
    ['{{and .Empty (index .Services 9)}}', '[]'],
    ['{{range .Services}}{{with .}}{{$.Name}}{{end}}{{else}}{{end}}', 'frontfrontfront'],
    ['{{with .Nested}}{{range .Flags}}{{.}}{{end}}{{.City}}{{end}}', 'xyOslo'],
    ['{{with $}}{{.Name}}{{end}}', 'front'],
    ['{{if .Empty}}a{{else if .Count}}b{{else}}c{{end}}', 'b'],
    ['{{if .Empty}}a{{else if not .Count}}b{{else}}c{{end}}', 'c'],
    ['{{index .Nested "City"}} {{index .Nested "None"}}', 'Oslo '],
    ['{{json .}}', JSON.stringify(row)],
    ['{{json "<&>\\u2028"}}', String.raw`"<&>\u2028"`],
    ['{{truncate "äöü" 2}} {{len "äöü"}} {{printf "%4s|%-4s|" "äöü" "äöü"}}', 'äö 3  äöü|äöü |'],
    ['{{printf "%q" "\\a\\x1b\\t\\"\\\\"}}', String.raw`"\a\x1b\t\"\\"`],
    ['{{split "abc" ""}}', '[a b c]'],
  ];
  for (const [template, expected] of rows) {
    test(JSON.stringify(template), () => assert.deepEqual(fill(template), { ok: true, value: expected }));
  }
});

describe('a fault is said with its place', () => {
  const columns = 'columns: Name, Driver, Internal, Services, Empty, Nested, Count';
  const rows: readonly (readonly [template: string, position: number, reason: string])[] = [
    ['{{.Nam}}', 2, `no column "Nam"; ${columns}`],
    ['{{if .Name}}{{range .Services}}{{$.Nam}}{{end}}{{end}}', 34, `no column "Nam"; ${columns}`],
    ['{{with $}}{{.Nam}}{{end}}', 12, `no column "Nam"; ${columns}`],
    ['{{.Name.First}}', 2, "can't evaluate field First in text"],
    ['{{range .Services}}{{.Name}}{{end}}', 21, "can't evaluate field Name in text"],
    ['{{.constructor}}', 2, `no column "constructor"; ${columns}`],
    ['{{.Nested.constructor}}', 2, "can't evaluate field constructor in object"],
    ['ab {{foo .Name}}', 5, 'function "foo" is not defined'],
    ['ab {{ .Name', 3, 'unclosed action'],
    ['{{/* .Name }}', 0, 'unclosed comment'],
    ['{{/* a */ .Name}}', 7, 'the comment ends before its action does'],
    ['{{"a}}', 2, 'unterminated quoted string'],
    ['{{"ab\\q"}}', 5, String.raw`unknown escape \q`],
    ['{{if .Name}}a', 2, '{{if}} has no {{end}}'],
    ['{{range .Services}}a{{else}}b', 2, '{{range}} has no {{end}}'],
    ['a{{end}}', 3, 'unexpected {{end}}'],
    ['{{if .Name}}{{else}}{{else}}{{end}}', 22, 'a second {{else}}'],
    ['{{}}', 2, 'a value is missing'],
    ['{{.Name | }}', 10, 'a value is missing'],
    ['{{(.Name}}', 2, 'unclosed left parenthesis'],
    ['{{.Name)}}', 7, 'unexpected ")"'],
    ['{{print "a""b"}}', 11, 'unexpected "b": a space is missing'],
    ['{{.Name ?}}', 8, 'unexpected "?"'],
    ['{{1.5}}', 2, 'not an integer: 1.5'],
    ['{{$x}}', 2, 'undefined variable "$x"'],
    ['{{if true}}{{$x := 1}}{{end}}{{$x}}', 31, 'undefined variable "$x"'],
    ['{{if .Empty}}{{$x := 1}}{{else}}{{$x}}{{end}}', 34, 'undefined variable "$x"'],
    ['{{.Name .Driver}}', 2, 'only a function can be given arguments'],
    ['{{.Name | .Driver}}', 10, 'what follows | must be a function'],
    ['{{join .Services}}', 2, 'join needs 2 arguments, but has 1'],
    ['{{.Name | upper "a"}}', 10, 'upper needs 1 argument, but has 2'],
    ['{{join .Name ","}}', 2, 'join: argument 1 must be list, but is text'],
    ['{{eq .Internal "true"}}', 2, 'eq: cannot compare boolean with text'],
    ['{{index .Services 3}}', 2, 'index: index out of range: 3, but the length of the list is 3'],
    ['{{range .Name}}{{end}}', 8, 'range needs a list, but this is text'],
    ['{{printf "%x" 1}}', 2, 'printf: it supports %s %d %v %q, not %x'],
    ['{{pad .Name 0 100000000}}', 2, 'pad: a width of 100000000 is not between 0 and 1000'],
    ['{{define "a"}}{{end}}', 2, '{{define}} is not supported here'],
  ];
  for (const [template, position, reason] of rows) {
    test(template, () => assert.deepEqual(fill(template), { ok: false, position, reason }));
  }
});

describe('a template that asks for too much is refused, not carried out', () => {
  const loop = '{{range $.Services}}';
  const rows: readonly (readonly [name: string, template: string, reason: RegExp])[] = [
    ['blocks in blocks', `${'{{if true}}'.repeat(60)}${'{{end}}'.repeat(60)}`, /nested more than 50 deep/],
    ['an endless else if', `{{if true}}${'{{else if true}}'.repeat(60)}{{end}}`, /nested more than 50 deep/],
    ['parentheses', `{{${'('.repeat(100_000)}}}`, /nested more than 50 deep/],
    ['a long pipeline', `{{.Name${' | upper'.repeat(30)}}}`, /more than 20 stages/],
    ['many arguments', `{{print${' 1'.repeat(60_000)}}}`, /more than 100 arguments/],
    ['loops in loops', `${loop.repeat(45)}x${'{{end}}'.repeat(45)}`, /too expensive/],
    ['doubling', `{{$a := "aaaa"}}${'{{$a := print $a $a}}'.repeat(40)}`, /too expensive/],
    [
      'a long join',
      `{{$a := printf "%999s" "a"}}{{join (split (print $a $a $a) "") (print $a $a)}}`,
      /would be too long/,
    ],
    ['many variables', `${'{{$a := 1}}'.repeat(9000)}${loop.repeat(9)}{{$a}}${'{{end}}'.repeat(9)}`, /too expensive/],
  ];
  for (const [name, template, reason] of rows) {
    test(name, () => {
      const made = fill(template);
      assert.ok(!made.ok && reason.test(made.reason), JSON.stringify(made).slice(0, 200));
    });
  }

  test('as deep as is allowed must still work', () => {
    const deep = `${'(upper '.repeat(45)}.Name${' | lower | upper)'.repeat(45)}`;
    assert.deepEqual(fill(`{{if true}}{{${deep}}}{{end}}`), { ok: true, value: 'FRONT' });
  });
});

describe('any template', () => {
  const signs = '{{ }} {{- -}} {{/* */}} ( ) | . $ $x := , " ` \\ \n \t - é \u{1F600} \0 "%s%d" 99999999999999999999';
  const values = '. $ $x .Name .Services .Empty .Nested.City .Count .Internal $.Name .Nam 0 1 -7 "a" "," "%s%q" true';
  const keywords = 'if else range with end define nosuch {{end}} {{else}} {{.Name}}';
  // Each with the number of its arguments.
  const functions =
    'json1 split2 join2 title1 lower1 upper1 pad3 truncate2 eq2 eq3 ne2 lt2 and2 or3 not1 len1 index2 print2 println1 printf3';

  const noise = fc
    .array(
      fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...`${signs} ${values} ${keywords} ${functions}`.split(' ')) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
      ),
    )
    .map((words) => words.join(' '));

  /** Templates that can mostly be read, so that executing them is tried as well. */
  const { sound } = fc.letrec<Record<'operand' | 'call' | 'pipeline' | 'sound', string>>((tie) => ({
    operand: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom(...values.split(' ')),
      tie('call').map((call) => `(${call})`),
    ),
    call: fc.constantFrom(...functions.split(' ')).chain((name) => {
      const count = Number(name.at(-1));
      const given = fc.array(tie('operand'), { minLength: count, maxLength: count });
      return given.map((operands) => `${name.slice(0, -1)} ${operands.join(' ')}`);
    }),
    pipeline: fc
      .tuple(tie('operand'), fc.constantFrom('', ' | upper', ' | json | len', ' | printf "%v"'))
      .map((two) => two.join('')),
    sound: fc
      .array(
        fc.oneof(
          { maxDepth: 3 },
          tie('pipeline').map((pipeline) => ` {{- ${pipeline}}}`),
          fc
            .tuple(
              fc.constantFrom('if', 'range', 'range $i, $x :=', 'with', 'with $x :='),
              tie('pipeline'),
              tie('sound'),
              tie('sound'),
            )
            .map(([head, pipeline, body, otherwise]) => `{{${head} ${pipeline}}}${body}{{else}}${otherwise}{{end}}`),
        ),
        { maxLength: 3 },
      )
      .map((nodes) => `{{$x := 1}}${nodes.join('')}`),
  }));

  test('must give a text or a fault that lies in it', () => {
    fc.assert(
      fc.property(fc.oneof(noise, sound), (template) => {
        const parsed = parseTemplate(template, Object.keys(row));
        const results = parsed.ok
          ? [executeTemplate(parsed.value, row), executeHeading(parsed.value, { Name: 'NAME', Services: 'SERVICES' })]
          : [parsed];
        for (const made of results) {
          if (made.ok) assert.equal(typeof made.value, 'string');
          else
            assert.ok(
              made.position >= 0 && made.position <= template.length && made.reason !== '',
              JSON.stringify(made),
            );
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('without braces must come out as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!text.includes('{{'));
        assert.deepEqual(fill(text), { ok: true, value: text });
      }),
    );
  });

  test('must give back any text that it quotes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\t', '\u001b', '}}', '{{', 'é', ' -}}') }),
        (text) => {
          const quoted = fill('{{printf "%q" .Name}}', { ...row, Name: text });
          assert.deepEqual(fill(`{{${quoted.ok ? quoted.value : ''}}}`), { ok: true, value: text });
        },
      ),
    );
  });
});
