// Each place of the sources that goes by a process's number is in docs/security.md, with what holds the process.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Opens or reads of a process by its number, compares one, or signals one. */
const uses = [/\/proc\/\$/, /\b(holdingProcess|holdingParent|startTime|isEnding)\(/, /\$PPID\b/, /process\.kill\(/];
const usesOfShell = [...uses, /(?<![\w-])kill -/];
const isComment = /^\s*(#|\/\/|\/?\*)/;

function goesByNumber(file: string): boolean {
  const lines = read(file)
    .split('\n')
    .filter((line) => !isComment.test(line));
  return (file.endsWith('.sh') ? usesOfShell : uses).some((use) => lines.some((line) => use.test(line)));
}

/** Where that is no use of a number that was learned. */
const otherwise: Readonly<Record<string, string>> = {
  'src/core/entry/describe-plan.ts': '--dry-run shows the path',
  'src/core/entry/processes.ts': 'a note to the caller shows the path',
  'src/shell/enter/stops.ts': "it is netexec's own",
};

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|sh)$/.test(name))
  .map((name) => `src/${name}`);

test('docs/security.md must name each file that goes by the number of a process, and no other', () => {
  const [, section = ''] = /^## What holds a process\n([^]*?)^## /m.exec(read('docs/security.md')) ?? [];
  const named = [...section.matchAll(/\]\(\.\.\/(src\/[^)#]+)\)/g)].map(([, file = '']) => file);
  const found = sources.filter(goesByNumber);
  assert.ok(found.length > 20);
  assert.deepEqual(found.filter((file) => !(file in otherwise)).toSorted(), [...new Set(named)].toSorted());
  for (const file of Object.keys(otherwise)) assert.ok(found.includes(file), file);
});
