// Connects to an address, with the system's own word for why that fails: Bun calls every connection that fails refused, and a
// host that nobody is is another matter.
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { connectError, dial, errorName } from '../process/libc.ts';

export function connectAddress(address: string, port: number): Socket {
  const socket = new Socket();
  const { descriptor, error } = dial(address, port);
  const failed = (errno: number): void => {
    if (descriptor >= 0) closeSync(descriptor);
    const code = errorName(errno);
    socket.destroy(Object.assign(new Error(`connect ${code} ${address}:${port}`), { code }));
  };
  let asked = 0;
  const ask = (): void => {
    if (socket.destroyed) return closeSync(descriptor);
    const errno = connectError(descriptor);
    // What is near answers at once.
    if (errno === undefined) setTimeout(ask, asked++ < 20 ? 1 : 10);
    else if (errno === 0) socket.connect({ fd: descriptor } as never);
    else failed(errno);
  };
  setImmediate(() => (error === 0 ? ask() : failed(error)));
  return socket;
}
