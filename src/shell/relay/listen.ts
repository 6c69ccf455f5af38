// Listens on this machine for --forward and --proxy: on the addresses that are asked for, and on a free port where that one is not to be had.
import { fail, success } from '../../core/failure/failure.ts';
import type { Failure, Result } from '../../core/failure/failure.ts';
import { hostPort } from '../../core/names/ip-address.ts';
import { anotherPort, describeOpenness, describeListenAddress } from '../../core/relay/local-port-text.ts';
import type { BoundPort } from '../../core/relay/local-port-text.ts';
import { listenedOn } from '../../core/relay/local-ports.ts';
import type { LocalPort } from '../../core/relay/local-ports.ts';
import { observeHeldSockets } from '../check/listening-sockets.ts';
import { closeListener, listenOnEach } from './sockets.ts';

export type OpenPort = BoundPort & {
  readonly descriptors: readonly number[];
  /** To be said once it leads somewhere. */
  readonly notes: readonly string[];
};

/** All of them, or none. */
export function listenForAll(localPorts: readonly LocalPort[], service: string): Result<readonly OpenPort[]> {
  const all: OpenPort[] = [];
  for (const each of localPorts) {
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

export function closeAll(all: readonly OpenPort[]): void {
  for (const { descriptors } of all) descriptors.forEach(closeListener);
}

function listenFor(localPort: LocalPort): Result<OpenPort> {
  const found = listenOnAll(localPort, localPort.local);
  if (found.ok || found.failure.kind !== 'port-refused' || found.failure.reason !== 'EACCES') return found;
  const free = listenOnAll(localPort, 0);
  // A port below 1024, by the kernel's setting, takes a right.
  if (!free.ok) return free;
  const note = `only root may use port ${localPort.local}: using ${describeListenAddress(free.value)} instead`;
  return success({ ...free.value, notes: [note] });
}

/** The other addresses of a free port may be taken. */
const tries = 20;

function listenOnAll(localPort: LocalPort, port: number): Result<OpenPort> {
  for (let tried = 1; ; tried += 1) {
    const found = listenOnce(localPort, port);
    if (found.ok || port !== 0 || found.failure.kind !== 'port-taken' || tried === tries) return found;
  }
}

function listenOnce(localPort: LocalPort, port: number): Result<OpenPort> {
  const found = listenOnEach(listenedOn(localPort), port);
  if ('error' in found) return fail(refusal(localPort, found.address, found.port, found.error));
  return success({ ...localPort, listening: found.port, descriptors: found.descriptors, notes: [] });
}

function refusal(localPort: LocalPort, address: string, port: number, error: string): Failure {
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
    localPort,
    free: freePort(localPort),
  };
}

function freePort(localPort: LocalPort): number {
  const port = anotherPort(localPort.local);
  const found = listenOnEach(listenedOn(localPort), port);
  if ('error' in found) return 0;
  found.descriptors.forEach(closeListener);
  return port;
}

/**
 * Who listens there, as far as the kernel tells: whose processes the caller may not see tells at least who that is.
 * @param pid a process of that network
 */
export function holderOf(pid: number, address: string, port: number): string | undefined {
  // A port of --forward is held by the relay's inner end, inside.
  const all = observeHeldSockets(pid, 'all') ?? [];
  const there = all.filter((each) => each.transport === 'tcp' && each.port === port);
  const found = there.find((each) => each.address === address) ?? there[0];
  return found?.process ?? whose(found?.uid);
}

const whose = (uid: number | undefined): string | undefined =>
  uid === undefined ? undefined : `a program that ${uid === 0 ? 'root' : `user ${uid}`} runs`;
