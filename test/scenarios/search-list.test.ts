// The container's search list: COMMAND has it, --check looks up by it, --network leaves it, and strangers found by it are told.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtPrograms } from './grounds.ts';
import { startOutside } from './outside-dns.ts';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions } from './scenario.ts';
import type { Checked } from './checks.ts';

const project = 'command';
const name = 'netexec-test-search';
const stranger = '192.0.2.80';
const service = `image: 'netexec/servers:1', dns: 127.0.0.1, dns_search: [example], stop_signal: SIGKILL`;

// `outside.example` is the one name that the server outside knows.
const composeFile = `
name: ${name}
services:
  web: {${service}, command: [sleep, infinity], networks: [left, right]}
  outside: {${service}, command: serve-redis, networks: [left]}
  west: {${service}, command: serve-redis, networks: {left: {aliases: [peer]}}}
  east: {${service}, command: serve-redis, networks: {right: {aliases: [peer]}}}
networks: {left: {}, right: {}}
`;

scenario("the container's search list must count, for COMMAND and for --check", { project }, async (s) => {
  const options = await bringUp(s, name, composeFile);
  await startOutside(s, `${name}-web-1`);
  const check = async (host: string, env: RunOptions['env'] = {}): Promise<Checked> => {
    const words = ['--format', 'json', '--timeout', '1', '--check', 'web', host];
    const run = await s.netexec(words, { ...options, env });
    assert.equal(run.stderr, '');
    return JSON.parse(run.stdout) as Checked;
  };
  const seen = ({ Steps: steps }: Checked, step: string): string =>
    steps.find(({ Step: each }) => each === step)?.Seen ?? '';
  const lookUp = async (words: readonly string[], program: readonly string[], env: RunOptions['env'] = {}) =>
    (await s.netexec([...words, 'web', '--', ...program], { ...options, env })).stdout.split(/\s/)[0];
  const address = (of: string, network: string): Promise<string> => s.address(`${name}-${of}-1`, `${name}_${network}`);

  await s.subtest('the service must be found before what the search list makes of its name', async () => {
    const verdict = await check('outside:6379');
    assert.equal(verdict.Connects, true, JSON.stringify(verdict));
    assert.match(seen(verdict, 'dns'), new RegExp(`^${await address('outside', 'left')}, from 127\\.0\\.0\\.11 in `));
  });

  await s.subtest('--network must put the network first, and keep the rest', async () => {
    const { stdout } = await must(s.netexec(['--network', 'right', 'web', '--', 'cat', '/etc/resolv.conf'], options));
    assert.equal(
      stdout.split('\n').findLast((line) => line.startsWith('search ')),
      `search ${name}_right ${name}_left example`,
    );
    const musl = join(await builtPrograms(), 'resolve-musl-static');
    for (const [network, of] of [
      ['left', 'west'],
      ['right', 'east'],
    ] as const) {
      const wanted = await address(of, network);
      assert.equal(await lookUp(['--network', network], ['getent', 'ahostsv4', 'peer']), wanted);
      assert.equal(await lookUp(['--network', network], [musl, 'peer']), wanted);
    }
    // A service of the other network is no stranger's to answer for.
    assert.equal(
      await lookUp(['--network', 'right'], ['getent', 'ahostsv4', 'outside']),
      await address('outside', 'left'),
    );
  });

  await must(s.docker(['stop', `${name}-outside-1`]));
  await s.subtest('COMMAND must find what the search list makes of a name', async () => {
    assert.equal(await lookUp([], ['getent', 'ahostsv4', 'outside']), stranger);
    assert.equal(await lookUp(['--network', 'right'], ['getent', 'ahostsv4', 'outside']), stranger);
  });

  await s.subtest('--check must say that it is a stranger that answers in place of the service', async () => {
    const verdict = await check('outside:6379');
    assert.equal(verdict.Cause, 'not-running');
    assert.match(verdict.What, /^outside is not running: .*; outside\.example answers instead, at 192\.0\.2\.80$/);
  });

  await must(s.docker(['rm', '-f', `${name}-outside-1`]));
  writeFileSync(join(s.folder, name, 'compose.yaml'), composeFile.replace(/^ {2}outside: .*\n/m, ''));
  await s.subtest('--check must find a name that is none of the project by the search list', async () => {
    const verdict = await check('outside');
    assert.match(seen(verdict, 'name'), /^outside is not a name on web's networks; looking it up in external DNS$/);
    assert.match(
      seen(verdict, 'dns'),
      /^192\.0\.2\.80, from 127\.0\.0\.11 through the search list, as outside\.example in /,
    );
  });

  await s.subtest("the caller's LOCALDOMAIN must count for --check as it does for COMMAND", async () => {
    const env = { LOCALDOMAIN: 'elsewhere.test' };
    assert.equal(await lookUp([], ['getent', 'ahostsv4', 'outside'], env), '');
    assert.equal((await check('outside', env)).Cause, 'name-unknown');
    const run = await s.netexec(['--network', 'right', 'web', '--', 'true'], { ...options, env });
    assert.equal(run.stderr, 'netexec: warning: LOCALDOMAIN is set, and overrides the search domain of --network');
  });
});
