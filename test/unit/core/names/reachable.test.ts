// Which networks this machine is on, by its routes: the addresses of others mean nothing here, or something else.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Network } from '../../../../src/core/engine/networks.ts';
import { reach } from '../../../../src/core/names/reachable.ts';
import { joined } from '../samples.ts';

const network = (given: Partial<Network> = {}): Network => ({
  id: 'shop_backend-id',
  name: 'shop_backend',
  driver: 'bridge',
  subnets: [],
  gateway: undefined,
  internal: false,
  ipv6: false,
  bridge: 'br-1',
  compose: undefined,
  ...given,
});
const head = 'Iface\tDestination\tGateway \tFlags\n';
const ipv4 = `${head}eth0\t00000000\t0101A8C0\t0003\nbr-1\t000014AC\t00000000\t0001\n`;
const line = (address: string, device: string): string =>
  `${address.padEnd(32, '0')} 40 ${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00000100 00000001 00000000 00000001 ${device.padStart(8)}\n`;

const rows: readonly (readonly [string, given: Partial<Network>, v4: string, v6: string, isReached: boolean])[] = [
  ['a bridge with a route', {}, ipv4, '', true],
  ['an internal one', { internal: true }, ipv4, '', true],
  ['a bridge with a route for IPv6 alone', {}, head, line('fd00', 'br-1'), true],
  ['a bridge that the machine has no address on', {}, head, line('fe80', 'br-1') + line('ff00', 'br-1'), false],
  ['the bridge of another machine', { bridge: 'br-2' }, ipv4, line('fd00', 'br-1'), false],
  ['no bridge', { driver: 'macvlan', bridge: undefined }, ipv4, '', false],
  ['a network that is gone', { id: 'other' }, ipv4, '', false],
];

describe('whether it is reached', () => {
  for (const [name, given, v4, v6, isReached] of rows)
    test(name, () => {
      const { reached, unreached } = reach([joined('shop_backend')], [network(given)], { ipv4: v4, ipv6: v6 });
      assert.deepEqual([reached.length, unreached.length], isReached ? [1, 0] : [0, 1]);
    });
});

test("the engine's own networks have no names, and count for nothing", () => {
  const of = reach([joined('bridge'), joined('host')], [network({ id: 'bridge-id' })], { ipv4, ipv6: '' });
  assert.deepEqual(of, { reached: [], unreached: [] });
});
