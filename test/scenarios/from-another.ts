// A page as another container gets it.
import type { Scenario } from './scenario.ts';
import type { Run, RunOptions } from './steps.ts';

/**
 * A container of its own, for each page. docker loses what one says right before its end now and then, with status 0 (moby/moby
 * issues 27289, 43121): no page is empty, so it is asked for again.
 * @param place NAME:PORT, and a path
 */
export async function fetchFrom(s: Scenario, network: string, place: string, options?: RunOptions): Promise<Run> {
  const words = ['run', '--rm', '--network', `${s.projectName}_${network}`, '--dns', '127.0.0.1', '--pull', 'never'];
  for (let left = 3; ; left -= 1) {
    const run = await s.docker([...words, 'netexec/servers:1', 'wget', '-qO-', `http://${place}`], options);
    if (run.status !== 0 || run.stdout !== '' || left === 0) return run;
  }
}
