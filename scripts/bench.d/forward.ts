// What --forward costs a connection: the same programs through it, inside the container, and through what one would use by hand.
import { mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import { quantile } from './data-path.ts';
import { data, nodeInContainer } from './projects.ts';
import type { Row } from './rows.ts';

const rounds = 7;
const script = 'scripts/bench.d/connections.ts';
/** Of the services of that name. */
const servers = { throughput: 5201, latency: 7007 } as const;

/** A way from a client to the servers. */
interface Way {
  readonly against: string;
  readonly measure: () => Promise<Measured>;
  readonly stop: () => void;
}

export async function measureForward(folder: string): Promise<readonly Row[]> {
  const ways: Way[] = [];
  try {
    for (const make of [byNetexec, inside, bySocat, bySsh]) ways.push(await make(folder));
    const measured = ways.map((): Measured[] => []);
    for (let round = 0; round < rounds; round += 1)
      for (const [index, { measure }] of ways.entries()) measured[index]?.push(await measure());
    const median = (index: number, of: keyof Measured): number =>
      quantile(measured[index]?.map((each) => each[of]) ?? [], 0.5);
    return ways.slice(1).flatMap(({ against }, peer) =>
      kinds.map(({ what, unit, of, budget }) => ({
        what,
        against,
        unit,
        own: median(0, of),
        peer: median(peer + 1, of),
        budget: peer === 0 ? budget : undefined,
      })),
    );
  } finally {
    for (const { stop } of ways) stop();
  }
}

interface Measured {
  /** In Gbit/s. */
  readonly throughput: number;
  /** In ms. */
  readonly one: number;
  readonly all: number;
}

const kinds: readonly (Pick<Row, 'what' | 'unit' | 'budget'> & { readonly of: keyof Measured })[] = [
  {
    what: 'throughput through `--forward` (iperf3)',
    unit: 'Gbit/s',
    of: 'throughput',
    budget: { kind: 'least', limit: 0.5 },
  },
  { what: 'a connection through it, a byte there and back', unit: 'ms', of: 'one', budget: { kind: 'more', limit: 1 } },
  { what: '100 of them in a row that stay open', unit: 'ms', of: 'all', budget: undefined },
];

async function inside(): Promise<Way> {
  const docker = ['docker', 'exec', `${data}-client-1`];
  const iperf3 = [...docker, '/usr/bin/iperf3', '--client', 'throughput'];
  const connections = [...docker, nodeInContainer, `/checkout/${script}`, 'latency', `${servers.latency}`];
  return {
    against: 'the same program inside the container',
    measure: () => read(iperf3, connections),
    stop: () => {},
  };
}

async function read(iperf3: readonly string[], connections: readonly string[]): Promise<Measured> {
  const [throughput, times] = await inTurn([[...iperf3, '--time', '2', '--json'], connections], async (words) => {
    const [program = '', ...others] = words;
    return JSON.parse((await execa(program, others, { stdin: 'ignore' })).stdout) as unknown;
  });
  const { end } = throughput as { readonly end: { readonly sum_received: { readonly bits_per_second: number } } };
  return { throughput: end.sum_received.bits_per_second / 1e9, ...(times as Pick<Measured, 'one' | 'all'>) };
}

async function byNetexec(): Promise<Way> {
  const forwards = Object.entries(servers).flatMap(([name, port]) => ['--forward', `${20_000 + port}:${name}:${port}`]);
  return standing('netexec', 20_000, [['docker', 'netexec', '-p', data, ...forwards, 'client']]);
}

/** Two of them joined by a unix socket, one inside. */
async function bySocat(folder: string): Promise<Way> {
  const pid = await inspect('client', '{{.State.Pid}}');
  const pairs = await inTurn(Object.entries(servers), async ([name, port]) => {
    const socket = join(folder, `socat-${name}`);
    return [
      [
        'nsenter',
        '-t',
        pid,
        '-n',
        'socat',
        `UNIX-LISTEN:${socket},fork`,
        `TCP:${await addressOf(name)}:${port},nodelay`,
      ],
      ['socat', `TCP-LISTEN:${30_000 + port},bind=127.0.0.1,reuseaddr,fork,nodelay`, `UNIX-CONNECT:${socket}`],
    ];
  });
  return standing('two `socat` by hand, one of them in `nsenter`', 30_000, pairs.flat());
}

/** A server of its own, which needs an account and a folder that this machine may not have. */
async function bySsh(folder: string): Promise<Way> {
  const own = join(folder, 'ssh');
  mkdirSync(own);
  const unpack = ['--whole', join(tmpdir(), 'docker-netexec-test-hosts', 'own-openssh-server'), '', 'openssh-server'];
  const { stdout: layer } = await execa('test/scenarios/unpacked', unpack);
  for (const name of ['host', 'user'])
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(own, name)]);
  const options = [
    `HostKey=${own}/host`,
    `AuthorizedKeysFile=${own}/user.pub`,
    'StrictModes=no',
    'UsePAM=no',
    'PermitRootLogin=prohibit-password',
  ];
  writeFileSync(
    join(own, 'serve'),
    `mount -t tmpfs none /run && mkdir /run/sshd && { cat /etc/passwd; echo sshd:x:65534:65534::/run/sshd:/bin/false; } >/run/passwd &&
mount --bind /run/passwd /etc/passwd && LD_LIBRARY_PATH=$(echo ${layer}/lib/*-linux-gnu) exec ${layer}/sbin/sshd -D -r -f /dev/null -p 20022 "$@"\n`,
  );
  const sshd = ['unshare', '-m', 'sh', join(own, 'serve'), ...options.flatMap((each) => ['-o', each])];
  const server = execa(sshd[0] ?? '', sshd.slice(1), { reject: false, stdio: ['ignore', 'ignore', 'inherit'] });
  await reached(20_022);
  const leads = await inTurn(Object.entries(servers), async ([name, port]) => [
    '-L',
    `127.0.0.1:${40_000 + port}:${await addressOf(name)}:${port}`,
  ]);
  const trust = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
  const ssh = ['ssh', '-N', '-F', '/dev/null', '-i', join(own, 'user'), '-p', '20022', ...trust, ...leads.flat()];
  const way = await standing('`ssh -L` by a server of this machine', 40_000, [[...ssh, 'root@127.0.0.1']]);
  return { ...way, stop: () => (way.stop(), server.kill()) };
}

