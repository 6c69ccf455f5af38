// The process that the engine names is not the container, as seen from here: what that means.
import { readlinkSync } from 'node:fs';
import type { Container } from '../../core/engine/containers.ts';
import { fail } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import type { Engine } from '../engine/engine.ts';
import type { ProcessFound } from './prove-process.ts';

export type WrongProcess = Exclude<ProcessFound, 'container' | 'unreadable'>;

export async function containerNotHere(
  container: Container,
  seen: WrongProcess,
  engine: Engine,
): Promise<Result<never>> {
  const info = await engine.info();
  const json = ((info.ok && info.value.json) || {}) as { OperatingSystem?: unknown; Name?: unknown };
  const names = [json.OperatingSystem, json.Name].filter((name) => typeof name === 'string');
  const found = explainNumbers(seen);
  // Within WSL every system has such a namespace, and the engine of Docker Desktop another.
  const isDesktop = names.some((name) => /docker[ -]desktop/i.test(name));
  if (found === 'own-namespace' && !isDesktop) return fail({ kind: 'own-process-namespace' });
  return fail({
    kind: 'container-not-here',
    container: container.name,
    service: container.compose?.service,
    pid: container.pid,
    host: engine.endpoint.host,
    engineName: names.length > 0 ? names.join(', ') : undefined,
    found: found === 'own-namespace' ? 'no-process' : found,
  });
}

/** Whose numbers a process namespace's are the kernel does not tell; in one that is not the machine's they are not the engine's. */
export const explainNumbers = (found: WrongProcess): WrongProcess => (isFirstNamespace() ? found : 'own-namespace');

/** PROC_PID_INIT_INO (linux/proc_ns.h): the number of the machine's own process namespace. */
const firstNamespace = 'pid:[4026531836]';

export function isFirstNamespace(): boolean {
  try {
    return readlinkSync('/proc/self/ns/pid') === firstNamespace;
  } catch {
    // Of a /proc in which netexec is not; that it is not there has been seen before.
    return true;
  }
}
