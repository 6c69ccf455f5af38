// The ports on which COMMAND listens, behind the near end of a tunnel: which they are, and how others reach them by the far end.
import { readSync, writeSync } from 'node:fs';
import { diagFamilies, diagRequest, readDiag } from '../../core/check/socket-diag.ts';
import type { DiagAnswer } from '../../core/check/socket-diag.ts';
import { isAny } from '../../core/check/socket-tables.ts';
import type { ListeningSocket } from '../../core/check/socket-tables.ts';
import { isIPv6 } from '../../core/names/ip-address.ts';
import { takingPort } from '../../core/relay/packets.ts';
import { Asked } from './asked.ts';
import { mostAtOnce } from './join.ts';
import { openMint } from './minted-sockets.ts';
import { attachTo } from './reach.ts';
import type { Tunnel } from './tunnel.ts';

/** In milliseconds: with a kernel that answers at once, and with its tables. */
const betweenLooks = { diag: 200, tables: 2000 };

/** Of a port that somebody has there, in milliseconds. */
export const betweenTries = 1000;

export type Listening = DiagAnswer['sockets'];

/**
 * @param diag a netlink socket of that network's, or -1
 * @param tables reads those in its place
 */
export function openListeners(diag: number, tables: () => Listening) {
  let works = diag >= 0;
  const buffer = Buffer.alloc(0x1_0000);
  const ask = (): Listening | undefined => {
    const all: Listening[number][] = [];
    for (const family of diagFamilies) {
      writeSync(diag, diagRequest(family));
      for (let done = false; !done;) {
        const answer = readDiag(buffer.subarray(0, readSync(diag, buffer)));
        if (answer === undefined) return undefined;
        all.push(...answer.sockets);
        ({ done } = answer);
      }
    }
    return all;
  };
  return {
    now: (): Listening => {
      try {
        const found = works ? ask() : undefined;
        if (found !== undefined) return found;
      } catch {
        // A kernel without it.
      }
      works = false;
      return tables();
    },
    pause: (): number => (works ? betweenLooks.diag : betweenLooks.tables),
  };
}

/** In milliseconds: a program that asks somebody something has its port for a shorter time than one that waits for others. */
const betweenDatagramLooks = 2000;

/** The first of those that the kernel chooses (ip(7), ip_local_port_range): who waits for others has one that they know. */
const firstChosen = 32_768;

/**
 * Looks for sockets of UDP by which COMMAND waits for others, whom nothing leads there.
 * @param now what is bound
 * @param tell is told each port once
 * @returns ends that
 */
export function watchDatagrams(
  now: () => readonly Pick<ListeningSocket, 'address' | 'port' | 'inode'>[],
  isOwn: (address: string) => boolean,
  tell: (port: number) => void,
): () => void {
  let before: readonly number[] = [];
  const told = new Set<number>();
  const timer = setInterval(() => {
    const waiting = now().filter(({ address, port }) => port < firstChosen && (isAny(address) || isOwn(address)));
    for (const { port, inode } of waiting)
      if (before.includes(inode) && !told.has(port)) {
        told.add(port);
        tell(port);
      }
    before = waiting.map(({ inode }) => inode);
  }, betweenDatagramLooks);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Where what listens there is reached from within: as others would, by an address that they know. What a second program has on
 * the localhost alone, on the same port, is nobody else's, and neither is what --reverse leads from there.
 * @param own those addresses; none where the service has its machine's network
 */
function placesOf(address: string, own: readonly string[]): readonly string[] {
  if (!isAny(address)) return [address];
  const four = own.find((each) => !isIPv6(each));
  if (!isIPv6(address)) return [four ?? '127.0.0.1'];
  return four === undefined ? ['::1', '127.0.0.1'] : [four, '::1'];
}

type Mint = readonly [listening: number, spare: number];

/**
 * Has the far end listen wherever COMMAND does.
 * @param own COMMAND's addresses that others know
 * @param told.listening is told what listens in COMMAND's network, again and again
 * @param told.taken is told of a port that somebody has there already, and of why: each time that it is tried
 */
export function mirrorPorts(
  listeners: ReturnType<typeof openListeners>,
  own: readonly string[],
  four: Mint,
  six: Mint,
  told: { listening(sockets: Listening): void; taken(port: number, code: string): void },
) {
  /** And where each is reached. */
  const open = new Map<number, readonly string[]>();
  const byFour = openMint(...four, '127.0.0.1');
  const bySix = openMint(...six, '::1');
  let way: Tunnel | undefined;
  const look = (): void => {
    const now = new Map<number, readonly string[]>();
    const sockets = listeners.now();
    told.listening(sockets);
    for (const { address, port } of sockets)
      if (port !== takingPort && (isAny(address) || own.includes(address)))
        now.set(port, [...(now.get(port) ?? []), ...placesOf(address, own)]);
    for (const port of open.keys())
      if (!now.has(port)) {
        open.delete(port);
        way?.send(port, 'unlisten');
      }
    for (const [port, places] of now) {
      if (!open.has(port)) way?.listen(port);
      open.set(port, places);
    }
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = (): void => {
    look();
    timer = setTimeout(again, listeners.pause());
    timer.unref();
  };
  return {
    /** What leads to it from there would lead back. */
    has: (port: number): boolean => open.has(port),
    listen: (tunnel: Tunnel): void => {
      clearTimeout(timer);
      open.clear();
      const isFirst = way === undefined;
      way = tunnel;
      const most = mostAtOnce();
      tunnel.asked = (stream, { port }) => {
        const places = open.get(port);
        if (places === undefined || tunnel.size() > most) return stream.refuse('ECONNREFUSED');
        const reach = async (_: unknown, givenUp: AbortSignal) => {
          let found: number | string = 'ECONNREFUSED';
          for (const each of places) {
            found = await (isIPv6(each) ? bySix : byFour)(each, port, givenUp);
            if (typeof found === 'number') return attachTo(found);
          }
          return found;
        };
        new Asked(reach, stream).connect({ host: undefined, port });
      };
      tunnel.beside = {
        ...tunnel.beside,
        listened: () => true,
        unlistened: (port, code) => {
          // A far end that was lost may hold it for a while.
          if (!open.has(port)) return true;
          if (isFirst) told.taken(port, code.toString('latin1'));
          setTimeout(() => way === tunnel && open.delete(port), betweenTries).unref();
          return true;
        },
      };
      again();
    },
    close: (): void => clearTimeout(timer),
  };
}
