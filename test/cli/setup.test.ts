// The checkout's packages, installed by an npm whose Node may be older than they want.
import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makePlace, run, systemPath } from './place.ts';
import type { Place } from './place.ts';

// It writes down what it runs with, and keeps V8's code where nobody tells it not to. An installation that is not the checkout's own is that of a Node.
const npm = `#!/bin/sh
echo "$1 with $(node --version)" >>npm.log
[ "$NODE_DISABLE_COMPILE_CACHE" = 1 ] || mkdir "$TMPDIR/node-compile-cache"
while [ $# -gt 0 ]; do
  if [ "$1" = --prefix ]; then cd "$2" || exit; fi
  shift
done
mkdir -p node_modules/node/bin
printf '#!/bin/sh\\necho v24.21.0\\n' >node_modules/node/bin/node
chmod +x node_modules/node/bin/node
mkdir -p node_modules/@oven/bun-linux-x64/bin
touch node_modules/@oven/bun-linux-x64/bin/bun
`;

function makeCheckout(place: Place, version: string): void {
  for (const name of ['setup', 'lib/usage.sh'])
    cpSync(join(import.meta.dirname, '../../scripts', name), join(place.folder, 'scripts', name));
  place.write('package-lock.json', '{}\n');
  for (const [name, text] of [
    ['npm', npm],
    ['node', `#!/bin/sh\necho ${version}\n`],
  ] as const)
    chmodSync(place.write(`bin/${name}`, text), 0o755);
  place.env = { ...place.env, PATH: `${join(place.folder, 'bin')}:${systemPath}` };
}

const runs = {
  'v18.20.4': ['install with v18.20.4', 'ci with v24.21.0'],
  'v20.20.2': ['install with v20.20.2', 'ci with v24.21.0'],
  'v22.9.0': ['install with v22.9.0', 'ci with v24.21.0'],
  'v22.18.0': ['ci with v22.18.0'],
  'v26.0.0': ['ci with v26.0.0'],
};

for (const [version, expected] of Object.entries(runs))
  test(`the packages must be installed by a Node that all of them take, where the machine has ${version}`, async (t) => {
    const place = makePlace(t);
    makeCheckout(place, version);
    const outcome = await run(place, [join(place.folder, 'scripts/setup')]);
    assert.deepEqual([outcome.status, outcome.stdout], [0, '']);
    assert.deepEqual(readFileSync(join(place.folder, 'npm.log'), 'utf8').trim().split('\n'), expected);
    assert.ok(existsSync(join(place.folder, 'node_modules/node/bin/node')));
    assert.deepEqual(readdirSync(join(place.folder, 'tmp')), []);
    await run(place, [join(place.folder, 'scripts/setup')]);
    const { length } = readFileSync(join(place.folder, 'npm.log'), 'utf8').trim().split('\n');
    assert.equal(length, expected.length, 'it must do nothing twice');
  });
