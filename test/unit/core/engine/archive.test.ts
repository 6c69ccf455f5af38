// Archives that netexec makes: whether tar reads them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { tarEnd, tarHead, tarPadding } from '../../../../src/core/engine/archive.ts';

test('the archive must be one that tar reads', () => {
  const long = `${'folder/'.repeat(20)}file`;
  const archive = ['one', long].flatMap((name) => [tarHead(name, 3), Buffer.from('abc'), tarPadding(3)]);
  const input = Buffer.concat([...archive, tarEnd]);
  assert.equal(execFileSync('tar', ['-t'], { input, encoding: 'utf8' }), `one\n${long}\n`);
  assert.equal(execFileSync('tar', ['-xO', long], { input, encoding: 'utf8' }), 'abc');
});
