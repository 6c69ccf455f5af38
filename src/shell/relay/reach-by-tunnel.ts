// Reaches by a tunnel: its other end connects.
import type { Reach } from './join.ts';
import type { Tunnel } from './tunnel.ts';

export const reachByTunnel =
  (tunnel: Tunnel): Reach =>
  async (to, givenUp) => {
    const stream = tunnel.open(to);
    givenUp.addEventListener('abort', () => stream.terminate(), { once: true });
    return (await stream.answer()) ?? stream.attach;
  };
