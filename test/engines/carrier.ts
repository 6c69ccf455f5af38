// Leads a port of localhost to an engine's unix socket, as a network in between would: SOCKET [DELAY], in milliseconds each way.
// Prints the port, and is there until it is ended.
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

const [path = '', delay = '0'] = process.argv.slice(2);

/** What is under way at once, in each direction. */
const window = 4 * 1024 * 1024;

function lead(from: Socket, to: Socket): void {
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
