// The executable by itself, with a real engine: dropped into a home, it is all that docker netexec needs.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { linkOrCopy, useSingleFile } from '../cli/place.ts';
import { callerNamed, useCallers } from './callers.ts';
import { scenario } from './scenario.ts';

const project = 'article';
const callers = useCallers(project, 'shared');
const single = useSingleFile();

scenario('the executable by itself must run COMMAND, and look from inside, whoever calls', { project }, async (s) => {
  const config = join(s.folder, 'config');
  mkdirSync(join(config, 'cli-plugins'), { recursive: true });
  linkOrCopy(single.file, join(config, 'cli-plugins/docker-netexec'));
  const env = { DOCKER_CONFIG: config };
  for (const user of ['root', 'netexec-sudo', 'netexec-docker']) {
    const caller = callerNamed(user);
    await s.subtest(caller.name, async () => {
      const step = callers.step(s, caller, { env });
      const command = ['sh', '-c', 'id -un; getent hosts redis; exit 7'];
      const run = await s.netexec(['web', '--', ...command], step);
      assert.deepEqual([run.stderr, run.status], ['', 7]);
      assert.match(run.stdout, new RegExp(`^${user}\n${await s.address('redis', 'cache')} +redis`));
      const check = await s.netexec(['--check', 'web', 'redis:6379'], step);
      assert.deepEqual([check.stderr, check.status], ['', 0], check.stdout);
      assert.match(check.stdout, /✓ answer {3}Redis: PONG$/);
    });
  }
});
