// --forward and --proxy, in every form, and everything that is none.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseArgv } from '../../../../src/core/arguments/argv.ts';
import type { PortFault } from '../../../../src/core/failure/port-failure.ts';
import {
  describeFailure,
  describeLocalPort,
  describeOpenness,
  localPortJson,
  valueOf,
} from '../../../../src/core/relay/local-port-text.ts';
import { listenTogether, listenedOn, readForwards, readProxies } from '../../../../src/core/relay/local-ports.ts';
import type { Forward, ProxyPort } from '../../../../src/core/relay/local-ports.ts';

const read = (...words: readonly string[]) => readForwards(words, '--forward');
const readProxy = (...words: readonly string[]) => readProxies(words, '--proxy');

const pieces = fc.constantFrom(' ', '\0', ...'[ ] : :: 1 80 0 - a . * localhost / é'.split(' '));
const texts = fc.oneof(
  fc.string(),
  fc.array(pieces).map((all) => all.join('')),
);

describe('a form', () => {
  const rows: readonly (readonly [string, Partial<Forward> & Pick<Forward, 'local' | 'port'>, shown: string])[] = [
    ['5432', { local: 5432, port: 5432 }, '127.0.0.1:5432 → localhost:5432 in web'],
    ['5432/tcp', { local: 5432, port: 5432 }, '127.0.0.1:5432 → localhost:5432 in web'],
    ['15432:5432', { local: 15432, port: 5432 }, '127.0.0.1:15432 → localhost:5432 in web'],
    ['0:5432', { local: 0, port: 5432 }, '127.0.0.1:0 → localhost:5432 in web'],
    ['postgres:5432', { local: 5432, host: 'postgres', port: 5432 }, '127.0.0.1:5432 → postgres:5432'],
    ['15432:postgres:5432', { local: 15432, host: 'postgres', port: 5432 }, '127.0.0.1:15432 → postgres:5432'],
    ['172.20.0.3:80', { local: 80, host: '172.20.0.3', port: 80 }, '127.0.0.1:80 → 172.20.0.3:80'],
    ['[fd00::2]:80', { local: 80, host: 'fd00::2', port: 80 }, '127.0.0.1:80 → [fd00::2]:80'],
    ['8080:[fd00::2]:80', { local: 8080, host: 'fd00::2', port: 80 }, '127.0.0.1:8080 → [fd00::2]:80'],
    ['0.0.0.0:8080:80', { address: '0.0.0.0', local: 8080, port: 80 }, '0.0.0.0:8080 → localhost:80 in web'],
    ['*:8080:80', { address: '*', local: 8080, port: 80 }, '0.0.0.0:8080 → localhost:80 in web'],
    ['localhost:8080:80', { local: 8080, port: 80 }, '127.0.0.1:8080 → localhost:80 in web'],
    ['[::1]:8080:80', { address: '::1', local: 8080, port: 80 }, '[::1]:8080 → localhost:80 in web'],
    ['127.0.0.2:0:api:80', { address: '127.0.0.2', local: 0, host: 'api', port: 80 }, '127.0.0.2:0 → api:80'],
    ['[::]:1:[::2]:80', { address: '::', local: 1, host: '::2', port: 80 }, '[::]:1 → [::2]:80'],
    ['1:my-app_1.shop:65535', { local: 1, host: 'my-app_1.shop', port: 65535 }, '127.0.0.1:1 → my-app_1.shop:65535'],
  ];
  for (const [text, expected, shown] of rows) {
    test(text, () => {
      const forward: Forward = { kind: 'forward', address: undefined, host: undefined, ...expected };
      assert.deepEqual(read(text), { ok: true, value: [forward] });
      assert.equal(describeLocalPort({ ...forward, listening: forward.local }, 'web'), shown);
    });
  }
});

