// The plugin under test: the one that NETEXEC_TEST_CONFIG names, else this checkout's, installed whenever its sources are newer.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const checkout = join(import.meta.dirname, '..');

let installed: Promise<string> | undefined;

/** The DOCKER_CONFIG folder that holds the plugin. */
export function installedPlugin(): Promise<string> {
  const given = process.env['NETEXEC_TEST_CONFIG'];
  installed ??= given ? Promise.resolve(given) : install(join(checkout, 'test/artifacts/docker'));
  return installed;
}

const sources = ['src', 'plugin-metadata', 'docs/reference.md', 'package.json', 'package-lock.json', 'scripts'];

async function install(config: string): Promise<string> {
  const unlock = await lock('install');
  try {
    const plugin = join(config, 'cli-plugins/docker-netexec');
    if (!existsSync(plugin) || newest(sources.map((name) => join(checkout, name))) > statSync(plugin).ctimeMs) {
      mkdirSync(config, { recursive: true });
      const env = { ...process.env, DOCKER_CONFIG: config };
      await promisify(execFile)(join(checkout, 'scripts/install'), { env, timeout: 1_800_000 });
    }
  } finally {
    unlock();
  }
  return config;
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
