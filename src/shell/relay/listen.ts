// Listens on this machine for --forward and --proxy: on the addresses that are asked for, and on a free port where that one is not to be had.
import { closeSync } from 'node:fs';
import { fail, success } from '../../core/failure/failure.ts';
import type { Failure, Result } from '../../core/failure/failure.ts';
import { hostPort } from '../../core/names/ip-address.ts';
import { anotherPort, describeOpenness, describePlace } from '../../core/relay/listener-text.ts';
import type { Listening } from '../../core/relay/listener-text.ts';
import { listenedOn } from '../../core/relay/relay-listeners.ts';
import type { Listener } from '../../core/relay/relay-listeners.ts';
import { observeListeners } from '../check/listeners.ts';
import { listenOnEach } from './sockets.ts';

export type OpenListener = Listening & {
  readonly descriptors: readonly number[];
  /** To be said once it leads somewhere. */
  readonly notes: readonly string[];
};

/** All of them, or none. */
export function listenForAll(listeners: readonly Listener[], service: string): Result<readonly OpenListener[]> {
  const all: OpenListener[] = [];
  for (const each of listeners) {
    const listening = listenFor(each);
    if (!listening.ok) {
      closeAll(all);
      return listening;
    }
    const openness = describeOpenness(listening.value, service);
    const { notes } = listening.value;
    all.push({ ...listening.value, notes: openness === undefined ? notes : [...notes, openness] });
  }
  return success(all);
}

export function closeAll(all: readonly OpenListener[]): void {
  for (const { descriptors } of all) for (const each of descriptors) closeSync(each);
}

function listenFor(listener: Listener): Result<OpenListener> {
  const found = listenOnAll(listener, listener.local);
  if (found.ok || found.failure.kind !== 'port-refused' || found.failure.reason !== 'EACCES') return found;
  const free = listenOnAll(listener, 0);
  // A port below 1024, by the kernel's setting, takes a right.
  if (!free.ok) return free;
  const note = `only root may use port ${listener.local}: using ${describePlace(free.value)} instead`;
  return success({ ...free.value, notes: [note] });
}

/** The other addresses of a free port may be taken. */
const tries = 20;

function listenOnAll(listener: Listener, port: number): Result<OpenListener> {
  for (let tried = 1; ; tried += 1) {
    const found = listenOnce(listener, port);
    if (found.ok || port !== 0 || found.failure.kind !== 'port-taken' || tried === tries) return found;
  }
}

function listenOnce(listener: Listener, port: number): Result<OpenListener> {
  const found = listenOnEach(listenedOn(listener), port);
  if ('error' in found) return fail(refusal(listener, found.address, found.port, found.error));
  return success({ ...listener, listening: found.port, descriptors: found.descriptors, notes: [] });
}

function refusal(listener: Listener, address: string, port: number, error: string): Failure {
  const place = hostPort(address, port);
  if (error !== 'EADDRINUSE')
    return {
      kind: 'port-refused',
      place,
      reason: error === 'EADDRNOTAVAIL' ? 'this machine has no such address' : error,
    };
  return {
    kind: 'port-taken',
    place,
    holder: holderOf(process.pid, address, port),
    listener,
    free: freePort(listener),
  };
}

function freePort(listener: Listener): number {
  const port = anotherPort(listener.local);
  const found = listenOnEach(listenedOn(listener), port);
  if ('error' in found) return 0;
  for (const each of found.descriptors) closeSync(each);
  return port;
}

/**
 * Who listens there, as far as the kernel tells: whose processes the caller may not see tells at least who that is.
 * @param pid a process of that network
 */
export function holderOf(pid: number, address: string, port: number): string | undefined {
  // A port of --forward is held by the relay's inner end, inside.
  const all = observeListeners(pid, 'all') ?? [];
  const there = all.filter((each) => each.transport === 'tcp' && each.port === port);
  const found = there.find((each) => each.address === address) ?? there[0];
  return found?.process ?? whose(found?.uid);
}

const whose = (uid: number | undefined): string | undefined =>
  uid === undefined ? undefined : `a program that ${uid === 0 ? 'root' : `user ${uid}`} runs`;
