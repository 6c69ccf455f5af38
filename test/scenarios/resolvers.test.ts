// Every kind of resolver of the host × every name that the container knows: the addresses are the engine's own.
import assert from 'node:assert/strict';
import { resolvers } from '../programs/resolvers.ts';
import type { Resolver } from '../programs/resolvers.ts';
import { builtPrograms } from './grounds.ts';
import { outside, startOutside } from './outside-dns.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'article';

interface Name {
  readonly title: string;
  readonly name: string;
  addresses(resolver: Resolver): readonly string[];
}

async function names(s: Scenario): Promise<readonly Name[]> {
  const [web, postgres] = [await s.inspect('web'), await s.inspect('postgres')];
  const database = [await s.address('postgres', 'backend')];
  const cache = [await s.address('redis', 'cache')];
  const own = [await s.address('web', 'backend'), await s.address('web', 'cache')];
  const everywhere = (addresses: readonly string[]) => () => addresses;
  // The engine's DNS answers for one network: the first, as it counts them, on which the name is known.
  const first = await containersAnswer(s, 'web');
  assert.equal(own.filter((address) => first.includes(address)).length, 1);
  return [
    { title: 'postgres', name: 'postgres', addresses: everywhere(database) },
    { title: 'db', name: 'db', addresses: everywhere(database) },
    { title: 'container name', name: postgres.Name.slice(1), addresses: everywhere(database) },
    { title: 'short id', name: postgres.Config.Hostname, addresses: everywhere(database) },
    { title: 'postgres.network', name: `postgres.${s.projectName}_backend`, addresses: everywhere(database) },
    { title: 'redis', name: 'redis', addresses: everywhere(cache) },
    { title: 'web', name: 'web', addresses: everywhere(first) },
    {
      title: 'own short id',
      name: web.Config.Hostname,
      // The container's hosts file has its own id with all its addresses; its DNS knows the id too, on one network.
      addresses: (resolver) => (resolver.hostsFile ? own.toSorted() : first),
    },
    { title: 'outside', name: outside.name, addresses: everywhere([outside.address]) },
    { title: 'unknown', name: 'nobody-has-this-name', addresses: everywhere([]) },
  ];
}

/** What the container's own programs get for the name. */
async function containersAnswer(s: Scenario, name: string): Promise<readonly string[]> {
  const nslookup = resolvers.find((resolver) => resolver.name === 'busybox nslookup');
  assert.ok(nslookup);
  const run = await must(s.compose(['exec', '-T', 'web', ...nslookup.command('', name)]));
  return nslookup.addresses(run.stdout);
}

scenario('every resolver must know every name of the container', { project }, async (s) => {
  await startOutside(s, 'web');
  const folder = await builtPrograms();
  const columns = await names(s);
  const row = (cells: readonly string[]): void => s.t.diagnostic(cells.map((cell) => cell.padEnd(16)).join(' | '));
  row(['', ...columns.map(({ title }) => title)]);
  for (const resolver of resolvers) {
    // All of a row at once: what takes time is to start them.
    const runs = columns.map((column) => s.netexec(['web', '--', ...resolver.command(folder, column.name)]));
    await Promise.allSettled(runs);
    const found: string[] = [];
    for (const [index, column] of columns.entries()) {
      await s.subtest(`${resolver.name}: ${column.title}`, async () => {
        const run = await runs[index];
        const addresses = resolver.addresses(run?.stdout ?? '');
        found.push(addresses.join(' ') || '-');
        assert.deepEqual(addresses, column.addresses(resolver), `${run?.stdout}\n${run?.stderr}`);
      });
    }
    row([resolver.name, ...found]);
  }
});
