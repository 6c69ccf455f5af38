// Connections, each with a byte there and back: HOST PORT → as JSON the median of 300 that end before the next begins, and
// what 100 take together that all stay open, in ms.
import { connect } from 'node:net';
import type { Socket } from 'node:net';

const [host = '', port = ''] = process.argv.slice(2);

/** @returns the socket, once the byte is back */
const open = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), noDelay: true });
    socket
      .on('connect', () => socket.write('x'))
      .on('data', () => resolve(socket))
      .on('error', reject);
  });

const now = (): number => performance.now();

const times: number[] = [];
for (let turn = 0; turn < 300; turn += 1) {
  const begun = now();
  (await open()).destroy();
  times.push(now() - begun);
}
const begun = now();
const all: Socket[] = [];
for (let turn = 0; turn < 100; turn += 1) all.push(await open());
const hundred = now() - begun;
for (const socket of all) socket.destroy();
console.log(JSON.stringify({ one: times.toSorted((first, second) => first - second)[150], hundred }));