describe('no form', () => {
  const rows: readonly (readonly [string, PortFault])[] = [
    ['', 'form'],
    [':', 'form'],
    [':80', 'form'],
    ['80:', 'form'],
    ['a::80', 'brackets'],
    ['1:2:3:4:5', 'form'],
    ['web:api:80', 'form'],
    ['postgres', 'no-port'],
    ['127.0.0.1', 'no-port'],
    ['[::1]', 'no-port'],
    ['8080:[::1]', 'no-port'],
    ['postgres:http', 'not-a-port'],
    ['65536', 'not-a-port'],
    ['65536:80', 'not-a-port'],
    ['-1', 'no-port'],
    ['1:99999999999999999999', 'not-a-port'],
    ['0', 'port-zero'],
    ['80:0', 'port-zero'],
    ['postgres:0', 'port-zero'],
    ['8000-8010', 'range'],
    ['8000-8010:80', 'range'],
    ['8000-8010:8000-8010', 'range'],
    ['8000-8010:web:80', 'range'],
    ['53/udp', 'not-tcp'],
    ['53:53/UDP', 'not-tcp'],
    ['::1:80:80', 'brackets'],
    ['fd00::2:80', 'brackets'],
    ['[::1:80', 'brackets'],
    ['[web]:80', 'brackets'],
    ['[1.2.3.4]:80', 'brackets'],
    ['a b:80', 'not-a-host'],
    ['http://web:80', 'form'],
    ['user@web:80', 'not-a-host'],
    ['web:8080:80', 'not-an-address'],
    ['8080:80:90', 'not-an-address'],
    ['eth0:8080:web:80', 'not-an-address'],
  ];
  for (const [value, fault] of rows) {
    test(JSON.stringify(value), () =>
      assert.deepEqual(read(value), { ok: false, failure: { kind: 'port-invalid', flag: '--forward', value, fault } }),
    );
  }
});

describe('a form of --proxy', () => {
  const rows: readonly (readonly [string, Omit<ProxyPort, 'kind'>, shown: string, value?: string])[] = [
    ['1080', { address: undefined, local: 1080 }, '127.0.0.1:1080'],
    ['0', { address: undefined, local: 0 }, '127.0.0.1:0'],
    ['localhost:1080', { address: undefined, local: 1080 }, '127.0.0.1:1080', '1080'],
    ['127.0.0.2:1080', { address: '127.0.0.2', local: 1080 }, '127.0.0.2:1080'],
    ['*:1080', { address: '*', local: 1080 }, '0.0.0.0:1080'],
    ['[::1]:1080', { address: '::1', local: 1080 }, '[::1]:1080'],
  ];
  for (const [text, place, shown, value = text] of rows) {
    test(text, () => {
      const proxy: ProxyPort = { kind: 'proxy', ...place };
      assert.deepEqual(readProxy(text), { ok: true, value: [proxy] });
      assert.equal(
        describeLocalPort({ ...proxy, listening: proxy.local }, 'web'),
        `${shown} → proxy into web's network`,
      );
      assert.equal(valueOf(proxy), value);
    });
  }
});

describe('no form of --proxy', () => {
  const rows: readonly (readonly [string, PortFault])[] = [
    ['', 'form'],
    [':1080', 'form'],
    ['1080:', 'form'],
    ['web', 'no-port'],
    ['127.0.0.1', 'no-port'],
    ['[::1]', 'no-port'],
    ['-1', 'no-port'],
    ['127.0.0.1:socks', 'not-a-port'],
    ['65536', 'not-a-port'],
    ['1080-1090', 'range'],
    ['::1:1080', 'brackets'],
    ['[web]:1080', 'brackets'],
    ['web:1080', 'not-an-address'],
    ['8080:1080', 'not-an-address'],
    ['socks5://127.0.0.1:1080', 'form'],
  ];
  for (const [value, fault] of rows) {
    test(JSON.stringify(value), () =>
      assert.deepEqual(readProxy(value), {
        ok: false,
        failure: { kind: 'port-invalid', flag: '--proxy', value, fault },
      }),
    );
  }
});

test('any text for --proxy is read, or told what is wrong with it', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const proxies = readProxy(text);
      if (!proxies.ok) return assert.equal(proxies.failure.kind, 'port-invalid');
      const [{ local } = { local: -1 }] = proxies.value;
      assert.ok(local >= 0 && local <= 65_535);
    }),
    { numRuns: 5000 },
  );
});

describe('several', () => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['80', '81', true],
    ['80', '81:80', true],
    ['0:80', '0:80', true],
    ['127.0.0.2:80:80', '80', true],
    ['80', '80', false],
    ['80', 'api:80', false],
    ['*:80:80', '80', false],
    ['0.0.0.0:80:80', '80', false],
    ['127.0.0.1:80:80', '80', false],
    ['[::1]:80:80', '80', false],
    ['[::1]:80:80', '127.0.0.1:80:80', true],
    ['0.0.0.0:80:80', '[::1]:80:80', true],
    ['127.0.0.2:80:80', '127.0.0.2:80:api:80', false],
  ];
  for (const [one, other, fit] of rows) {
    test(`${one} and ${other} ${fit ? 'go' : 'do not go'} together`, () => {
      const both = read(one, other);
      assert.ok(both.ok);
      const together = listenTogether(both.value);
      if (fit) assert.deepEqual(together, both);
      else assert.deepEqual(together, { ok: false, failure: { kind: 'port-twice', local: 80 } });
    });
  }
  test('a hundred, and no more', () => {
    const words = Array.from({ length: 100 }, (_, index) => `${index + 1}`);
    const [forwards, proxies] = [read(...words), readProxy('1080')];
    assert.ok(forwards.ok && proxies.ok);
    assert.equal(listenTogether(forwards.value).ok, true);
    assert.deepEqual(listenTogether([...forwards.value, ...proxies.value]), {
      ok: false,
      failure: { kind: 'ports-too-many', count: 101, most: 100 },
    });
  });
});

