// --resolver hostaliases for real: a wildcard DNS domain answers, glibc programs reach services by it, and its limits are told.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolvers } from '../programs/resolvers.ts';
import { builtPrograms } from './grounds.ts';
import type { Machine } from './machine.ts';
import { startOutside } from './outside-dns.ts';
import { domain, machineAsking, startProvider } from './provider-dns.ts';
import { must, scenario } from './scenario.ts';
import type { Run, Scenario } from './scenario.ts';

const project = 'provider';
const byAlias = ['--resolver', 'hostaliases', '--provider', domain];

/** A machine that asks the domain's server, which runs in the network of the service for that. */
async function provided(s: Scenario): Promise<Machine> {
  const address = await s.address('nameserver', 'front');
  await startProvider(s, 'nameserver', address);
  return machineAsking(s, address);
}

const netexecOn = (s: Scenario, machine: Machine, args: readonly string[]): Promise<Run> =>
  s.run(machine.inside(['docker', 'netexec', ...args]));

const firstWord = (run: Run): string => run.stdout.split(/\s/, 1)[0] ?? '';

scenario('programs must reach services by the addresses that the domain spells', { project }, async (s) => {
  const machine = await provided(s);
  const page = (await s.inspect('shop')).Config.Hostname;
  const curl = ['curl', '-sS', '-m', '10', 'http://shop:8080/'];
  const run = await netexecOn(s, machine, [...byAlias, 'web', '--', ...curl]);
  assert.deepEqual([run.stdout, run.stderr, run.status], [page, '', 0]);
  // It is the domain that answers: the name alone has no meaning there, and the file is what the variable names.
  const bare = await netexecOn(s, machine, [...byAlias, '-e', 'HOSTALIASES=', 'web', '--', ...curl]);
  assert.equal(bare.status, 6, bare.stderr);
  const answer = await must(netexecOn(s, machine, [...byAlias, 'web', '--', 'getent', 'ahostsv4', 'shop']));
  const shop = await s.address('shop', 'front');
  assert.match(answer.stdout, new RegExp(`^${shop} +STREAM ${shop.replaceAll('.', '-')}\\.${domain}\n`));
});

scenario('glibc programs must find every name without a dot, and no others do', { project }, async (s) => {
  const machine = await provided(s);
  const folder = await builtPrograms();
  const shop = await s.address('shop', 'front');
  const glibc = ['getent', 'glibc', 'glibc static', 'python', 'perl', 'jvm', 'node lookup'];
  for (const resolver of resolvers) {
    await s.subtest(resolver.name, async () => {
      const run = await netexecOn(s, machine, [...byAlias, 'web', '--', ...resolver.command(folder, 'shop')]);
      const expected = glibc.includes(resolver.name) ? [shop] : [];
      assert.deepEqual(resolver.addresses(run.stdout), expected, `${run.stdout}\n${run.stderr}`);
    });
  }
  await s.subtest('a name with a dot', async () => {
    const run = await netexecOn(s, machine, [...byAlias, 'web', '--', 'getent', 'ahostsv4', 'dotted.shop']);
    assert.deepEqual([run.stdout, run.status], ['', 2]);
  });
});

scenario('every name must mean what it means in the container', { project }, async (s) => {
  await startOutside(s, 'web');
  const machine = await provided(s);
  const { Config: depot } = await s.inspect('depot');
  const names = ['goods', 'shop', 'depot', 'nameserver', `${s.projectName}-depot-1`, depot.Hostname];
  const script = 'for name in "$@"; do echo "$name" $(getent ahostsv4 "$name" | cut -d" " -f1 | sort -u); done';
  const ask = ['web', '--', 'sh', '-c', script, 'sh', ...names];
  const goods = { front: await s.address('shop', 'front'), back: await s.address('depot', 'back') };
  for (const [title, options, address] of [
    ['as the engine chooses', [], goods.front],
    ['on front', ['--network', 'front'], goods.front],
    ['on back', ['--network', 'back'], goods.back],
  ] as const) {
    const inside = (await must(s.netexec([...options, ...ask]))).stdout.split('\n');
    assert.equal(inside[0], `goods ${address}`);
    const run = await must(netexecOn(s, machine, [...byAlias, ...options, ...ask]));
    for (const [index, name] of names.entries()) {
      await s.subtest(`${title}: ${name}`, () =>
        assert.equal(run.stdout.split('\n')[index], inside[index], run.stderr),
      );
    }
  }
});

scenario('the provider must be taken from NETEXEC_PROVIDER, and be a domain', { project }, async (s) => {
  const machine = await provided(s);
  const ask = ['--resolver', 'hostaliases', 'web', '--', 'getent', 'ahostsv4', 'shop'];
  const run = await s.run(machine.inside(['docker', 'netexec', ...ask]), { env: { NETEXEC_PROVIDER: domain } });
  assert.equal(firstWord(run), await s.address('shop', 'front'), run.stderr);
  for (const provider of ['', 'not a domain', '-x.example', 'a..b', '../../etc']) {
    await s.subtest(JSON.stringify(provider), async () => {
      const refused = await s.netexec(['--provider', provider, ...ask]);
      const value = `netexec: invalid value ${JSON.stringify(provider)} for --provider: expected a domain name`;
      assert.ok(refused.stderr.startsWith(value), refused.stderr);
      assert.deepEqual([refused.stdout, refused.status], ['', 125]);
    });
  }
});

scenario(
  "with --resolver host names must stay the machine's own, in the network of the service",
  { project },
  async (s) => {
    const machine = await machineAsking(s, '127.0.0.1');
    const file = machine.path('/etc/hosts');
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n192.0.2.5 shop\n`);
    const { Config: config } = await s.inspect('shop');
    const depot = await s.inspect('depot');
    const reach = `curl -sS -m 10 http://${await s.address('depot', 'back')}:8080/`;
    const script = `getent ahostsv4 shop | head -n 1; getent ahostsv4 depot; echo "aliases:$HOSTALIASES"; ${reach}`;
    const run = await netexecOn(s, machine, ['--resolver', 'host', 'web', '--', 'sh', '-c', script]);
    const [shop, aliases, page] = run.stdout.split('\n');
    assert.notEqual(config.Hostname, depot.Config.Hostname);
    assert.deepEqual([shop?.split(' ')[0], aliases, page], ['192.0.2.5', 'aliases:', depot.Config.Hostname]);
    assert.deepEqual([run.stderr, run.status], ['', 0]);
  },
);
