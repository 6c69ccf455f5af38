// What a tunnel costs, with the engine on a port of tcp: its start, a connection, what one carries, a thousand of them at once,
// and netexec's own memory meanwhile. Its peers use the same carrier, or are inside the container.
import { once } from 'node:events';
import { execa } from 'execa';
import { quantile } from './data-path.ts';
import { data, nodeInContainer } from './projects.ts';
import type { Budget, Row } from './rows.ts';

const mostRounds = 7;
const script = 'scripts/bench.d/connections.ts';
const container = `${data}-client-1`;
const netexec = ['docker', 'netexec', '-p', data, '--elevate', 'tunnel', 'client', '--'];
const inside = ['docker', 'exec', container];
const bytes = 100_000_000;

/** @param runs of each, but no more than seven */
export async function measureTunnel(runs: number): Promise<readonly Row[]> {
  rounds = Math.min(runs, mostRounds);
  const [here, gigabit] = await Promise.all([carry(), carry('0', '940')]);
  try {
    // The first sends the image.
    await told([...netexec, 'true'], here.env);
    const rows: Row[] = [];
    for (const measure of [
      () => starts(here.env),
      () => connections(here.env),
      () => carried(gigabit.env, 'by a network of 1 Gbit/s'),
      () => carried(here.env, 'by localhost'),
      () => memory(here.env),
    ]) {
      const found = await measure();
      for (const { what, own, against, peer = Number.NaN, unit } of found)
        process.stderr.write(`${what}: ${own.toFixed(1)} ${unit}, ${against}: ${peer.toFixed(1)} ${unit}\n`);
      rows.push(...found);
    }
    return rows;
  } finally {
    for (const each of [here, gigabit]) each.end();
  }
}

/** @param words of the carrier, behind the socket */
async function carry(...words: readonly string[]): Promise<{ readonly env: Env; end(): void }> {
  const host = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  const carrier = execa(process.execPath, ['test/engines/carrier.ts', host.slice('unix://'.length), ...words], {
    reject: false,
  });
  const [port] = (await once(carrier.stdout, 'data')) as [Buffer];
  return { env: { DOCKER_HOST: `tcp://127.0.0.1:${port.toString().trim()}` }, end: () => void carrier.kill() };
}

let rounds = mostRounds;

type Env = Readonly<Record<string, string>>;

const told = async ([program = '', ...words]: readonly string[], env: Env): Promise<string> =>
  (await execa(program, words, { env, stdin: 'ignore', stderr: 'inherit' })).stdout;

/** In turn, so that whatever else the machine does meets all of them. @returns the medians */
async function inTurn(measures: readonly (() => Promise<number>)[]): Promise<readonly number[]> {
  const all = measures.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, measure] of measures.entries()) all[index]?.push(await measure());
  return all.map((each) => quantile(each, 0.5));
}

/** @returns what is to be called, in ms */
const timed = (words: readonly string[], env: Env) => async (): Promise<number> => {
  const begun = performance.now();
  await told(words, env);
  return performance.now() - begun;
};

async function starts(env: Env): Promise<readonly Row[]> {
  const run = ['docker', 'run', '--rm', '--network', `container:${container}`, 'netexec/busybox:1', 'true'];
  const peers: readonly (readonly [string, readonly string[], Budget | undefined])[] = [
    ['`docker version`', ['docker', 'version'], { kind: 'more', limit: 350 }],
    ['`docker run --rm --network container:CONTAINER IMAGE true`', run, undefined],
  ];
  const [own = Number.NaN, ...times] = await inTurn(
    [[...netexec, 'true'], ...peers.map(([, words]) => words)].map((words) => timed(words, env)),
  );
  return peers.map(([against, , budget], index) => ({
    what: '`docker netexec SERVICE true` through a tunnel, by tcp',
    against,
    unit: 'ms',
    own,
    peer: times[index],
    budget,
  }));
}

interface Times {
  /** To connect, in ms. */
  readonly connect: number;
  readonly thousand: number;
}

