// The near end of a tunnel, in COMMAND's network: once that is made, opens the device and the sockets that netexec, outside, speaks
// by, and hands them to it. Nothing of it stays.
import { openSync, readFileSync } from 'node:fs';
import { mintingPort, takingPort } from '../../core/relay/packets.ts';
import { errno, errorName, openLibrary } from '../process/libc.ts';
import { spareSocket } from './minted-sockets.ts';
import { connectTo, handOver, listenOnEach } from './sockets.ts';

/** @param given where netexec waits for them, and what the device is called */
export function near([meeting = '', device = '']: readonly string[]): void {
  // It is told on its standard input whether there is one: the status of what has made it.
  if (readFileSync(0, 'latin1').trim() !== '0') process.exit(3);
  const listening = listenOnEach(['0.0.0.0', '::'], takingPort);
  if ('error' in listening) throw new Error(`port ${listening.port} is not to be had: ${listening.error}`);
  const minting = listenOnEach(['127.0.0.1', '::1'], mintingPort);
  if ('error' in minting) throw new Error(`port ${minting.port} is not to be had: ${minting.error}`);
  const [mint = -1, mintSix] = minting.descriptors;
  const six = mintSix === undefined ? [openTable('/dev/null'), openTable('/dev/null')] : [mintSix, spareSocket('::1')];
  const sockets = [openDiag(), mint, spareSocket('127.0.0.1'), ...six];
  const tables = ['tcp', 'tcp6', 'udp', 'udp6'].map((name) => openTable(`/proc/self/net/${name}`));
  const error = handOver(connectTo(meeting), [
    openDevice(device),
    openWaker(),
    ...sockets,
    ...tables,
    ...listening.descriptors,
  ]);
  if (error !== undefined) throw new Error(`netexec could not be handed its sockets: ${error}`);
}

/** A kernel without IPv6 has no tables of it. */
function openTable(file: string): number {
  try {
    return openSync(file, 'r');
  } catch {
    return openSync('/dev/null', 'r');
  }
}

/** socket(2), netlink(7), if_tun.h. */
const [AF_NETLINK, NETLINK_SOCK_DIAG] = [16, 4];
const [AF_INET, SOCK_DGRAM_CLOEXEC] = [2, 2 | 0o2_000_000];
const [TUNSETIFF, IFF_TUN_NO_PI] = [0x4004_54ca, 0x1001];

const libc = () =>
  openLibrary({
    connect: { args: ['i32', 'ptr', 'i32'], returns: 'i32' },
    ioctl: { args: ['i32', 'u64', 'ptr'], returns: 'i32' },
    socket: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
  });

/** Where the kernel has none, the tables do. */
const openDiag = (): number => {
  const socket = libc().socket(AF_NETLINK, SOCK_DGRAM_CLOEXEC, NETLINK_SOCK_DIAG);
  return socket < 0 ? openTable('/dev/null') : socket;
};

function openDevice(name: string): number {
  const descriptor = openSync('/dev/net/tun', 'r+');
  const request = Buffer.alloc(40);
  request.write(name);
  request.writeUInt16LE(IFF_TUN_NO_PI, 16);
  if (libc().ioctl(descriptor, TUNSETIFF, request) !== 0) throw new Error(`the device ${name}: ${errorName(errno())}`);
  return descriptor;
}

/** What is sent on it comes by the device: who waits for that in vain can be woken so. */
function openWaker(): number {
  const socket = libc().socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
  // 192.0.2.0/24 is nobody's (RFC 5737).
  const place = Buffer.from([2, 0, 0, 9, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  libc().connect(socket, place, place.length);
  return socket;
}
