// A stream into a descriptor: all of what is written comes, in order, however slowly it is read.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openOutput } from '../../../../src/shell/enter/open-output.ts';

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

test('a pipe that does not wait, and is read slowly, must get all pieces in order', async () => {
  using pipe = openPipe();
  const output = openOutput(pipe.writing);
  // More of them than one call of the kernel's takes, and some larger than a pipe; the first is under way when they come.
  const pieces = Array.from({ length: 3000 }, (_, index) =>
    Buffer.alloc(index % 500 === 499 ? 100_000 : index % 90, `${index} `),
  );
  for (const piece of pieces) output.write(piece);
  const written = new Promise<void>((resolve) => output.end(resolve));
  const whole = Buffer.concat(pieces);
  const found: Buffer[] = [];
  const buffer = Buffer.alloc(50_000);
  for (let length = 0; length < whole.length;) {
    await pause(1);
    const bytes = readNow(pipe.reading, buffer);
    length += bytes;
    found.push(Buffer.from(buffer.subarray(0, bytes)));
  }
  assert.ok(Buffer.concat(found).equals(whole));
  await written;
});

test('that nobody reads any more must be told', async () => {
  using pipe = openPipe();
  pipe.stopReading();
  const output = openOutput(pipe.writing);
  const failed = new Promise<NodeJS.ErrnoException>((resolve) => output.once('error', resolve));
  output.write('x');
  assert.equal((await failed).code, 'EPIPE');
});

function openPipe() {
  const folder = mkdtempSync(join(tmpdir(), 'netexec-unit-'));
  const name = join(folder, 'pipe');
  execFileSync('mkfifo', [name]);
  const reading = openSync(name, O_RDONLY | O_NONBLOCK);
  const writing = openSync(name, O_WRONLY | O_NONBLOCK);
  let reads = true;
  const stopReading = (): void => {
    if (reads) closeSync(reading);
    reads = false;
  };
  return {
    reading,
    writing,
    stopReading,
    [Symbol.dispose]: () => {
      stopReading();
      closeSync(writing);
      rmSync(folder, { recursive: true });
    },
  };
}

/** @returns how many bytes; none where none are there */
function readNow(descriptor: number, buffer: Buffer): number {
  try {
    return readSync(descriptor, buffer);
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'EAGAIN');
    return 0;
  }
}
