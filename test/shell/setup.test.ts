// The checkout's packages, installed by an npm whose Node may be older than they want.
import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makePlace, run, systemPath } from './place.ts';
import type { Place } from './place.ts';

// It empties node_modules first, and what it runs with is written down: as npm does it, and the Node that came is there after.
const npm = `#!/bin/sh
printf '%s of %s\\n' "$1" "$(node --version)" >>npm.log
rm -rf node_modules
mkdir -p node_modules/node/bin
printf '#!/bin/sh\\necho v24.21.0\\n' >node_modules/node/bin/node
chmod +x node_modules/node/bin/node
`;

function makeCheckout(place: Place, version: string): void {
  cpSync(join(import.meta.dirname, '../../scripts/setup'), join(place.folder, 'scripts/setup'));
  place.write('package-lock.json', '{}\n');
  for (const [name, text] of [
    ['npm', npm],
    ['node', `#!/bin/sh\necho ${version}\n`],
  ] as const)
    chmodSync(place.write(`bin/${name}`, text), 0o755);
  place.env = { ...place.env, PATH: `${join(place.folder, 'bin')}:${systemPath}` };
}

const runs = {
  'v18.20.4': ['ci of v18.20.4', 'ci of v24.21.0'],
  'v20.20.2': ['ci of v20.20.2', 'ci of v24.21.0'],
  'v22.9.0': ['ci of v22.9.0', 'ci of v24.21.0'],
  'v22.18.0': ['ci of v22.18.0'],
  'v26.0.0': ['ci of v26.0.0'],
};

for (const [version, expected] of Object.entries(runs))
  test(`the packages must be installed by a Node that all of them take, where the machine has ${version}`, async (t) => {
    const place = makePlace(t);
    makeCheckout(place, version);
    const outcome = await run(place, [join(place.folder, 'scripts/setup')]);
    assert.deepEqual([outcome.status, outcome.stdout], [0, '']);
    assert.deepEqual(readFileSync(join(place.folder, 'npm.log'), 'utf8').trim().split('\n'), expected);
    assert.ok(existsSync(join(place.folder, 'node_modules/node/bin/node')));
    await run(place, [join(place.folder, 'scripts/setup')]);
    const { length } = readFileSync(join(place.folder, 'npm.log'), 'utf8').trim().split('\n');
    assert.equal(length, expected.length, 'it must do nothing twice');
  });
