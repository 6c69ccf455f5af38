// Reports: as docker lists print them, and what netexec's own columns add: lists, booleans, names that nobody can trust.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import stringWidth from 'string-width';
import * as fc from 'fast-check';
import { renderFailure } from '../../../../src/core/failure/explain.ts';
import { formatReport } from '../../../../src/core/report/render-report.ts';
import type { Column, ReportOptions, Row } from '../../../../src/core/report/render-report.ts';

const plain: ReportOptions = { format: undefined, quiet: false, noTrunc: false };

function print(columns: readonly Column[], rows: readonly Row[], options: Partial<ReportOptions> = {}): string {
  const made = formatReport(columns, rows, { ...plain, ...options }, stringWidth);
  return made.ok ? made.value : renderFailure(made.failure).text;
}

describe('what docker network ls prints', () => {
  interface Recorded {
    readonly networks: readonly Row[];
    readonly quiet: string;
    readonly list: readonly { readonly format: string; readonly output?: string }[];
  }
  const file = new URL('../../../fixtures/templates/docker-output.json', import.meta.url);
  const { networks, quiet, list } = JSON.parse(readFileSync(file, 'utf8')) as Recorded;
  const shown: readonly Column[] = [
    { header: 'NETWORK ID', key: 'ID' },
    { header: 'NAME', key: 'Name' },
    { header: 'DRIVER', key: 'Driver' },
    { header: 'SCOPE', key: 'Scope' },
  ];
  const hidden = ['Internal', 'Labels'].map((key) => ({ header: key.toUpperCase(), key }));
  const columnsFor = (format: string): readonly Column[] => {
    if (format === '' || format === 'table') return shown;
    // docker sorts the keys of its JSON; ours stand in the order of the columns.
    return format === 'json'
      ? Object.keys(networks[0] ?? {}).map((key) => ({ header: key, key }))
      : [...shown, ...hidden];
  };
  for (const { format, output } of list) {
    test(`--format ${JSON.stringify(format)}`, () => {
      const made = formatReport(columnsFor(format), networks, { ...plain, format }, stringWidth);
      assert.equal(made.ok ? made.value : undefined, output, made.ok ? undefined : renderFailure(made.failure).text);
    });
  }
  test('--quiet', () => assert.equal(print(shown, networks, { quiet: true }), quiet));
});

const columns: readonly Column[] = ['Network', 'Key', 'Internal', 'Services'].map((key) => ({
  header: key.toUpperCase(),
  key,
}));
const front = { Network: 'shop_front', Key: 'front', Internal: false, Services: ['api', 'web'] };
const back = { Network: 'shop_back', Key: '', Internal: true, Services: [] };
const crowded = { ...front, Services: Array.from({ length: 20 }, (_, place) => `service-${place + 1}`) };
const hostile = { Network: 'a\tb\n\u001b[31mc\u009b', Key: 'k', Internal: false, Services: ['x\r\ny', '\u0007'] };

describe('tables', () => {
  const rows: readonly (readonly [
    name: string,
    rows: readonly Row[],
    options: Partial<ReportOptions>,
    lines: readonly string[],
  ])[] = [
    [
      'lists are joined, booleans are words',
      [front, back],
      {},
      [
        'NETWORK      KEY       INTERNAL   SERVICES',
        'shop_front   front     false      api, web',
        'shop_back              true       ',
      ],
    ],
    ['the heading stands above nothing too', [], {}, ['NETWORK   KEY       INTERNAL   SERVICES']],
    [
      'long lists are cut on a terminal',
      [crowded],
      { terminal: 500 },
      [
        'NETWORK      KEY       INTERNAL   SERVICES',
        'shop_front   front     false      service-1, service-2, service-3, service-4, service-5, serv…',
      ],
    ],
    [
      'long lists stand whole where no terminal shows them',
      [crowded],
      {},
      [
        'NETWORK      KEY       INTERNAL   SERVICES',
        `shop_front   front     false      ${crowded.Services.join(', ')}`,
      ],
    ],
    [
      'long lists stand whole with --no-trunc',
      [crowded],
      { noTrunc: true, terminal: 500 },
      [
        'NETWORK      KEY       INTERNAL   SERVICES',
        `shop_front   front     false      ${crowded.Services.join(', ')}`,
      ],
    ],
    [
      'names cannot steer the terminal, nor make cells or lines',
      [hostile],
      {},
      [
        'NETWORK              KEY       INTERNAL   SERVICES',
        String.raw`a\tb\n\u001b[31mc?   k         false      x\r\ny, \u0007`,
      ],
    ],
    [
      'the same in a table of one’s own',
      [hostile],
      { format: 'table {{.Network}}\\t{{join .Services "+"}}' },
      ['NETWORK              SERVICES', String.raw`a\tb\n\u001b[31mc?   x\r\ny+\u0007`],
    ],
    [
      'lists in a table of one’s own',
      [front],
      {
        format: 'table {{.Services}}\\t{{range .Services}}<{{.}}>{{end}}\\t{{len .Services}}\\t{{index .Services 0}}',
      },
      ['SERVICES   <SERVICES>   SERVICES   SERVICES', 'api, web   <api><web>   2          api'],
    ],
    [
      'a heading goes on where its texts do not go with the template',
      [front],
      { format: 'table {{if eq .Internal false}}open{{end}}\\t{{.Network}}' },
      ['          NETWORK', 'open      shop_front'],
    ],
  ];
  for (const [name, given, options, lines] of rows) {
    test(name, () => assert.equal(print(columns, given, options), lines.map((line) => `${line}\n`).join('')));
  }
});

