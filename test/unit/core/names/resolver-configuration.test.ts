// A resolv.conf and what is asked for by it; each row was held against glibc's own questions.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { askedNames, readResolvConf } from '../../../../src/core/names/resolver-configuration.ts';

describe('the names that are asked for', () => {
  const rows: readonly (readonly [
    situation: string,
    text: string,
    environment: Readonly<Record<string, string>>,
    host: string,
    asked: readonly string[],
  ])[] = [
    ['without a search list', 'nameserver 127.0.0.11\noptions ndots:0\n', {}, 'db', ['db']],
    ['by the name first', 'search corp.test\noptions ndots:0\n', {}, 'db', ['db', 'db.corp.test']],
    ['by the search list first', 'search corp.test b.test\n', {}, 'db', ['db.corp.test', 'db.b.test', 'db']],
    ['of which the last counts', 'search a.test\ndomain b.test\n', {}, 'db', ['db.b.test', 'db']],
    ['with a dot', 'search corp.test\n', {}, 'a.b', ['a.b', 'a.b.corp.test']],
    ['with fewer dots than wanted', 'search corp.test\noptions ndots:2\n', {}, 'a.b', ['a.b.corp.test', 'a.b']],
    ['with a dot at the end', 'search corp.test\n', {}, 'db.', ['db.']],
    ['of the root', 'search .\noptions ndots:0\n', {}, 'db', ['db']],
    ['by LOCALDOMAIN', 'search corp.test\n', { LOCALDOMAIN: 'c.test d.test' }, 'db', ['db.c.test', 'db.d.test', 'db']],
    ['by an empty LOCALDOMAIN', 'search corp.test\n', { LOCALDOMAIN: '' }, 'db', ['db']],
    ['by RES_OPTIONS', 'search c.test\noptions ndots:0\n', { RES_OPTIONS: 'ndots:1' }, 'db', ['db.c.test', 'db']],
  ];
  for (const [situation, text, environment, host, asked] of rows) {
    test(situation, () => assert.deepEqual(askedNames(host, readResolvConf(text, environment)), asked));
  }
});

test('servers are those that stand there', () => {
  const text = '# nameserver 192.0.2.1\nnameserver 127.0.0.11\nnameserver\t2001:db8::1\n  nameserver 192.0.2.2\n';
  assert.deepEqual(readResolvConf(text, {}).nameservers, ['127.0.0.11', '2001:db8::1']);
});
