// The memory of what stays while COMMAND runs: netexec's own process, beside the client of `docker exec`.
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import { small } from './projects.ts';
import type { Row } from './rows.ts';

const seconds = '6543';

export async function measureMemory(): Promise<Row> {
  // One after the other: the two would share docker's own pages.
  const words = [small, `${small}-service1-1`] as const;
  return {
    what: "netexec's own process while COMMAND runs (PSS)",
    against: "`docker exec`'s client",
    unit: 'MB',
    // docker is netexec's parent; netexec is COMMAND's.
    own: await whileRunning(['netexec', '-p', words[0], 'service1', '--', 'sleep', seconds], ({ parent }) => parent),
    peer: await whileRunning(['exec', words[1], 'sleep', seconds], (_command, docker) => docker),
    budget: { kind: 'ratio', limit: 1.5 },
  };
}

async function whileRunning(words: Words, measured: (command: Process, docker: number) => number): Promise<number> {
  const docker = execa('docker', words, { reject: false });
  const command = await find((process) => process.words === `sleep ${seconds}`);
  // By then netexec listens for what becomes of the container, and has given back what only starting needed.
  await wait(4000);
  try {
    return pss(measured(command, docker.pid ?? 0));
  } finally {
    process.kill(command.id);
    await docker;
  }
}

type Words = readonly string[];

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

async function find(wanted: (process: Process) => boolean): Promise<Process> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = processes().find(wanted);
    if (found !== undefined) return found;
    await wait(50);
  }
  throw new Error('the process whose memory is wanted did not start');
}

/** Proportional set size: what is shared counts by the share. */
function pss(id: number): number {
  const [, kilobytes] = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
