// The Compose projects that are measured: a small one, a large one, and one for the data path.
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';

export const small = 'netexec-bench-small';
export const large = 'netexec-bench-large';
export const data = 'netexec-bench-data';
const networksOfLarge = 10;

/** The programs of this machine, and this checkout, are in the containers of the data path: the same runs on both sides. */
const checkout = join(import.meta.dirname, '../..');
export const nodeInContainer = `/node/${basename(process.execPath)}`;

/** @param names of those that are wanted */
export async function startProjects(folder: string, names: readonly string[]): Promise<{ stop(): Promise<void> }> {
  const all = { [small]: manyServices(3, 1), [large]: manyServices(200, networksOfLarge), [data]: dataPath() };
  const projects = Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
  const file = (project: string): string => join(folder, project, 'compose.yaml');
  const compose = (project: string, ...words: readonly string[]): Promise<unknown> =>
    execa('docker', ['compose', '-f', file(project), ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
  for (const [name, contents] of Object.entries(projects)) {
    mkdirSync(dirname(file(name)), { recursive: true });
    writeFileSync(file(name), JSON.stringify({ name, ...contents }));
  }
  const stop = async (): Promise<void> => {
    // A busy engine may still hold a network whose container has just ended: the second time it does not, and what
    // cannot be removed keeps nothing else from it.
    const down = (name: string): Promise<unknown> => compose(name, 'down', '-t', '0');
    const again = Object.keys(projects).map(async (name) => down(name).catch(() => down(name)));
    await Promise.allSettled(again);
  };
  try {
    for (const name of Object.keys(projects)) await compose(name, 'up', '-d', '--quiet-pull');
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

const idle = { image: 'netexec/busybox:1', pull_policy: 'never', command: 'sleep infinity', stop_signal: 'SIGKILL' };

/** Each service is on one network, the first on all of them. */
function manyServices(services: number, networks: number): object {
  const all = Array.from({ length: networks }, (_, index) => `network${index + 1}`);
  const entries = Array.from({ length: services }, (_, index) => [
    `service${index + 1}`,
    { ...idle, networks: index === 0 ? all : [all[index % networks]] },
  ]);
  return {
    services: Object.fromEntries(entries),
    networks: Object.fromEntries(all.map((name) => [name, {}])),
  };
}

function dataPath(): object {
  const volumes = ['/usr', '/bin', '/lib', '/lib64'].map((path) => `${path}:${path}:ro`);
  const host = { ...idle, volumes: [...volumes, `${checkout}:/checkout:ro`, `${dirname(process.execPath)}:/node:ro`] };
  return {
    services: {
      client: { ...host, command: '/usr/bin/sleep infinity' },
      throughput: { ...host, command: '/usr/bin/iperf3 --server' },
      latency: { ...host, command: [nodeInContainer, '/checkout/scripts/bench.d/ping-pong.ts', 'serve'] },
    },
  };
}
