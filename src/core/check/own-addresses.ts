// Whose an address is that no container has: this machine's, or nobody's within the subnet of one of its networks.
import { BlockList } from 'node:net';
import { isIP } from '../names/ip-address.ts';
import type { Network } from '../engine/networks.ts';
import { plainAddress } from './socket-tables.ts';

/** An address in the subnet of a bridge, where the engine alone gives addresses out, and has given it to nobody. */
export interface Stray {
  readonly address: string;
  readonly network: string;
  readonly subnet: string;
}

/**
 * The addresses that the kernel takes for its own, those of interfaces that nothing is plugged into (docker0) included.
 * @param routes /proc/net/fib_trie
 * @param ipv6 /proc/net/if_inet6
 */
export function localAddresses(routes: string, ipv6: string): readonly string[] {
  const found = [...routes.matchAll(/\|-- (\S+)\n(?:\s+\/\d+ .*\n)*?\s+\/32 host LOCAL/g)].map(
    ([, address = '']) => address,
  );
  const written = ipv6.split('\n').flatMap((line) => {
    const groups = /^([0-9a-f]{32}) /.exec(line)?.[1]?.match(/.{4}/g);
    return groups === undefined || groups === null ? [] : [plainAddress(groups.join(':'))];
  });
  return [...new Set([...found, ...written])];
}

/** @param taken addresses that somebody has: a container, or this machine as the gateway */
export function straysAmong(
  addresses: readonly string[],
  networks: readonly Network[],
  taken: readonly string[],
): readonly Stray[] {
  const gateways = networks.map(({ gateway }) => plainAddress(gateway ?? ''));
  return addresses
    .filter((address) => !taken.includes(address) && !gateways.includes(address))
    .flatMap((address) => {
      const around = networks
        // Of others the engine does not know all: macvlan's are the machines of a real network, overlay's are elsewhere.
        .filter(({ driver }) => driver === 'bridge')
        .flatMap(({ name, subnets }) => subnets.map((subnet) => ({ address, network: name, subnet })))
        .filter(({ subnet }) => isWithin(address, subnet));
      // As the kernel routes: the narrowest.
      return around.toSorted((one, other) => widthOf(other.subnet) - widthOf(one.subnet)).slice(0, 1);
    });
}

const widthOf = (subnet: string): number => Number(/\/(\d{1,3})$/.exec(subnet)?.[1]);

/** @param subnet `10.0.0.0/8`; in anything else there is no address */
export function isWithin(address: string, subnet: string): boolean {
  const [base = ''] = subnet.split('/');
  const width = widthOf(subnet);
  const [family, bits] = isIP(base) === 6 ? (['ipv6', 128] as const) : (['ipv4', 32] as const);
  if (isIP(base) === 0 || isIP(base) !== isIP(address) || !(width <= bits)) return false;
  const list = new BlockList();
  list.addSubnet(base, width, family);
  return list.check(address, family);
}
