// The near end of a tunnel, outside: each connection that COMMAND begins is held on a device until it is made where it leads, and
// then let go on to what takes them all, which joins it with that. What is refused there is refused here.
import { closeSync, read, readSync, writeSync } from 'node:fs';
import { boundPlaces, listeningSockets, plainAddress, takes } from '../../core/check/socket-tables.ts';
import { datagramBytes } from '../../core/relay/frames.ts';
import {
  addressText,
  datagram,
  judged,
  keyOf,
  longestDatagram,
  readPacket,
  takingPort,
  verdictOf,
} from '../../core/relay/packets.ts';
import type { Packet, Place } from '../../core/relay/packets.ts';
import { dismiss, Joined, takeAll } from './join.ts';
import type { Accepting, Attach, Reach } from './join.ts';
import { mirrorPorts, openListeners, watchDatagrams } from './own-ports.ts';
import type { Listening } from './own-ports.ts';
import { handOver, originalDestination } from './sockets.ts';
import type { Tunnel } from './tunnel.ts';

/** How many descriptors there may be. */
export const mostHanded = 13;

export interface NearEnd {
  /** Datagrams of another tunnel come here from now on. */
  listen(tunnel: Tunnel): void;
  close(): void;
}

/** What is told of it. */
export interface NearEvents {
  /** There are too many connections at once. */
  full(): void;
  /** COMMAND listens on these. */
  listening(sockets: Listening): void;
  /** A port of COMMAND's is one that the container itself has; and why it cannot be had: a code. */
  taken(port: number, code: string): void;
  /** COMMAND waits on a port of UDP. */
  notLed(port: number): void;
}

/** How long what has been made may be left alone by who has asked for it, in milliseconds. */
const untaken = 5000;
/** Where the device is down, in milliseconds. */
const betweenReads = 200;
/** Of those that are held, and of pairs of ends of datagrams. */
const most = 2000;

/** A connection that COMMAND asks for. */
interface Held {
  /** The last that has come of it. */
  readonly packet: Buffer;
  /** When the first and the last have come, in milliseconds. */
  readonly first: number;
  readonly last: number;
  readonly giveUp: AbortController;
}

/** The kernel says it again after as long again, at the latest: what does not come any more is not waited for there, either. */
const isLeft = ({ first, last }: Held): boolean => Date.now() > last + (last - first) + longestFirst;
/** In milliseconds, from the first to the second: one second, and that of a machine that is busy. */
const longestFirst = 4000;

/**
 * @param handed by near.ts: the device, what wakes who reads it, one that asks the kernel who listens, for IPv4 and IPv6 one that
 * listens and one that does not by which sockets are made, four tables of sockets, one socket that listens or two
 * @param own the addresses of COMMAND's own
 * @param reach makes a connection where it leads
 */
