// What --resolver hostaliases cannot do, told from the host's files and from COMMAND's own.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { aliasLimits } from '../../../../src/core/names/alias-limits.ts';
import type { ProgramFacts, ResolverFacts } from '../../../../src/core/names/alias-limits.ts';

const glibc: ProgramFacts = { loader: '/lib64/ld-linux-x86-64.so.2', setId: false };

/** A host on which it works. */
const able: ResolverFacts = {
  nsswitch: 'passwd: files\nhosts: files dns\n',
  resolvConf: 'nameserver 192.0.2.53\n',
  nscdFolders: [],
  program: glibc,
};

const limits = (facts: Partial<ResolverFacts>): readonly string[] => aliasLimits({ ...able, ...facts });

/** Exactly one limit, or none. */
function check(facts: Partial<ResolverFacts>, expected: RegExp | undefined): void {
  const found = limits(facts);
  assert.equal(found.length, expected === undefined ? 0 : 1, found.join('\n'));
  if (expected !== undefined) assert.match(found[0] ?? '', expected);
}

describe('nsswitch.conf with', () => {
  const noDns = /does not list dns for hosts/;
  const resolveFirst = /nss-resolve answers before dns/;
  const rows: readonly (readonly [hosts: string, expected: RegExp | undefined])[] = [
    ['hosts: files dns', undefined],
    ['hosts:files dns', undefined],
    ['\thosts :\tfiles\tdns', undefined],
    ['hosts: dns', undefined],
    ['hosts: files mdns4_minimal [NOTFOUND=return] dns myhostname', undefined],
    ['hosts: files dns resolve', undefined],
    ['hosts: files dns [!UNAVAIL=return] resolve', undefined],
    ['hosts: files resolve [!UNAVAIL=return] dns', resolveFirst],
    ['hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns', resolveFirst],
    ['hosts: resolve dns', resolveFirst],
    ['hosts: files', noDns],
    ['hosts: files resolve', noDns],
    ['hosts: files myhostname # dns', noDns],
    ['hosts: files [dns=return]', noDns],
    ['hosts: files mdns4 dnsmasq', noDns],
    ['hosts:', noDns],
    // glibc's own default is `dns files`.
    ['', undefined],
    ['#hosts: files', undefined],
    ['hostsx: files', undefined],
  ];
  for (const [hosts, expected] of rows) {
    test(JSON.stringify(hosts), () => check({ nsswitch: `passwd: files\n${hosts}\nservices: db\n` }, expected));
  }
  test('no such file', () => check({ nsswitch: undefined }, undefined));
});

describe('resolv.conf with', () => {
  const rows: readonly (readonly [text: string | undefined, unreachable: string | undefined])[] = [
    ['nameserver 192.0.2.53\n', undefined],
    ['nameserver 2001:db8::53\n', undefined],
    ['nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch lan\n', '127.0.0.53'],
    ['nameserver ::1\n', '::1'],
    ['  nameserver\t127.0.0.1  # stub\n', '127.0.0.1'],
    ['nameserver 127.0.0.1\nnameserver ::1\n', '127.0.0.1, ::1'],
    // The second is asked when the first does not answer.
    ['nameserver 127.0.0.1\nnameserver 192.0.2.53\n', undefined],
    ['#nameserver 127.0.0.1\nnameserver 192.0.2.53\n', undefined],
    ['nameserver 192.0.2.53\n;nameserver 127.0.0.1\n', undefined],
    // Without a server glibc asks the one of its own machine (resolv.conf(5)), which is none of the container's.
    ['search lan\n', '127.0.0.1'],
    ['', '127.0.0.1'],
    [undefined, '127.0.0.1'],
  ];
  for (const [text, server] of rows) {
    test(JSON.stringify(text) ?? 'no such file', () => {
      const expected = `the host's DNS server ${server} is not reachable from the container's network`;
      assert.deepEqual(limits({ resolvConf: text }), server === undefined ? [] : [expected]);
    });
  }
});

test('nscd must be said to answer, once', () => {
  check({ nscdFolders: ['/run/nscd', '/var/run/nscd'] }, /^nscd answers/);
});

describe('a program', () => {
  const rows: readonly (readonly [string, program: ProgramFacts, expected: RegExp | undefined])[] = [
    ['of glibc can', glibc, undefined],
    ['of glibc elsewhere can', { loader: '/nix/store/x-glibc/lib/ld-linux-aarch64.so.1', setId: false }, undefined],
    ['that tells nothing of itself may', { loader: undefined, setId: false }, undefined],
    ['of musl cannot', { loader: '/lib/ld-musl-x86_64.so.1', setId: false }, /musl/],
    ['that is static cannot', { loader: '', setId: false }, /statically linked: musl and Go/],
    ['that is setuid cannot', { ...glibc, setId: true }, /setuid/],
    ['that is setuid and static is told of one thing', { loader: '', setId: true }, /setuid/],
  ];
  for (const [name, program, expected] of rows) test(name, () => check({ program }, expected));
});

test('all that stands in the way must be said, a line each', () => {
  const found = limits({
    nsswitch: 'hosts: resolve dns\n',
    resolvConf: 'nameserver 127.0.0.53\n',
    nscdFolders: ['/run/nscd'],
    program: { loader: '/lib/ld-musl-x86_64.so.1', setId: false },
  });
  assert.equal(found.length, 4);
  for (const line of found) assert.doesNotMatch(line, /\n/);
});

test('no text of a file must be too much for it', () => {
  const text = fc.option(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((rest) => `hosts: ${rest}`),
    ),
    {
      nil: undefined,
    },
  );
  fc.assert(
    fc.property(text, text, (nsswitch, resolvConf) => {
      for (const line of limits({ nsswitch, resolvConf })) assert.doesNotMatch(line, /\n/);
    }),
  );
});
