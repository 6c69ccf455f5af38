// Leads a port of localhost to an engine's unix socket, as a network in between would: SOCKET [DELAY [RATE]], in milliseconds each
// way, and in megabits per second for each connection. Prints the port, and is there until it is ended.
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

const [path = '', delay = '0', rate = 'any'] = process.argv.slice(2);

/** What is under way at once, in each direction. */
const window = 4 * 1024 * 1024;

function lead(from: Socket, to: Socket): void {
  if (rate !== 'any') return slow(from, to);
  if (Number(delay) === 0) return void from.pipe(to);
  let underWay = 0;
  // Timers of one length end in the order in which they were set.
  const later = (act: () => void): void => void setTimeout(act, Number(delay));
  from.on('data', (piece: Buffer) => {
    underWay += piece.length;
    if (underWay > window) from.pause();
    later(() =>
      to.write(piece, () => {
        underWay -= piece.length;
        from.resume();
      }),
    );
  });
  from.on('end', () => later(() => to.end()));
}

/** What has gone is waited for as long as it would have taken; a timer may take longer, and what that loses is made up for. */
function slow(from: Socket, to: Socket): void {
  const perMillisecond = (Number(rate) * 1e6) / 8 / 1000;
  let free = 0;
  from.on('data', (piece: Buffer) => {
    free = Math.max(free, performance.now() - 5) + piece.length / perMillisecond;
    to.write(piece);
    const wait = free - performance.now();
    if (wait < 1) return;
    from.pause();
    setTimeout(() => from.resume(), wait);
  });
  from.on('end', () => to.end());
}

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const engine = connect({ path, allowHalfOpen: true });
  for (const [one, other] of [
    [client, engine],
    [engine, client],
  ] as const) {
    lead(one, other);
    one.on('error', () => {}).on('close', () => setTimeout(() => other.destroySoon(), Number(delay)));
  }
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