async function connections(env: Env): Promise<readonly Row[]> {
  // To look the name up would be a round trip more.
  const [address = ''] = (await told([...inside, '/usr/bin/getent', 'ahostsv4', 'latency'], env)).split(' ');
  const there = [address, '7007', '1000'];
  const measured: { readonly own: Times[]; readonly peer: Times[]; readonly carrier: number[] } = {
    own: [],
    peer: [],
    carrier: [],
  };
  for (let round = 0; round < rounds; round += 1) {
    measured.own.push(read(await told([...netexec, process.execPath, script, ...there], env)));
    measured.peer.push(read(await told([...inside, nodeInContainer, `/checkout/${script}`, ...there], env)));
    measured.carrier.push(await roundTrip(env));
  }
  const median = (of: 'own' | 'peer', which: keyof Times): number =>
    quantile(
      measured[of].map((each) => each[which]),
      0.5,
    );
  return [
    {
      what: 'a connection through a tunnel, until it stands',
      against: 'a byte there and back by `docker exec -i CONTAINER cat`',
      unit: 'ms',
      own: median('own', 'connect'),
      peer: quantile(measured.carrier, 0.5),
      budget: { kind: 'more', limit: 2 },
    },
    {
      what: '1,000 of them in a row that stay open, a byte there and back on each',
      against: 'the same program inside the container',
      unit: 'ms',
      own: median('own', 'thousand'),
      peer: median('peer', 'thousand'),
      budget: undefined,
    },
  ];
}

function read(text: string): Times {
  const { connect, all } = JSON.parse(text) as { readonly connect: number; readonly all: number };
  return { connect, thousand: all };
}

/** That of the carrier itself. @returns the median of 200, in ms */
async function roundTrip(env: Env): Promise<number> {
  const cat = execa('docker', ['exec', '-i', container, 'cat'], { env, buffer: false, reject: false });
  const times: number[] = [];
  for (let turn = 0; turn < 201; turn += 1) {
    const begun = performance.now();
    cat.stdin.write('x');
    await once(cat.stdout, 'data');
    // The first waits for the start.
    if (turn > 0) times.push(performance.now() - begun);
  }
  cat.stdin.end();
  await cat;
  return quantile(times, 0.5);
}

async function carried(env: Env, how: string): Promise<readonly Row[]> {
  const iperf3 = ['/usr/bin/iperf3', '--client', 'throughput', '--reverse', '--bytes', `${bytes}`, '--json'];
  const [own = Number.NaN, peer = Number.NaN] = await inTurn([
    async () => {
      const { end } = JSON.parse(await told([...netexec, ...iperf3], env)) as Iperf3;
      return end.sum_received.bits_per_second / 1e9;
    },
    async () => (bytes * 8) / 1e6 / (await streamed(['exec', container, 'head', '-c', `${bytes}`, '/dev/zero'], env)),
  ]);
  const row: Row = {
    what: `100 MB from a service through a tunnel, ${how} (iperf3)`,
    against: '`docker exec CONTAINER head -c 100000000 /dev/zero`',
    unit: 'Gbit/s',
    own,
    peer,
    budget: { kind: 'least', limit: 0.6 },
  };
  return [row];
}

interface Iperf3 {
  readonly end: { readonly sum_received: { readonly bits_per_second: number } };
}

/** @returns from the first piece to the last, in ms */
async function streamed(words: readonly string[], env: Env): Promise<number> {
  const docker = execa('docker', words, { env, stdin: 'ignore', buffer: false });
  await once(docker.stdout, 'data');
  const begun = performance.now();
  docker.stdout.resume();
  await docker;
  return performance.now() - begun;
}

/** The largest that netexec's own process has been, after 100 MB each way, and without them. */
async function memory(env: Env): Promise<readonly Row[]> {
  const largest = 'grep VmHWM "/proc/$PPID/status"';
  // One run of it both ways: between two its server does not listen.
  const iperf3 = `/usr/bin/iperf3 --client throughput --bytes ${bytes} --bidir >/dev/null`;
  const peak = async (line: string): Promise<number> => {
    const text = await told([...netexec, 'sh', '-c', line], env);
    return Number(/(\d+) kB/.exec(text)?.[1]) / 1024;
  };
  const [own = Number.NaN, peer] = await inTurn([() => peak(`${iperf3}; ${largest}`), () => peak(largest)]);
  const what = "netexec's own process at its largest, after 100 MB each way";
  return [{ what, against: 'without them', unit: 'MB', own, peer, budget: { kind: 'more', limit: 64 } }];
}
