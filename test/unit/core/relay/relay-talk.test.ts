// What the two ends of a relay tell each other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeRelayWord } from '../../../../src/core/relay/relay-talk.ts';

test('what the inner end says is taken for no more than it is', () => {
  assert.equal(decodeRelayWord({ kind: 'ready', leadsTo: [0] }).ok, true);
  assert.equal(decodeRelayWord({ kind: 'failed', port: 80, error: 'E' }).ok, true);
  assert.equal(decodeRelayWord({ kind: 'unable', error: 'E' }).ok, true);
  for (const word of [undefined, null, 'ready', {}, { kind: 'failed' }, { kind: 'failed', port: 0.5, error: 'E' }])
    assert.equal(decodeRelayWord(word).ok, false);
});
