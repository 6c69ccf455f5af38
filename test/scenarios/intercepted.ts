// Runs with --intercept: what a service serves itself, what COMMAND serves in its place, and what holds the rules.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startAlone } from './command-process.ts';
import { must } from './scenario.ts';
import type { RunOptions, Scenario, Started } from './scenario.ts';

export const own = 'of the service';
export const ours = 'of COMMAND';

/** A page of the service's, on a port of its own. */
export async function serveInside(s: Scenario, service: string, port: number, options?: RunOptions): Promise<void> {
  const script = `mkdir -p /tmp/${port}; echo ${own} >/tmp/${port}/page; httpd -p ${port} -h /tmp/${port}`;
  await must(s.compose(['exec', '-T', '-d', service, 'sh', '-c', script], options));
  const page = `http://localhost:${port}/page`;
  await s.eventually(async () =>
    assert.equal((await s.compose(['exec', '-T', service, 'wget', '-qO-', page], options)).stdout, own),
  );
}

/** Serves another page, and says its number. */
export function server(s: Scenario, port: number, bind: readonly string[] = []): readonly string[] {
  writeFileSync(join(s.folder, 'page'), ours);
  const words = ['/usr/bin/python3', '-u', '-m', 'http.server', '--directory', s.folder, ...bind, `${port}`];
  return ['sh', '-c', `echo $$; exec ${words.join(' ')}`];
}

/** Waits until COMMAND, a `server`, listens. */
export async function intercept(
  s: Scenario,
  words: readonly string[],
  command: readonly string[],
  options?: RunOptions,
): Promise<Started> {
  const started = await startAlone(s, ['docker', 'netexec', ...words, '--', ...command], options);
  await started.says('Serving');
  return started;
}

interface Holder {
  readonly pid: number;
  readonly name: string;
}

const text = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

const networkOf = (pid: number | string): string | undefined => {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
};

/** What holds rules in the network of a process. */
export function holders(pid: number): readonly Holder[] {
  const network = networkOf(pid);
  return readdirSync('/proc').flatMap((number) => {
    const line = /^\d+$/.test(number) ? (text(`/proc/${number}/cmdline`) ?? '') : '';
    const isOne = /\0-i\0$|\0rules=|main\(\) \{\n *rules=/.test(line);
    return isOne && networkOf(number) === network
      ? [{ pid: Number(number), name: (text(`/proc/${number}/comm`) ?? '').trim() }]
      : [];
  });
}

/** A field of /proc/PID/status (proc(5)). */
export const statusOf = (pid: number, field: string): string =>
  new RegExp(`^${field}:[ \\t]*(.*?)[ \\t]*$`, 'm').exec(text(`/proc/${pid}/status`) ?? '')?.[1] ?? '';

/** The tables of netexec's own in the network of a process. */
export async function tables(s: Scenario, pid: number): Promise<readonly string[]> {
  const { stdout } = await must(s.run(['nsenter', `--net=/proc/${pid}/ns/net`, '--', 'nft', 'list', 'tables']));
  return stdout.split('\n').filter((line) => line.includes('netexec'));
}

/** Neither a rule nor what held it. */
export const nothingHeld = (s: Scenario, pid: number): Promise<void> =>
  s.eventually(async () => assert.deepEqual([holders(pid), await tables(s, pid)], [[], []]));
