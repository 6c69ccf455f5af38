// The demo, which is the first thing that README has its readers do, from a checkout of its own.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { copyCheckout } from '../cli/place.ts';
import { lockProject } from './grounds.ts';
import { must, scenario } from './scenario.ts';

scenario('the demo must end well, with its project up and its plugin installed', { project: 'article' }, async (s) => {
  const checkout = copyCheckout(s.folder);
  const options = {
    cwd: checkout,
    env: { COMPOSE_PROJECT_NAME: 'netexec-test-demo', DOCKER_CONFIG: join(s.folder, 'docker') },
    timeout: 1_800_000,
  };
  const unlock = await lockProject('demo');
  const down = () => s.compose(['-p', 'netexec-test-demo', 'down', '-v', '-t', '0'], { cwd: '/' });
  s.t.after(async () => {
    await down();
    unlock();
  });
  await down();
  const { stdout } = await must(s.run(['scripts/demo'], options));
  assert.match(stdout, /^ id \|  name *\n----\+--------\n  1 \| Ada\n  2 \| Grace\n  3 \| Edsger\n\(3 rows\)$/m);
  assert.match(stdout, /^3 guests are in Redis now: Ada, Grace, Edsger$/m);
  assert.match(stdout, /^Published ports: none$/m);
  assert.match(stdout, /^Hello from the host's Python$/m);
  const { stdout: names } = await must(s.netexec(['web', '--', 'redis-cli', '-h', 'redis', 'hlen', 'guests'], options));
  assert.equal(names, '3');
  const { stdout: back } = await must(s.netexec(['redis', '--', 'curl', '-s', 'http://web:8080'], options));
  assert.match(back, /^[0-9a-f]{12}$/);
});
