// The help text is written by hand: it must say what the option table says, on one screen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elevations, resolvers } from '../../src/core/arguments/argv.ts';
import { helpText, usageLine } from '../../src/core/arguments/help.ts';
import { netexecOptions } from '../../src/core/arguments/options.ts';

const lines = helpText.trimEnd().split('\n');

/** The options as help shows them: `-p, --project-name NAME`. */
const shown = lines.flatMap((line) => /^ {2}((?:-\w, | {4})--\S+(?: \S+)?)(?: {2,}\S|$)/.exec(line)?.[1]?.trim() ?? []);

const declared = netexecOptions.map(({ name, short, value }) =>
  [short === undefined ? '' : `-${short}, `, `--${name}`, value === undefined ? '' : ` ${value}`].join(''),
);

test('every option must stand in the help text, and every option of the help text must exist', () => {
  assert.deepEqual(shown.toSorted(), declared.toSorted());
});

test('every option must stand at the beginning of a line', () => {
  const mentioned = [...helpText.matchAll(/^\s+(?:-\w, )?--([a-z-]+)/gm)].map(([, name = '']) => name);
  assert.deepEqual(mentioned.toSorted(), netexecOptions.map(({ name }) => name).toSorted());
});

test('an option of few choices must name them all', () => {
  const value = (name: string): string | undefined => netexecOptions.find((option) => option.name === name)?.value;
  assert.equal(value('resolver'), resolvers.join('|'));
  assert.equal(value('elevate'), elevations.join('|'));
});

test('help must speak of the variables that stand for options', () => {
  assert.deepEqual(helpText.match(/\bNETEXEC_[A-Z_]+\b/g)?.toSorted(), ['NETEXEC_ELEVATE', 'NETEXEC_PROVIDER']);
});

test('help must fit a small screen', () => {
  for (const line of lines) assert.ok(line.length <= 80, line);
  assert.ok(lines.length <= 58, `${lines.length} lines`);
});

test("help must begin with the usage, as docker's does", () => {
  assert.equal(lines[0], `Usage:  ${usageLine}`);
});
