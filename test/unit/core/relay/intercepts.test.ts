// --intercept, in its one form, and everything that is none.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseArgv } from '../../../../src/core/arguments/argv.ts';
import type { PortFault } from '../../../../src/core/failure/port-failure.ts';
import { describeIntercepts, interceptorOf, readIntercepts } from '../../../../src/core/relay/intercepts.ts';
import { planOf } from '../samples.ts';

const read = (...words: readonly string[]) => readIntercepts(words, '--intercept');

test("the service's port comes first, as with ports: of a Compose file", () => {
  assert.deepEqual(read('80:3000', '443:3000'), {
    ok: true,
    value: [
      { port: 80, here: 3000 },
      { port: 443, here: 3000 },
    ],
  });
  assert.deepEqual(read('80:3000/tcp'), { ok: true, value: [{ port: 80, here: 3000 }] });
  assert.deepEqual(read(), { ok: true, value: [] });
});

describe('no form', () => {
  const rows: readonly (readonly [string, PortFault])[] = [
    ['', 'form'],
    ['80:', 'form'],
    [':3000', 'form'],
    ['80', 'same-port'],
    ['80:80', 'same-port'],
    ['web', 'no-port'],
    ['80:web', 'not-a-port'],
    ['80:$(id)', 'not-a-port'],
    ['80;:1', 'not-a-host'],
    ['web:80', 'form'],
    ['80:web:3000', 'form'],
    ['127.0.0.1:80:3000', 'form'],
    ['[::1]:80:3000', 'form'],
    ['::1:80', 'form'],
    ['0:3000', 'port-zero'],
    ['80:0', 'port-zero'],
    ['65536:1', 'not-a-port'],
    ['1:65536', 'not-a-port'],
    ['80-81:3000', 'range'],
    ['80:3000-3001', 'range'],
    ['53:5353/udp', 'not-tcp'],
  ];
  for (const [value, fault] of rows) {
    test(JSON.stringify(value), () =>
      assert.deepEqual(read(value), {
        ok: false,
        failure: { kind: 'port-invalid', flag: '--intercept', value, fault },
      }),
    );
  }
});

test('a port must be intercepted once, and not more of them than of others', () => {
  assert.deepEqual(read('80:3000', '080:3001'), { ok: false, failure: { kind: 'intercept-twice', port: 80 } });
  assert.equal(read(...Array.from({ length: 101 }, (_, index) => `${index + 1}:3000`)).ok, false);
});

test('what is said of it must be of the service, and safe for a terminal', () => {
  const plan = planOf({ intercepts: [{ port: 80, here: 3000 }] }, {}, { compose: undefined, name: 'a\u001B[2J' });
  assert.deepEqual(describeIntercepts(plan), [
    "a\\u001b[2J:80 → port 3000 in a\\u001b[2J's network, for all clients but a\\u001b[2J itself",
  ]);
});

describe('what it does not stand beside:', () => {
  const rows: readonly (readonly [line: string, failure: string])[] = [
    ['--on backend -- true', 'flags-exclude-each-other'],
    ['--stand-in web', 'flags-exclude-each-other'],
    ['--list-names web', 'flags-exclude-each-other'],
    ['--check web', 'flags-exclude-each-other'],
    ['--forward 8080 web', 'flag-for-command'],
  ];
  for (const [line, kind] of rows) {
    test(line, () => {
      const parsed = parseArgv(['netexec', '--intercept', '80:3000', ...line.split(' ')], true);
      assert.equal(parsed.ok ? undefined : parsed.failure.kind, kind);
    });
  }

  for (const line of ['--forward 8080 web true', '--reverse 9003 web', '--all web true', '--restart --pid web true'])
    test(`none of ${line}`, () => {
      const parsed = parseArgv(['netexec', '--intercept', '80:3000', ...line.split(' ')], true);
      assert.deepEqual(parsed.ok && parsed.value.action === 'run' && parsed.value.run.intercepts, [
        { port: 80, here: 3000 },
      ]);
    });
});

describe('the words of a process', () => {
  const words = ['sh', '-c', '# Has what others send', 'netexec', '/usr/sbin/nft', '4711', '80:3000', '443:3001'];
  test('that holds the rules must be known', () =>
    assert.deepEqual(interceptorOf(words), {
      netexec: '4711',
      intercepts: [
        { port: 80, here: 3000 },
        { port: 443, here: 3001 },
      ],
    }));
  const others: readonly (readonly string[])[] = [
    [],
    ['sh'],
    words.slice(0, 6),
    words.with(3, 'other'),
    words.with(5, 'root'),
    [...words, 'more'],
  ];
  for (const other of others)
    test(`${JSON.stringify(other)} must not`, () => assert.equal(interceptorOf(other), undefined));
});
