// A program started here that listens is the service to all others: by its name, by its published port.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useSudoUser } from './sudo-user.ts';
import { must, scenario } from './scenario.ts';

const project = 'documents';
const user = useSudoUser(project);

scenario('a server started here must be the service to other containers and to the machine', { project }, async (s) => {
  for (const [name, options, step] of [
    ['root', [], {}],
    ['sudo', [], user.step(s)],
    ['the engine', ['--elevate', 'docker'], user.step(s)],
  ] as const) {
    await s.subtest(name, async () => {
      const text = `from here, by ${name}`;
      writeFileSync(join(s.folder, 'page'), text);
      const argv = ['docker', 'netexec', '-p', s.projectName, ...options, 'web', '--'];
      const serve = ['/usr/bin/python3', '-m', 'http.server', '--directory', s.folder, '--bind', '0.0.0.0', '3000'];
      const server = await s.start([...argv, ...serve], step);
      const inside = ['exec', '-T', 'api', 'wget', '-qO-', 'http://web:3000/page'];
      await s.eventually(async () => assert.equal((await s.compose(inside)).stdout, text));
      const { stdout: published } = await must(s.compose(['port', 'web', '3000']));
      const outside = await must(s.run(['curl', '-sS', `http://${published}/page`]));
      assert.equal(outside.stdout, text);
      server.kill('SIGTERM');
      await server.ended;
      await s.eventually(async () => assert.notEqual((await s.compose(inside)).status, 0));
    });
  }
});

scenario("a port that the service has taken must be COMMAND's own error", { project }, async (s) => {
  const serve = ['/usr/bin/python3', '-m', 'http.server', '--bind', '0.0.0.0', '8080'];
  const run = await s.netexec(['api', '--', ...serve]);
  assert.equal(run.status, 1);
  assert.match(run.stderr, /Address already in use/);
  assert.doesNotMatch(run.stderr, /netexec:/);
});
