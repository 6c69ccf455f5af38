// The parts that --check is made of: what is asked for, the kernel's tables, servers' words, rules, and the text.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { verdictJson, verdictText } from '../../../../src/core/check/check-text.ts';
import { decide } from '../../../../src/core/check/check-verdict.ts';
import { parseCheckedEndpoint, withPort } from '../../../../src/core/check/checked-endpoint.ts';
import type { Protocol } from '../../../../src/core/check/checked-endpoint.ts';
import { droppingRules } from '../../../../src/core/check/firewall-rules.ts';
import { firstWords, understand } from '../../../../src/core/check/server-words.ts';
import { enginesDnsPort, listeningSockets, plainAddress } from '../../../../src/core/check/socket-tables.ts';
import { endpoint, facts } from './check-samples.ts';
import { unpainted } from '../samples.ts';

describe('an endpoint must be read from', () => {
  const rows: readonly (readonly [
    text: string,
    host: string,
    port: number | undefined,
    protocol: Protocol,
    tls?: boolean,
  ])[] = [
    ['postgres:5432', 'postgres', 5432, 'postgres'],
    ['redis', 'redis', undefined, 'tcp'],
    ['my_api.front:7000', 'my_api.front', 7000, 'tcp'],
    ['172.20.0.3:80', '172.20.0.3', 80, 'http'],
    ['[fd00::3]:6379', 'fd00::3', 6379, 'redis'],
    ['https://api:8443', 'api', 8443, 'http', true],
    ['https://api', 'api', 443, 'http', true],
    ['postgresql://app:secret@db/shop?x=1', 'db', 5432, 'postgres'],
    ['rediss://redis', 'redis', 6379, 'redis', true],
    ['tcp://queue:5672', 'queue', 5672, 'tcp'],
  ];
  for (const [text, host, port, protocol, tls = false] of rows) {
    test(text, () => {
      const read = parseCheckedEndpoint(text);
      assert.deepEqual([read?.host, read?.port, read?.protocol, read?.tls], [host, port, protocol, tls]);
      assert.doesNotMatch(JSON.stringify(read), /secret/);
    });
  }
});

describe('no endpoint must be read from', () => {
  for (const text of [
    '',
    ':80',
    'a b:80',
    'redis:',
    'redis:0',
    'redis:65536',
    'redis:x',
    '[web]:80',
    '--format',
    'web/x',
    'x://web',
    '5432',
    'a@b:80x',
  ]) {
    test(JSON.stringify(text), () => assert.equal(parseCheckedEndpoint(text), undefined));
  }
});

test('a port that was found must tell the protocol, unless it was given', () => {
  assert.equal(withPort(endpoint('cache'), 6379).protocol, 'redis');
  assert.deepEqual(
    [withPort(endpoint('tcp://cache'), 6379).protocol, withPort(endpoint('tcp://cache'), 6379).text],
    ['tcp', 'cache:6379'],
  );
});

const socket = (address: string, port: string, state: string, inode = 7): string =>
  `   0: ${address}:${port} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100`;
const heading = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

test('what listens must be told from what is connected, and from the DNS server of the engine', () => {
  const tables = {
    tcp: [
      heading,
      socket('00000000', '1538', '0A', 11),
      socket('030014AC', 'C350', '01'),
      socket('0B00007F', '8527', '0A'),
    ],
    tcp6: [
      heading,
      socket('00000000000000000000000001000000', '0050', '0A', 12),
      socket('0000000000000000FFFF0000030014AC', '0051', '0A', 13),
      socket('000000FD000000000000000003000000', '0052', '0A', 14),
    ],
    udp: [
      heading,
      socket('0B00007F', 'E33F', '07'),
      socket('0100007F', '0035', '07', 15),
      socket('0100007F', '0036', '01'),
    ],
    udp6: [],
  };
  const [tcp, tcp6, udp, udp6] = [tables.tcp, tables.tcp6, tables.udp, tables.udp6].map((lines) => lines.join('\n'));
  assert.deepEqual(listeningSockets({ tcp: tcp ?? '', tcp6: tcp6 ?? '', udp: udp ?? '', udp6: udp6 ?? '' }), [
    { transport: 'tcp', address: '0.0.0.0', port: 5432, inode: 11, uid: 0 },
    { transport: 'tcp', address: '::1', port: 80, inode: 12, uid: 0 },
    { transport: 'tcp', address: '172.20.0.3', port: 81, inode: 13, uid: 0 },
    { transport: 'tcp', address: 'fd00::3', port: 82, inode: 14, uid: 0 },
    { transport: 'udp', address: '127.0.0.1', port: 53, inode: 15, uid: 0 },
  ]);
  assert.equal(enginesDnsPort(udp ?? ''), 0xe33f);
});

