// Names that no program can look up, and what is said of them; each was tried with glibc, Python and busybox on engine 20.10.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { notCarried, notLookedUp } from '../../../../src/core/names/dns-names.ts';

const long = (length: number): string => 'a'.repeat(length);

describe('a name can be looked up', () => {
  const names = ['db', 'under_score', '_srv', 'UPPER', 'a.b', 'dash-', 'xn--bcher-kva', long(63), `${long(63)}.b`];
  // Container ids, and what is almost a number.
  const numbers = ['0dbb9aed85b1', '4294967296', '08', '256.1', '1.2.3.4.5', '0x', '1.2.3.256', '123456789012'];
  const whole = [long(63), long(63), long(63), long(61)].join('.');
  for (const name of [...names, ...numbers, whole]) {
    test(JSON.stringify(name), () => assert.equal(notLookedUp(name), undefined));
  }
});

describe('a name cannot be looked up', () => {
  const rows: readonly (readonly [name: string, why: string])[] = [
    [long(70), 'has 70 characters, but DNS allows 63'],
    [long(64), 'has 64 characters, but DNS allows 63'],
    [`db.${long(72)}`, 'has 72 characters without a dot, but DNS allows 63'],
    [[long(63), long(63), long(63), long(62)].join('.'), 'has 254 characters, but DNS allows 253'],
    ['.dot', 'has an empty part before, between or after dots'],
    ['a..b', 'has an empty part before, between or after dots'],
    ['trail.', 'has an empty part before, between or after dots'],
    ['', 'has an empty part before, between or after dots'],
    ['contains space', 'contains " ", but names consist of letters, digits, hyphens and underscores'],
    ['two\nlines', 'contains "\\n", but names consist of letters, digits, hyphens and underscores'],
    ['bücher', 'contains "ü", but names consist of letters, digits, hyphens and underscores'],
    ['star*', 'contains "*", but names consist of letters, digits, hyphens and underscores'],
    ['-dash', 'begins with a hyphen, which is not allowed'],
    ['123', 'is read as the address 0.0.0.123'],
    ['10.1', 'is read as the address 10.0.0.1'],
    ['0x7f', 'is read as the address 0.0.0.127'],
    ['010', 'is read as the address 0.0.0.8'],
    ['4294967295', 'is read as the address 255.255.255.255'],
    ['1.2.3', 'is read as the address 1.2.0.3'],
  ];
  for (const [name, why] of rows) test(JSON.stringify(name), () => assert.equal(notLookedUp(name), why));
});

test('a network may be called by a number: as the end of a name that is no address', () => {
  assert.equal(notCarried('10'), undefined);
});
