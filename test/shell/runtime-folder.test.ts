// Runs that start at the same time make the same folders: each must find them made, whoever was first.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { removeFolder, temporaryFolder } from './place.ts';

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
  const folder = temporaryFolder();
  t.after(() => removeFolder(folder));
  const arrived = new SharedArrayBuffer(4);
  const module = join(import.meta.dirname, '../../src/shell/runtime-folder.ts');
  const workers = Array.from(
    { length: runs },
    (_, number) => new Worker(run, { eval: true, workerData: { folder, arrived, module, name: `${number}` } }),
  );
  const failures = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0] as unknown[]));
  assert.deepEqual(failures.flat(), []);
});
