// The rows that take time: a command and its peer in one run of hyperfine, so that whatever else the machine does meets both.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import { large, small } from './projects.ts';
import type { Budget, Row } from './rows.ts';

type Words = readonly string[];

interface Comparison {
  readonly what: string;
  readonly own: Words;
  readonly against: string;
  readonly peer: Words;
  readonly budget: Budget | undefined;
}

const container = `${small}-service1-1`;
const ratio = (limit: number): Budget => ({ kind: 'ratio', limit });

export async function measureTimes(folder: string, runs: number): Promise<readonly Row[]> {
  const rows = [await measureStage(folder, runs)];
  for (const comparison of comparisons(folder)) rows.push(await measure(comparison, folder, runs));
  return rows;
}

function comparisons(folder: string): readonly Comparison[] {
  const netexec = (project: string, ...words: Words): Words => ['docker', 'netexec', '-p', project, ...words];
  const run = netexec(small, 'service1', '--', 'true');
  const composeExec = ['docker', 'compose', '-p', small, 'exec', '-T', 'service1', 'true'];
  const byEngine = netexec(small, '--elevate', 'docker', 'service1', '--', 'true');
  const without = join(folder, 'without');
  mkdirSync(without, { recursive: true });
  const dockerRun = ['docker', 'run', '--rm', '--network', `container:${container}`, 'netexec/busybox:1', 'true'];
  return [
    row(
      '`docker netexec SERVICE true`',
      run,
      '`docker exec CONTAINER true`',
      ['docker', 'exec', container, 'true'],
      0.75,
    ),
    row('the same', run, '`docker compose exec -T SERVICE true`', composeExec, 0.45),
    row('the same', run, '`docker run --rm --network container:CONTAINER IMAGE true`', dockerRun, 0.5),
    row(
      'the same by the engine (`--elevate docker`)',
      byEngine,
      '`docker run --rm --network container:CONTAINER IMAGE true`',
      dockerRun,
      1.5,
    ),
    {
      ...row(
        '`docker --help`',
        ['docker', '--help'],
        'without the plugin',
        ['docker', '--config', without, '--help'],
        0,
      ),
      budget: { kind: 'more', limit: 5 },
    },
    row('a run in a project of 200 services', netexec(large, 'service1', '--', 'true'), 'in one of 3', run, 1.25),
    row(
      '`--list-networks`',
      netexec(small, '--list-networks'),
      '`docker network ls`',
      ['docker', 'network', 'ls'],
      2.5,
    ),
    row(
      '`--list-names` of 3 services',
      netexec(small, '--list-names'),
      '`docker network ls`',
      ['docker', 'network', 'ls'],
      undefined,
    ),
    row(
      '`--list-names` of 200 services on 10 networks',
      netexec(large, '--list-names'),
      '`docker inspect` of the same 200 containers',
      ['sh', '-c', `docker inspect $(docker ps -q --filter label=com.docker.compose.project=${large})`],
      undefined,
    ),
  ];
}

function row(what: string, own: Words, against: string, peer: Words, limit: number | undefined): Comparison {
  return { what, own, against, peer, budget: limit === undefined ? undefined : ratio(limit) };
}

/**
 * The very command that netexec starts, without netexec, which would hear of COMMAND's start on 9. The one
 * that has told it stays meanwhile: it holds the container's network. It waits ten seconds for COMMAND's start.
 */
async function measureStage(folder: string, runs: number): Promise<Row> {
  const words = join(folder, 'entry');
  const spy = join(folder, 'setpriv');
  // In setpriv's place, with which an entry begins: for this one run, which sees it alone.
  const tell = `printf '%s\\0' setpriv "$@" >'${words}.next'; mv '${words}.next' '${words}'; exec sleep 3600`;
  writeFileSync(spy, `#!/bin/sh\ncase "$*" in *nsenter*) ${tell} ;; esac\n`, { mode: 0o755 });
  const script = 'mount --bind "$1" "$(command -v setpriv)"; shift; exec "$@"';
  const spied = ['docker', 'netexec', '-p', small, 'service1', '--', 'true'];
  const held = execa('unshare', ['--mount', '--', 'sh', '-c', script, 'sh', spy, ...spied], {
    stdio: 'ignore',
    reject: false,
  });
  while (!existsSync(words)) await wait(50);
  const entry = readFileSync(words, 'utf8').split('\0').slice(0, -1);
  const network = entry.find((word) => word.startsWith('--net=')) ?? '';
  const plain = ['nsenter', network, '--', 'unshare', '--mount', '--propagation', 'slave', '--'];
  const mount = ['sh', '-c', 'mount -t tmpfs bench /mnt && exec true'];
  // Its parent, of which it makes sure, is whoever starts the shell in front.
  const with9 = (command: Words): Words => [
    'sh',
    '-c',
    `exec ${command.map((word) => (word.startsWith('parent=') ? 'parent=$PPID' : quote(word))).join(' ')} 9>/dev/null`,
  ];
  const alone = row(
    'the privileged stage alone',
    with9(entry),
    '`nsenter` + `unshare` + one mount',
    with9([...plain, ...mount]),
    1.6,
  );
  try {
    return await measure(alone, folder, runs);
  } finally {
    held.kill();
  }
}

async function measure({ what, own, against, peer, budget }: Comparison, folder: string, runs: number): Promise<Row> {
  const results = join(folder, 'hyperfine.json');
  // One of a kind after the other would give whatever else happens to one side: a few runs at a time, in turn.
  const times: [number[], number[]] = [[], []];
  const commands = [own, peer].map((words) => words.map(quote).join(' '));
  const atOnce = 2;
  for (let done = 0; done < runs; done += atOnce) {
    const options = ['-N', '--warmup', done === 0 ? '2' : '0', '--runs', String(Math.min(atOnce, runs - done))];
    await execa('hyperfine', [...options, '--export-json', results, ...commands], { stdin: 'ignore' });
    const told = JSON.parse(readFileSync(results, 'utf8')) as { results: { times: number[] }[] };
    for (const side of [0, 1] as const) times[side].push(...(told.results[side]?.times ?? []));
  }
  process.stderr.write(`${what}: ${median(times[0]).toFixed(1)} ms, ${against}: ${median(times[1]).toFixed(1)} ms\n`);
  return { what, against, unit: 'ms', own: median(times[0]), peer: median(times[1]), budget };
}

const quote = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** In milliseconds; hyperfine's are seconds. */
const median = (seconds: readonly number[]): number =>
  (seconds.toSorted((one, other) => one - other)[Math.floor(seconds.length / 2)] ?? Number.NaN) * 1000;
