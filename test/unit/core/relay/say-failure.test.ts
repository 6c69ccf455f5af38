// Which failures of connections are said, and how often.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sayFailure } from '../../../../src/core/relay/listener-text.ts';
import type { Listener } from '../../../../src/core/relay/relay-listeners.ts';

const listeners: readonly Listener[] = [
  { kind: 'forward', address: undefined, local: 5432, host: 'postgres', port: 5432 },
  { kind: 'proxy', address: undefined, local: 1080 },
];

test('where a --forward leads it is said always, and of a proxy no more than twenty times', () => {
  let asked = 0;
  const say = (port: number): readonly string[] => {
    const said = sayFailure(listeners, asked, { host: 'postgres', port }, `line ${port}`);
    ({ asked } = said);
    return said.lines;
  };
  for (let port = 1; port < 20; port += 1) assert.deepEqual(say(port), [`line ${port}`]);
  assert.deepEqual(say(5432), ['line 5432']);
  assert.deepEqual(say(20), ['line 20', 'further failures of the clients of the proxy are told to them alone']);
  assert.deepEqual([say(21), say(22)], [[], []]);
  assert.deepEqual(say(5432), ['line 5432']);
});
