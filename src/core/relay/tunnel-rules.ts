// A tunnel's network: its device and routes (ip(8)), by which every address is local, and its rules (nft(8)): which packets go to
// the device, and what becomes of those that are put back.
import { isIPv6 } from '../names/ip-address.ts';
import { takingPort, verdicts } from './packets.ts';

/** @param addresses of the container: without one of IPv6 it reaches none of that family */
export const tunnelRules = (addresses: readonly string[]): string =>
  [table(ipv4), ...(addresses.some((each) => isIPv6(each)) ? [table(ipv6)] : [])].join('');

/**
 * @param addresses of the container, of one family: those of the network itself, and the first that which is sent is from
 * @returns the lines of a batch
 */
export const tunnelRoutes = (addresses: readonly string[]): string =>
  [
    ...addresses.map(
      (each) => `address add ${each}${isIPv6(each) ? '/128' : '/32'} dev lo${isIPv6(each) ? ' nodad' : ''}`,
    ),
    `route add local default dev lo${addresses
      .slice(0, 1)
      .map((each) => ` src ${each}`)
      .join('')}`,
    // What has the mark goes to the device, also where it is for an address of its own.
    'rule add pref 10 lookup local',
    'rule del pref 0',
    'rule add pref 5 fwmark 1 lookup 101',
    'route add default dev netexec table 101',
    '',
  ].join('\n');

/** The device. No datagram is to come in parts. */
export const tunnelDevice = 'link set lo up\ntuntap add dev netexec mode tun\nlink set netexec mtu 65535 up\n';

interface Family {
  readonly name: string;
  readonly icmp: string;
  /** What is said of a host, a network and a port that is not reached. */
  readonly unreachable: readonly [host: string, network: string, port: string];
  /** Which packets go to the device. */
  readonly held: string;
}

const ipv4: Family = {
  name: 'ip',
  icmp: 'icmp',
  unreachable: ['host-unreachable', 'net-unreachable', 'port-unreachable'],
  held: '',
};
const ipv6: Family = {
  name: 'ip6',
  icmp: 'icmpv6',
  unreachable: ['addr-unreachable', 'no-route', 'port-unreachable'],
  // What comes by a device cannot be of ::1.
  held: 'ip6 daddr != ::1 ip6 saddr != ::1 ',
};

const begins = 'tcp flags & (syn|ack|rst) == syn';

/**
 * The first packet of a connection, and every datagram, is not tracked on its way out: it is another's where it is put back.
 * There is no other way to tell whether anybody answers: an echo would come from this kernel.
 */
const table = ({ name, icmp, unreachable: [host, network, port], held }: Family): string => `table ${name} netexec {
  chain untracked {
    type filter hook output priority -300
    ${begins} notrack
    meta l4proto udp notrack
  }
  chain held {
    type route hook output priority -150
    ${held}${begins} meta mark set 1
    ${held}meta l4proto udp meta mark set 1
    ${icmp} type echo-request reject with ${icmp} admin-prohibited
  }
  chain led {
    type nat hook prerouting priority -100
    iifname netexec meta l4proto tcp ${name} dscp ${verdicts.led} dnat to :${takingPort}
  }
  chain answered {
    type filter hook input priority 0
    iifname netexec meta l4proto tcp ${name} dscp ${verdicts.refused} reject with tcp reset
    iifname netexec ${name} dscp ${verdicts.refused} reject with ${icmp} ${port}
    iifname netexec ${name} dscp ${verdicts['host-unreachable']} reject with ${icmp} ${host}
    iifname netexec ${name} dscp ${verdicts['net-unreachable']} reject with ${icmp} ${network}
  }
}
`;
