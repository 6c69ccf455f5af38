// Listens on this machine for --forward: on the addresses that are asked for, and on a free port where that one is not to be had.
import { closeSync } from 'node:fs';
import { shownAddress } from '../../core/check/socket-tables.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Failure, Result } from '../../core/failure/failure.ts';
import { isOpen, listenedOn } from '../../core/relay/forwards.ts';
import type { Forward } from '../../core/relay/forwards.ts';
import { describePlace } from '../../core/relay/forward-text.ts';
import type { Listening } from '../../core/relay/forward-text.ts';
import { observeListeners } from '../check/listeners.ts';
import { warn } from '../terminal/say.ts';
import { listenOnEach } from './sockets.ts';

export interface ListeningForward extends Listening {
  readonly descriptors: readonly number[];
}

/** All of them, or none. */
export function listenForAll(forwards: readonly Forward[]): Result<readonly ListeningForward[]> {
  const all: ListeningForward[] = [];
  for (const forward of forwards) {
    const listening = listenFor(forward);
    if (!listening.ok) {
      closeAll(all);
      return listening;
    }
    all.push(listening.value);
    if (isOpen(forward))
      warn(`whoever reaches this machine reaches what listens behind ${describePlace(listening.value)}`);
  }
  return success(all);
}

export function closeAll(all: readonly ListeningForward[]): void {
  for (const { descriptors } of all) for (const each of descriptors) closeSync(each);
}

function listenFor(forward: Forward): Result<ListeningForward> {
  const found = listenOnAll(forward, forward.local);
  if (found.ok || found.failure.kind !== 'port-refused' || found.failure.reason !== 'EACCES') return found;
  const free = listenOnAll(forward, 0);
  // A port below 1024, by the kernel's setting, takes a right.
  if (free.ok) warn(`port ${forward.local} is for root alone: ${describePlace(free.value)} in its place`);
  return free;
}

/** The other addresses of a free port may be taken. */
const tries = 20;

function listenOnAll(forward: Forward, port: number): Result<ListeningForward> {
  for (let tried = 1; ; tried += 1) {
    const found = listenOnce(forward, port);
    if (found.ok || port !== 0 || found.failure.kind !== 'port-taken' || tried === tries) return found;
  }
}

function listenOnce(forward: Forward, port: number): Result<ListeningForward> {
  const found = listenOnEach(listenedOn(forward), port);
  if ('error' in found) return fail(refusal(forward, found.address, found.port, found.error));
  return success({ ...forward, listening: found.port, descriptors: found.descriptors });
}

function refusal(forward: Forward, address: string, port: number, error: string): Failure {
  const place = shownAddress(address, port);
  if (error !== 'EADDRINUSE')
    return {
      kind: 'port-refused',
      place,
      reason: error === 'EADDRNOTAVAIL' ? 'this machine has no such address' : error,
    };
  return { kind: 'port-taken', place, holder: holderOf(process.pid, address, port), free: freeOf(forward) };
}

/** The same, with any free port. */
function freeOf({ address, host, port }: Forward): string {
  const bracketed = (text: string): string => (text.includes(':') ? `[${text}]` : text);
  const parts = [
    ...(address === undefined ? [] : [bracketed(address)]),
    '0',
    ...(host === undefined ? [] : [bracketed(host)]),
    port,
  ];
  return parts.join(':');
}

/**
 * Who listens there, as far as the kernel tells.
 * @param pid a process of that network
 */
export function holderOf(pid: number, address: string, port: number): string | undefined {
  const all = observeListeners(pid) ?? [];
  const there = all.filter((each) => each.transport === 'tcp' && each.port === port);
  const found = there.find((each) => each.address === address) ?? there[0];
  return found?.process;
}
