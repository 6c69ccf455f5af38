// docs/life-of-a-run.md draws the states of a run and what leads from one to another: all that the code has, and no more.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fail, success } from '../../../../src/core/failure/failure.ts';
import { begin, next } from '../../../../src/core/entry/lifecycle.ts';
import type { State } from '../../../../src/core/entry/lifecycle.ts';
import type { OnContainerEnd } from '../../../../src/core/entry/container-end.ts';
import { root } from '../../../documents.ts';
import { denied, manyEvents, plans, restarting } from './lives.ts';

const modes: readonly OnContainerEnd[] = ['ignore', 'warn', 'restart', 'stop', 'end', 'wait'];
const firsts = [...Object.values(plans).map(success), fail(denied), fail(restarting)];

/** As they are drawn: `running --> ended: entry ended`. */
function transitions(): ReadonlySet<string> {
  const found = new Set(['ended --> [*]']);
  const seen = new Set<string>();
  let states: readonly State[] = firsts.flatMap((first) => modes.map((mode) => begin(first, mode).state));
  for (const { kind } of states) found.add(`[*] --> ${kind}`);
  // A state is of another kind five events later at the most; what else is in it goes on growing.
  for (let depth = 0; depth < 5; depth++) {
    const reached = states.flatMap((from) =>
      manyEvents.map((event) => {
        const { state } = next(from, event);
        if (state.kind !== from.kind) found.add(`${from.kind} --> ${state.kind}: ${event.kind}`);
        return state;
      }),
    );
    states = reached.filter((state) => {
      const text = JSON.stringify(state);
      return !seen.has(text) && seen.add(text);
    });
  }
  return new Set([...found].map((line) => line.replaceAll(/(?<=\w)-(?=\w)/g, ' ')));
}

/** One line may have several events: `a --> b: this, that`; what is known where a run begins is none. */
function drawn(): ReadonlySet<string> {
  const page = readFileSync(join(root, 'docs/life-of-a-run.md'), 'utf8');
  const drawing = /^```mermaid\nstateDiagram-v2\n([^`]*)^```$/m.exec(page)?.[1] ?? '';
  const called = new Map([...drawing.matchAll(/state "([^"]+)" as (\w+)/g)].map(([, name, id]) => [id, name]));
  const lines = [...drawing.matchAll(/^ +(\S+) --> (\w+|\[\*\])(?:: (.*))?$/gm)];
  return new Set(
    lines.flatMap(([, from = '', to = '', events = '']) => {
      const line = `${called.get(from) ?? from} --> ${called.get(to) ?? to}`;
      return from === '[*]' || to === '[*]' ? [line] : events.split(', ').map((event) => `${line}: ${event}`);
    }),
  );
}

test('the drawing must have every transition of the code, and no other', () => {
  assert.deepEqual([...drawn()].toSorted(), [...transitions()].toSorted());
});
