// What is an IP address, beside what Node says of the same text.
import assert from 'node:assert/strict';
import { isIP as nodes } from 'node:net';
import { test } from 'node:test';
import { array, assert as holds, constantFrom, ipV4, ipV6, oneof, property, string } from 'fast-check';
import { isIP } from '../../../../src/core/names/ip-address.ts';

const ipv4 = '127.0.0.1,255.255.255.255,0.0.0.0,256.0.0.1,1.2.3,1.2.3.4.5,01.2.3.4,1.2.3.4 ,,localhost';
const ipv6 =
  '::,::1,fe80::1%eth0,fe80::1%,%eth0,fe80::1%a/b,FE80::A,::1/64,::1:80,[::1],::1],:,:::,g::,12345::,::00001,' +
  '1::2::3,1:2:3:4:5:6:7,1:2:3:4:5:6:7:8,1:2:3:4:5:6:7:8:9,1:2:3:4:5:6:7::,1::2:3:4:5:6:7:8,' +
  '::ffff:10.0.0.1,::10.0.0.256,::1.2.3,::01.2.3.4,1:2:3:4:5:6:1.2.3.4,1:2:3:4:5:6:7:1.2.3.4';

const check = (text: string): void => assert.equal(isIP(text), nodes(text), text);

for (const text of [...ipv4.split(','), ...ipv6.split(',')])
  test(`${JSON.stringify(text)} is the address that Node takes it for`, () => check(text));

test('any text is the address that Node takes it for', () => {
  const part = constantFrom('0', '1', '9', 'a', 'f', ':', '.', '%', '::', '255', '1.2.3.4', 'fe80', '%eth0');
  const parts = array(part).map((each) => each.join(''));
  holds(property(oneof(ipV4(), ipV6(), string(), parts), check), { numRuns: 5000 });
});
