// A byte there and a byte back, over one TCP connection: `serve`, or HOST COUNT → the median of COUNT turns, in µs.
import { connect, createServer } from 'node:net';

const port = 7007;
const [host = 'serve', count = '0'] = process.argv.slice(2);

if (host === 'serve') {
  createServer({ noDelay: true }, (socket) => socket.pipe(socket)).listen(port);
} else {
  const times: number[] = [];
  let sent = 0n;
  const socket = connect({ host, port, noDelay: true });
  const send = (): void => {
    sent = process.hrtime.bigint();
    socket.write('x');
  };
  socket.on('connect', send).on('data', () => {
    times.push(Number(process.hrtime.bigint() - sent) / 1000);
    if (times.length < Number(count)) return send();
    console.log(times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)]);
    socket.destroy();
  });
}
