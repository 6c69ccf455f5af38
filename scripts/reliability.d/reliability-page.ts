// Makes docs/reliability.md of what scripts/reliability found: node scripts/reliability.d/reliability-page.ts FOLDER
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { attackRows } from './attacks.ts';
import { passedOf, prose, table } from './markdown.ts';
import { podmanSection } from './podman-section.ts';

const [folder = ''] = process.argv.slice(2);

interface Cell {
  readonly caller: string;
  readonly host: string;
  readonly resolver: string;
  readonly reason?: string;
  readonly warning?: string;
}
interface Fault {
  readonly what: string;
  readonly result: string;
}

const debians = ['bookworm', 'trixie', 'testing'].filter((name) => existsSync(join(folder, name, 'tap')));
const notes: string[] = [];

console.log(page());

function page(): string {
  return [
    '# Reliability',
    prose(
      `Written by \`scripts/reliability\` on ${new Date().toISOString().slice(0, 10)} from the results of its tests. Do not edit.`,
    ),
    `docker netexec ${ownVersion()}, on Linux ${release()}, ${systemName()}.`,
    '## Engines',
    prose(
      "Each engine is that of its Debian, with the containerd, runc, docker and Compose of the same Debian, in a network and mounts of its own (`test/engines/with-engine`). All scenarios in `test/scenarios` ran on each engine; the rootless engines among them, and those that are killed, are of the same Debian. With the engine of Debian 12, docker is the machine's and Compose is that of Debian 13; Debian 12's docker 20.10 and docker-compose 1.29 have scenarios of their own.",
    ),
    engineTable(),
    ...podmanSection(folder),
    '## Hosts',
    prose(
      "Each host is made in a mount namespace and a network of its own, and its daemons really run (`test/scenarios/hosts.ts`). A test first checks that the host by itself gives a wrong answer, or none, for the container's names. Then every kind of resolver asks, through netexec, for two services on two networks, for a name that the engine looks up outside, and for a name that does not exist. ✓: the four answers are the container's own.",
    ),
    ...debians.flatMap(matrices),
    notes.map((text, index) => `${index + 1}. ${text}`).join('\n'),
    prose(`These packages of Debian's make the hosts: ${packages()}.`),
    '## Faults',
    prose(
      "After the runs and the kills, the mounts, processes, files, containers and images, and the container's own processes and files, are the same as before (`test/scenarios/faults.test.ts`). `test/scenarios/engine-ends.test.ts` kills or stops the engine while COMMAND runs, and starts it again with its containers or without them. `test/scenarios/idle.test.ts` holds connections open.",
    ),
    faultTable(),
    '## Attacks',
    prose(
      'The table lists what a hostile container, engine, file, server or neighbour can try, the result, and the test that tries it. Each was tried by hand first. The tests are among those that ran for this page or run with `npm run check`. [security.md](security.md) explains the results.',
    ),
    table(['what is tried', 'what becomes of it', 'test'], attackRows),
  ].join('\n\n');
}

function ownVersion(): string {
  const file = join(import.meta.dirname, '../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function engineTable(): string {
  const rows = debians.map((debian) => {
    const [version, api] = read(debian, 'engine').split(' ');
    const component = (name: string): string =>
      new RegExp(`^${name} (.*)$`, 'm').exec(read(debian, 'components'))?.[1] ?? '';
    const [docker, compose] = read(debian, 'clients').split('\n').map(versionIn);
    return [debian, version, api, component('containerd'), component('runc'), docker, compose, scenarios(debian)].map(
      String,
    );
  });
  return table(['Debian', 'engine', 'API', 'containerd', 'runc', 'docker', 'Compose', 'scenarios passed'], rows);
}

function versionIn(text: string): string {
  return /v?(\d+\.[^\s,]*)/.exec(text)?.[1] ?? text;
}

function scenarios(debian: string): string {
  return passedOf(read(debian, 'tap'));
}

function matrices(debian: string): readonly string[] {
  const cells = readLines(join(debian, 'matrix.jsonl')) as readonly Cell[];
  return [...new Set(cells.map(({ caller }) => caller))]
    .toSorted()
    .flatMap((caller) => [
      `### Engine ${read(debian, 'engine').split(' ')[0]}, called by ${caller}`,
      matrix(cells.filter((cell) => cell.caller === caller)),
    ]);
}

function matrix(cells: readonly Cell[]): string {
  const hosts = [...new Set(cells.map(({ host }) => host))];
  const resolvers = [...new Set(cells.map(({ resolver }) => resolver))];
  const rows = hosts.map((host) => [
    host,
    ...resolvers.map((resolver) => verdict(cells.find((cell) => cell.host === host && cell.resolver === resolver))),
  ]);
  return table(['host', ...resolvers], rows);
}

function verdict(cell: Cell | undefined): string {
  if (cell === undefined) return '✗ not run';
  if (cell.reason !== undefined)
    return cell.reason.startsWith('netexec: ') ? `– ${note(`refused: \`${cell.reason}\``)}` : `✗ ${cell.reason}`;
  return cell.warning === undefined ? '✓' : `✓ ${note(`with \`${cell.warning}\``)}`;
}

function note(text: string): string {
  if (!notes.includes(text)) notes.push(text);
  return `(${notes.indexOf(text) + 1})`;
}

function faultTable(): string {
  return table(
    ['what', 'result'],
    (readLines('faults.jsonl') as readonly Fault[]).map(({ what, result }) => [what, result]),
  );
}

function readLines(name: string): readonly unknown[] {
  const file = join(folder, name);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

function read(...path: readonly string[]): string {
  return readFileSync(join(folder, ...path), 'utf8').trim();
}

function packages(): string {
  const layers = join(tmpdir(), 'docker-netexec-test-hosts');
  const files = readdirSync(layers).flatMap((layer) => {
    const list = join(layers, layer, 'packages');
    return existsSync(list) && !/(^|-)of-/.test(layer) ? readFileSync(list, 'utf8').trim().split('\n') : [];
  });
  const words = files.map((file) =>
    file
      .replace(/_[^_]*\.deb$/, '')
      .replace('_', ' ')
      .replaceAll('%3a', ':'),
  );
  return [...new Set(words)].toSorted().join(', ');
}

function systemName(): string {
  return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';
}
