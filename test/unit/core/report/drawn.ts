// Reads drawings back by the grammars that they rely on, and makes maps of names that nobody would choose.
import assert from 'node:assert/strict';
import type { NetworkMap } from '../../../../src/core/report/network-map.ts';

export interface Drawn {
  /** By the node's id, its texts one below the other. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly lines: readonly (readonly [from: string, to: string, shares: boolean])[];
}

/** Words, signs and codes of either language, of HTML and of Markdown, which labels can be taken for. */
export const hostileNames: readonly string[] = [
  ['end', 'graph', 'subgraph', 'style a:b #fff;', 'click s1 "javascript:x"', 'class n1 missing', '%% a comment'],
  [
    '%%{init: {"theme":"dark"}}%%',
    '---\ntitle: x\n---',
    '"',
    '"]',
    '"];s1 -- n1',
    '#quot;',
    '#35;',
    ';',
    '|x|',
    '{{x}}',
  ],
  [
    '&amp;',
    '&#60;',
    '<b>bold</b>',
    '<br>',
    '<script>alert(1)</script>',
    '<<table/>>',
    '\\',
    '\\N',
    '\\"',
    'x\\',
    '\\l',
  ],
  [
    '`code`',
    '*star*',
    '_under_',
    '__init__',
    '~~x~~',
    '# heading',
    '- list',
    '1. list',
    '1) list',
    '> quote',
    '![i](u)',
  ],
  ['www.example.com', 'https://example.com', 'me@example.com', 'fa:fa-user', '$$x^2$$', 'a:::b', 'a--b', 'two\nlines'],
  [
    'naïve',
    '日本語',
    '🐳',
    '\u202egnp.exe',
    '\ufeffmark',
    '\u2028',
    '\u0085',
    '\0',
    '\u001b[31mred',
    '\ud800',
    '',
    ' ',
  ],
].flat();

/** Each name is a network, a service and the project, in turn. */
export function hostileMap(names: readonly string[]): NetworkMap {
  const networks = names.map((name, place) => ({
    id: `n${place + 1}`,
    texts: [name, 'internal'],
    internal: place % 2 === 0,
    made: place % 3 === 0,
  }));
  const services = names.map((name, place) => ({ id: `s${place + 1}`, name, times: (place % 2) + 1 }));
  const lines = names.map((_, place) => ({ from: `n${place + 1}`, to: `s${place + 1}`, shares: place % 2 === 0 }));
  return { project: names[0] ?? '', networks, services, lines };
}

/**
 * A flowchart: a comment is a line, a label stands between quotes, has no quote in it, and is entity codes and plain
 * text; that must not be Markdown, HTML or a directive (mermaid.js.org/syntax/flowchart.html).
 */
export function readMermaid(text: string): Drawn {
  const [comment = '', kind, ...body] = linesOf(text);
  assert.match(comment, /^%% project [^%"{}]*: docker netexec --list-networks --format mermaid$/);
  assert.equal(kind, 'flowchart LR');
  const decode = (label: string): string => {
    const plain = label.replace(/ ×\d+$/, '').replaceAll(/#\d+;/g, '\n');
    assert.doesNotMatch(plain, /["#;%&<>{}[\]()|:*`~@.$!\\]|^[-_ ]|[-_ ]$/m);
    return label.replaceAll(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  };
  return readBody(body, {
    node: /^ {2}([ns]\d+)(?:\(\["(.*)"\]\):::(?:network|internal|missing)|\["(.*)"\])$/u,
    line: /^ {2}([ns]\d+) (---|-\. same network \.-) ([ns]\d+)$/,
    other: /^ {2}classDef [a-z]+ [a-z0-9:#,-]+$/,
    texts: (label) => label.split('<br>').map(decode),
  });
}

/**
 * A string ends at a quote without a backslash; in a label a backslash stands for what follows, `\n` ends a line, and
 * HTML's entities are read (graphviz.org/docs/attr-types/escString).
 */
export function readDot(text: string): Drawn {
  const [comment = '', opening, ...body] = linesOf(text);
  assert.match(comment, /^\/\/ project /);
  assert.equal(opening, 'graph {');
  assert.equal(body.at(-1), '}');
  const string = String.raw`"((?:[^"\\]|\\.)*)"`;
  return readBody(body.slice(0, -1), {
    node: new RegExp(`^ {2}([ns]\\d+) \\[label=${string}(?:, style="[a-z,]+", [a-z0-9#"=, ]+)?\\]$`, 'iu'),
    line: /^ {2}([ns]\d+) -- ([ns]\d+)( \[style=dashed, label="same network"\])?$/,
    other: /^ {2}(?:graph|node|edge) \[[^\]]+\]$/,
    texts: (label) =>
      label.split(/(?<=^(?:[^\\]|\\.)*)\\n/u).map((line) => {
        assert.doesNotMatch(line, /&(?!amp;)/);
        return line.replaceAll(/\\(.)/gu, '$1').replaceAll('&amp;', '&');
      }),
  });
}

interface Grammar {
  readonly node: RegExp;
  readonly line: RegExp;
  readonly other: RegExp;
  readonly texts: (label: string) => readonly string[];
}

function readBody(body: readonly string[], { node, line, other, texts }: Grammar): Drawn {
  const labels: Record<string, readonly string[]> = {};
  const lines: [string, string, boolean][] = [];
  for (const each of body) {
    const [isNode, id = '', ...quoted] = node.exec(each) ?? [];
    const found = line.exec(each);
    if (isNode !== undefined) labels[id] = texts(quoted.find((label) => label !== undefined) ?? '');
    else if (found !== null) {
      const names = found.slice(1).filter((part) => /^[ns]\d+$/.test(part));
      lines.push([names[0] ?? '', names[1] ?? '', each.includes('same network')]);
    } else assert.match(each, other);
  }
  return { labels, lines };
}

function linesOf(text: string): readonly string[] {
  assert.ok(text.endsWith('\n'));
  return text.slice(0, -1).split('\n');
}