test('an IPv6 address must have one form', () => {
  const given = ['FD00:0:0::3', 'fe80::1%eth0', '1::2:3:4:1.2.3.4', '::ffff:255.0.9.10', '10.0.0.1', 'x'];
  const plain = ['fd00::3', 'fe80::1', '1::2:3:4:102:304', '::ffff:ff00:90a', '10.0.0.1', 'x'];
  assert.deepEqual(given.map(plainAddress), plain);
});

const bytes = (...parts: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));
const error = (code: string, message: string): Buffer => {
  const fields = bytes(`SFATAL\0C${code}\0M${message}\0\0`);
  return bytes('E', [0, 0, 0, fields.length + 4], fields.toString());
};

describe("a server's words must be understood:", () => {
  const rows: readonly (readonly [
    name: string,
    protocol: Protocol,
    said: Buffer,
    words: string,
    trouble: string | null,
  ])[] = [
    ['a status line', 'http', bytes('HTTP/1.1 404 Not Found\r\nDate: x'), 'HTTP/1.1 404 Not Found', null],
    ['a banner where HTTP is asked for', 'http', bytes('SSH-2.0-OpenSSH\r\n'), '"SSH-2.0-OpenSSH"', 'other'],
    ['a greeting', 'tcp', bytes('220 mail ready\r\n'), 'it said "220 mail ready"', null],
    ['PONG', 'redis', bytes('+PONG\r\n'), 'Redis: PONG', null],
    [
      'Redis with a password',
      'redis',
      bytes('-NOAUTH Authentication required.\r\n'),
      'Redis, which requires a password',
      null,
    ],
    [
      'Redis that loads',
      'redis',
      bytes('-LOADING Redis is loading\r\n'),
      'Redis: LOADING Redis is loading',
      'not-ready',
    ],
    [
      'Redis in protected mode',
      'redis',
      bytes('-DENIED Redis is protected\r\n'),
      'Redis: DENIED Redis is protected',
      'rejected',
    ],
    ['PostgreSQL that trusts', 'postgres', bytes('R', [0, 0, 0, 8, 0, 0, 0, 0]), 'PostgreSQL', null],
    [
      'PostgreSQL with a password',
      'postgres',
      bytes('R', [0, 0, 0, 23, 0, 0, 0, 10], 'SCRAM-SHA-256\0\0'),
      'PostgreSQL, which requires a password',
      null,
    ],
    [
      'PostgreSQL without the role',
      'postgres',
      error('28000', 'role "netexec" does not exist'),
      'PostgreSQL: role "netexec" does not exist',
      null,
    ],
    [
      'PostgreSQL that starts',
      'postgres',
      error('57P03', 'the database system is starting up'),
      'PostgreSQL: the database system is starting up',
      'not-ready',
    ],
    [
      'PostgreSQL that is full',
      'postgres',
      error('53300', 'sorry, too many clients already'),
      'PostgreSQL: sorry, too many clients already',
      'rejected',
    ],
    ['MySQL', 'mysql', bytes([11, 0, 0, 0, 10], '8.4.1\0....'), 'MySQL 8.4.1', null],
    [
      'MySQL that declines',
      'mysql',
      bytes([17, 0, 0, 0, 255, 106, 4], 'Host is denied'),
      'MySQL: Host is denied',
      'rejected',
    ],
    [
      'Kafka',
      'kafka',
      bytes([0, 0, 0, 28, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 5, 0, 5], 'kafka', [0, 0, 35, 132, 255, 255, 0, 0, 0]),
      'Kafka, with brokers at kafka:9092',
      null,
    ],
  ];
  for (const [name, protocol, said, words, trouble] of rows) {
    test(name, () => {
      const understood = understand(protocol, said, true);
      assert.deepEqual([understood?.said, understood?.trouble], [words, trouble]);
      // Whatever comes in pieces is waited for, and never taken for something else.
      for (let length = 0; length < Math.min(said.length, 8); length += 1) {
        const part = understand(protocol, said.subarray(0, length), false);
        assert.ok(part === undefined || part.trouble === trouble || protocol === 'tcp', `${length}`);
      }
    });
  }
  test('garbage, as another protocol', () => {
    for (const protocol of ['http', 'redis', 'postgres', 'mysql', 'kafka'] as const) {
      assert.equal(understand(protocol, bytes([1, 2, 3, 4, 5, 6, 7, 8, 9]), true)?.trouble, 'other', protocol);
      assert.equal(understand(protocol, bytes(), true), undefined);
    }
  });
});

