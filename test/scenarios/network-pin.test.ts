// --network NETWORK: a name that means another service on each of two networks means the one of NETWORK, to every resolver.
import assert from 'node:assert/strict';
import { resolvers } from '../programs/resolvers.ts';
import type { Resolver } from '../programs/resolvers.ts';
import { builtPrograms } from './grounds.ts';
import { startOutside } from './outside-dns.ts';
import { must, scenario } from './scenario.ts';
import type { Run, Scenario } from './scenario.ts';

const project = 'pin';
const rightName = 'netexec-test-pinned-by-name';

interface Peers {
  readonly left: string;
  readonly right: string;
}

/** Who is "peer" on which network: they differ, and nobody else is. */
async function peers(s: Scenario): Promise<Peers> {
  const [left, right] = [await s.address('west', 'left'), await s.address('east', rightName)];
  assert.notEqual(left, right);
  return { left, right };
}

const firstWord = (run: Run): string => run.stdout.split(/\s/, 1)[0] ?? '';

scenario('without --network the engine must choose, the same network for all', { project }, async (s) => {
  await startOutside(s, 'web');
  const { left } = await peers(s);
  // The engine asks the networks in the order of their full names.
  const run = await s.netexec(['web', '--', 'getent', 'ahostsv4', 'peer']);
  assert.deepEqual([firstWord(run), run.stderr, run.status], [left, '', 0]);
});

for (const network of ['left', 'right'] as const) {
  scenario(`every resolver must find on ${network} what answers there`, { project }, async (s) => {
    await startOutside(s, 'web');
    const addresses = await peers(s);
    const folder = await builtPrograms();
    const other = network === 'left' ? 'east' : 'west';
    const elsewhere = addresses[network === 'left' ? 'right' : 'left'];
    const ask = (resolver: Resolver, name: string): Promise<Run> =>
      s.netexec(['--network', network, 'web', '--', ...resolver.command(folder, name)]);
    for (const resolver of resolvers) {
      const [peer, unshared] = await Promise.all([ask(resolver, 'peer'), ask(resolver, other)]);
      await s.subtest(`${resolver.name}: peer`, () => {
        // These two ask for the name as it stands, and the engine has its own first network for it.
        const asItStands = ['node resolve4', 'busybox nslookup'].includes(resolver.name);
        const expected = asItStands ? addresses.left : addresses[network];
        assert.deepEqual(resolver.addresses(peer.stdout), [expected], `${peer.stdout}\n${peer.stderr}`);
      });
      await s.subtest(`${resolver.name}: ${other}, of the other network`, () => {
        assert.deepEqual(resolver.addresses(unshared.stdout), [elsewhere], `${unshared.stdout}\n${unshared.stderr}`);
      });
    }
    await s.subtest('busybox nslookup, where it may search: peer', async () => {
      const nslookup = resolvers.find(({ name }) => name === 'busybox nslookup');
      const command = ['busybox', 'nslookup', '-type=a', 'peer'];
      const run = await s.netexec(['--network', network, 'web', '--', ...command]);
      assert.deepEqual(nslookup?.addresses(run.stdout), [addresses[network]], run.stdout);
    });
  });
}

scenario('the network must be known by its key and by its full name', { project }, async (s) => {
  await startOutside(s, 'web');
  const { left, right } = await peers(s);
  const full = `${s.projectName}_left`;
  for (const [network, address, file] of [
    ['left', left, full],
    [full, left, full],
    ['right', right, rightName],
    [rightName, right, rightName],
  ] as const) {
    await s.subtest(network, async () => {
      const command = ['sh', '-c', 'getent ahostsv4 peer; echo "$HOSTALIASES"; getent ahostsv4 2peers'];
      const run = await s.netexec(['--network', network, 'web', '--', ...command]);
      const [peer, , , aliases, second] = run.stdout.split('\n');
      assert.equal(peer?.split(' ', 1)[0], address, run.stderr);
      assert.ok(aliases?.endsWith(`/${s.projectName}/${file}.hostaliases`), aliases);
      assert.equal(second?.split(' ', 1)[0], left);
    });
  }
});

scenario('a program must reach by the pinned name the service that has it there', { project }, async (s) => {
  for (const [network, service] of [
    ['left', 'west'],
    ['right', 'east'],
  ] as const) {
    await s.subtest(network, async () => {
      const { Config: config } = await s.inspect(service);
      const server = ['sh', '-c', 'hostname >/tmp/index.html; httpd -p 8080 -h /tmp'];
      await must(s.compose(['exec', '-T', service, ...server]));
      s.t.after(() => s.compose(['exec', '-T', service, 'killall', 'httpd']));
      const page = await s.netexec(['--network', network, 'web', '--', 'curl', '-sS', '-m', '10', 'http://peer:8080/']);
      assert.deepEqual([page.stdout, page.stderr, page.status], [config.Hostname, '', 0]);
    });
  }
});

scenario('a network that the service is not on must be refused with those it is on', { project }, async (s) => {
  const has = `container ${s.projectName}-web-1 has no network`;
  const list = 'networks: left, right';
  for (const [network, hint] of [
    ['elsewhere', ''],
    [`${s.projectName}_elsewhere`, ''],
    ['nosuch', ''],
    ['', ''],
    ['lfet', '\nhint: did you mean left? docker netexec --network left web -- echo started'],
    ['righ', '\nhint: did you mean right? docker netexec --network right web -- echo started'],
  ] as const) {
    await s.subtest(JSON.stringify(network), async () => {
      const run = await s.netexec(['--network', network, 'web', '--', 'echo', 'started']);
      assert.equal(run.stderr, `netexec: ${has} ${JSON.stringify(network)}; ${list}${hint}`);
      assert.deepEqual([run.stdout, run.status], ['', 125]);
    });
  }
});
