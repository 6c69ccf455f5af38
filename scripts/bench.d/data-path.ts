// What COMMAND's connections carry, and how fast: the same programs under netexec and inside the container.
import { execa } from 'execa';
import { data, nodeInContainer } from './projects.ts';
import type { Row } from './rows.ts';

const rounds = 7;
const inside = ['docker', 'exec', `${data}-client-1`];
const netexec = ['docker', 'netexec', '-p', data, 'client', '--'];

export async function measureDataPath(): Promise<readonly Row[]> {
  const iperf3 = ['/usr/bin/iperf3', '--client', 'throughput', '--time', '2', '--json'];
  const pingPong = ['latency', '4000'];
  const script = 'scripts/bench.d/ping-pong.ts';
  const throughput = await compare(
    [...netexec, ...iperf3],
    [...inside, ...iperf3],
    (text) => (JSON.parse(text) as Iperf3).end.sum_received.bits_per_second / 1e9,
  );
  const latency = await compare(
    [...netexec, process.execPath, script, ...pingPong],
    [...inside, nodeInContainer, `/checkout/${script}`, ...pingPong],
    Number,
  );
  const against = 'the same program inside the container';
  return [
    { what: 'throughput of a TCP connection of COMMAND (iperf3)', against, unit: 'Gbit/s', ...throughput },
    { what: 'a byte there and back over one (ping-pong)', against, unit: 'µs', ...latency },
  ];
}

interface Iperf3 {
  readonly end: { readonly sum_received: { readonly bits_per_second: number } };
}

async function compare(
  own: readonly string[],
  peer: readonly string[],
  read: (text: string) => number,
): Promise<Pick<Row, 'own' | 'peer' | 'budget'>> {
  const measured = { own: [] as number[], peer: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const [side, [program = '', ...words]] of [['own', own] as const, ['peer', peer] as const]) {
      measured[side].push(read((await execa(program, words, { stdin: 'ignore' })).stdout));
    }
  }
  // What is smaller than the differences between runs of one side, or than a twentieth, cannot be told from nothing.
  const noise = Math.max(spread(measured.own), spread(measured.peer), 0.05);
  return {
    own: quantile(measured.own, 0.5),
    peer: quantile(measured.peer, 0.5),
    budget: { kind: 'same', limit: noise },
  };
}

const spread = (values: readonly number[]): number =>
  (quantile(values, 0.75) - quantile(values, 0.25)) / quantile(values, 0.5);

export const quantile = (values: readonly number[], part: number): number =>
  values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) * part)] ?? Number.NaN;
