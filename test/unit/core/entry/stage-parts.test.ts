// The parts of the text that enters as root: no plan sends more than it needs, and each part has all that it uses.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { shellText } from '../../../../scripts/build.d/shell-text.ts';
import type { EntryPlan } from '../../../../src/core/entry/plan.ts';
import { planStage, stageParts } from '../../../../src/core/entry/stage-parts.ts';
import type { StagePart } from '../../../../src/core/entry/stage-parts.ts';
import { goldens } from '../../../goldens.ts';
import { lifelinesOf, plans } from './entry-plans.ts';

const folder = join(import.meta.dirname, '../../../../src/shell/enter/stage');
const fileOf = (part: StagePart): string => join(folder, `${part}.sh`);
const sourceOf = (part: StagePart): string => readFileSync(fileOf(part), 'utf8');
const textOf = (part: StagePart): string => shellText(fileOf(part));
const further = { reader: 'READER', guard: 'GUARD', waiter: 'WAITER', interceptor: 'INTERCEPTOR' };
const stageOf = (plan: EntryPlan) => planStage(plan, lifelinesOf(plan), further);

const names = (pattern: RegExp, text: string): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, name = '']) => name)),
];
const used = (text: string): readonly string[] => names(/\$\{?#?netexec_(\w+)/g, text);
const set = (text: string): readonly string[] =>
  names(/(?:(?<![$\w{#])|\bread -r )netexec_(\w+)(?:=| in |;? <|; do)/g, text);
const defined = (text: string): readonly string[] => names(/^(\w+)\(\) \{/gm, text);

const stages = Object.entries(plans).map(([name, make]) => {
  const plan = make();
  return { name, supervisor: lifelinesOf(plan).supervisor, ...stageOf(plan) };
});

describe('a part', () => {
  test('must be a file, and each file be a part', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.sh'));
    assert.deepEqual(files.toSorted(), stageParts.map((part) => `${part}.sh`).toSorted());
  });

  for (const part of stageParts) {
    test(`must say what it is for, and be needed by some plan: ${part}`, () => {
      assert.match(sourceOf(part), /^# [A-Z-].*[.:]\n/);
      assert.ok(stages.some(({ parts }) => parts.includes(part)));
    });
  }
});

test("what a run of root's needs without --pid, --intercept and a tunnel must be among the texts that are loaded with it", () => {
  const loaded = names(/'\.\/stage\/([\w-]+)\.sh'/g, readFileSync(join(folder, '../stage-texts.ts'), 'utf8'));
  const needed = stages.filter(
    ({ parts }) => !['held', 'release', 'wait', 'intercept', 'near'].some((each) => parts.includes(each as StagePart)),
  );
  assert.deepEqual([...new Set(needed.flatMap(({ parts }) => parts))].toSorted(), loaded.toSorted());
});

/** Of all parts: what netexec tells is not theirs to set, it is read-only. */
const ownNames = new Set(stageParts.flatMap((part) => set(textOf(part))));

describe('whatever the plan is, the stage', () => {
  const either: readonly (readonly StagePart[])[] = [
    ['hold', 'held', 'view-host', 'near'],
    ['tell', 'tell-file', 'wait'],
    ['drop', 'keep'],
  ];
  for (const { name, supervisor, parts, told } of stages) {
    test(`must hold the container, tell that COMMAND starts, and settle its user, each once: ${name}`, () => {
      for (const choice of either)
        assert.equal(parts.filter((part) => choice.includes(part)).length, 1, choice.join(', '));
      assert.deepEqual([parts[0], parts.at(-1)], ['start', 'become']);
    });

    const text = parts.map(textOf).join('');
    const values = new Map(told.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));

    test(`must be told all that it uses, and no more: ${name}`, () => {
      assert.deepEqual(
        [...values.keys()].toSorted(),
        used(text)
          .filter((each) => !ownNames.has(each))
          .toSorted(),
      );
    });

    test(`must open nothing by netexec's number before netexec is known to be its parent: ${name}`, () => {
      const byNumber = [...values].filter(([, value]) => value.startsWith(`/proc/${supervisor}/`)).map(([key]) => key);
      const isBy = (part: StagePart): boolean => used(textOf(part)).some((key) => byNumber.includes(key));
      const known = parts.indexOf('child');
      assert.deepEqual(
        parts.filter((part, index) => isBy(part) && (known === -1 || index < known)),
        [],
      );
    });

    test(`must set all else that it uses, in an earlier part or the same: ${name}`, () => {
      const known = new Set<string>();
      for (const part of parts) {
        for (const each of set(textOf(part))) known.add(each);
        for (const each of used(textOf(part))) assert.ok(known.has(each) || values.has(each), `${part}: ${each}`);
      }
    });

    test(`must have each function that it comes to: ${name}`, () => {
      for (const each of stageParts.flatMap((part) => defined(textOf(part)))) {
        for (const [, flag] of text.matchAll(
          new RegExp(`^ *(?:\\[ -z "\\$netexec_(\\w+)" \\] \\|\\| )?${each}\\b(?!\\()`, 'gm'),
        ))
          assert.equal(defined(text).includes(each), flag === undefined || values.get(flag) !== '', each);
      }
    });
  }
});

test('what a run of root enters with must be a text that is read in five minutes', () => {
  const { parts } = stageOf(plans['root']!());
  const lines = parts.flatMap((part) => sourceOf(part).trimEnd().split('\n'));
  assert.ok(lines.length <= 127, `${lines.length} lines: ${parts.join(' ')}`);
});

goldens('stage-parts', {
  'root.txt': () => stageOf(plans['root']!()).parts.map(textOf).join(''),
});
