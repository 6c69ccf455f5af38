// An engine whose default runtime is something else than runc: the way in by it must not depend on that.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownEngine } from './own-engine.ts';
import { scenario } from './scenario.ts';

const project = 'command';

scenario(
  'by the engine COMMAND must start whatever the default runtime is, and --doctor name it',
  { project },
  async (s) => {
    const odd = join(s.folder, 'odd');
    writeFileSync(odd, '#!/bin/sh\necho "this runs no containers" >&2\nexit 1\n');
    chmodSync(odd, 0o755);
    const engine = await ownEngine(s);
    await engine.start(['--add-runtime', `odd=${odd}`, '--default-runtime', 'odd']);
    await engine.docker(
      'run',
      '-d',
      '--runtime',
      'runc',
      '--name',
      'web',
      '--network',
      'none',
      'netexec/busybox:1',
      'sleep',
      'infinity',
    );
    const cwd = join(s.folder, 'no-project');
    mkdirSync(cwd);
    const at = { ...engine.options, cwd, through: (argv: readonly string[]) => engine.inside(argv) };
    const run = await s.netexec(['--elevate', 'docker', '--container', 'web', '--', 'echo', 'started'], at);
    assert.deepEqual([run.status, run.stdout, run.stderr], [0, 'started', '']);
    const doctor = await s.netexec(['--doctor'], at);
    assert.match(
      doctor.stdout,
      /runtime +the engine starts containers with odd, and netexec's helper container with runc/,
      doctor.stdout,
    );
  },
);
