// What is said of a COMMAND before it starts: only what is sure to come.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clientFiles, commandNotes, kindOf, mayNameHost } from '../../../../src/core/entry/command-notes.ts';
import type { CommandFacts } from '../../../../src/core/entry/command-notes.ts';

const context = { project: 'shop', service: 'db', container: 'shop-db-1', networks: [], root: undefined };

function notes(line: string, given: Partial<CommandFacts> = {}): readonly string[] {
  const words = line.split(' ');
  const kind = kindOf(words[0] ?? '');
  if (kind === undefined) return [];
  return commandNotes({
    words,
    kind,
    environment: {},
    context,
    configured: false,
    lacking: kind === 'capture' || kind === 'ping' ? ['net_raw'] : [],
    ...given,
  });
}

const psql =
  "psql connects to this machine's own socket when no host is given; use -h localhost to reach db, or -h NAME to reach another service";
const mysql = psql.replace('psql', 'mysql').replace('localhost', '127.0.0.1');

describe('a client without a host takes the socket of this machine', () => {
  const rows: readonly (readonly [line: string, expected: string | RegExp])[] = [
    ['psql', psql],
    ['/usr/bin/psql -U app -c x', psql],
    ['psql -d app -p 5433', psql],
    ['psql dbname=app', psql],
    ['pg_dump -Fc app', psql.replace('psql', 'pg_dump')],
    ['mysql -uroot -psecret app', mysql],
    ['mariadb-dump --all-databases', mysql.replace('mysql', 'mariadb-dump')],
    ['mysqldump app', mysql.replace('mysql', 'mysqldump')],
    ['dropdb app', psql.replace('psql', 'dropdb')],
  ];
  for (const [line, expected] of rows) test(line, () => assert.deepEqual(notes(line), [expected]));

  test('and where there is no service, only a name leads elsewhere', () => {
    const nowhere = { ...context, service: undefined, container: undefined };
    const socket = "this machine's own socket";
    assert.deepEqual(notes('psql', { context: nowhere }), [
      `psql connects to ${socket} when no host is given; use -h NAME to reach a service`,
    ]);
    const expected = [`mysql connects to ${socket} when the host is localhost; use -h NAME to reach a service`];
    assert.deepEqual(notes('mysql -h localhost', { context: nowhere }), expected);
  });

  test('also where it is a mysql that is told localhost', () => {
    const expected = [
      "mysql connects to this machine's own socket when the host is localhost; use -h 127.0.0.1 to reach db",
    ];
    for (const line of [
      'mysql -h localhost',
      'mysql -hlocalhost -uroot',
      'mysql --host=localhost',
      'mysql --host localhost',
    ])
      assert.deepEqual(notes(line), expected, line);
  });
});

describe('nothing is said of a client', () => {
  const lines = [
    'psql -h db',
    'psql -hdb',
    'psql --host=db',
    'psql --host db',
    'psql -Uapp -hdb',
    'psql postgres://db/app',
    'psql postgresql://app@/app?host=db',
    'psql host=db',
    'psql service=app',
    'psql -d host=db',
    'psql --cluster 15/main',
    'psql --version',
    'psql -V',
    'psql --help',
    'psql -?',
    'mysql -h db',
    'mysql -P 3306',
    'mysql -uroot -P3306',
    'mysql --protocol=tcp',
    'mysql -h localhost --protocol tcp',
    'mysql -h localhost -P 3306',
    'mysql -S /tmp/mysql.sock',
    'mysql --defaults-file=x',
    'mysql --login-path=x',
    'mysql --version',
    // These go to a port by themselves, or are not known.
    'redis-cli',
    'mongosh',
    'mongo',
    'clickhouse-client',
    'pg_restore x',
    'psqlx',
  ];
  for (const line of lines) test(line, () => assert.deepEqual(notes(line), []));

  test('that a variable, or a file, may tell the host', () => {
    for (const name of ['PGHOST', 'PGHOSTADDR', 'PGSERVICE', 'PGCLUSTER'])
      assert.deepEqual(notes('psql', { environment: { [name]: 'db' } }), [], name);
    assert.deepEqual(notes('mysql', { environment: { MYSQL_HOST: 'db' } }), []);
    for (const line of ['psql', 'mysql', 'mysql -h localhost']) assert.deepEqual(notes(line, { configured: true }), []);
  });
});

describe('a file of mysql', () => {
  const rows: readonly (readonly [text: string, names: boolean])[] = [
    ['', false],
    ['# host = db', false],
    ['[client]\nhost = db', true],
    ['[client]\n  loose-host=db', true],
    ['[client]\nprotocol=tcp', true],
    ['[client]\nport=3307', true],
    ['[mysqld]\nport = 3306\nprotocol = x', false],
    ['[mysqld]\nport = 3306\n[client]\nport = 3306', true],
    ['[client-server]\nsocket = /run/mysqld/mysqld.sock\n!includedir /etc/mysql/conf.d/', false],
    ['!include /etc/other.cnf', true],
  ];
  for (const [text, names] of rows)
    test(`${JSON.stringify(text)} ${names ? 'may name' : 'names no'} host`, () =>
      assert.equal(mayNameHost('mysql', '/etc/my.cnf', text), names));
  test('that is encrypted may name one', () => assert.ok(mayNameHost('mysql', '/home/me/.mylogin.cnf', '')));
});

test('of a file that chooses a cluster of PostgreSQL any line may name a host', () => {
  const [file = ''] = clientFiles.libpq;
  assert.ok(mayNameHost('libpq', file, '15 db:5432 app'));
  assert.ok(!mayNameHost('libpq', file, '# USER GROUP\n\n'));
});

describe('a capture needs a capability', () => {
  const expected = ['tcpdump cannot capture without a capability: --cap-add NET_RAW'];
  for (const line of ['tcpdump', 'tcpdump -ni any', '/usr/bin/tcpdump -i eth0 tcp port 80'])
    test(line, () => {
      assert.deepEqual(notes(line), expected);
      assert.deepEqual(notes(line, { lacking: [] }), []);
    });
  test('and more of them, where it is to become another user', () =>
    assert.deepEqual(notes('tcpdump', { lacking: ['net_raw', 'setuid', 'setgid'] }), [
      'tcpdump cannot capture without capabilities: --cap-add NET_RAW --cap-add SETUID --cap-add SETGID',
    ]));
  for (const line of ['tcpdump -r file', 'tcpdump -nr file', 'tcpdump --version', 'tcpdump -D', 'tcpdump -i usbmon1'])
    test(`but not ${line}`, () => assert.deepEqual(notes(line), []));
});

describe('a ping needs one where the engine lets nobody', () => {
  for (const line of ['ping db', '/usr/bin/ping -c1 db', 'ping6 -n db', 'fping db'])
    test(line, () => {
      const name = /\w+(?= )/.exec(line)?.[0];
      assert.deepEqual(notes(line), [`${name} cannot send packets without a capability: --cap-add NET_RAW`]);
      assert.deepEqual(notes(line, { lacking: [] }), []);
    });
  for (const line of ['ping -V', 'ping -h', 'fping --version', 'traceroute db'])
    test(`but not ${line}`, () => assert.deepEqual(notes(line), []));
});
