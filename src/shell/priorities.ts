// Looks at how much of the machine the caller takes, and asks the tools for what /proc does not tell.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { readPriorities } from '../core/priorities.ts';
import type { Priorities } from '../core/priorities.ts';
import { caller } from './caller.ts';
import { findTrusted } from './program.ts';

export async function observePriorities(): Promise<Priorities> {
  const tools = { chrt: findTrusted('chrt'), ionice: findTrusted('ionice'), taskset: findTrusted('taskset') };
  const [ionice, dump] = await Promise.all([ask(tools.ionice), ask(findTrusted('setpriv'), '--dump')]);
  return readPriorities({
    stat: read('/proc/self/stat'),
    cpus: caller().cpus,
    allCpus: /^Cpus_allowed_list:\s*(\S+)/m.exec(read('/proc/1/status'))?.[1] ?? '',
    ionice,
    dump,
    tools,
  });
}

/** How ready the kernel is to end what the caller runs when memory is short: proc(5), oom_score_adj. */
export const oomScore = (): number => Number(read('/proc/self/oom_score_adj'));

async function ask(program: string | undefined, ...words: readonly string[]): Promise<string> {
  if (program === undefined) return '';
  try {
    return (await promisify(execFile)(program, words, { timeout: 3000, killSignal: 'SIGKILL' })).stdout;
  } catch {
    return '';
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
