// Which of netexec's own containers are left behind: those of others, here or on another machine, must stay.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hasEndedBefore, isForgotten } from '../../../../src/core/engine/supervisor.ts';

describe('a container must be removed where its netexec has ended, and no other', () => {
  const startOf = (pid: string): string | undefined => (pid === '7' ? '100' : undefined);
  const rows: readonly (readonly [label: string, state: string, age: number, removed: boolean])[] = [
    ['7 100 boot pid:[1]', 'running', 900, false],
    ['7 100 boot pid:[1]', 'created', 900, false],
    ['7 99 boot pid:[1]', 'running', 1, true],
    ['8 100 boot pid:[1]', 'created', 1, true],
    // In a process namespace that is not seen from here.
    ['8 100 boot pid:[2]', 'running', 900, false],
    ['8 100 boot pid:[2]', 'created', 61, true],
    ['8 100 boot pid:[2]', 'created', 59, false],
    // On another machine, whose netexec has the same engine, or before this one was started anew.
    ['8 100 other pid:[1]', 'running', 900, false],
    ['8 100 other pid:[1]', 'paused', 900, false],
    ['7 100 other pid:[1]', 'created', 59, false],
    ['7 100 other pid:[1]', 'created', 61, true],
    ['7 100 other pid:[1]', 'exited', 61, true],
    // Of a version before these, or of whoever makes images.
    ['8 100', 'running', 900, false],
    ['', 'running', 900, false],
  ];
  for (const [label, state, created, removed] of rows)
    test(`${JSON.stringify(label)}, ${state} for ${created} s: ${removed ? 'removed' : 'left'}`, () =>
      assert.equal(
        isForgotten(
          { id: '', label, state, created: 1000 - created },
          1000,
          { boot: 'boot', namespace: 'pid:[1]' },
          startOf,
        ),
        removed,
      ));
});

describe('a netexec must be known to have ended by its number, or by a start of this machine that is over', () => {
  const startOf = (pid: string): string | undefined => (pid === '7' ? '100' : undefined);
  const here = { boot: 'boot', namespace: 'pid:[1]' };
  const rows: readonly (readonly [label: string, created: number, since: number | undefined, ended: boolean])[] = [
    ['7 100 boot pid:[1]', 900, 500, false],
    ['7 99 boot pid:[1]', 900, 500, true],
    ['8 100 boot pid:[2]', 900, 500, false],
    ['7 100 other pid:[1]', 400, 500, true],
    // Another machine's, which has the same engine.
    ['7 100 other pid:[1]', 900, 500, false],
    ['7 100 other pid:[1]', 400, undefined, false],
    ['7 99 boot pid:[1]', 900, undefined, true],
    ['7 100 other pid:[1]', Infinity, 500, false],
  ];
  for (const [supervisor, created, since, ended] of rows)
    test(`${supervisor}, made at ${created}, this machine ${since === undefined ? 'is not the engine\u2019s' : `started at ${since}`}: ${ended}`, () =>
      assert.equal(hasEndedBefore({ supervisor, created }, since, here, startOf), ended));
});