test('what is said first must hold no name but our own', () => {
  assert.match(
    firstWords(endpoint('http://api:8080/x?y'))?.toString() ?? '',
    /^GET \/x\?y HTTP\/1\.1\r\nHost: api:8080\r\n/,
  );
  assert.equal(firstWords(endpoint('redis:6379'))?.toString(), 'PING\r\n');
  assert.equal(firstWords(endpoint('mysql:3306')), undefined);
  assert.equal(firstWords(endpoint('kafka:9092'))?.readInt32BE(0), 21);
  assert.equal(firstWords(endpoint('postgres:5432'))?.readInt32BE(0), 39);
});

test('rules that drop must be found by the port, by the address, or because they drop everything', () => {
  const nft = `table inet guard {
	chain out {
		type filter hook output priority filter; policy accept;
		tcp dport 6379 counter packets 3 bytes 180 drop
		tcp dport 5432 drop
		ip daddr 172.20.0.3 reject with icmp port-unreachable
		ip daddr 172.20.0.33 drop
		counter packets 0 bytes 0 drop
		tcp dport 6379 accept
	}
	chain in {
		type filter hook input priority filter; policy drop;
	}
}`;
  assert.deepEqual(droppingRules(nft, 'here', ['172.20.0.3'], 6379), [
    'here: table inet guard, chain out: tcp dport 6379 drop',
    'here: table inet guard, chain out: ip daddr 172.20.0.3 reject with icmp port-unreachable',
    'here: table inet guard, chain out: drop',
    'here: table inet guard, chain in: type filter hook input priority filter; policy drop;',
  ]);
  const legacy = '-A INPUT -p tcp -m tcp --dport 6379 -j DROP\n-A INPUT -s 10.0.0.0/8 -j DROP\n-A FORWARD -j REJECT';
  assert.deepEqual(droppingRules(legacy, 'there', [], 6379), [
    'there: -A INPUT -p tcp -m tcp --dport 6379 -j DROP',
    'there: -A FORWARD -j REJECT',
  ]);
});

test("the engine's own rules, which keep others than a container's neighbours out, must be no rules that drop", () => {
  const nft = `table ip raw {
  chain PREROUTING {
    ip daddr 172.20.0.3 iifname != "br-0a1b2c3d4e5f" counter packets 0 bytes 0 drop
  }
}`;
  assert.deepEqual(droppingRules(nft, 'on the host', ['172.20.0.3'], 6379), []);
  const legacy = '-A PREROUTING -d 172.20.0.3/32 ! -i br-0a1b2c3d4e5f -j DROP';
  assert.deepEqual(droppingRules(legacy, 'on the host', ['172.20.0.3'], 6379), []);
  const users = 'table ip raw {\nchain PREROUTING {\nip daddr 172.20.0.3 iifname != "eth0" drop';
  assert.equal(droppingRules(users, 'on the host', ['172.20.0.3'], 6379).length, 1);
});

test('a verdict must be a block of lines, or an object', () => {
  const seen = facts({
    connections: [{ kind: 'connection', endpoint: 0, address: '172.20.0.3', error: 'TIMEOUT', milliseconds: 3000 }],
    rules: ['on the host: \u001b[31mdrop'],
  });
  const verdict = decide(seen);
  assert.equal(
    verdictText(verdict, unpainted),
    `redis:6379
  ✓ name     redis: shop-redis-1 (Up 3 minutes), on shop_front
  ✓ dns      172.20.0.3, from 127.0.0.11 in 2 ms; AAAA: none
  ✓ route    on the same network: front, from 172.20.0.2
  ✓ listens  redis: redis-server (pid 71) on 0.0.0.0:6379
  ✗ connect
  cause: 172.20.0.3, port 6379: no answer within 3 s; on the host: \\u001b[31mdrop
  hint: remove that rule
`,
  );
  const { Steps: steps, ...said } = JSON.parse(verdictJson(verdict)) as { Steps: readonly unknown[] };
  assert.equal(steps.length, 5);
  assert.deepEqual(said, {
    Endpoint: 'redis:6379',
    Connects: false,
    Cause: 'dropped',
    What: '172.20.0.3, port 6379: no answer within 3 s; on the host: \u001b[31mdrop',
    Hint: 'remove that rule',
  });
});
