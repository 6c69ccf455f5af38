// A Compose project of a scenario's own, in a folder of its own: it goes with the scenario.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

/**
 * @param name the project's
 * @param env that names it, where the file does not
 * @param services those that are to run; all of them, where none is named
 * @returns the options of a step in the project's folder
 */
export async function bringUp(
  s: Scenario,
  name: string,
  composeFile: string,
  env: NonNullable<RunOptions['env']> = {},
  services: readonly string[] = [],
): Promise<RunOptions> {
  const cwd = join(s.folder, name);
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'compose.yaml'), composeFile);
  const down = () => s.compose(['-p', name, 'down', '-t', '0'], { cwd: '/', timeout: 120_000 });
  await down();
  s.t.after(down);
  const options = { cwd, env, timeout: 120_000 };
  await must(s.compose(['up', '-d', '--wait', ...services], options));
  return options;
}
