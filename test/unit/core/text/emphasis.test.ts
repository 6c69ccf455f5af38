// What stands out on a terminal: the marks and the cause, and not a character more or less is there for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdictText } from '../../../../src/core/check/check-text.ts';
import { decide } from '../../../../src/core/check/check-verdict.ts';
import { doctorText } from '../../../../src/core/doctor/doctor-text.ts';
import type { DoctorRow } from '../../../../src/core/doctor/doctor-row.ts';
import type { Paint } from '../../../../src/core/text/emphasis.ts';
import { facts, words } from '../check/check-samples.ts';
import { unpainted } from '../samples.ts';

const painted: Paint = (ink, text) => `<${ink}:${text}>`;
const standingOut = (text: string): readonly string[] => [...text.matchAll(/<\w+:([^>]*)>/g)].map(([all]) => all);
const washed = (text: string): string => text.replaceAll(/<\w+:([^>]*)>/g, '$1');

test('of a verdict', () => {
  const verdict = decide(words({ said: null, error: 'TIMEOUT' }));
  const [first, second, ...rest] = verdict.steps;
  assert.ok(first && second && verdict.cause);
  const marked = { ...verdict, steps: [{ ...first, mark: 'note' } as const, second, ...rest] };
  const text = verdictText(marked, painted);
  const marks = marked.steps.map(({ mark }) => ({ good: '<good:✓>', note: '<warning:!>', bad: '<bad:✗>' })[mark]);
  assert.deepEqual(standingOut(text), [...marks, `<cause:cause: ${verdict.cause.what}>`]);
  assert.equal(washed(text), verdictText(marked, unpainted));
});

test('of a verdict without a cause', () => {
  const text = verdictText(decide(facts()), painted);
  assert.deepEqual([...new Set(standingOut(text))], ['<good:✓>']);
});

test("of the doctor's rows", () => {
  const rows = (['good', 'plain', 'warning', 'bad'] as const).map((mark): DoctorRow => ({
    area: 'tools',
    name: 'sh',
    mark,
    seen: 'there',
    hint: 'install it',
  }));
  const text = doctorText(rows, undefined, painted);
  assert.deepEqual(standingOut(text), ['<bad:✗>', '<good:✓>', '<plain:·>', '<warning:!>']);
  assert.equal(washed(text), doctorText(rows, undefined, unpainted));
});
