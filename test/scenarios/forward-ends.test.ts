// --forward and --proxy when something ends: the run as it begins, the container, the relay itself.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'article';

/** @returns the number of netexec's process of that role, once it is there */
async function seen(s: Scenario, role: 'main' | 'relay'): Promise<number> {
  for (;;) {
    const line = s.processes().find((each) => each.includes(`docker-netexec:${role}`));
    if (line !== undefined) return Number.parseInt(line, 10);
    await pause(1);
  }
}

scenario('what ends netexec before COMMAND starts must end it, and COMMAND never run', { project }, async (s) => {
  for (const [signal, status] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    await s.subtest(signal, async () => {
      const started = await s.start(['docker', 'netexec', '--forward', '0:8080', 'web', '--', 'echo', 'up']);
      // Held, it takes no port.
      process.kill(await seen(s, 'relay'), 'SIGSTOP');
      process.kill(await seen(s, 'main'), signal);
      const run = await started.ended;
      assert.deepEqual([run.status, run.stdout, run.stderr], [status, '', '']);
      await s.eventually(() => s.processes().length === 0);
    });
  }
});
