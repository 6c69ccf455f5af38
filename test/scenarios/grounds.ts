// What the scenarios stand on: the installed plugin, the projects' folders, one user of a project at a time, artifacts.
import { copyFileSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { lock } from '../checkout-plugin.ts';

export { installedPlugin, lock } from '../checkout-plugin.ts';

const scenarios = import.meta.dirname;
const checkout = join(scenarios, '../..');
const artifacts = join(checkout, 'test/artifacts');

export const composeFolder = (project: string): string => join(scenarios, 'projects', project);

/** The folder for what a scenario leaves when it fails; what an earlier run left there is gone. */
export function artifactsFolder(intent: string): string {
  const words = intent.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const folder = join(artifacts, words.join('-').slice(0, 80));
  rmSync(folder, { recursive: true, force: true });
  return folder;
}

let programs: Promise<string> | undefined;

/**
 * The folder of test/programs/build's programs, made and installed where they are missing, and of the Node that runs the
 * tests; anyone may enter it. A machine of a test's own that is to have them is made after that.
 */
export function builtPrograms(): Promise<string> {
  programs ??= build(join(tmpdir(), 'docker-netexec-test-programs'));
  return programs;
}

async function build(folder: string): Promise<string> {
  await execa(join(checkout, 'test/programs/build'), [folder], { timeout: 1_800_000 });
  // The checkout may be where only root can enter.
  const node = join(folder, `node.${process.pid}`);
  copyFileSync(process.execPath, node);
  renameSync(node, join(folder, 'node'));
  return folder;
}

/** Test files run beside each other; those that use the same project on the same engine take turns. */
export const lockProject = (project: string): Promise<() => void> =>
  lock(`project-${project}${(process.env['DOCKER_HOST'] ?? '').replaceAll('/', '-')}`);

/** Every process whose environment has this text, as `PID ARGV`. */
export function processesWith(text: string): readonly string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(text)) return [];
      return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`];
    } catch {
      // It has ended in this moment, or is another user's.
      return [];
    }
  });
}
