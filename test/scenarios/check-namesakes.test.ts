// One name, two projects on one network: --check says whose service it is that answers.
import assert from 'node:assert/strict';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';
import type { Checked } from './checks.ts';

const project = 'command';
const shared = 'netexec-test-namesakes';
const service = `image: 'netexec/servers:1', dns: 127.0.0.1, dns_search: ., stop_signal: SIGKILL`;
const idle = `${service}, command: [sleep, infinity]`;
const networks = `networks: {shared: {external: true, name: ${shared}}, own: {}}`;

const one = `
name: netexec-test-one
services:
  web: {${idle}, networks: [shared, own]}
  db: {${service}, command: serve-redis, networks: [shared]}
  store: {${idle}, networks: {shared: {aliases: [db2]}}}
  db2: {${service}, command: serve-redis, networks: [shared]}
  hidden: {${service}, command: serve-redis, networks: [own]}
  later: {${service}, command: serve-redis, networks: [shared], profiles: [later]}
${networks}
`;
const two = `
name: netexec-test-two
services:
  db: {${service}, command: serve-redis, networks: [shared]}
  later: {${service}, command: serve-redis, networks: [shared]}
  hidden: {${service}, command: serve-redis, networks: [shared]}
${networks.replace(', own: {}', '')}
`;

scenario('a name that two projects have must be told, and whose answers', { project }, async (s) => {
  await s.docker(['network', 'rm', shared]);
  await must(s.docker(['network', 'create', shared]));
  const own = await bringUp(s, 'netexec-test-one', one);
  await bringUp(s, 'netexec-test-two', two);
  s.t.after(() => s.docker(['network', 'rm', shared]));
  const check = async (host: string): Promise<Checked | undefined> => {
    const run = await s.netexec(['--format', 'json', '--timeout', '1', '--check', 'web', `${host}:6379`], own);
    assert.equal(run.stderr, '');
    return JSON.parse(run.stdout) as Checked;
  };
  const mustNote = async (host: string, said: RegExp): Promise<void> => {
    const verdict = await check(host);
    assert.deepEqual([verdict?.Connects, verdict?.Steps[0]?.Mark], [true, 'note'], JSON.stringify(verdict));
    assert.match(verdict?.Steps[0]?.Seen ?? '', said);
  };
  await s.subtest('both run', () =>
    mustNote('db', /db: netexec-test-one-db-1 .* and netexec-test-two\/db: .*: DNS rotates between them$/),
  );
  await s.subtest('an alias of one is the name of another', async () => {
    const verdict = await check('db2');
    assert.match(verdict?.Steps[0]?.Seen ?? '', /db2: .* and store: .*: DNS rotates between them$/);
    assert.equal(verdict?.Steps[0]?.Mark, 'note');
  });
  await s.subtest('the own one is on a network that is asked later', () =>
    mustNote('hidden', /^hidden of netexec-test-one is on own, but netexec-test-namesakes is searched first/),
  );
  await s.subtest('the own one was never started', () =>
    mustNote('later', /^later of netexec-test-one has no container; instead, netexec-test-two\/later/),
  );
  await s.subtest('the own one does not run', async () => {
    await must(s.docker(['stop', 'netexec-test-one-db-1']));
    await mustNote(
      'db',
      /^db of netexec-test-one is not running \(Exited.*; instead, netexec-test-two\/db: .* answers/,
    );
  });
  await s.subtest('there is no other', async () => {
    await must(s.docker(['stop', 'netexec-test-two-db-1']));
    assert.equal((await check('db'))?.Cause, 'not-running');
    await must(s.docker(['start', 'netexec-test-one-db-1']));
    await s.eventually(async () => (await check('db'))?.Connects === true);
    assert.equal((await check('db'))?.Steps[0]?.Mark, 'good');
  });
});