test('any text is read, or told what is wrong with it', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const forwards = read(text);
      if (!forwards.ok) return assert.equal(forwards.failure.kind, 'port-invalid');
      const [{ local, port } = { local: -1, port: 0 }] = forwards.value;
      assert.ok(port >= 1 && port <= 65_535 && local >= 0 && local <= 65_535);
    }),
    { numRuns: 5000 },
  );
});

test('it listens on the loopback addresses, unless it is told otherwise', () => {
  const on = (text: string): readonly [readonly string[], boolean] => {
    const forwards = read(text);
    const forward = forwards.ok ? forwards.value[0] : undefined;
    assert.ok(forward);
    return [listenedOn(forward), describeOpenness({ ...forward, listening: 80 }, 'web') !== undefined];
  };
  assert.deepEqual(on('80'), [['127.0.0.1', '::1'], false]);
  assert.deepEqual(on('localhost:80:80'), [['127.0.0.1', '::1'], false]);
  assert.deepEqual(on('127.0.0.2:80:80'), [['127.0.0.2'], false]);
  assert.deepEqual(on('*:80:80'), [['0.0.0.0', '::'], true]);
  assert.deepEqual(on('192.168.1.2:80:80'), [['192.168.1.2'], true]);
});

test('options that are for reports do not go with it, but --format does', () => {
  const failureOf = (...words: readonly string[]) => {
    const request = parseArgv(words, false);
    return request.ok ? undefined : request.failure;
  };
  assert.equal(failureOf('--forward', '80', '--format', 'json', 'web'), undefined);
  assert.equal(failureOf('--proxy', '80', '--format', 'json', 'web'), undefined);
  assert.equal(failureOf('--forward', '80', '--proxy', '81', '--restart', 'web', 'true'), undefined);
  assert.deepEqual(failureOf('--forward', '80', '--proxy', '80', 'web'), { kind: 'port-twice', local: 80 });
  for (const report of ['check', 'doctor', 'list-networks', 'list-names', 'hostaliases'])
    for (const flag of ['--forward', '--proxy'])
      assert.deepEqual(failureOf(flag, '80', `--${report}`), {
        kind: 'flags-exclude-each-other',
        flags: [`--${report}`, flag],
      });
  assert.deepEqual(failureOf('--format', 'json', 'web'), { kind: 'flag-for-reports', flag: '--format' });
});

test('a line of JSON has all of it', () => {
  const place = { address: undefined, local: 0, listening: 40000 };
  const forward = { kind: 'forward', ...place, host: undefined, port: 9229 } as const;
  assert.deepEqual(JSON.parse(localPortJson({ kind: 'proxy', ...place }, 'web')), {
    Kind: 'proxy',
    Address: '127.0.0.1',
    Port: 40000,
    Service: 'web',
  });
  assert.deepEqual(JSON.parse(localPortJson(forward, 'web')), {
    Kind: 'forward',
    Address: '127.0.0.1',
    Port: 40000,
    Service: 'web',
    Host: 'localhost',
    HostPort: 9229,
  });
});

test('why nobody is reached is said in words', () => {
  const end = { host: 'postgres', port: 5432 };
  assert.equal(
    describeFailure(end, 'web', 'ECONNREFUSED', 'docker netexec -p shop'),
    'postgres:5432: connection refused: nothing is listening there (docker netexec -p shop --check web postgres:5432 shows why)',
  );
  assert.equal(
    describeFailure({ host: undefined, port: 80 }, 'web', 'ECONNREFUSED', 'docker netexec'),
    'localhost:80 in web: connection refused: nothing is listening there',
  );
  assert.equal(
    describeFailure(end, 'web', 'ENOTFOUND', 'docker netexec'),
    'postgres:5432: no host there has the name postgres at the moment',
  );
  assert.equal(
    describeFailure(end, 'backend', 'ECONNREFUSED'),
    'postgres:5432: connection refused: nothing is listening there',
  );
  assert.equal(
    describeFailure({ host: '::1', port: 80 }, 'web', 'EADDRNOTAVAIL', 'docker netexec'),
    "[::1]:80: the network has no addresses of that IP version (docker netexec --check web '[::1]:80' shows why)",
  );
  assert.match(describeFailure(end, 'web', 'EODD', 'docker netexec'), /^postgres:5432: EODD /);
});
