// --reverse, in every form, and everything that is none.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseArgv } from '../../../../src/core/arguments/argv.ts';
import type { PortFault } from '../../../../src/core/failure/port-failure.ts';
import { readReverses } from '../../../../src/core/relay/reverses.ts';
import type { Reverse } from '../../../../src/core/relay/reverses.ts';
import { describeReverse, describeReverseFailure, reverseJson } from '../../../../src/core/relay/reverse-text.ts';

const read = (...words: readonly string[]) => readReverses(words, '--reverse');

describe('a form', () => {
  const rows: readonly (readonly [string, Reverse, shown: string])[] = [
    ['9003', { inside: 9003, host: undefined, port: 9003 }, 'localhost:9003 in web → localhost:9003 on this machine'],
    ['80:9003', { inside: 80, host: undefined, port: 9003 }, 'localhost:80 in web → localhost:9003 on this machine'],
    ['proxy:3128', { inside: 3128, host: 'proxy', port: 3128 }, 'localhost:3128 in web → proxy:3128'],
    ['80:[fd00::2]:3128', { inside: 80, host: 'fd00::2', port: 3128 }, 'localhost:80 in web → [fd00::2]:3128'],
    // As ssh -R has it, too.
    ['localhost:80:ide:1', { inside: 80, host: 'ide', port: 1 }, 'localhost:80 in web → ide:1'],
  ];
  for (const [text, reverse, shown] of rows) {
    test(text, () => {
      assert.deepEqual(read(text), { ok: true, value: [reverse] });
      assert.equal(describeReverse(reverse, 'web'), shown);
    });
  }
});

describe('no form', () => {
  const rows: readonly (readonly [string, PortFault])[] = [
    ['', 'form'],
    ['proxy', 'no-port'],
    ['0', 'port-zero'],
    ['0:80', 'inside-zero'],
    ['80:0', 'port-zero'],
    ['65536', 'not-a-port'],
    ['9000-9003', 'range'],
    ['53/udp', 'not-tcp'],
    ['::1:80', 'brackets'],
    ['0.0.0.0:80:80', 'form'],
    ['[::1]:80:proxy:80', 'form'],
    ['web:80:80', 'form'],
    ['a b:80', 'not-a-host'],
  ];
  for (const [value, fault] of rows) {
    test(JSON.stringify(value), () =>
      assert.deepEqual(read(value), {
        ok: false,
        failure: { kind: 'port-invalid', flag: '--reverse', value, fault },
      }),
    );
  }
});

test('one port inside leads to one place', () => {
  assert.deepEqual(read('80', '80:proxy:3128'), { ok: false, failure: { kind: 'reverse-twice', inside: 80 } });
  assert.equal(read('80', '81:80').ok, true);
  assert.equal(read(...Array.from({ length: 101 }, (_, index) => `${index + 1}`)).ok, false);
});

const failureOf = (...words: readonly string[]) => {
  const request = parseArgv(words, false);
  return request.ok ? undefined : request.failure;
};

describe('what leads to where it comes from is refused', () => {
  const rows: readonly (readonly [forward: string, reverse: string, is: boolean])[] = [
    ['9003', '9003', true],
    ['9000:9003', '9003:9000', true],
    ['9000:localhost:9003', '9003:127.0.0.1:9000', true],
    ['9000:9003', '9003', false],
    ['9003', '9003:ide:9003', false],
    ['postgres:9003', '9003', false],
    ['0:9003', '9003', false],
  ];
  for (const [forward, reverse, is] of rows) {
    test(`--forward ${forward} --reverse ${reverse}${is ? '' : ' is not'}`, () => {
      const failure = failureOf('--forward', forward, '--reverse', reverse, 'web', 'true');
      assert.equal(failure?.kind, is ? 'ports-in-circle' : undefined);
    });
  }
});

test('what is for COMMAND is refused where only ports are asked for', () => {
  for (const words of [
    ['-e', 'A=b'],
    ['--service-env'],
    ['-u', 'root'],
    ['-w', '/'],
    ['--cap-add', 'NET_RAW'],
    ['--pid'],
  ]) {
    assert.equal(failureOf('--forward', '80', ...words, 'web')?.kind, 'flag-for-command', words.join(' '));
    assert.equal(failureOf('--forward', '80', '--reverse', '81', ...words, 'web')?.kind, 'flag-for-command');
    assert.equal(failureOf('--forward', '80', ...words, 'web', 'true'), undefined);
    // Without COMMAND a shell is it.
    assert.equal(failureOf('--reverse', '80', ...words, 'web'), undefined);
  }
});

test('reports do not go with it', () => {
  for (const report of ['check', 'doctor', 'list-networks', 'list-names', 'hostaliases'])
    assert.deepEqual(failureOf('--reverse', '80', `--${report}`), {
      kind: 'flags-exclude-each-other',
      flags: [`--${report}`, '--reverse'],
    });
  assert.equal(failureOf('--reverse', '80', '--format', 'json', 'web'), undefined);
});

test('a line of JSON tells it from a forward', () => {
  const row = { Kind: 'reverse', Service: 'web', Port: 80, Host: 'localhost', HostPort: 9003 };
  assert.deepEqual(JSON.parse(reverseJson({ inside: 80, host: undefined, port: 9003 }, 'web')), row);
});

test('why nobody is reached is said in words', () => {
  const here = { inside: 80, host: undefined, port: 9003 };
  assert.equal(
    describeReverseFailure(here, 'ECONNREFUSED'),
    'localhost:9003 on this machine: connection refused: nothing is listening there',
  );
  assert.equal(
    describeReverseFailure({ ...here, host: 'ide' }, 'ENOTFOUND'),
    'ide:9003: no host here has the name ide at the moment',
  );
});
