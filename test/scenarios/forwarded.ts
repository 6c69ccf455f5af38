// Runs with --forward and --proxy, and connections to the ports that they open.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { RunOptions, Scenario, Started } from './scenario.ts';

interface Forwarded {
  readonly started: Started;
  /** Of this machine, in the order of the options: first each --forward, then each --proxy. */
  readonly ports: readonly number[];
}

/** Waits until each port is told. */
export async function begin(s: Scenario, words: readonly string[], options?: RunOptions): Promise<Forwarded> {
  const started = await s.start(['docker', 'netexec', ...words], options);
  const wanted = words.filter((word) => /^--(?:forward|proxy)(?:=|$)/.test(word)).length;
  const told = () => [...started.stderr().matchAll(/^\S+:(\d+) → /gm)].map(([, port]) => Number(port));
  const isThere = s.eventually(() => told().length === wanted);
  await Promise.race([isThere, started.ended]);
  assert.equal(told().length, wanted, started.stderr());
  return { started, ports: told() };
}

export async function end(s: Scenario, { started, ports }: Forwarded) {
  started.kill('SIGTERM');
  const run = await started.ended;
  await s.eventually(() => s.processes().length === 0);
  for (const port of ports) await closes(s, port);
  return run;
}

/** A server of this machine's own, which answers so, and with what it was sent. @returns its port */
export async function serveHere(s: Scenario, host = '127.0.0.1'): Promise<number> {
  const server = createServer((request, answer) => {
    answer.write('of this machine\n');
    request.pipe(answer);
  }).listen(0, host);
  await once(server, 'listening');
  s.t.after(() => server.close().closeAllConnections());
  return (server.address() as AddressInfo).port;
}

/** The kernel takes a process out of sight before it closes what that has open. */
export const closes = (s: Scenario, port = 0): Promise<boolean> =>
  s.eventually(async () => (await outcome(port)) === 'ECONNREFUSED');

/** A connection that has been made. */
export async function open(port: number, host = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host, allowHalfOpen: true, noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** A connection by a proxy, of SOCKS5. @returns a code of it where it is not made */
export async function openBySocks(proxy: number, host: string, port: number): Promise<Socket | number> {
  const socket = await open(proxy);
  socket.write(Buffer.from([5, 1, 0]));
  const [, method] = await take(socket, 2);
  assert.equal(method, 0);
  socket.write(
    Buffer.concat([Buffer.from([5, 1, 0, 3, host.length]), Buffer.from(host), Buffer.from([port >> 8, port])]),
  );
  const [version, code = 0] = await take(socket, 10);
  assert.equal(version, 5);
  return code === 0 ? socket : code;
}

/** One by HTTP. */
export async function openByConnect(proxy: number, host: string, port: number): Promise<Socket> {
  const socket = await open(proxy);
  socket.write(`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`);
  const granted = 'HTTP/1.1 200 Connection established\r\n\r\n';
  assert.equal((await take(socket, granted.length)).toString(), granted);
  return socket;
}

/** So many bytes, of which more may follow. */
export async function take(socket: Socket, length: number): Promise<Buffer> {
  for (;;) {
    const found = socket.read(length) as Buffer | null;
    if (found !== null) return found;
    await once(socket, 'readable');
  }
}

/** @returns all that comes */
export async function heard(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** What becomes of a connection to which nobody says anything: `ended`, or the code of an error. */
export const outcome = (port: number, host = '127.0.0.1'): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect({ port, host });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    socket.on('end', () => resolve('ended')).resume();
  });
