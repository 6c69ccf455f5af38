// Looks at how much of the machine the caller takes, and asks the tools for what /proc does not tell.
import { readPriorities } from '../../core/entry/priorities.ts';
import type { Priorities } from '../../core/entry/priorities.ts';
import { caller } from './caller.ts';
import { findTrusted } from './program.ts';
import { readOrEmpty } from '../files/attempt.ts';

/** @param sh the shell to ask with */
export async function observePriorities(sh: string): Promise<Priorities> {
  const tools = { chrt: findTrusted('chrt'), ionice: findTrusted('ionice'), taskset: findTrusted('taskset') };
  const told = await ask(sh, tools.ionice ?? '', findTrusted('setpriv') ?? '');
  return readPriorities({
    stat: readOrEmpty('/proc/self/stat'),
    cpus: caller().cpus,
    allCpus: /^Cpus_allowed_list:\s*(\S+)/m.exec(readOrEmpty('/proc/1/status'))?.[1] ?? '',
    // Neither has lines like the other's.
    ionice: told,
    dump: told,
    tools,
  });
}

/** How ready the kernel is to end what the caller runs when memory is short: proc(5), oom_score_adj. */
export const oomScore = (): number => Number(readOrEmpty('/proc/self/oom_score_adj'));

/** To start a program takes a shell less than it takes the runtime. */
const script = '[ -z "$1" ] || "$1"; [ -z "$2" ] || exec "$2" --dump';

async function ask(sh: string, ...words: readonly string[]): Promise<string> {
  try {
    const asked = Bun.spawn([sh, '-c', script, 'sh', ...words], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: process.env,
      timeout: 3000,
      killSignal: 'SIGKILL',
    });
    const told = await asked.stdout.text();
    return (await asked.exited) === 0 ? told : '';
  } catch {
    return '';
  }
}
