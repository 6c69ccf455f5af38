// Connections by --forward, --proxy and --reverse that nobody uses for long: they are still there, and carry both ways.
// NETEXEC_IDLE=3660 is how many seconds that is (scripts/reliability); the suite itself is content with less.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { begin, heard, open, openByConnect, openBySocks, take } from './forwarded.ts';
import { scenario } from './scenario.ts';
import { tell } from './told.ts';

const project = 'ends';
const seconds = Number(process.env['NETEXEC_IDLE'] ?? 1);
const timeout = (seconds + 600) * 1000;

/** Says `from inside` to all who are connected when it reads a line, and repeats what it hears. */
const server = `
  const sockets = [];
  require('node:net').createServer((socket) => {
    sockets.push(socket.on('data', (data) => socket.write('heard ' + data)));
    console.log('connected', sockets.length);
  }).listen(7401, '127.0.0.1', () => console.log('serving'));
  process.stdin.once('data', () => sockets.forEach((socket) => socket.write('from inside')));`;

/** Writes to this machine when it reads a line, and tells what it hears. */
const client = `
  const socket = require('node:net').connect(7402, '127.0.0.1', () => console.log('connected'));
  socket.on('data', (data) => console.log(String(data))).on('end', () => process.exit(5));
  process.stdin.once('data', () => socket.write('from inside'));`;

scenario('connections that nobody uses for long must still carry both ways', { project }, async (s) => {
  const node = [process.execPath, '-e'];
  const beside = await begin(s, ['--forward', '0:7401', '--proxy', '0', 'web', '--', ...node, server], { timeout });
  await beside.started.says('serving');
  const alone = await begin(s, ['--forward', '0:7401', '--proxy', '0', 'web'], { timeout });
  const all: Socket[] = [];
  for (const { ports } of [beside, alone]) {
    const [forward = 0, proxy = 0] = ports;
    const bySocks = await openBySocks(proxy, 'localhost', 7401);
    assert.ok(typeof bySocks !== 'number');
    all.push(await open(forward), bySocks, await openByConnect(proxy, 'localhost', 7401));
  }
  await beside.started.says('connected 6');
  const here = createServer().listen(0, '127.0.0.1');
  await once(here, 'listening');
  s.t.after(() => here.close());
  const led = once(here, 'connection') as Promise<[Socket]>;
  const { port } = here.address() as AddressInfo;
  const words = ['docker', 'netexec', '--reverse', `7402:${port}`, 'web', '--', ...node, client];
  const reverse = await s.start(words, { timeout });
  await reverse.says('connected');
  const [fromInside] = await led;

  await pause(seconds * 1000);

  // Who connects first has the first word on one half, and the other side on the other.
  for (const socket of all.filter((_, index) => index % 2 === 0)) socket.write('first');
  for (const socket of all.filter((_, index) => index % 2 === 0))
    assert.equal((await take(socket, 11)).toString(), 'heard first');
  beside.started.write('go\n');
  for (const socket of all) assert.equal((await take(socket, 11)).toString(), 'from inside');
  for (const socket of all) socket.end('last');
  for (const socket of all) assert.equal((await heard(socket)).toString(), 'heard last');
  reverse.write('go\n');
  assert.equal((await take(fromInside, 11)).toString(), 'from inside');
  fromInside.write('from this machine');
  await reverse.says('from this machine');
  fromInside.end();
  assert.equal((await reverse.ended).status, 5);
  for (const each of [beside, alone]) {
    each.started.kill('SIGTERM');
    const run = await each.started.ended;
    assert.doesNotMatch(run.stderr, /^netexec:/m);
  }
  tell(
    `connections by \`--forward\`, \`--proxy\` (SOCKS5 and CONNECT) and \`--reverse\`, idle for ${Math.floor(seconds / 60)} minutes`,
    `all still open; then both sides sent, and everything arrived (${new Date().toISOString().slice(0, 10)})`,
  );
});
