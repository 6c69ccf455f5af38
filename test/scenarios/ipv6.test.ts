// IPv6: names have addresses of both kinds on a network that has both, and programs reach services by either.
import assert from 'node:assert/strict';
import { startOutside } from './outside-dns.ts';
import { domain, machineAsking, startProvider } from './provider-dns.ts';
import { report } from './reports.ts';
import type { NameRow, NetworkRow } from './reports.ts';
import { must, scenario } from './scenario.ts';
import type { Run, Scenario } from './scenario.ts';

const project = 'dual';

interface Addresses {
  readonly four: string;
  readonly six: string;
}

async function addresses(s: Scenario, container: string, network: string): Promise<Addresses> {
  const format = `{{json (index .NetworkSettings.Networks "${network}")}}`;
  const { stdout } = await must(s.docker(['inspect', '--format', format, container]));
  const { IPAddress, GlobalIPv6Address } = JSON.parse(stdout) as Record<string, string>;
  return { four: IPAddress ?? '', six: GlobalIPv6Address ?? '' };
}

const both = (s: Scenario): string => `${s.projectName}_both`;

/** Who the names are on the network with both kinds, the world being as it should. */
async function shopAddresses(s: Scenario): Promise<Addresses> {
  const shop = await addresses(s, `${s.projectName}-shop-1`, both(s));
  assert.match(shop.six, /^fd6e:6574:6578:2::/);
  assert.match(shop.four, /^\d+(\.\d+){3}$/);
  return shop;
}

const words = (run: Run): readonly string[] => [
  ...new Set(run.stdout.split('\n').map((line) => line.split(' ', 1)[0] ?? '')),
];

const inPython = (family: string): readonly string[] => [
  '/usr/bin/python3',
  '-c',
  `import socket, sys
for answer in socket.getaddrinfo(sys.argv[1], 80, socket.${family}, socket.SOCK_STREAM): print(answer[4][0])`,
];
const inNode = (family: number): readonly string[] => [
  process.execPath,
  '-e',
  `require('node:dns').lookup(process.argv[1], { family: ${family} }, (error, address) => console.log(address))`,
];

scenario('a name must have its address of each kind, for every way to ask', { project }, async (s) => {
  await startOutside(s, 'web');
  const shop = await shopAddresses(s);
  for (const [title, command, expected] of [
    ['getent, IPv6', ['getent', 'ahostsv6'], shop.six],
    ['getent, IPv4', ['getent', 'ahostsv4'], shop.four],
    ['dig AAAA', ['dig', '+short', 'AAAA'], shop.six],
    ['dig A', ['dig', '+short', 'A'], shop.four],
    ['python, IPv6', inPython('AF_INET6'), shop.six],
    ['python, IPv4', inPython('AF_INET'), shop.four],
    ['node, IPv6', inNode(6), shop.six],
    ['node, IPv4', inNode(4), shop.four],
  ] as const) {
    await s.subtest(title, async () => {
      const names = `for name in shop goods shop.${both(s)}; do "$@" "$name"; done`;
      const ask = ['web', '--', 'sh', '-c', names, 'sh', ...command];
      for (const run of await Promise.all([s.netexec(ask), s.netexec(['--network', 'both', ...ask])])) {
        assert.deepEqual([words(run), run.stderr, run.status], [[expected], '', 0]);
      }
    });
  }
  await s.subtest('a name of the network without IPv6', async () => {
    const run = await s.netexec(['web', '--', 'dig', '+short', 'AAAA', 'depot']);
    assert.deepEqual([run.stdout, run.status], ['', 0]);
  });
});

scenario('a program must reach a service by its name over each kind', { project }, async (s) => {
  const page = (await s.inspect('shop')).Config.Hostname;
  const shop = await shopAddresses(s);
  for (const [option, remote] of [
    ['-6', shop.six],
    ['-4', shop.four],
  ] as const) {
    await s.subtest(option, async () => {
      const curl = ['curl', option, '-sS', '-m', '10', '-w', '%{remote_ip}', 'http://goods:8080/'];
      const run = await s.netexec(['web', '--', ...curl]);
      assert.deepEqual([run.stdout.split('\n'), run.stderr, run.status], [[page, remote], '', 0]);
    });
  }
});

