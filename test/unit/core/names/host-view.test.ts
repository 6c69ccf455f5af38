// What --host-network lays over /etc: which names, in which lines, and what is left of the machine's own.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hostNames, hostsText, makeHostView } from '../../../../src/core/names/host-view.ts';
import { host, visible } from '../samples.ts';

const name = (each: string, ...addresses: readonly string[]) => ({
  name: each,
  network: 'shop_backend',
  addresses,
  services: [],
  containers: [],
});

test('a name must stand with each of its addresses, and with its network where that is not another name', () => {
  const lines = hostsText(hostNames(visible), '127.0.0.1 localhost\n').split('\n');
  assert.deepEqual(lines, [
    '# docker netexec --host-network: names of containers',
    '172.20.0.4\tdb db.shop_backend',
    'fd00::4\tdb db.shop_backend',
    '172.20.0.3\tweb web.shop_backend',
    '172.21.0.3\tweb.shop_cache',
    "# this machine's own",
    '127.0.0.1 localhost',
    '',
  ]);
});

describe('no name must be taken over that', () => {
  const rows: readonly (readonly [string, ReturnType<typeof name>])[] = [
    ["is this machine's localhost", name('localhost', '10.0.0.1')],
    ["is this machine's localhost by another name", name('ip6-localhost', '10.0.0.1')],
    ["means the container's localhost, which is another here", name('legacy', '127.0.0.1')],
    ['means the same in IPv6', name('legacy', '::1')],
    ['has an address that is none', name('gate', 'host-gateway')],
    ['has none', name('gone')],
    ['is an address itself', name('10.1', '10.0.0.1')],
    ['no program asks for', name('a b', '10.0.0.1')],
    ['would be two lines', name('a\n127.0.0.1\tb', '10.0.0.1')],
  ];
  for (const [what, each] of rows) test(what, () => assert.deepEqual(hostNames([each]), []));
});

test('of two accounts of a name the first must count, whatever the case', () => {
  const [one, ...others] = hostNames([name('Web', '10.0.0.1'), name('web', '10.0.0.2')]);
  assert.deepEqual([one?.name, one?.addresses, others], ['Web', ['10.0.0.1'], []]);
});

describe("what is left of the machine's own hosts file", () => {
  const rows: readonly (readonly [string, own: string, left: string])[] = [
    [
      'is all, where no name is taken',
      '127.0.0.1\tlocalhost # here\n\n# a note\n10.0.0.9 nas',
      '127.0.0.1\tlocalhost # here\n\n# a note\n10.0.0.9 nas',
    ],
    ['is not a name that a container has', '127.0.0.1 db', ''],
    [
      'whatever its case, and what else is in the line',
      '127.0.1.1 laptop DB web.corp  # me',
      '127.0.1.1\tlaptop web.corp',
    ],
    ['is a name that stands in a comment alone', '10.0.0.9 nas # db', '10.0.0.9 nas # db'],
    ['is nothing of nothing', '', ''],
  ];
  for (const [what, own, left] of rows)
    test(what, () => {
      const [, rest = ''] = hostsText(hostNames(visible), `${own}\n`).split("# this machine's own\n");
      assert.equal(rest.trimEnd(), left);
    });
});

describe('nsswitch.conf must ask the hosts file first, and then as before', () => {
  const rows: readonly (readonly [own: string | undefined, hosts: string])[] = [
    [undefined, 'files dns'],
    ['passwd: files\n', 'files dns'],
    ['hosts: files dns', 'files dns'],
    [
      'hosts:\tfiles mdns4_minimal [NOTFOUND=return] resolve [!UNAVAIL=return] dns',
      'files mdns4_minimal [NOTFOUND=return] resolve [!UNAVAIL=return] dns',
    ],
    [
      'hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns # Arch',
      'files mymachines resolve [!UNAVAIL=return] myhostname dns',
    ],
    ['hosts: files [NOTFOUND=return] dns', 'files dns'],
    ['hosts: files', 'files dns'],
    ['hosts: db myfiles files', 'files db myfiles'],
  ];
  for (const [own, hosts] of rows)
    test(own ?? 'where there is none', () => {
      const { nsswitch } = makeHostView({ ...host, nsswitch: own }, visible);
      assert.deepEqual(nsswitch.match(/^hosts:.*$/gm), [`hosts: ${hosts}`]);
      assert.equal(nsswitch.includes('passwd: files\n'), own?.includes('passwd') === true);
    });
});
