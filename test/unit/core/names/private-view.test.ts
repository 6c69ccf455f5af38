// What is laid over /etc, as texts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { makePrivateView } from '../../../../src/core/names/private-view.ts';
import type { PrivateView, ViewFacts } from '../../../../src/core/names/private-view.ts';
import type { EntryContext } from '../../../../src/core/entry/environment.ts';
import { goldens } from '../../../goldens.ts';

const facts: ViewFacts = {
  hostName: 'laptop',
  hosts: '127.0.0.1 localhost\n127.0.1.1\tlaptop.example.org laptop # set up\n',
  nsswitch: 'passwd:\tfiles systemd\nhosts:\tfiles resolve [!UNAVAIL=return] dns\n\nnetgroup: nis\n',
  nscdFolders: ['/run/nscd'],
  mountinfo: '',
  staging: '/mnt',
};

const web: EntryContext = {
  project: 'shop',
  service: 'web',
  container: 'shop-web-1',
  networks: ['shop_backend', 'shop_cache'],
  root: undefined,
};

// What a container's own files look like on engine 20.10.
const theirs = {
  resolvConf: 'search example.test\nnameserver 127.0.0.11\noptions ndots:0\n',
  hosts: '127.0.0.1\tlocalhost\n172.29.0.3\t5f1b9cbb2ff9\n',
};

/** The three files as COMMAND reads them: the stage puts the container's own between head and tail. */
function files({ resolvConf, hosts, nsswitch }: PrivateView): string {
  return [
    ['/etc/resolv.conf', `${resolvConf.head}${theirs.resolvConf}${resolvConf.tail}`],
    ['/etc/hosts', `${hosts.head}${theirs.hosts}`],
    ['/etc/nsswitch.conf', nsswitch],
  ]
    .map(([name, text]) => `=== ${name}\n${text}`)
    .join('');
}

const nobody = { network: 'shop_backend', services: [], containers: [] };

goldens('private-view', {
  'web.txt': () => files(makePrivateView(facts, web, undefined, [])),
  'no-networks.txt': () => files(makePrivateView(facts, { ...web, networks: [] }, undefined, [])),
  'host-without-nsswitch.txt': () => files(makePrivateView({ ...facts, nsswitch: undefined }, web, undefined, [])),
  'service-of-the-hosts-name.txt': () =>
    files(makePrivateView(facts, web, undefined, ['db', facts.hostName.toUpperCase()])),
  'name-of-two-lines.txt': () =>
    files(makePrivateView(facts, { ...web, container: 'web\nnameserver 192.0.2.1' }, undefined, [])),
  'place.txt': () => files(makePrivateView(facts, { ...web, container: undefined }, undefined, [])),
  'pinned.txt': () => files(makePrivateView(facts, web, 'shop_backend', [])),
  'pinned-by-addresses.txt': () =>
    files(
      makePrivateView(
        facts,
        web,
        'shop_backend',
        [],
        [
          { ...nobody, name: 'db', addresses: ['10.89.0.2', 'fd00::2'] },
          { ...nobody, name: 'web', addresses: ['10.89.0.3', '10.89.0.4'] },
          { ...nobody, name: 'odd name', addresses: ['10.89.0.5'] },
        ],
      ),
    ),
});