scenario('reports must have the addresses and subnets of both kinds', { project }, async (s) => {
  const shop = await shopAddresses(s);
  const web = await addresses(s, `${s.projectName}-web-1`, both(s));
  const [own, all] = [await report<NameRow>(s, ['--list-names', 'web']), await report<NameRow>(s, ['--list-names'])];
  for (const rows of [own, all]) {
    const of = (name: string) => rows.find((row) => row.Name === name && row.Network === both(s))?.Address;
    for (const name of ['shop', 'goods', `${s.projectName}-shop-1`]) assert.deepEqual(of(name), [shop.four, shop.six]);
    assert.deepEqual(of('web'), [web.four, web.six]);
  }
  const subnets = (await report<NetworkRow>(s, ['--list-networks'])).map(({ Key: key, Subnet: subnet }) => [
    key,
    subnet.length,
  ]);
  assert.deepEqual(subnets, [
    ['both', 2],
    ['four', 1],
  ]);
});

scenario('on a network with IPv6 alone names must have that; engines before 28 have none', { project }, async (s) => {
  const network = `${s.projectName}-six`;
  const names = [`${s.projectName}-asker`, `${s.projectName}-asked`] as const;
  const [asker, asked] = names;
  const { stdout: version } = await must(s.docker(['version', '--format', '{{.Server.Version}}']));
  s.t.after(async () => {
    await s.docker(['rm', '-f', ...names]);
    await s.docker(['network', 'rm', network]);
  });
  const subnet = ['--subnet', 'fd6e:6574:6578:3::/64'];
  const made = await s.docker(['network', 'create', '--ipv6', '--ipv4=false', ...subnet, network]);
  if (made.status === 0) {
    for (const name of names) {
      const options = ['--network', network, '--dns', '127.0.0.1', '--dns-search', '.', '--name', name];
      await must(s.docker(['run', '-d', ...options, 'netexec/servers:1', 'serve-http', '8080']));
    }
  }
  // An older engine does not know the option: it gives addresses of both kinds, or a client that knows that refuses.
  const { four, six } = made.status === 0 ? await addresses(s, asked, network) : { four: made.stderr, six: '' };
  if (four !== '') {
    s.t.diagnostic(`engine ${version} makes no network with IPv6 alone: ${four}`);
    assert.ok(Number.parseInt(version, 10) < 28, `engine ${version}: ${four}`);
    return;
  }
  assert.match(six, /^fd6e:6574:6578:3::/);
  const run = await s.netexec([asker, '--', 'getent', 'ahostsv6', asked]);
  assert.deepEqual([words(run), run.stderr, run.status], [[six], '', 0]);
  const row = (await report<NameRow>(s, ['--list-names', asker])).find(({ Name: name }) => name === asked);
  assert.deepEqual(row?.Address, [six]);
  const curl = ['curl', '-sS', '-m', '10', '-w', '%{remote_ip}', `http://${asked}:8080/`];
  const page = await s.netexec([asker, '--', ...curl]);
  assert.deepEqual([page.stdout.split('\n')[1], page.stderr, page.status], [six, '', 0]);
  // For a wildcard domain the address is spelt with hyphens for colons.
  await startProvider(s, asked, six);
  const machine = await machineAsking(s, six);
  const byAlias = ['docker', 'netexec', '--resolver', 'hostaliases', '--provider', domain, asker, '--'];
  const answer = await s.run(machine.inside([...byAlias, 'getent', 'ahostsv6', asked]));
  assert.match(answer.stdout, new RegExp(`^${six} +STREAM ${six.replaceAll(':', '-')}\\.${domain}\n`), answer.stderr);
  const reached = await s.run(machine.inside([...byAlias, ...curl]));
  assert.deepEqual([reached.stdout, reached.stderr, reached.status], [page.stdout, '', 0]);
});

scenario("by a tunnel a server on COMMAND's IPv6 address alone must be reached", { project }, async (s) => {
  const tunnel = ['docker', 'netexec', '--elevate', 'tunnel', 'web', '--'];
  const started = await s.start([...tunnel, '/usr/bin/python3', '-uc', servesBySix]);
  await started.says('Serving');
  const get = ['curl', '-sS', '-m', '20', '--noproxy', '*', 'http://web:3000/'];
  await s.eventually(async () => assert.equal((await s.netexec(['shop', '--', ...get])).stdout, 'by IPv6'));
  started.kill('SIGTERM');
  await started.ended;
});

const servesBySix = `
import socket
server = socket.socket(socket.AF_INET6)
server.bind((socket.getaddrinfo('web', 80, socket.AF_INET6)[0][4][0], 3000))
server.listen()
print('Serving')
while True:
    client, _ = server.accept()
    client.recv(4000)
    client.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\nby IPv6')
    client.close()`;
