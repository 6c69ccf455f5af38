// The help text: what it must say, and its shape.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helpText } from '../../../../src/core/arguments/help-text.ts';
import { goldens } from '../../../goldens.ts';

goldens('help-text', { 'help.txt': () => helpText });

const lines = helpText.trimEnd().split('\n');

test('help must speak of the variables that stand for options', () => {
  assert.deepEqual(helpText.match(/\bNETEXEC_[A-Z_]+\b/g)?.toSorted(), ['NETEXEC_ELEVATE', 'NETEXEC_PROVIDER']);
});

test('help must fit 80 columns, and stay half as long as that of docker run', () => {
  for (const line of lines) assert.ok(line.length <= 80, line);
  assert.ok(lines.length <= 84, `${lines.length} lines`);
});
