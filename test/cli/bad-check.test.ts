// --check and --doctor where there is nothing to check, or no engine to ask: refused, or told as a row.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePlace, run, usePlugin, withDefaultEngine } from './place.ts';
import { refusals } from './refusals.ts';
import type { Recording } from '../recordings.ts';
import { shop, withoutContainers } from './shop.ts';

const plugin = usePlugin();
const stopped = (recording: Recording): Recording => ({
  ...recording,
  list: recording.list.map((each) => ({ ...each, State: 'exited', Status: 'Exited (0) 1 minute ago' })),
});
const expected = 'HOST, HOST:PORT with a port up to 65535, or a URL, such as https://api:8443';

refusals(plugin, '--check', [
  {
    name: 'of an endpoint that is none',
    words: ['--check', 'web', 'postgres:5432', 'postgres:none'],
    says: [
      `netexec: invalid value "postgres:none" for --check: expected ${expected}`,
      'hint: see docker netexec --help',
    ],
  },
  {
    name: 'of a host and a port in two words',
    words: ['--check', 'web', 'postgres', '5432'],
    says: [
      'netexec: "5432" is not a host',
      'hint: did you mean postgres:5432? docker netexec --check web postgres:5432',
    ],
  },
  {
    name: 'from a service that is misspelt',
    words: ['--check', 'postgre', 'redis'],
    prepare: shop(),
    says: [
      'netexec: no service "postgre" in project "shop", and no container is named "postgre"; services: later, ledger, metrics, migrate, postgres, sidecar, vault, web',
      'hint: did you mean postgres? docker netexec --check postgres redis',
    ],
  },
  {
    name: 'of a project that does not run',
    words: ['--check'],
    prepare: shop({ bend: withoutContainers }),
    says: [
      'netexec: project "shop" (the Compose file in TMP/work) has no containers',
      'hint: start it: docker compose up -d',
    ],
  },
  {
    name: 'of a project that is stopped',
    words: ['--check', '--timeout', '1'],
    prepare: shop({ bend: stopped }),
    says: [
      'netexec: project "shop" (the containers created from TMP/work) has no running containers',
      'hint: start it: docker compose up -d',
    ],
  },
  {
    name: 'of no project',
    words: ['--check', '--format', 'json'],
    prepare: shop({ file: null }),
    says: [
      'netexec: no Compose project in TMP/work or above',
      'hint: running projects: shop; choose one: docker netexec -p shop --check --format json',
    ],
  },
  {
    name: 'without an engine',
    words: ['--check', 'web'],
    prepare: (place) => withDefaultEngine(place),
    says: [
      'netexec: cannot connect to the engine at unix://TMP/engine.sock (from DOCKER_HOST): no such socket',
      'hint: is it running? Try docker version, or docker context ls',
    ],
  },
]);

test('--doctor without an engine must tell the rest, and leave nothing', async (context) => {
  const place = makePlace(context);
  const { status, stdout, stderr } = await run(place, [plugin.file, 'netexec', '--doctor']);
  assert.deepEqual([status, stderr], [1, '']);
  assert.match(stdout, /✗ engine +cannot connect to the engine at unix:\/\/TMP\/engine\.sock \(from DOCKER_HOST\)/);
  assert.match(stdout, /✓ nsenter /);
});
