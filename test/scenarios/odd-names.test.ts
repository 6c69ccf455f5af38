// Names that DNS cannot carry: no program finds them, and they must not keep programs from finding the others.
import assert from 'node:assert/strict';
import { resolvers } from '../programs/resolvers.ts';
import { builtPrograms } from './grounds.ts';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';

const project = 'command';
/** As long as Compose allows, and DNS: but the network's name has eight characters more, the container's five. */
const name = `netexec-test-${'long'.repeat(13)}`.slice(0, 63);
const aliases = ['under_score', 'UPPER', 'has space', 'bücher', '.dot', 'a..b', 'trail.', '123', '10.1', 'star*'];

const composeFile = `
x-service: &service {image: 'netexec/servers:1', dns: 127.0.0.1, dns_search: ., stop_signal: SIGKILL}
services:
  web: {<<: *service, command: [sleep, infinity], networks: [default, short]}
  alone: {<<: *service, command: [sleep, infinity]}
  db: {<<: *service, command: serve-redis, networks: {default: {aliases: ${JSON.stringify(aliases)}}}}
networks: {short: {name: netexec-test-short}}
`;

scenario('names that DNS cannot carry must be told, and no other be lost by them', { project }, async (s) => {
  const options = await bringUp(s, name, composeFile, { COMPOSE_PROJECT_NAME: name });
  const long = `${name}-db-1`;
  assert.equal(long.length, 68);
  const { stdout: address } = await must(
    s.docker([
      'inspect',
      '-f',
      `{{with index .NetworkSettings.Networks "${name}_default"}}{{.IPAddress}}{{end}}`,
      long,
    ]),
  );
  const folder = await builtPrograms();
  for (const service of ['alone', 'web']) {
    for (const resolver of resolvers) {
      await s.subtest(`${service}: ${resolver.name} must find db`, async () => {
        const run = await s.netexec([service, '--', ...resolver.command(folder, 'db')], options);
        assert.deepEqual(resolver.addresses(run.stdout), [address], `${run.stdout}\n${run.stderr}`);
      });
    }
  }
  await s.subtest('--list-names must tell them', async () => {
    const all = await s.netexec(['--list-names', '-q'], options);
    assert.ok(all.stdout.split('\n').includes(long));
    const seen = await s.netexec(['--list-names', '-q', 'alone'], options);
    const listed = seen.stdout.split('\n');
    assert.deepEqual(
      aliases.filter((alias) => listed.includes(alias)),
      ['under_score', 'UPPER'],
    );
    assert.ok(listed.includes('db') && !listed.includes(long));
    for (const run of [all, seen]) {
      assert.equal(run.status, 0);
      assert.match(
        run.stderr,
        new RegExp(
          `^netexec: warning: programs cannot look up "${long}": it has 68 characters, but DNS allows 63$`,
          'm',
        ),
      );
      assert.match(
        run.stderr,
        /^netexec: warning: programs cannot look up "123": it is read as the address 0\.0\.0\.123$/m,
      );
    }
  });
  await s.subtest('what is listed must be found, by glibc', async () => {
    const seen = await s.netexec(['--list-names', '-q', 'alone'], options);
    for (const each of seen.stdout.split('\n'))
      await must(s.netexec(['alone', '--', 'getent', 'hosts', each], options));
  });
  await s.subtest('--check must say which name to take', async () => {
    for (const [host, why] of [
      [long, /" has 68 characters, but DNS allows 63$/],
      ['10.1', /^"10\.1" is read as the address 10\.0\.0\.1$/],
      [`db.${name}_default`, /71 characters without a dot, but DNS allows 63$/],
    ] as const) {
      const words = ['--format', 'json', '--check', 'alone', `${host}:6379`];
      const run = await s.netexec(words, options);
      const verdict = JSON.parse(run.stdout) as { Cause: string; What: string; Hint: string };
      assert.deepEqual([verdict.Cause, run.status, run.stderr], ['no-dns-name', 1, '']);
      assert.match(verdict.What, why);
      if (!host.startsWith('db')) assert.equal(verdict.Hint, 'use db');
    }
    const fine = await s.netexec(['--check', 'alone', 'db:6379', 'db.:6379'], options);
    assert.equal(fine.status, 0, fine.stdout);
  });
  await s.subtest('--network must say that it cannot pin', async () => {
    const run = await s.netexec(['--network', 'default', 'web', '--', 'getent', 'ahostsv4', 'db'], options);
    assert.equal(run.stdout.split(' ')[0], address);
    assert.equal(
      run.stderr,
      `netexec: warning: --network cannot pin names: "${name}_default" has 71 characters, but DNS allows 63`,
    );
  });
  await s.subtest('--hostaliases must say which network has none', async () => {
    const run = await s.netexec(['--hostaliases', 'default'], options);
    assert.match(run.stderr, /^netexec: warning: no aliases for "netexec-test-long.*": it has 71 characters, but DNS/m);
    assert.doesNotMatch(run.stdout, /^db /m);
  });
});