describe('on a terminal', () => {
  const given = [front, { ...crowded, Network: 'shop_crowded' }, back];
  const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));
  const rows: readonly (readonly [name: string, options: Partial<ReportOptions>, widest: number])[] = [
    ['that is wide enough nothing must change', { terminal: 200 }, 96],
    ['that is just wide enough, neither', { terminal: 96 }, 96],
    ['lists must be cut until the table fits', { terminal: 95 }, 95],
    ['of the usual width, too', { terminal: 80 }, 80],
    ['the least of a list must be left', { terminal: 48 }, 48],
    ['nothing must change where cutting does not help', { terminal: 47 }, 96],
    ['--no-trunc must win', { terminal: 80, noTrunc: true }, 265],
    ['a template must be cut as well', { terminal: 40, format: 'table {{.Key}}\\t{{.Services}}' }, 40],
    ['JSON must stay whole', { terminal: 20, format: 'json' }, 321],
  ];
  for (const [name, options, width] of rows)
    test(name, () => assert.equal(widest(print(columns, given, options)), width));

  test('that is too narrow for the last column, that one must stand alone', () => {
    const spared = columns.map((column, rank) => (column.key === 'Services' ? column : { ...column, spare: rank }));
    assert.equal(print(spared, [front], { terminal: 5 }), 'SERVICES\napi, web\n');
  });

  test('of any width a table must fit, or be as it is without', () => {
    fc.assert(
      fc.property(
        fc.nat(120),
        fc.array(fc.array(fc.string(), { maxLength: 30 }), { maxLength: 5 }),
        (terminal, lists) => {
          const all = lists.map((list) => ({ ...front, Services: list }));
          const shown = print(columns, all, { terminal });
          const fits = shown.split('\n').every((line) => stringWidth(line) <= terminal);
          assert.ok(fits || shown === print(columns, all, { terminal: 10_000 }));
        },
      ),
    );
  });
});

describe('other forms', () => {
  const rows: readonly (readonly [
    name: string,
    rows: readonly Row[],
    options: Partial<ReportOptions>,
    text: string,
  ])[] = [
    [
      'JSON: an object a line, keys in the order of the columns, lists and booleans as such',
      [
        { ...back, Surplus: 'not a column' },
        { Services: ['a'], Internal: false, Network: 'n', Key: 'k' },
      ],
      { format: 'json' },
      '{"Network":"shop_back","Key":"","Internal":true,"Services":[]}\n{"Network":"n","Key":"k","Internal":false,"Services":["a"]}\n',
    ],
    ['JSON of nothing is nothing', [], { format: 'json' }, ''],
    ['a template for nothing prints nothing', [], { format: '{{.Network}}' }, ''],
    [
      'a template: a line a row, lists as Go prints them',
      [front, back],
      { format: '{{.Key}}\\t{{.Services}}' },
      'front\t[api web]\n\t[]\n',
    ],
    [
      'a template gets names and lists untouched',
      [crowded],
      { format: '{{join .Services "\\n"}}' },
      `${crowded.Services.join('\n')}\n`,
    ],
    [
      '{{json .}} is what json is',
      [back],
      { format: '{{json .}}' },
      '{"Network":"shop_back","Key":"","Internal":true,"Services":[]}\n',
    ],
    ['--quiet: the first column', [front, back], { quiet: true }, 'shop_front\nshop_back\n'],
    ['--quiet wins over --format, as in docker ps', [front], { quiet: true, format: 'json' }, 'shop_front\n'],
    ['--quiet: a name stays on its line', [hostile], { quiet: true }, `${String.raw`a\tb\n\u001b[31mc?`}\n`],
    ['--quiet of nothing is nothing', [], { quiet: true }, ''],
  ];
  for (const [name, given, options, text] of rows) test(name, () => assert.equal(print(columns, given, options), text));
});

describe('a bad template is said with its place in what was written', () => {
  const known = 'columns: Network, Key, Internal, Services';
  const rows: readonly (readonly [format: string, position: number, reason: string])[] = [
    ['{{.Nam}}', 2, `no column "Nam"; ${known}`],
    ['table {{.Network}}\\t{{.Nam}}', 22, `no column "Nam"; ${known}`],
    ['table  \\t\\t\\n {{foo}}', 16, 'function "foo" is not defined'],
    ['\\n\\n\\n\\n\\n\\n{{foo}}\\n\\n', 14, 'function "foo" is not defined'],
    ['  {{.Key', 2, 'unclosed action'],
    ['{{join .Network ","}}', 2, 'join: argument 1 must be list, but is text'],
  ];
  for (const [format, position, reason] of rows) {
    test(format, () =>
      assert.deepEqual(formatReport(columns, [front], { ...plain, format }, stringWidth), {
        ok: false,
        failure: { kind: 'template-invalid', template: format, position, reason },
      }),
    );
  }

  test('it must be told on one line, with what there is', () => {
    assert.equal(
      print(columns, [], { format: 'table\\t{{.Nam}}\n' }),
      `netexec: invalid --format "table\\t{{.Nam}}\\n": character 10: no column "Nam"; ${known}\nhint: see docker netexec --help\n`,
    );
  });
});

test('a table of any names must have a line for each, of harmless characters, under columns that stand where the heading is', () => {
  const text = fc.string({ unit: 'binary' });
  const anyRow = fc.record({ Network: text, Key: text, Internal: fc.boolean(), Services: fc.array(text) });
  fc.assert(
    fc.property(fc.array(anyRow), fc.boolean(), (rows, noTrunc) => {
      const lines = print(columns, rows, { noTrunc }).split('\n');
      assert.equal(lines.length, rows.length + 2);
      // oxlint-disable-next-line no-control-regex
      for (const line of lines) assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f]/);
      assert.match(lines[0] ?? '', /^NETWORK {3,}KEY {3,}INTERNAL {3}SERVICES$/);
    }),
  );
});
