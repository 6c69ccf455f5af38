// Looks at the ways to privilege: who calls, whose user namespace the container is in, and what sudo and doas say.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Elevate } from '../core/arguments/argv.ts';
import type { Identity } from '../core/plan.ts';
import type { ContainerUsers, Elevator, WayFacts } from '../core/ways.ts';
import { caller } from './caller.ts';
import { findTrusted } from './program.ts';

/**
 * Looks only at what the choice may depend on: sudo writes a line into the log whenever it is asked.
 * @param pid the container's first process
 */
export async function observeWays(elevate: Elevate, other: Identity | undefined, pid: number): Promise<WayFacts> {
  const { identity, restraints } = caller();
  const containerUsers = observeUsers(pid, identity.uid);
  const isRoot = identity.uid === 0 && restraints.effective.includes('sys_admin');
  const enters = isRoot || (containerUsers === "caller's" && (other?.uid ?? identity.uid) === identity.uid);
  // Under no_new_privs they could become nobody else.
  const wanted = !restraints.noNewPrivileges && (elevate === 'sudo' || (elevate === 'auto' && !enters));
  const elevators = wanted ? await observeElevators() : [];
  const terminal = elevate === 'sudo' && hasTerminal();
  return { caller: identity, restraints, other, containerUsers, elevators, terminal };
}

/** sudo and, where that does not work, doas. */
async function observeElevators(): Promise<readonly Elevator[]> {
  const sudo = await observeElevator('sudo');
  return sudo.program !== undefined && sudo.refusal === undefined ? [sudo] : [sudo, await observeElevator('doas')];
}

/** Something that does nothing tells whether it would ask for a password; a rule for nsenter alone is enough. */
export async function observeElevator(name: Elevator['name']): Promise<Elevator> {
  const program = findTrusted(name);
  const nsenter = findTrusted('nsenter');
  if (program === undefined || nsenter === undefined) return { name, program, refusal: undefined };
  return { name, program, refusal: await refusalOf(program, ['-n', '--', nsenter, '--version']) };
}

/** What it asks for a user's rights may be elsewhere, and not answer. */
const patience = { seconds: 10 };

/** It is root's, and not the caller's to end: one that does not answer is left alone. */
async function refusalOf(program: string, words: readonly string[]): Promise<string | undefined> {
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const refusal = await new Promise<string | undefined>((resolve) => {
    setTimeout(
      () => resolve(`it has not answered within ${patience.seconds} seconds`),
      patience.seconds * 1000,
    ).unref();
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (status) =>
      resolve(status === 0 ? undefined : lastWords(stderr) || `it ended with status ${status}`),
    );
  });
  child.kill();
  child.unref();
  child.stderr?.destroy();
  return refusal;
}

const lastWords = (text: string): string | undefined =>
  text
    .trim()
    .split('\n')
    .at(-1)
    ?.replace(/^(sudo|doas): /, '');

/**
 * A rootless engine maps root, inside, to the user that it runs as (user_namespaces(7)). Whoever made a user
 * namespace may enter it; who that was the kernel does not tell without privilege, but nobody else could map so.
 */
function observeUsers(pid: number, uid: number): ContainerUsers {
  try {
    const [theirs = '', own = ''] = [pid, 'self'].map((process) => readFileSync(`/proc/${process}/uid_map`, 'utf8'));
    if (theirs === own) return 'same';
    // The machine's own maps every number to itself.
    if (!/^\s*0\s+0\s+4294967295\s*$/.test(own)) return 'unrelated';
    const [inside, outside] = theirs.trim().split(/\s+/).map(Number);
    return inside === 0 && outside === uid && uid !== 0 ? "caller's" : 'other';
  } catch {
    return 'other';
  }
}

/** Whether a password could be asked for. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r+'));
    return true;
  } catch {
    return false;
  }
}