describe("the host's nsswitch.conf", () => {
  const others = ['# made by hand', 'passwd: files sss', '#hosts: dns', 'ethers: db files', 'hostsx: files'];
  const rows: readonly (readonly [string, lines: readonly string[]])[] = [
    ['must lose its hosts', ['hosts: files mdns4_minimal [NOTFOUND=return] resolve dns']],
    ['must lose its hosts wherever blanks stand', ['  hosts :files resolve']],
    ['must lose all its hosts', ['hosts: resolve', 'hosts: files']],
    ['need not have hosts', []],
  ];
  for (const [name, hosts] of rows) {
    test(name, () => {
      const nsswitch = [...others.slice(0, 2), ...hosts, ...others.slice(2)].join('\n');
      const lines = makePrivateView({ ...facts, nsswitch }, web, undefined, []).nsswitch.split('\n');
      assert.deepEqual(lines.slice(1), [...others, 'hosts: files dns', '']);
    });
  }

  test('must keep all its other lines, whatever they are, and end with the one that counts', () => {
    const blank = fc.constantFrom('', ' ', '\t', '  ');
    const hosts = fc
      .tuple(
        blank,
        blank,
        fc.string().filter((rest) => !/[\n\r]/.test(rest)),
      )
      .map(([before, behind, rest]) => `${before}hosts${behind}:${rest}`);
    const other = fc
      .string({ unit: 'binary' })
      .filter((line) => !line.includes('\n') && !/^\s*hosts\s*:/.test(line) && line !== '');
    fc.assert(
      fc.property(fc.array(fc.oneof(hosts, other, other)), (lines) => {
        const kept = lines.filter((line) => !/^[ \t]*hosts[ \t]*:/.test(line));
        const made = makePrivateView({ ...facts, nsswitch: `${lines.join('\n')}\n` }, web, undefined, []).nsswitch;
        assert.deepEqual(made.split('\n').slice(1), [...kept, 'hosts: files dns', '']);
      }),
    );
  });
});

describe('--network', () => {
  const tail = (network: string | undefined): string => makePrivateView(facts, web, network, []).resolvConf.tail;

  test('must be the last search domain of resolv.conf, which wins, and be tried first', () => {
    const lines = tail('shop_cache').split('\n');
    assert.deepEqual(
      lines.filter((line) => line !== '' && !line.startsWith('#')),
      ['search shop_cache', 'options ndots:1'],
    );
    // A file without an end of its last line must not swallow the first of these.
    assert.equal(lines[0], '');
    assert.equal(lines.at(-1), '');
  });

  for (const network of [`${'x'.repeat(63)}_default`, 'two words', 'two\nlines', 'shop..cache']) {
    test(`must leave resolv.conf as it is where DNS does not carry ${JSON.stringify(network)}`, () => {
      assert.equal(tail(network), '');
    });
  }

  test("must have the container's other networks before its search domains", () => {
    const networks = ['bridge', 'shop_backend', 'two words', 'shop_cache', 'x'.repeat(64)];
    const { between } = makePrivateView(facts, { ...web, networks }, 'shop_cache', []).resolvConf;
    assert.deepEqual(between, ['shop_backend']);
  });

  test('must change nothing but that', () => {
    const { resolvConf, ...others } = makePrivateView(facts, web, 'shop_cache', []);
    const { resolvConf: unpinned, ...same } = makePrivateView(facts, web, undefined, []);
    assert.deepEqual(others, same);
    assert.deepEqual([resolvConf.head, unpinned.tail], [unpinned.head, '']);
  });
});

test('what is mounted in /etc must be kept, but for the files that are covered', () => {
  const mountinfo = [
    '28 1 254:0 / / rw,relatime - ext4 /dev/vda rw',
    '90 28 0:40 / /etc/ssl rw - tmpfs tmpfs rw',
    '91 90 0:41 / /etc/ssl/my\\040certs rw - tmpfs tmpfs rw',
    '92 28 254:0 /x /etc/hosts rw - ext4 /dev/vda rw',
    '93 28 254:0 /x /etc/resolv.conf rw - ext4 /dev/vda rw',
    '94 28 254:0 /x /etcetera rw - ext4 /dev/vda rw',
    '95 28 0:40 / /etc/ssl rw - tmpfs tmpfs rw',
    '96 28 0:40 / /etc/two\\012lines rw - tmpfs tmpfs rw',
    '',
  ].join('\n');
  assert.deepEqual(makePrivateView({ ...facts, mountinfo }, web, undefined, []).mounts, [
    '/etc/ssl',
    '/etc/ssl/my certs',
  ]);
});

test('the folders of nscd must be out of sight', () => {
  assert.deepEqual(makePrivateView(facts, web, undefined, []).hidden, ['/run/nscd']);
});

test('a network whose name is no domain must not be searched, nor write a line', () => {
  for (const name of ['shop\nnameserver 192.0.2.1', 'shop front', 'shop\u2028', '', 'größe', '-n'])
    assert.equal(makePrivateView(facts, web, name, []).resolvConf.tail, '', JSON.stringify(name));
});
