// Which signals a process ignores, and which of them its caller has set to be ignored.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callersOf, ignoredBy } from '../../../../src/core/entry/ignored-signals.ts';

test('the mask of /proc/PID/stat is read behind the name, whatever that is', () => {
  const stat = (mask: number): string => `1 (a) b (c) S ${'0 '.repeat(29)}${mask} 0 0`;
  assert.deepEqual(ignoredBy(stat(0)), []);
  assert.deepEqual(ignoredBy(stat(0b100_0000_0000_0101)), [1, 3, 15]);
});

test("the runtime's own are the caller's only where the shell in front ignored them, and its own are nobody's", () => {
  assert.deepEqual(callersOf([1, 13, 25], undefined), [1]);
  assert.deepEqual(callersOf([1, 13, 25], []), [1]);
  assert.deepEqual(callersOf([1, 13, 25], [1, 13]), [1, 13]);
  // bash ignores SIGQUIT, and handles SIGCHLD.
  assert.deepEqual(callersOf([13, 25], [3]), []);
  assert.deepEqual(callersOf([3, 17, 13, 25], [3, 17]), [3, 17]);
});
