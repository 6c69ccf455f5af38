// The memory of what stays while COMMAND runs: netexec's own process, beside the client of `docker exec`.
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import { small } from './projects.ts';
import type { Row } from './rows.ts';

const seconds = '6543';

export async function measureMemory(): Promise<Row> {
  const netexec = execa('docker', ['netexec', '-p', small, 'service1', '--', 'sleep', seconds], { reject: false });
  const exec = execa('docker', ['exec', `${small}-service1-1`, 'sleep', seconds], { reject: false });
  try {
    // docker is netexec's parent; COMMAND is netexec's child.
    const command = await find(({ words, parent }) => words === `sleep ${seconds}` && isChildOf(parent, netexec.pid));
    await find(({ words, id }) => words === `sleep ${seconds}` && id !== command.id);
    return {
      what: "netexec's own process while COMMAND runs (PSS)",
      against: "`docker exec`'s client",
      unit: 'MB',
      own: pss(command.parent),
      peer: pss(exec.pid ?? 0),
      budget: { kind: 'ratio', limit: 2 },
    };
  } finally {
    await stop(({ words }) => words === `sleep ${seconds}`);
    await Promise.all([netexec, exec]);
  }
}

interface Process {
  readonly id: number;
  readonly parent: number;
  readonly words: string;
}

function processes(): readonly Process[] {
  return readdirSync('/proc').flatMap((id) => {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      const words = readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0').slice(0, -1).join(' ');
      return [{ id: Number(id), parent, words }];
    } catch {
      return [];
    }
  });
}

const isChildOf = (id: number, parent: number | undefined): boolean =>
  processes().some((each) => each.id === id && each.parent === parent);

async function find(wanted: (process: Process) => boolean): Promise<Process> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = processes().find(wanted);
    if (found !== undefined) return found;
    await wait(50);
  }
  throw new Error('the process whose memory is wanted did not start');
}

async function stop(wanted: (process: Process) => boolean): Promise<void> {
  for (const { id } of processes().filter(wanted)) process.kill(id);
  await wait(0);
}

/** Proportional set size: what is shared counts by the share. */
function pss(id: number): number {
  const [, kilobytes] = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
