// Datagrams at the far end of a tunnel: a socket for each pair of ends that the near one has, for as long as it is used.
import { isIPv6 } from '../../core/names/ip-address.ts';
import { addressText } from '../../core/relay/packets.ts';
import { readDatagram } from '../../core/relay/frames.ts';
import type { FrameKind } from '../../core/relay/frames.ts';

/** As long as a firewall keeps such a pair in mind, in milliseconds. */
const unused = 60_000;
/** The oldest makes room. */
const most = 500;

interface Pair {
  readonly socket: Promise<Bun.ConnectedDatagrams | undefined>;
  usedAt: number;
}

/** @returns what takes a frame of the near end's: false where it makes no sense */
export function carryDatagrams(
  send: (id: number, kind: FrameKind, payload?: Uint8Array) => unknown,
): (id: number, payload: Buffer) => boolean {
  const pairs = new Map<number, Pair>();
  const close = (id: number): void => {
    void pairs.get(id)?.socket.then((socket) => socket?.close());
    pairs.delete(id);
  };
  setInterval(() => {
    for (const [id, { usedAt }] of pairs) if (usedAt < Date.now() - unused) close(id);
  }, unused / 4);
  const open = (id: number, hostname: string, port: number): Pair => {
    const [oldest = id] = pairs.keys();
    if (pairs.size >= most) close(oldest);
    const refuse = (): void => {
      send(id, 'unreached');
      close(id);
    };
    const data = (_: unknown, answer: Buffer): void => {
      pair.usedAt = Date.now();
      send(id, 'datagram', answer);
    };
    const socket = connect(hostname, port, { data, error: refuse }).catch(() => {
      refuse();
      return undefined;
    });
    const pair: Pair = { socket, usedAt: Date.now() };
    pairs.set(id, pair);
    return pair;
  };
  return (id, payload) => {
    const read = readDatagram(payload);
    if (read === undefined) return false;
    const pair = pairs.get(id) ?? open(id, addressText(read.to.address), read.to.port);
    pair.usedAt = Date.now();
    // What the socket does not take is lost, as anywhere.
    void pair.socket.then((socket) => socket?.send(read.data)).catch(() => {});
    return true;
  };
}

type Handlers = Parameters<typeof Bun.udpSocket>[0]['socket'];

/** Without an address of its own family it could not be connected; and the runtime throws what it has not promised to. */
async function connect(hostname: string, port: number, socket: Handlers): Promise<Bun.ConnectedDatagrams> {
  const from = isIPv6(hostname) ? '::' : '0.0.0.0';
  return await Bun.udpSocket({ hostname: from, connect: { hostname, port }, socket });
}
