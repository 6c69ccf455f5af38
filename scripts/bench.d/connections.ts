// Connections, each with a byte there and back: HOST PORT [COUNT] → as JSON the medians of 300 that end before the next begins,
// until they stand and as a whole, and what COUNT (100) take together that all stay open, in ms.
import { connect } from 'node:net';
import type { Socket } from 'node:net';

const [host = '', port = '', count = '100'] = process.argv.slice(2);

/** @returns the socket, once the byte is back */
const open = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const begun = now();
    const socket = connect({ host, port: Number(port), noDelay: true });
    socket
      .on('connect', () => {
        stood.push(now() - begun);
        socket.write('x');
      })
      .on('data', () => resolve(socket))
      .on('error', reject);
  });

const now = (): number => performance.now();
/** How long each took to stand. */
const stood: number[] = [];

const median = (values: readonly number[]): number | undefined =>
  values.toSorted((first, second) => first - second)[values.length >> 1];

const times: number[] = [];
for (let turn = 0; turn < 300; turn += 1) {
  const begun = now();
  (await open()).destroy();
  times.push(now() - begun);
}
const standing = median(stood);
const begun = now();
const sockets: Socket[] = [];
for (let turn = 0; turn < Number(count); turn += 1) sockets.push(await open());
const all = now() - begun;
for (const socket of sockets) socket.destroy();
console.log(JSON.stringify({ connect: standing, one: median(times), all }));
