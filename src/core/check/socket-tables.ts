// The kernel's tables of sockets (/proc/PID/net/tcp, tcp6, udp, udp6; proc(5)) → what listens there, and where.
import { isIP, isIPv4 } from '../names/ip-address.ts';
import { enginesDns } from '../names/name-server.ts';

export interface ListeningSocket {
  readonly transport: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  /** The socket's number, by which the process that holds it is found. */
  readonly inode: number;
  /** Of the user whose it is. */
  readonly uid?: number | undefined;
}

export interface SocketTables {
  readonly tcp: string;
  readonly tcp6: string;
  readonly udp: string;
  readonly udp6: string;
}

/** A listening socket of TCP; of UDP, one that is bound and not connected (proc(5), field st). */
const waiting = { tcp: '0A', udp: '07' } as const;

/** What listens there, without the engine's own DNS server. */
export function listeningSockets(tables: SocketTables): readonly ListeningSocket[] {
  const all = [
    ...readTable(tables.tcp, 'tcp'),
    ...readTable(tables.tcp6, 'tcp'),
    ...readTable(tables.udp, 'udp'),
    ...readTable(tables.udp6, 'udp'),
  ];
  return all.filter(({ address }) => address !== enginesDns);
}

/** The port on which the engine's DNS server really listens; its NAT rules lead from 53 to it. */
export const enginesDnsPort = (udp: string): number | undefined =>
  readTable(udp, 'udp').find(({ address }) => address === enginesDns)?.port;

/** @param text of a table. @returns all that a socket is bound to, whatever else it is */
export const boundPlaces = (text: string, transport: ListeningSocket['transport']): readonly ListeningSocket[] =>
  readTable(text, transport, () => true);

function readTable(
  text: string,
  transport: ListeningSocket['transport'],
  isMeant = (state: string | undefined): boolean => state === waiting[transport],
): readonly ListeningSocket[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [address = '', port = ''] = (fields[1] ?? '').split(':');
    if (!isMeant(fields[3]) || !/^([0-9A-F]{8}|[0-9A-F]{32})$/.test(address)) return [];
    const [uid, inode] = [Number(fields[7]), Number(fields[9])];
    return [{ transport, address: readAddress(address), port: Number.parseInt(port, 16), inode, uid }];
  });
}

/** Words of four bytes, each in the machine's own order: little-endian wherever Docker runs nowadays. */
function readAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).toReversed().map((byte) => Number.parseInt(byte, 16)),
  );
  if (bytes.length === 4) return bytes.join('.');
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (mapped) return bytes.slice(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  return plainAddress(groups.join(':'));
}

/** An IPv6 address in its shortest form, as everyone writes it: two that are the same are the same text then. */
export const plainAddress = (address: string): string =>
  isIP(address) === 6 ? new URL(`http://[${withoutDots(address.replace(/%.*$/, ''))}]`).hostname.slice(1, -1) : address;

/** Bun's URL refuses some that end as an IPv4 address does: those in which `::` stands for two groups. */
const withoutDots = (address: string): string =>
  address.replace(/\d+(?:\.\d+){3}$/, (dotted) => {
    const [first = 0, second = 0, third = 0, fourth = 0] = dotted.split('.').map(Number);
    return `${((first << 8) | second).toString(16)}:${((third << 8) | fourth).toString(16)}`;
  });

export const isAny = (address: string): boolean => address === '0.0.0.0' || address === '::';

/** Whether what is bound to an address takes what comes to this one: a socket of IPv6 usually takes IPv4 as well, and never the other way round. */
export const takes = (bound: string, address: string): boolean =>
  bound === address || bound === '::' || (bound === '0.0.0.0' && isIPv4(address));

export const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';
