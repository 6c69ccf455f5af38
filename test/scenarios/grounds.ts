// What the scenarios stand on: the installed plugin, the projects' folders, one user of a project at a time, artifacts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

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

let installed: Promise<string> | undefined;

/** The DOCKER_CONFIG folder that holds the plugin: NETEXEC_TEST_CONFIG, else one of this checkout, made when out of date. */
export function installedPlugin(): Promise<string> {
  const given = process.env['NETEXEC_TEST_CONFIG'];
  installed ??= given ? Promise.resolve(given) : install(join(artifacts, 'docker'));
  return installed;
}

async function install(config: string): Promise<string> {
  const unlock = await lock('install');
  try {
    const plugin = join(config, 'cli-plugins/docker-netexec');
    const sources = [
      'src',
      'plugin-metadata',
      'scripts/build.ts',
      'scripts/bundle.ts',
      'scripts/launcher.ts',
      'scripts/install',
      'package.json',
    ];
    if (!existsSync(plugin) || newest(sources.map((name) => join(checkout, name))) > statSync(plugin).mtimeMs) {
      mkdirSync(config, { recursive: true });
      await execa(join(checkout, 'scripts/install'), { env: { DOCKER_CONFIG: config }, timeout: 1_800_000 });
    }
  } finally {
    unlock();
  }
  return config;
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

/** When the newest of these files, and of those in these folders, was written. */
function newest(paths: readonly string[]): number {
  return Math.max(
    ...paths.map((path) => {
      const stat = statSync(path);
      return stat.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : stat.mtimeMs;
    }),
  );
}

/** Test files run beside each other; those that use the same project on the same engine take turns. */
export const lockProject = (project: string): Promise<() => void> =>
  lock(`project-${project}${(process.env['DOCKER_HOST'] ?? '').replaceAll('/', '-')}`);

/** For every checkout on this machine: they share its engine. Held by a flock(1) that ends when its standard input does: with this process, however it ends. */
export async function lock(name: string): Promise<() => void> {
  const file = join(tmpdir(), 'docker-netexec-test-locks', name);
  mkdirSync(dirname(file), { recursive: true });
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; read -r _'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  holder.unref();
  holder.stdout.destroy();
  return () => holder.stdin.end();
}

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
