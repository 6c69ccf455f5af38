// What --forward and --proxy are given → which ports of this machine lead where: [[ADDRESS:]LOCAL:][HOST:]PORT, [ADDRESS:]PORT.
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import type { PortFault } from '../failure/port-failure.ts';
import { isIP, isIPv6 } from '../names/ip-address.ts';

/** A port of this machine, and where it leads. */
export type LocalPort = Forward | ProxyPort;

interface ListenAddress {
  /** An IP address, or `*` for all of this machine's; undefined: the loopback ones. */
  readonly address: string | undefined;
  /** 0: a free one. */
  readonly local: number;
}

export interface Forward extends ListenAddress, Upstream {
  readonly kind: 'forward';
}

/** Each of its clients says where it leads. */
export interface ProxyPort extends ListenAddress {
  readonly kind: 'proxy';
}

export interface Upstream {
  /** As the service knows it; undefined: the service's own localhost. */
  readonly host: string | undefined;
  readonly port: number;
}

/** Whom a proxy's client wants. */
export interface Destination extends Upstream {
  readonly host: string;
}

export const readForwards = (words: readonly string[], flag: string) => readEach(words, flag, readForward);
export const readProxies = (words: readonly string[], flag: string) => readEach(words, flag, readProxy);

/** @param read tells what is wrong with a value */
export function readEach<Kind extends object>(
  words: readonly string[],
  flag: string,
  read: (text: string) => Kind | PortFault,
): Result<readonly Kind[]> {
  const all: Kind[] = [];
  for (const value of words) {
    const one = read(value);
    if (typeof one === 'string') return fail({ kind: 'port-invalid', flag, value, fault: one });
    all.push(one);
  }
  return success(all);
}

/** How many there may be: each takes a few descriptors, of which only so many go through a socket at once. */
export const mostPorts = 100;

/** All that is to listen, where that can be at once. */
export function listenTogether(localPorts: readonly LocalPort[]): Result<readonly LocalPort[]> {
  if (localPorts.length > mostPorts) return fail({ kind: 'ports-too-many', count: localPorts.length, most: mostPorts });
  const twice = localPorts.find((each, index) => localPorts.slice(0, index).some((other) => areOne(each, other)));
  return twice === undefined ? success(localPorts) : fail({ kind: 'port-twice', local: twice.local });
}

/** @returns what is wrong with it */
export function readForward(text: string): Forward | PortFault {
  if (/\/(udp|sctp)$/i.test(text)) return 'not-tcp';
  const parts = partsOf(text.replace(/\/tcp$/i, ''));
  if (parts === undefined) return 'brackets';
  if (parts.length > 4 || parts.includes('')) return isIPv6(text) ? 'brackets' : 'form';
  const [last = '', ...front] = parts.toReversed();
  const port = readPort(last, front.length === 0);
  if (typeof port === 'string') return port;
  return port === 0 ? 'port-zero' : readFront(front, port);
}

/** @returns what is wrong with it */
export function readProxy(text: string): ProxyPort | PortFault {
  const parts = partsOf(text);
  if (parts === undefined) return 'brackets';
  if (parts.length > 2 || parts.includes('')) return isIPv6(text) ? 'brackets' : 'form';
  const [last = '', address] = parts.toReversed();
  const local = readPort(last, address === undefined);
  if (typeof local === 'string') return local;
  if (address !== undefined && !isAddress(address)) return 'not-an-address';
  return { kind: 'proxy', address: addressOf(address), local };
}

/** @param alone whether nothing stands before it */
function readPort(text: string, alone: boolean): number | PortFault {
  if (/^\d+-\d+$/.test(text)) return 'range';
  if (!/^\d+$/.test(text)) return isIP(unbracketed(text)) || alone ? 'no-port' : 'not-a-port';
  return Number(text) > largestPort ? 'not-a-port' : Number(text);
}

const largestPort = 65_535;

/** @param front what stands before the last port, the nearest first: HOST, LOCAL, ADDRESS, of which each may be missing */
function readFront(front: readonly string[], port: number): Forward | PortFault {
  const [nearest] = front;
  const named = nearest !== undefined && !isNumber(nearest);
  const [local, address, ...others] = named ? front.slice(1) : front;
  if (local !== undefined && /^\d+-\d+$/.test(local)) return 'range';
  if (others.length > 0 || (local !== undefined && !isNumber(local))) return 'form';
  if (Number(local ?? 0) > largestPort) return 'not-a-port';
  const host = named ? unbracketed(nearest) : undefined;
  if (named && !nearest.startsWith('[') && !isHostName(nearest)) return 'not-a-host';
  if (address !== undefined && !isAddress(address)) return 'not-an-address';
  return {
    kind: 'forward',
    address: addressOf(address),
    local: local === undefined ? port : Number(local),
    host,
    port,
  };
}

/** Divided at its colons, but for those in brackets; undefined where brackets hold no address of IPv6, or do not end. */
function partsOf(text: string): readonly string[] | undefined {
  const parts = text.match(/\[[^\]]*\]|[^:[\]]+|(?<=^|:)(?=:|$)/g) ?? [];
  const whole = parts.join(':') === text;
  return whole && parts.every((part) => !part.startsWith('[') || isIPv6(unbracketed(part))) ? parts : undefined;
}

const isNumber = (text: string): boolean => /^\d+(-\d+)?$/.test(text);

const unbracketed = (text: string): string => text.replace(/^\[|\]$/g, '');

/** A name, or an address of IPv4. */
export const isHostName = (text: string): boolean => /^[a-z0-9_][a-z0-9_.-]{0,252}$/i.test(text);

const isAddress = (text: string): boolean => text === '*' || text === 'localhost' || isIP(unbracketed(text)) !== 0;

const addressOf = (text: string | undefined): string | undefined =>
  text === undefined || text === 'localhost' ? undefined : unbracketed(text);

/** Whether both would listen at one place. */
const areOne = (one: LocalPort, other: LocalPort): boolean =>
  one.local !== 0 &&
  one.local === other.local &&
  listenedOn(one).some((each) => listenedOn(other).some((theirs) => meet(each, theirs)));

/** An address of all has each of its family. */
const meet = (one: string, other: string): boolean =>
  one === other || (isIPv6(one) === isIPv6(other) && [one, other].some((each) => each === '0.0.0.0' || each === '::'));

/** The addresses to listen on. */
export function listenedOn({ address }: ListenAddress): readonly string[] {
  if (address === undefined) return ['127.0.0.1', '::1'];
  return address === '*' ? ['0.0.0.0', '::'] : [address];
}

/** Whether others than this machine reach it. */
export const isOpen = ({ address }: ListenAddress): boolean =>
  address !== undefined && address !== '::1' && !address.startsWith('127.');
