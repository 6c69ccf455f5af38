// Whose an address is that no container has: by the kernel's tables of this machine, and by the subnets of its networks.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { localAddresses, straysAmong } from '../../../../src/core/check/own-addresses.ts';
import type { Network } from '../../../../src/core/engine/networks.ts';

const routes = `Main:
  +-- 0.0.0.0/0 3 0 4
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 127.0.0.0/31 1 0 0
        |-- 127.0.0.0
           /8 host LOCAL
        |-- 127.0.0.1
           /32 host LOCAL
     +-- 172.17.0.0/31 1 0 0
        |-- 172.17.0.0
           /16 link UNICAST
           /32 link BROADCAST
        |-- 172.17.0.1
           /32 host LOCAL
        |-- 172.17.255.255
           /32 link BROADCAST
        |-- 10.0.0.9
           /32 universe UNICAST
           /32 host LOCAL
Local:
        |-- 172.17.0.1
           /32 host LOCAL
`;
const ipv6 = `fe80000000000000004277fffee64dd2 52 40 20 80 br-a15e563bb4ed
fd000000000000000000000000000002 04 40 00 82     eth0
`;

test('the addresses of this machine must be read from what the kernel says', () => {
  assert.deepEqual(localAddresses(routes, ipv6), [
    '127.0.0.1',
    '172.17.0.1',
    '10.0.0.9',
    'fe80::42:77ff:fee6:4dd2',
    'fd00::2',
  ]);
  assert.deepEqual(localAddresses('', ''), []);
});

const network = (name: string, subnets: readonly string[], given: Partial<Network> = {}): Network => ({
  id: name,
  name,
  driver: 'bridge',
  subnets,
  gateway: undefined,
  internal: false,
  ipv6: false,
  compose: undefined,
  ...given,
});

describe('an address', () => {
  const networks = [
    network('shop_default', ['10.213.50.0/24', 'fd00:213::/64'], { gateway: '10.213.50.1' }),
    network('wide', ['10.213.0.0/16']),
    network('lan', ['192.168.1.0/24'], { driver: 'macvlan' }),
    network('cluster', ['10.99.0.0/16'], { driver: 'overlay' }),
    network('host', [], { driver: 'host' }),
  ];
  const rows: readonly (readonly [address: string, where: string | undefined, why: string])[] = [
    ['10.213.50.200', 'shop_default', 'in the narrowest of two subnets'],
    ['10.213.50.0', 'shop_default', "the network's"],
    ['10.213.50.255', 'shop_default', 'the broadcast one'],
    ['10.213.51.7', 'wide', 'in one subnet'],
    ['fd00:213::dead', 'shop_default', 'of IPv6'],
    ['10.213.50.1', undefined, 'the gateway'],
    ['10.213.50.2', undefined, "a container's"],
    ['192.168.1.7', undefined, "a real network's"],
    ['10.99.0.7', undefined, 'of a network on several machines'],
    ['192.0.2.7', undefined, 'elsewhere'],
    ['fd00:214::1', undefined, 'elsewhere, of IPv6'],
  ];
  for (const [address, where, why] of rows) {
    test(`${address} must be ${where === undefined ? 'nobody’s concern' : `astray in ${where}`}: ${why}`, () => {
      const found = straysAmong([address], networks, ['10.213.50.2']);
      assert.deepEqual(
        found.map((each) => each.network),
        where === undefined ? [] : [where],
      );
    });
  }

  test('must be looked for in whatever the engine calls a subnet', () => {
    const subnet = fc.oneof(
      fc.string(),
      fc.tuple(fc.ipV4(), fc.integer()).map((each) => each.join('/')),
      fc.ipV6(),
    );
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), fc.array(subnet), (address, subnets) => {
        straysAmong([address], [network('odd', subnets, { gateway: subnets[0] })], []);
      }),
    );
  });
});
