// Servers that are not as they should be, for --check to find out: node serve.mjs KIND PORT [FILE...]; says "ready".
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createHttps } from 'node:https';

const [kind, port, key, cert] = process.argv.slice(2);
const ready = () => console.log('ready');

/** What each says to whoever connects; nothing of it is a real server's. */
const sayings = {
  silent: () => {},
  hangup: (socket) => socket.destroy(),
  banner: (socket) => socket.end('220 mail ready\r\n'),
  starting: (socket) =>
    socket.once('data', () => socket.end(postgresError('57P03', 'the database system is starting up'))),
  mysql: (socket) => socket.write(packet(Buffer.from('\u000a8.4.1\0more than that'))),
  blocked: (socket) =>
    socket.end(packet(Buffer.concat([Buffer.from([255, 105, 4]), Buffer.from('Host is not allowed')]))),
  // As fast as it is read; a letter every half a second; and what a terminal would obey.
  flood: (socket) => {
    const again = () => {
      while (!socket.destroyed && socket.write('x'.repeat(65_536)));
      socket.once('drain', again);
    };
    again();
  },
  drip: (socket) => {
    const timer = setInterval(() => socket.write('H'), 500);
    socket.on('close', () => clearInterval(timer));
  },
  steer: (socket) => socket.write('HTTP/1.1 200 \u001b]0;PWN\u0007\u001b[2J\r\nServer: \u001b[31mx\u202e\r\n\r\n'),
  kafka: (socket) => socket.once('data', () => socket.write(kafkaBrokers('localhost', 9092))),
};

switch (kind) {
  case 'udp':
    createSocket('udp4').bind(Number(port), '0.0.0.0', ready);
    break;
  case 'https':
    createHttps({ key: readFileSync(key), cert: readFileSync(cert) }, (_, answer) => answer.end('hello')).listen(
      port,
      ready,
    );
    break;
  default:
    createServer((socket) => {
      socket.on('error', () => {});
      sayings[kind](socket);
    }).listen(Number(port), '0.0.0.0', ready);
}

function postgresError(code, message) {
  const fields = Buffer.from(`SFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.from('E\0\0\0\0');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

function packet(body) {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  return Buffer.concat([head, body]);
}

/** Metadata response, version 1: one broker. */
function kafkaBrokers(host, number) {
  const body = Buffer.concat([
    Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, host.length]),
    Buffer.from(host),
    Buffer.from([0, 0, number >> 8, number & 255, 255, 255, 0, 0, 0, 1, 0, 0, 0, 0]),
  ]);
  const head = Buffer.alloc(4);
  head.writeInt32BE(body.length);
  return Buffer.concat([head, body]);
}
