// --doctor: what it says of this machine, and of one on which something is missing.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callerNamed, useCallers } from './callers.ts';
import { scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

const project = 'command';
const callers = useCallers(project, 'shared');

interface Examined {
  readonly Area: string;
  readonly Name: string;
  readonly Mark: string;
  readonly Seen: string;
  readonly Hint: string;
}

async function examined(s: Scenario, words: readonly string[], status: number, given?: RunOptions) {
  const run = await s.netexec(['--doctor', '--format', 'json', ...words], given);
  assert.deepEqual([run.stderr, run.status], ['', status], run.stdout);
  const rows = run.stdout.split('\n').map((line) => JSON.parse(line) as Examined);
  return (name: string): Examined => {
    const row = rows.findLast(({ Name }) => Name === name);
    assert.ok(row, `no row ${name}`);
    return row;
  };
}

scenario('a machine on which netexec works must be said to be one', { project }, async (s) => {
  const run = await s.netexec(['--doctor'], { env: { TOKEN: 'hush-hush', HTTP_PROXY: 'http://me:hush-hush@proxy' } });
  assert.deepEqual([run.stderr, run.status], ['', 0]);
  assert.match(run.stdout, /\n\ndocker netexec works on this machine\.$/);
  assert.doesNotMatch(run.stdout, /✗|hush/);
  const row = await examined(s, [], 0);
  assert.match(row('plugin').Seen, /\/cli-plugins\/docker-netexec, version \d/);
  assert.match(row('engine').Seen, /^\d+\.\d+\.\d+.* at unix:\/\//);
  assert.equal(row('place').Mark, 'good');
  assert.equal(row('root').Seen, 'used: you are root');
  assert.match(row('setpriv').Seen, /\/setpriv$/);
});

scenario('each way to privilege must be told, and why not', { project }, async (s) => {
  const allowed = await examined(s, [], 0, callers.step(s, callerNamed('netexec-sudo')));
  assert.equal(allowed('root').Seen, 'not available: you are not root');
  assert.equal(allowed('rootless').Seen, 'not available: the engine is not your own');
  assert.match(allowed('sudo').Seen, /^used: /);
  assert.match(allowed('plugin').Seen, /docker-netexec, version/);
  for (const name of ['prlimit', 'mkfifo', 'setsid']) assert.equal(allowed(name).Mark, 'good');
  for (const way of ['doas', 'docker']) {
    const row = await examined(s, [], 0, callers.step(s, callerNamed(`netexec-${way}`)));
    assert.match(row('sudo').Seen, /^not available: .*password/);
    assert.match(row(way).Seen, /^used: /);
    assert.equal(row(way === 'docker' ? 'stty' : 'setsid').Mark, 'good');
  }
  const without = callers.step(s, callerNamed('netexec-docker'));
  const refused = await examined(s, ['--elevate', 'none'], 1, without);
  assert.deepEqual(
    ['root', 'rootless', 'sudo', 'docker'].map((name) => refused(name).Mark),
    ['bad', 'bad', 'bad', 'bad'],
  );
  assert.equal(refused('sudo').Seen, 'not available: not allowed by --elevate none');
});

scenario('an engine that does not answer must be told, and all the rest as well', { project }, async (s) => {
  const socket = join(s.folder, 'none.sock');
  const row = await examined(s, [], 1, { env: { DOCKER_HOST: `unix://${socket}` } });
  assert.equal(row('engine').Mark, 'bad');
  assert.match(row('engine').Seen, /none\.sock \(from DOCKER_HOST\): no such socket/);
  assert.equal(row('nsenter').Mark, 'good');
  const far = await examined(s, [], 1, { env: { DOCKER_HOST: 'ssh://127.0.0.1:1' } });
  assert.match(far('engine').Seen, /: ssh: connect to host 127\.0\.0\.1 port 1: Connection refused/);
});

scenario('a copy that stands in front must be told', { project }, async (s) => {
  const folder = join(s.folder, 'config');
  mkdirSync(join(folder, 'cli-plugins'), { recursive: true });
  const file = join(folder, 'cli-plugins/docker-netexec');
  writeFileSync(file, `#!/bin/sh\necho '{"Version": "9.9.9"}'\n`, { mode: 0o755 });
  const run = await s.standalone(['--doctor'], { env: { DOCKER_CONFIG: folder } });
  assert.equal(run.status, 0);
  assert.match(run.stdout, /! plugin .*docker uses .*config\/cli-plugins\/docker-netexec \(9\.9\.9\), not this one/);
});
