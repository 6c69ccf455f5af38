// The far end's output: into a pipe whose reader takes little at a time, and into what is no pipe.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, read, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openPipe } from '../../../../src/shell/process/libc.ts';
import { openFarOutput } from '../../../../src/shell/relay/far-output.ts';

const readSome = promisify(read);
const bytes = randomBytes(3_000_000);

/** As many pieces as writev(2) takes at once, and more, and long ones behind them. */
const pieces = [
  ...Array.from({ length: 1500 }, (_, index) => bytes.subarray(index * 10, (index + 1) * 10)),
  bytes.subarray(15_000, 1_000_000),
  bytes.subarray(1_000_000),
];

test('a reader that takes 4 KiB now and then must get all of it, in order', async () => {
  const { from, into } = openPipe();
  const output = openFarOutput(into);
  output.cork();
  for (const piece of pieces) output.write(piece);
  output.uncork();
  output.end();
  const taken: Buffer[] = [];
  for (let length = 0, turn = 0; length < bytes.length; turn += 1) {
    const { buffer, bytesRead } = await readSome(from, Buffer.alloc(4096), 0, 4096, null);
    taken.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
    if (turn % 128 === 0) await pause(20);
  }
  await finished(output);
  assert.ok(Buffer.concat(taken).equals(bytes));
  for (const each of [from, into]) closeSync(each);
});

test('a reader that is gone must be told', async () => {
  const { from, into } = openPipe();
  closeSync(from);
  const output = openFarOutput(into);
  output.write(bytes);
  await assert.rejects(finished(output), { code: 'EPIPE' });
  closeSync(into);
});

test('what is no pipe must get all of it, too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'netexec-test-'));
  const file = openSync(join(folder, 'file'), 'w');
  const output = openFarOutput(file);
  for (const piece of pieces) output.write(piece);
  output.end();
  await finished(output);
  closeSync(file);
  assert.ok(readFileSync(join(folder, 'file')).equals(bytes));
  rmSync(folder, { recursive: true });
});
