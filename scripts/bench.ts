// The measurements of scripts/bench: two projects, a small one and a large one, on the engine that answers.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

interface Row {
  readonly what: string;
  readonly command: readonly string[];
  readonly against: string;
  readonly peer: readonly string[];
  /** How many times the peer's time it may take; undefined: only measured. */
  readonly budget: number | undefined;
}

interface Measured extends Row {
  readonly milliseconds: number;
  readonly peerMilliseconds: number;
}

const [folder = '', runs = '30'] = process.argv.slice(2);
const sizes = { small: 3, large: 200 };
const networksOfLarge = 10;

const docker = (...words: string[]): Promise<unknown> =>
  execa('docker', words, { stdio: ['ignore', 'ignore', 'inherit'] });
const netexec = (project: string, ...words: string[]): readonly string[] => [
  'docker',
  'netexec',
  '-p',
  project,
  ...words,
];

const small = 'netexec-bench-small';
const large = 'netexec-bench-large';
const smallService = `${small}-service1-1`;

const rows: readonly Row[] = [
  {
    what: 'a run in a project of 200 services',
    command: netexec(large, 'service1', '--', 'true'),
    against: 'a run in one of 3',
    peer: netexec(small, 'service1', '--', 'true'),
    budget: 1.25,
  },
  {
    what: '`--list-names` of 200 services on 10 networks',
    command: netexec(large, '--list-names'),
    against: '`docker inspect` of the same 200 containers',
    peer: ['sh', '-c', `docker inspect $(docker ps -q --filter label=com.docker.compose.project=${large})`],
    budget: undefined,
  },
  {
    what: '`--list-names` of 200 services on 10 networks',
    command: netexec(large, '--list-names'),
    against: '`--list-names` of 3 services',
    peer: netexec(small, '--list-names'),
    budget: undefined,
  },
  {
    what: '`docker netexec SERVICE true`',
    command: netexec(small, 'service1', '--', 'true'),
    against: '`docker exec CONTAINER true`',
    peer: ['docker', 'exec', smallService, 'true'],
    budget: undefined,
  },
  {
    what: '`docker netexec SERVICE true`',
    command: netexec(small, 'service1', '--', 'true'),
    against: '`docker compose exec -T SERVICE true`',
    peer: ['docker', 'compose', '-p', small, 'exec', '-T', 'service1', 'true'],
    budget: undefined,
  },
];

await start(small, sizes.small, 1);
await start(large, sizes.large, networksOfLarge);
try {
  const measured: Measured[] = [];
  for (const [index, row] of rows.entries()) measured.push(await measure(row, index));
  const text = await report(measured);
  writeFileSync('docs/benchmarks.md', text);
  process.stdout.write(text);
} finally {
  await stop(small);
  await stop(large);
}

/** Each service is on one network, the first on all of them. */
async function start(project: string, services: number, networks: number): Promise<void> {
  const all = Array.from({ length: networks }, (_, index) => `network${index + 1}`);
  const entries = Array.from({ length: services }, (_, index) => [
    `service${index + 1}`,
    {
      image: 'netexec/busybox:1',
      pull_policy: 'never',
      command: 'sleep infinity',
      stop_signal: 'SIGKILL',
      networks: index === 0 ? all : [all[index % networks]],
    },
  ]);
  const compose = {
    name: project,
    services: Object.fromEntries(entries),
    networks: Object.fromEntries(all.map((name) => [name, {}])),
  };
  mkdirSync(join(folder, project), { recursive: true });
  writeFileSync(composeFile(project), JSON.stringify(compose));
  await docker('compose', '-f', composeFile(project), 'up', '-d', '--quiet-pull');
}

async function stop(project: string): Promise<void> {
  await docker('compose', '-f', composeFile(project), 'down', '-t', '0');
}

function composeFile(project: string): string {
  return join(folder, project, 'compose.yaml');
}

/** Both commands in one run of hyperfine, so that whatever else the machine does meets both. */
async function measure(row: Row, index: number): Promise<Measured> {
  const results = join(folder, `${index}.json`);
  const commands = [row.command, row.peer].map((words) => words.map((word) => `'${word}'`).join(' '));
  await execa('hyperfine', ['-N', '--warmup', '3', '--runs', runs, '--export-json', results, ...commands]);
  const [own, peer] = (JSON.parse(readFileSync(results, 'utf8')) as { results: { median: number }[] }).results;
  return { ...row, milliseconds: (own?.median ?? 0) * 1000, peerMilliseconds: (peer?.median ?? 0) * 1000 };
}

async function report(measured: readonly Measured[]): Promise<string> {
  const version = async (...words: [string, ...string[]]): Promise<string> => {
    const [program, ...args] = words;
    return (await execa(program, args)).stdout.split('\n')[0] ?? '';
  };
  const engine = await version(
    'docker',
    'version',
    '--format',
    'docker {{.Client.Version}}, engine {{.Server.Version}}',
  );
  const lines = measured.map((row) => {
    const ratio = row.milliseconds / row.peerMilliseconds;
    const verdict = row.budget === undefined ? '' : `≤ ${row.budget} ×: ${ratio <= row.budget ? 'kept' : 'missed'}`;
    return `| ${row.what} | ${row.against} | ${row.milliseconds.toFixed(0)} | ${row.peerMilliseconds.toFixed(0)} | ${ratio.toFixed(2)} | ${verdict} |`;
  });
  return `# Benchmarks

Written by \`scripts/bench\`. Medians of ${runs} runs, each command beside its peer in one sitting; the ratio is what counts, the times are this machine's.

${new Date().toISOString().slice(0, 10)}, ${cpus().length} processors, ${engine}, Node ${process.version}.

| what | against | ms | peer's ms | ratio | budget |
|---|---|---|---|---|---|
${lines.join('\n')}
`;
}
