// Servers whose streams end in all the ways that there are: node streams.mjs FIRST_PORT; says "serving".
// FIRST_PORT tells the digest of all that came, once that has ended; the next says much, the next resets behind a word, the
// next does not listen, the last says what it hears.
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';

const first = Number(process.argv[2]);
const servers = [
  (socket) => {
    const hash = createHash('sha256');
    socket
      .on('data', (data) => hash.update(data))
      .on('end', () => setTimeout(() => socket.end(hash.digest('hex')), 100));
  },
  (socket) => {
    let left = 800;
    const go = () => {
      while (left > 0) {
        left -= 1;
        if (!socket.write(Buffer.alloc(65_536, left))) return;
      }
      socket.end();
    };
    socket.on('drain', go).resume();
    go();
  },
  (socket) => socket.once('data', () => socket.write('word', () => setTimeout(() => socket.resetAndDestroy(), 100))),
  (socket) => socket.pause(),
  (socket) => socket.pipe(socket),
];
let ready = 0;
for (const [index, serve] of servers.entries()) {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on('error', () => {});
    serve(socket);
  });
  server.listen({ port: first + index, host: '127.0.0.1', backlog: 2000 }, () => {
    ready += 1;
    if (ready === servers.length) console.log('serving');
  });
}
