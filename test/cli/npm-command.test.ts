// The npm package's command, on machines that lack what it needs.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makePlace, run } from './place.ts';

const command = readFileSync(join(import.meta.dirname, '../../scripts/command'), 'utf8');

test('where bash is missing it must say so', async (context) => {
  const place = makePlace(context);
  const programs = join(place.folder, 'programs');
  mkdirSync(programs);
  for (const name of ['sh', 'readlink', 'uname']) symlinkSync(`/usr/bin/${name}`, join(programs, name));
  place.env['PATH'] = programs;
  for (const platform of ['x64', 'arm64'])
    chmodSync(place.write(`node_modules/docker-netexec-linux-${platform}/docker-netexec`, '#!/bin/sh\n'), 0o755);
  const file = place.write('scripts/command', command);
  chmodSync(file, 0o755);
  for (const word of ['--install', '--uninstall'])
    assert.deepEqual(await run(place, [file, word]), {
      status: 1,
      stdout: '',
      stderr: `netexec: ${word} needs bash, which is not installed\nhint: install bash: apk add bash\n`,
    });
});
