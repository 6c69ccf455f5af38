// Sockets of COMMAND's network, made outside it: a socket belongs to the network of the one that listens, by which it was taken.
// So a spare one from there connects to a listening one from there, and what is taken is free to connect again, and so is the spare.
import { closeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { mintingPort } from '../../core/relay/packets.ts';
import { connectError, dialBy, errno, openLibrary, openSocket, placeOf } from '../process/libc.ts';
import { connected } from './reach.ts';

const libc = () =>
  openLibrary({
    accept4: { args: ['i32', 'ptr', 'ptr', 'i32'], returns: 'i32' },
    getsockname: { args: ['i32', 'ptr', 'ptr'], returns: 'i32' },
  });

/** socket(2), connect(2): AF_UNSPEC has a socket leave what it was connected to. */
const SOCK_NONBLOCK_CLOEXEC = 0o4_000 | 0o2_000_000;
const nowhere = Buffer.alloc(16);
const tries = 2000;

/**
 * @param listening on the port for it, of that localhost
 * @returns what connects to a port of COMMAND's, at an address of the same family: the descriptor, or a code of the system's
 */
export function openMint(
  listening: number,
  spare: number,
  localhost: string,
): (address: string, port: number, givenUp: AbortSignal) => Promise<number | string> {
  const { place } = placeOf(localhost, mintingPort);
  let functions: ReturnType<typeof libc> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const take = (): number | undefined => {
    functions ??= libc();
    const own = Buffer.alloc(place.length);
    functions.getsockname(spare, own, new Int32Array([own.length]));
    for (;;) {
      const peer = Buffer.alloc(own.length);
      const taken = functions.accept4(listening, peer, new Int32Array([peer.length]), SOCK_NONBLOCK_CLOEXEC);
      if (taken < 0 || peer.equals(own)) return taken < 0 ? undefined : taken;
      // COMMAND itself has connected there.
      closeSync(taken);
    }
  };
  const mint = async (): Promise<number | undefined> => {
    dialBy(spare, place);
    let taken: number | undefined;
    for (let tried = 0; tried < tries && taken === undefined; tried += 1) {
      if (connectError(spare) === 0) taken = take();
      if (taken === undefined) await pause(1);
    }
    dialBy(spare, nowhere);
    if (taken !== undefined) dialBy(taken, nowhere);
    return taken;
  };
  return async (address, port, givenUp) => {
    const minted = last.then(mint);
    last = minted.catch(() => {});
    const socket = await minted;
    if (socket === undefined) return 'ECONNRESET';
    return connected(socket, dialBy(socket, placeOf(address, port).place), givenUp);
  };
}

/** Of what netexec, in that network, hands out: one that has not been connected yet. */
export const spareSocket = (localhost: string): number => {
  const { descriptor } = openSocket(localhost, 0);
  if (descriptor < 0) throw new Error(`no socket is to be had: ${errno()}`);
  return descriptor;
};
