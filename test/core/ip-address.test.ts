import assert from 'node:assert/strict';
import { isIP as nodes } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { isIP } from '../../src/core/ip-address.ts';

const rows = [
  ...['127.0.0.1', '255.255.255.255', '0.0.0.0', '256.0.0.1', '1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.4 ', ''],
  ...[
    '::',
    '::1',
    'fe80::1%eth0',
    'fe80::1%',
    '%eth0',
    '1::2::3',
    '::ffff:10.0.0.1',
    '::10.0.0.256',
    '1:2:3:4:5:6:7:8',
  ],
  ...[
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    ':',
    ':::',
    'g::',
    '[::1]',
    '::1]',
    '::1/64',
    '::1:80',
    'localhost',
    '1:2:3:4:5:6:7',
  ],
  ...['FE80::A', '1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:7:1.2.3.4', '::1.2.3', 'fe80::1%a/b', '::01.2.3.4', '::00001'],
];

for (const text of rows) test(`${JSON.stringify(text)} is the address that Node takes it for`, () => check(text));

test('any text is the address that Node takes it for', () => {
  const parts = fc.constantFrom(...'0129af:.%', '::', '255', '1.2.3.4', 'fe80', '%eth0');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        fc.string(),
        fc.array(parts).map((each) => each.join('')),
      ),
      check,
    ),
    { numRuns: 5000 },
  );
});

const check = (text: string): void => assert.equal(isIP(text), nodes(text), text);