/**
 * From this machine, by ports of its own.
 * @param offset of those from the servers'
 * @param programs that lead there
 */
async function standing(against: string, offset: number, programs: readonly (readonly string[])[]): Promise<Way> {
  const running = programs.map(([program = '', ...words]) =>
    execa(program, words, { reject: false, stdio: ['ignore', 'ignore', 'pipe'] }),
  );
  for (const port of Object.values(servers)) await reached(offset + port);
  const iperf3 = ['/usr/bin/iperf3', '--client', '127.0.0.1', '--port', `${offset + servers.throughput}`];
  const connections = [process.execPath, script, '127.0.0.1', `${offset + servers.latency}`];
  return {
    against,
    measure: () => read(iperf3, connections),
    stop: () => {
      for (const each of running) each.kill();
    },
  };
}

async function reached(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const is = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(
        () => false,
        () => false,
      ),
    ]).catch(() => false);
    socket.destroy();
    if (is) return;
    await wait(100);
  }
  throw new Error(`nothing listens on port ${port}`);
}

const inspect = async (service: string, template: string): Promise<string> =>
  (await execa('docker', ['inspect', '--format', template, `${data}-${service}-1`])).stdout;

const addressOf = (service: string): Promise<string> =>
  inspect(service, '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}');

/** One after the other. */
async function inTurn<Each, Value>(
  all: readonly Each[],
  act: (each: Each) => Promise<Value>,
): Promise<readonly Value[]> {
  const values: Value[] = [];
  for (const each of all) values.push(await act(each));
  return values;
}