export function openNearEnd(
  handed: readonly number[],
  own: readonly string[],
  reach: Reach,
  told: NearEvents,
): NearEnd {
  const [
    device = -1,
    waker = -1,
    diag = -1,
    minting = -1,
    spare = -1,
    mintingSix = -1,
    spareSix = -1,
    tcp = -1,
    tcp6 = -1,
    udp = -1,
    udp6 = -1,
    ...listening
  ] = handed;
  let closed = false;
  const held = new Map<string, Held>();
  /** Those that are made, by where they lead. */
  const made = new Map<string, Attach[]>();
  const pairs = openPairs((packet) => put(packet));
  const put = (packet: Buffer): void => {
    if (closed) return;
    try {
      writeSync(device, packet);
    } catch {
      // A COMMAND that is root's may have taken the device down: what would have come by it is lost.
    }
  };

  const listeners = openListeners(diag, () =>
    listeningSockets({ tcp: readWhole(tcp), tcp6: readWhole(tcp6), udp: '', udp6: '' }),
  );
  const mirror = mirrorPorts(listeners, own, [minting, spare], [mintingSix, spareSix], told);
  const stopLooking = watchDatagrams(
    () => listeningSockets({ tcp: '', tcp6: '', udp: readWhole(udp), udp6: readWhole(udp6) }),
    (address) => own.includes(address),
    (port) => told.notLed(port),
  );
  const isOwn = (address: string): boolean => address.startsWith('127.') || own.includes(address);

  const isHere = ({ protocol, to }: Packet): boolean => {
    // What listens on that one is netexec's own.
    if (protocol === 'tcp' && to.port === takingPort) return false;
    const address = plainAddress(addressText(to.address));
    if (!isOwn(address)) return false;
    const places =
      protocol === 'tcp'
        ? listeners.now()
        : [...boundPlaces(readWhole(udp), 'udp'), ...boundPlaces(readWhole(udp6), 'udp')];
    return places.some((each) => each.port === to.port && takes(each.address, address));
  };

  const connect = async (key: string, to: Place, { signal }: AbortController): Promise<void> => {
    const found = await reach({ host: addressText(to.address), port: to.port }, signal).catch(unreached);
    // What has been given up may be asked for anew since, by the same key.
    const asked = signal.aborted ? undefined : held.get(key);
    if (asked !== undefined) held.delete(key);
    if (asked === undefined || closed) return void (typeof found === 'string' || dismiss(found));
    // Of a tunnel that is lost nothing is said: who still wants it asks again in a moment.
    if (found === 'ECONNRESET') return;
    const verdict = typeof found === 'string' ? verdictOf(found) : 'led';
    if (typeof found !== 'string') keep(keyOf(to), found);
    if (verdict !== undefined) put(judged(asked.packet, verdict));
  };

  const keep = (place: string, found: Attach): void => {
    const waiting = made.get(place) ?? [];
    made.set(place, [...waiting, found]);
    setTimeout(() => {
      if (takeOut(place, (each) => each === found) !== undefined) dismiss(found);
    }, untaken).unref();
  };

  const takeOut = (place: string, isMeant: (each: Attach) => boolean): Attach | undefined => {
    const waiting = made.get(place) ?? [];
    const found = waiting.find(isMeant);
    const left = waiting.filter((each) => each !== found);
    if (left.length > 0) made.set(place, left);
    else made.delete(place);
    return found;
  };

  const take = (bytes: Buffer): void => {
    const packet = readPacket(bytes);
    if (packet === undefined || closed) return;
    const { protocol, from, to, data } = packet;
    if (isHere(packet)) return put(judged(bytes, 'here'));
    if (protocol === 'udp') return pairs.send(from, to, data);
    // It has been closed a moment ago: the far end would lead back here.
    if (mirror.has(to.port) && isOwn(plainAddress(addressText(to.address)))) return put(judged(bytes, 'refused'));
    const key = `${keyOf(from)}>${keyOf(to)}`;
    const known = held.get(key);
    if (known === undefined && held.size >= most && !makeRoom()) return;
    const now = Date.now();
    const asked = { first: now, giveUp: new AbortController(), ...known, packet: Buffer.from(bytes), last: now };
    held.set(key, asked);
    if (known === undefined) void connect(key, to, asked.giveUp);
  };

  const makeRoom = (): boolean => {
    for (const [key, each] of held)
      if (isLeft(each)) {
        held.delete(key);
        each.giveUp.abort();
      }
    return held.size < most;
  };

  const buffer = Buffer.alloc(0x1_0000);
  const readNext = (): void =>
    read(device, buffer, 0, buffer.length, null, (error, length) => {
      if (closed) return closeAll();
      if (error !== null) return void setTimeout(readNext, betweenReads);
      take(Buffer.from(buffer.subarray(0, length)));
      readNext();
    });
  readNext();

  const accepting = listening.map((descriptor): Accepting =>
    takeAll(
      descriptor,
      (client) => {
        const place = originalDestination((client as { fd?: number }).fd ?? -1);
        const attach = place === undefined ? undefined : takeOut(keyOf(place), () => true);
        const found = Promise.resolve(attach ?? 'ECONNRESET');
        new Joined(() => found, 'COMMAND').take(client).connect({ host: undefined, port: 0 });
      },
      () => told.full(),
    ),
  );

  const closeAll = (): void =>
    [device, waker, diag, minting, spare, mintingSix, spareSix, tcp, tcp6, udp, udp6].forEach((each) =>
      closeSync(each),
    );
  return {
    listen: (tunnel) => {
      pairs.listen(tunnel);
      mirror.listen(tunnel);
    },
    close: () => {
      if (closed) return;
      closed = true;
      mirror.close();
      stopLooking();
      for (const each of accepting) each.stop();
      for (const each of [...made.values()].flat()) dismiss(each);
      handOver(waker, []);
    },
  };
}

/** There is no container to reach any more. */
const unreached = (): string => 'ENETUNREACH';

/** Who sends datagrams to whom: each pair has a number, by which answers find the way back. */
function openPairs(put: (packet: Buffer) => void) {
  const numbers = new Map<string, number>();
  const ends = new Map<number, { readonly from: Place; readonly to: Place }>();
  let last = 0;
  let way: Tunnel | undefined;
  const add = (key: string, from: Place, to: Place): number => {
    const [oldest] = numbers;
    if (oldest !== undefined && numbers.size >= most) {
      numbers.delete(oldest[0]);
      ends.delete(oldest[1]);
    }
    last += 1;
    numbers.set(key, last);
    ends.set(last, { from, to });
    return last;
  };
  return {
    send: (from: Place, to: Place, data: Buffer): void => {
      const key = `${keyOf(from)}>${keyOf(to)}`;
      // What the carrier does not take is lost, as anywhere; and what is sent while there is none.
      if (way?.isFull() === false)
        way.send(numbers.get(key) ?? add(key, from, to), 'datagram', datagramBytes(to, data));
    },
    listen: (tunnel: Tunnel): void => {
      way = tunnel;
      tunnel.beside = {
        datagram: (id, payload) => {
          const pair = ends.get(id);
          if (pair === undefined) return true;
          if (payload.length > longestDatagram(pair.from)) return false;
          put(datagram(pair.to, pair.from, payload));
          return true;
        },
        unreached: (id) => {
          const pair = ends.get(id);
          if (pair !== undefined) put(judged(datagram(pair.from, pair.to, Buffer.alloc(0)), 'refused'));
          return true;
        },
      };
    },
  };
}

/** A file of /proc: from its beginning, each time anew. */
function readWhole(descriptor: number): string {
  const piece = Buffer.alloc(0x1_0000);
  const pieces: Buffer[] = [];
  for (let at = 0; ;) {
    const length = readSync(descriptor, piece, 0, piece.length, at);
    if (length === 0) return Buffer.concat(pieces).toString('latin1');
    pieces.push(Buffer.from(piece.subarray(0, length)));
    at += length;
  }
}
