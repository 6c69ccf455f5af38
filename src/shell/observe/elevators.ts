// Asks sudo and its like whether they let the caller through without a password, and looks at what else the ways by others
// depend on. Loaded where it comes to that.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { readConfinement } from '../../core/ways/confinement.ts';
import type { Elevator } from '../../core/ways/objections.ts';
import { ways } from '../../core/ways/ways.ts';
import type { ProgramWay } from '../../core/ways/ways.ts';
import { findTrusted } from './program.ts';

/**
 * One after the other, until one would do it.
 * @param apart whether in a session of its own: what has been typed at a terminal counts there alone (sudoers(5), timestamp_type)
 */
export async function observeElevators(kinds: readonly ProgramWay[], apart: boolean): Promise<readonly Elevator[]> {
  const asked: Elevator[] = [];
  for (const kind of kinds) {
    const elevator = await observeElevator(kind, apart);
    asked.push(elevator);
    if (elevator.program !== undefined && elevator.refusal === undefined) break;
  }
  return asked;
}

/** Something that does nothing tells whether it would ask for a password; a rule for nsenter alone is enough. */
export async function observeElevator(name: ProgramWay, apart = false): Promise<Elevator> {
  const program = findTrusted(name);
  const nsenter = findTrusted('nsenter');
  if (program === undefined || nsenter === undefined) return { name, program, refusal: undefined };
  const words = [...(ways[name].program?.(false) ?? []), nsenter, '--version'];
  return { name, program, refusal: await refusalOf(name, program, words, apart) };
}

/** What it asks for a user's rights may be elsewhere, and not answer. */
const patience = { seconds: 10 };

/** It is root's, and not the caller's to end: one that does not answer is left alone. */
async function refusalOf(
  name: string,
  program: string,
  words: readonly string[],
  detached: boolean,
): Promise<string | undefined> {
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'], detached });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const refusal = await new Promise<string | undefined>((resolve) => {
    setTimeout(() => resolve(`no response within ${patience.seconds} seconds`), patience.seconds * 1000).unref();
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (status) =>
      resolve(status === 0 ? undefined : lastWords(stderr, name) || `it exited with status ${status}`),
    );
  });
  child.kill();
  child.unref();
  child.stderr?.destroy();
  return refusal;
}

function lastWords(text: string, name: string): string {
  const line = text.trim().split('\n').at(-1) ?? '';
  return line.startsWith(`${name}: `) ? line.slice(name.length + 2) : line;
}

/** Whether a password could be asked for. */
export function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r+'));
    return true;
  } catch {
    return false;
  }
}

/** What a container of the engine's would not be confined to. */
export function confinement(): string | undefined {
  try {
    return readConfinement(readFileSync('/proc/self/attr/current', 'utf8'));
  } catch {
    // The kernel has no such thing.
    return undefined;
  }
}
