// Asks another program of this machine, for its answer on standard output: bounded in time, and ended with all that it has
// started when netexec ends, however that is.
import { accessSync, constants } from 'node:fs';
import { execa } from 'execa';
import { findTrusted } from '../observe/program.ts';
import { tie } from './tie.ts';
import { begin } from './trace.ts';

export interface Answer {
  /** It has ended by itself, and well. */
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param environment what is different for it; undefined takes a variable away */
export async function ask(
  seconds: number,
  [program, ...words]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Answer> {
  const [first, ...others] = bounded(seconds, [program, ...words]);
  const answered = begin(words.includes('config') ? 'docker compose config' : 'ask another program');
  const asked = await execa(first, others, {
    reject: false,
    // Only where there is nothing that bounds it, or where that is stuck itself.
    timeout: (seconds + grace + 1) * 1000,
    forceKillAfterDelay: 500,
    stdin: 'ignore',
    cwd: folder(),
    env: environment,
  });
  answered();
  return { ok: !asked.failed, stdout: asked.stdout ?? '', stderr: asked.stderr ?? '' };
}

/** execa would not go on in one that was deleted, or that may not be entered. */
function folder(): string {
  try {
    accessSync('.', constants.X_OK);
    return process.cwd();
  } catch {
    return '/';
  }
}

/** Seconds between a request to end and its being no request any more. */
const grace = 1;

/**
 * timeout(1) makes a process group, passes on to all of it the signal that the kernel sends when netexec has ended, and
 * then ends it: docker itself starts its plugins, and one of those may be busy with a file that has no end.
 */
function bounded(seconds: number, argv: readonly [string, ...string[]]): readonly [string, ...string[]] {
  const [tied, timeout] = [tie(), findTrusted('timeout')];
  // --doctor asks, too, where a run would refuse to start.
  if (tied === undefined || timeout === undefined) return argv;
  return [...tied, timeout, '-s', 'KILL', '-k', String(grace), String(seconds), ...argv];
}
