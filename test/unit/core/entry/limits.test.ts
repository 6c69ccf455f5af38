// The limits of a process, read from what the kernel writes of them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readLimits } from '../../../../src/core/entry/limits.ts';

const text = `Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max core file size        0                    unlimited            bytes
Max open files            1048576              1048576              files
Max realtime timeout      unlimited            unlimited            us
Max something new         1                    2                    things
`;

test('each is known by the name that prlimit has for it', () => {
  assert.deepEqual(readLimits(text, undefined), [
    { name: 'cpu', soft: 'unlimited', hard: 'unlimited' },
    { name: 'core', soft: '0', hard: 'unlimited' },
    { name: 'nofile', soft: '1048576', hard: '1048576' },
    { name: 'rttime', soft: 'unlimited', hard: 'unlimited' },
  ]);
});

test("the soft limit of open files is the caller's, not the one that Node has made of it", () => {
  assert.deepEqual(readLimits(text, '1024')[2], { name: 'nofile', soft: '1024', hard: '1048576' });
});

test("of this machine's kernel each is known", () => {
  const own = readLimits(readFileSync('/proc/self/limits', 'utf8'), undefined);
  assert.deepEqual(own.length, 15);
  for (const { soft, hard } of own) assert.match(`${soft} ${hard}`, /^(\d+|unlimited) (\d+|unlimited)$/);
});
