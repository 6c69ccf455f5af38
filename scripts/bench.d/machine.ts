// What the benchmarks were taken on.
import { cpus, release } from 'node:os';
import { readFileSync } from 'node:fs';
import { execa } from 'execa';

export interface Machine {
  readonly date: string;
  readonly processor: string;
  readonly processors: number;
  readonly kernel: string;
  readonly docker: string;
  readonly engine: string;
  readonly compose: string;
}

export async function machine(): Promise<Machine> {
  const told = async (program: string, ...words: string[]): Promise<string> =>
    (await execa(program, words)).stdout.split('\n')[0] ?? '';
  const model = /^model name\s*: (.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1];
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: model ?? 'an unnamed processor',
    processors: cpus().length,
    kernel: release(),
    docker: await told('docker', 'version', '--format', '{{.Client.Version}}'),
    engine: await told('docker', 'version', '--format', '{{.Server.Version}}'),
    compose: await told('docker', 'compose', 'version', '--short'),
  };
}
