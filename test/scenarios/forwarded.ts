// Runs with --forward, and connections to the ports that they open.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { RunOptions, Scenario, Started } from './scenario.ts';

interface Forwarded {
  readonly started: Started;
  /** Of this machine, in the order of the options. */
  readonly ports: readonly number[];
}

/** Waits until each port is told. */
export async function begin(s: Scenario, words: readonly string[], options?: RunOptions): Promise<Forwarded> {
  const started = await s.start(['docker', 'netexec', ...words], options);
  const wanted = words.filter((word) => word === '--forward').length;
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

/** The kernel takes a process out of sight before it closes what that has open. */
export const closes = (s: Scenario, port = 0): Promise<boolean> =>
  s.eventually(async () => (await outcome(port)) === 'ECONNREFUSED');

/** A connection that has been made. */
export async function open(port: number, host = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host, allowHalfOpen: true, noDelay: true });
  await once(socket, 'connect');
  return socket;
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
