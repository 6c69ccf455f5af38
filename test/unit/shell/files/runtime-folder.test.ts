// Runs that start at the same time make the same folders: each must find them made, whoever was first.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';
import { writeAliasFiles } from '../../../../src/shell/files/runtime-folder.ts';

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'netexec-folders-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const rounds = 200;
const runs = 4;

// They wait for each other before every round, so that all make the folders of that round at once.
const run = `
  const { workerData, parentPort } = require('node:worker_threads');
  const { join } = require('node:path');
  import(workerData.module).then(({ writeAliasFiles }) => {
    const arrived = new Int32Array(workerData.arrived);
    const failures = [];
    for (let round = 0; round < ${rounds}; round++) {
      Atomics.add(arrived, 0, 1);
      while (Atomics.load(arrived, 0) < (round + 1) * ${runs});
      const folder = join(workerData.folder, String(round), 'home/.local/state/docker-netexec');
      // Each its own file: runs tell theirs apart by their process, and these are one.
      const file = join(folder, 'shop', workerData.name);
      try {
        const failure = writeAliasFiles({ folder, files: [{ file, text: 'db db.shop_default\\n', networks: [] }] });
        if (failure !== undefined) failures.push(failure);
      } catch (error) {
        failures.push(String(error));
      }
    }
    parentPort.postMessage(failures);
  });
`;

test('the folders of the HOSTALIASES files must be made by whoever is first', async (t) => {
  const folder = makeFolder(t);
  const arrived = new SharedArrayBuffer(4);
  const module = join(import.meta.dirname, '../../../../src/shell/files/runtime-folder.ts');
  const workers = Array.from(
    { length: runs },
    (_, number) => new Worker(run, { eval: true, workerData: { folder, arrived, module, name: `${number}` } }),
  );
  const failures = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0] as unknown[]));
  assert.deepEqual(failures.flat(), []);
});

describe('a file that is there already', () => {
  const text = 'db db.shop_default\n';
  const rows: readonly (readonly [name: string, stays: boolean, change: (file: string) => void])[] = [
    ['and says the same must be left as it is', true, () => {}],
    ['and says less must be replaced', false, (file) => writeFileSync(file, '')],
    ['and that others may read must be replaced', false, (file) => chmodSync(file, 0o644)],
    ['under another name as well must be replaced', false, (file) => linkSync(file, `${file}.other`)],
    [
      'but elsewhere, behind a link, must be replaced',
      false,
      (file) => {
        renameSync(file, `${file}.other`);
        symlinkSync(`${file}.other`, file);
      },
    ],
  ];
  for (const [name, stays, change] of rows) {
    test(name, (t) => {
      const folder = join(makeFolder(t), 'docker-netexec');
      const file = join(folder, 'shop', 'shop_default.hostaliases');
      const write = (): unknown => writeAliasFiles({ folder, files: [{ file, text, networks: [] }] });
      assert.equal(write(), undefined);
      change(file);
      const { ino } = lstatSync(file);
      assert.equal(write(), undefined);
      const after = lstatSync(file);
      assert.equal(after.ino === ino, stays);
      assert.deepEqual([readFileSync(file, 'utf8'), after.mode & 0o777, after.isFile()], [text, 0o600, true]);
    });
  }
});
