// What --forward is given, [[ADDRESS:]LOCAL:][HOST:]PORT → which port of this machine leads where.
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';
import type { ForwardFault } from '../failure/forward-failure.ts';
import { isIP, isIPv6 } from '../names/ip-address.ts';

export interface Forward {
  /** An IP address, or `*` for all of this machine's; undefined: the loopback ones. */
  readonly address: string | undefined;
  /** 0: a free one. */
  readonly local: number;
  /** As the service knows it; undefined: the service's own localhost. */
  readonly host: string | undefined;
  readonly port: number;
}

/** How many may be given: each takes a few descriptors, of which only so many go through a socket at once. */
export const mostPorts = { number: 100, said: 'no more than 100 of them' } as const;

/** @param words each of one --forward */
export function readForwards(words: readonly string[], flag: string): Result<readonly Forward[]> {
  const forwards: Forward[] = [];
  if (words.length > mostPorts.number)
    return fail({ kind: 'invalid-value', flag, value: words[mostPorts.number] ?? '', expected: mostPorts.said });
  for (const value of words) {
    const forward = readForward(value);
    if (typeof forward === 'string') return fail({ kind: 'forward-invalid', flag, value, fault: forward });
    if (forwards.some((each) => areOne(each, forward))) return fail({ kind: 'forward-twice', local: forward.local });
    forwards.push(forward);
  }
  return success(forwards);
}

/** @returns what is wrong with it */
export function readForward(text: string): Forward | ForwardFault {
  if (/\/(udp|sctp)$/i.test(text)) return 'not-tcp';
  const parts = partsOf(text.replace(/\/tcp$/i, ''));
  if (parts === undefined) return 'brackets';
  if (parts.length > 4 || parts.includes('')) return isIPv6(text) ? 'brackets' : 'form';
  const [last = '', ...front] = parts.toReversed();
  if (/^\d+-\d+$/.test(last)) return 'range';
  if (!/^\d+$/.test(last)) return isIP(unbracketed(last)) || front.length === 0 ? 'no-port' : 'not-a-port';
  const port = Number(last);
  if (port === 0) return 'port-zero';
  if (port > largestPort) return 'not-a-port';
  return readFront(front, port);
}

const largestPort = 65_535;

/** @param front what stands before the last port, the nearest first: HOST, LOCAL, ADDRESS, of which each may be missing */
function readFront(front: readonly string[], port: number): Forward | ForwardFault {
  const [nearest] = front;
  const named = nearest !== undefined && !isNumber(nearest);
  const [local, address, ...others] = named ? front.slice(1) : front;
  if (local !== undefined && /^\d+-\d+$/.test(local)) return 'range';
  if (others.length > 0 || (local !== undefined && !isNumber(local))) return 'form';
  if (Number(local ?? 0) > largestPort) return 'not-a-port';
  const host = named ? unbracketed(nearest) : undefined;
  if (named && !isHost(nearest)) return 'not-a-host';
  if (address !== undefined && !isAddress(address)) return 'not-an-address';
  return {
    address: address === undefined || address === 'localhost' ? undefined : unbracketed(address),
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

const isHost = (text: string): boolean => text.startsWith('[') || /^[a-z0-9_][a-z0-9_.-]{0,252}$/i.test(text);

const isAddress = (text: string): boolean => text === '*' || text === 'localhost' || isIP(unbracketed(text)) !== 0;

/** Whether both would listen at one place. */
const areOne = (one: Forward, other: Forward): boolean =>
  one.local !== 0 &&
  one.local === other.local &&
  (one.address === other.address || one.address === '*' || other.address === '*');

/** The addresses to listen on. */
export function listenedOn({ address }: Forward): readonly string[] {
  if (address === undefined) return ['127.0.0.1', '::1'];
  return address === '*' ? ['0.0.0.0', '::'] : [address];
}

/** Whether others than this machine reach it. */
export const isOpen = ({ address }: Forward): boolean =>
  address !== undefined && address !== '::1' && !address.startsWith('127.');
