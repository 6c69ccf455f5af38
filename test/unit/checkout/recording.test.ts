// The recordings that the README shows: pictures that any browser draws, of the commands that were typed, and of nothing else.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { lineOf, prompt, recordings, size } from '../../../scripts/recording.d/screens.ts';

const root = join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Of a text between tags, what is shown. */
const decoded = (text: string): string =>
  text
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/&(lt|gt|quot|apos);/g, (_, name: string) => ({ lt: '<', gt: '>', quot: '"', apos: "'" })[name] ?? '')
    .replaceAll('&amp;', '&');

for (const [picture, screens] of Object.entries(recordings)) {
  describe(picture, () => {
    const svg = read(`docs/demo/${picture}.svg`);
    const typed = screens.flat().map(lineOf);

    /** Each line that is on the screen at some time, once: termtosvg draws a line once, and uses it in many frames. */
    const lines = [...svg.matchAll(/<g id="g\d+">(.*?)<\/g>/gs)].map(([, line = '']) =>
      decoded([...line.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text).join('')).trimEnd(),
    );

    test('it must be well-formed', () => {
      const open: string[] = [];
      const markup = svg.replaceAll(/<!\[CDATA\[[^]*?\]\]>/g, '');
      const tag = /<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g;
      for (const [, closes, name = '', , empty] of markup.matchAll(tag)) {
        if (closes === '/') assert.equal(open.pop(), name);
        else if (empty === '') open.push(name);
      }
      assert.deepEqual(open, []);
      const rest = markup.replaceAll(tag, '');
      assert.doesNotMatch(rest, /[<>]/);
      assert.doesNotMatch(markup, /&(?!(?:#\d+|lt|gt|amp|quot|apos);)/);
    });

    test('it must be small, and need nothing from elsewhere', () => {
      assert.ok(svg.length < 150_000, `${svg.length} characters`);
      assert.doesNotMatch(svg, /<script|<foreignObject|<image|<a\b|\son\w+=|javascript:|@import|@font-face|url\(/i);
      for (const [, target] of svg.matchAll(/href="([^"]*)"/g)) assert.match(target ?? '', /^#g\d+$/);
      const withoutText = svg.replaceAll(/>[^<]*<\/text>/g, '');
      const addresses = new Set(withoutText.match(/\w+:\/\/[^"<\s]*/g));
      for (const address of addresses)
        assert.match(address, /^http:\/\/www\.w3\.org\/|^https:\/\/github\.com\/nbedos\/termtosvg$/);
    });

    test('each command in it must be one that was typed, and each that was typed be in it', () => {
      assert.ok(lines.length > 30);
      const commands = lines.flatMap((line) => (line.startsWith(prompt) ? line.slice(prompt.length + 1) : []));
      for (const command of commands.filter((line) => !line.startsWith('netexec: ')))
        assert.ok(
          typed.some((line) => line.startsWith(command)),
          command,
        );
      for (const line of typed) assert.ok(commands.includes(line), line);
    });

    test('it must show no path of a machine, and no line that was cut', () => {
      for (const line of lines) {
        assert.doesNotMatch(line, /(?:^|[\s"'=(])\/\w|\b(?:localhost|root|home)\b/);
        assert.ok(line.length < size.columns, line);
      }
    });

    test('it must go on for as long as one likes to look, and begin again', () => {
      const [, duration] = /--animation-duration: (\d+)ms/.exec(svg) ?? [];
      assert.ok(Number(duration) >= 15_000 && Number(duration) <= 28_000, duration);
      assert.match(svg, /animation-iteration-count: ?infinite/);
    });
  });
}

describe('README must show it, and say in words what it shows', () => {
  const rows = {
    recording: ['--list-networks', '-- psql', 'copy_rows.py', 'https://web:8080', 'exit status', '--check', 'cause'],
    'stand-in': ['--stand-in --replace web', 'web.py', 'http://web:8080', 'kill %1'],
  } as const;
  for (const [name, words] of Object.entries(rows)) {
    test(name, () => {
      const alt = new RegExp(`^!\\[(.*)\\]\\(docs/demo/${name}\\.svg\\)$`, 'm').exec(read('README.md'))?.[1] ?? '';
      for (const word of words) assert.ok(alt.includes(word), word);
    });
  }
});
