// HOSTALIASES files: each line two words that glibc can use, whatever names there are.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { aliasFile, isDomain, joinedNames, spellAddress, withNamesOfFile } from '../../../../src/core/names/aliases.ts';
import type { AliasTarget } from '../../../../src/core/names/aliases.ts';
import { plainAddress } from '../../../../src/core/check/socket-tables.ts';
import type { NetworkName } from '../../../../src/core/names/names.ts';

const backend = { name: 'shop_backend', id: 'd'.repeat(64) };
const engine: AliasTarget = { kind: 'engine' };
const sslip: AliasTarget = { kind: 'provider', domain: 'sslip.io' };

const named = (name: string, ...addresses: readonly string[]): NetworkName => ({
  name,
  network: backend.name,
  addresses,
  services: [],
  containers: [],
});

/** The lines that are not comments. */
const aliases = (text: string): readonly string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

const aliasesOf = (names: readonly NetworkName[], target: AliasTarget): readonly string[] =>
  aliases(aliasFile([backend], names, target).text);

describe('a name that', () => {
  const rows: readonly (readonly [
    string,
    names: readonly NetworkName[],
    target: AliasTarget,
    lines: readonly string[],
  ])[] = [
    [
      'the engine answers must lead to it, on that network',
      [named('web', '10.1.0.1')],
      engine,
      ['web web.shop_backend'],
    ],
    ['has no address needs none for the engine', [named('web')], engine, ['web web.shop_backend']],
    ['has an address must spell it for a provider', [named('web', '10.1.0.1')], sslip, ['web 10-1-0-1.sslip.io']],
    ['has an IPv6 address alone must spell that', [named('web', 'fd00::3')], sslip, ['web fd00--3.sslip.io']],
    ['has both must spell the older kind', [named('web', 'fd00::3', '10.1.0.1')], sslip, ['web 10-1-0-1.sslip.io']],
    ['has several must spell the first', [named('api', '10.1.0.1', '10.1.0.2')], sslip, ['api 10-1-0-1.sslip.io']],
    ['has no address must be left out for a provider', [named('web')], sslip, []],
    ['has a dot must be left out, since glibc never looks for it', [named('db.internal', '10.1.0.1')], engine, []],
    ['has a blank must be left out', [named('two words', '10.1.0.1'), named('a\tb', '10.1.0.1')], engine, []],
    ['starts a line must be left out', [named('a\nb', '10.1.0.1'), named('a\rb', '10.1.0.1')], engine, []],
    ['reads as a comment must be left out', [named('#web', '10.1.0.1')], engine, []],
    ['DNS does not carry must be left out', [named('x'.repeat(64), '10.1.0.1')], engine, []],
    [
      'DNS does not carry with its network must be left out: glibc would find nothing by it',
      [{ ...named('db', '10.1.0.1'), network: `${'x'.repeat(63)}_default` }],
      engine,
      [],
    ],
    [
      'is on a network of such a name must lead to a provider all the same',
      [{ ...named('db', '10.1.0.1'), network: `${'x'.repeat(63)}_default` }],
      sslip,
      ['db 10-1-0-1.sslip.io'],
    ],
    ['is on a network of two words must be left out', [{ ...named('db'), network: 'two words' }], engine, []],
    ['is empty must be left out', [named('', '10.1.0.1')], engine, []],
    [
      'is on no network must be left out for the engine',
      [{ ...named('printer', '192.0.2.7'), network: undefined }],
      engine,
      [],
    ],
  ];
  for (const [name, names, target, lines] of rows) {
    test(name, () => assert.deepEqual(aliasesOf(names, target), lines));
  }
});

test('a file must say what it is, and of which networks', () => {
  const cache = { name: 'shop_cache', id: 'c'.repeat(64) };
  assert.deepEqual(aliasFile([backend, cache], [named('web', '10.1.0.1'), named('a.b', '10.1.0.1')], sslip), {
    networks: ['shop_backend', 'shop_cache'],
    names: ['web'],
    text: [
      '# docker netexec: answered by sslip.io',
      `# network shop_backend ${backend.id}`,
      `# network shop_cache ${cache.id}`,
      'web 10-1-0-1.sslip.io',
      '',
    ].join('\n'),
  });
  assert.match(aliasFile([backend], [], engine).text, /^# docker netexec: answered by the engine's own DNS\n/);
});

test('a file for several networks must leave out what more than one of them knows', () => {
  const other = (name: string): NetworkName => ({ ...named(name), network: 'shop_cache' });
  const joined = joinedNames([
    [named('web'), named('Store'), named('db')],
    [other('WEB'), other('store'), other('redis')],
  ]);
  assert.deepEqual(
    joined.map(({ name, network }) => `${name}.${network}`),
    ['db.shop_backend', 'redis.shop_cache'],
  );
});

describe('names of an earlier file', () => {
  const earlier = aliasFile([backend], [named('db'), named('ledger'), named('Web')], engine).text;
  const kept = (id: string, text: string): readonly string[] =>
    withNamesOfFile(backend.name, id, [named('web', '10.1.0.1')], text).map(({ name }) => name);

  test('must be kept where it is of the same network, and each once', () => {
    assert.deepEqual(kept(backend.id, earlier), ['web', 'db', 'ledger']);
  });
  test('must lead to that network as all do', () => {
    const names = withNamesOfFile(backend.name, backend.id, [], earlier);
    assert.deepEqual(aliasesOf(names, engine), [
      'db db.shop_backend',
      'ledger ledger.shop_backend',
      'Web Web.shop_backend',
    ]);
  });
  test('must be forgotten where the network was made anew', () => {
    assert.deepEqual(kept('e'.repeat(64), earlier), ['web']);
  });
  test('must be forgotten where the file is of a network whose id only begins alike', () => {
    assert.deepEqual(kept(backend.id.slice(0, 12), earlier), ['web']);
  });
  test('are none where there is no file', () => assert.deepEqual(kept(backend.id, ''), ['web']));
});

describe('an address as a label', () => {
  const rows: readonly (readonly [address: string, label: string])[] = [
    ['172.20.0.3', '172-20-0-3'],
    ['0.0.0.0', '0-0-0-0'],
    ['fd00::3', 'fd00--3'],
    ['2001:db8:1:2:3:4:5:6', '2001-db8-1-2-3-4-5-6'],
    ['::1', '0--1'],
    ['fd00::', 'fd00--0'],
    ['::', '0--0'],
    ['::ffff:172.20.0.3', '0--ffff-172-20-0-3'],
  ];
  for (const [address, label] of rows) {
    test(address, () => assert.equal(spellAddress(address), label));
  }

  test('must be a label for every address there is, and be that address again', () => {
    // As engines write them: in the one short form.
    const short = fc.ipV6().map(plainAddress);
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), short), (address) => {
        const label = spellAddress(address);
        assert.match(label, /^(?!-)[0-9a-z-]{1,63}(?<!-)$/i);
        const again = address.includes(':') ? plainAddress(label.replaceAll('-', ':')) : label.replaceAll('-', '.');
        assert.equal(again, address);
      }),
    );
  });
});

describe('a domain', () => {
  const label = 'a'.repeat(63);
  const good = ['sslip.io', 'nip.io.', 'localhost', 'a', '1', 'XN--BCHER-KVA.example', 'a-b.c--d', `${label}.${label}`];
  const empty = ['', '.', '..', '.io', 'a..b', 'a.b..'];
  const hyphens = ['-', '-a.io', 'a-.io', 'a.-', 'a.-b'];
  const blanks = ['a b', ' a', 'a ', 'a\n', 'a\n.io', '\na'];
  const signs = ['a_b.io', '*.io', 'a/b', 'a:53', 'http://a', '@', 'bücher.example'];
  const long = [`a${label}`, `${'a.'.repeat(100)}a`];
  for (const text of good) test(`may be ${JSON.stringify(text)}`, () => assert.ok(isDomain(text)));
  for (const text of [...empty, ...hyphens, ...blanks, ...signs, ...long])
    test(`may not be ${JSON.stringify(text)}`, () => assert.ok(!isDomain(text)));

  test('may be every domain there is, and nothing with a blank or a sign', () => {
    fc.assert(fc.property(fc.domain(), (text) => assert.ok(text.length > 200 || isDomain(text))));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => assert.ok(!isDomain(text) || /^[a-z0-9.-]+$/i.test(text))),
    );
  });
});

describe('whatever the names are', () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('web', 'a b', '#', 'a.b', '', 'a\nb', '\u00a0', '\u2028'),
  );
  const address = fc.oneof(fc.ipV4(), fc.ipV6());
  const name: fc.Arbitrary<NetworkName> = fc.record({
    name: word,
    network: fc.option(fc.constant(backend.name), { nil: undefined }),
    addresses: fc.array(address, { maxLength: 3 }),
    services: fc.constant([]),
    containers: fc.constant([]),
  });
  const target = fc.constantFrom(engine, sslip);

  test('every line of a file must be two words, without a dot in the first', () => {
    fc.assert(
      fc.property(fc.array(name), target, (names, to) => {
        const { text, names: told } = aliasFile([backend], names, to);
        const lines = aliases(text);
        for (const line of lines) assert.match(line, /^[^\s.#]+ [^\s]+$/);
        assert.deepEqual(
          lines.map((line) => line.split(' ')[0]),
          told,
        );
        assert.ok(text.endsWith('\n'));
      }),
    );
  });

  test('a file that was written must give back its names, and be written the same again', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { selector: (each) => each.name.toLowerCase() }), (names) => {
        const { text, names: told } = aliasFile([backend], names, engine);
        const again = withNamesOfFile(backend.name, backend.id, [], text);
        assert.deepEqual(
          again.map((each) => each.name),
          told,
        );
        assert.equal(aliasFile([backend], again, engine).text, text);
      }),
    );
  });

  test('no text of an earlier file may do harm', () => {
    const hostile = fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(hostile, ([before, behind]) => {
        const text = `${before} ${backend.id}\n${behind}`;
        const names = withNamesOfFile(backend.name, backend.id, [], text);
        for (const line of aliasesOf(names, engine)) assert.match(line, /^[^\s.#]+ [^\s]+$/);
      }),
    );
  });
});
