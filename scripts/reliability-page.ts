// Makes docs/reliability.md of what scripts/reliability found: node scripts/reliability-page.ts FOLDER
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';

const [folder = ''] = process.argv.slice(2);

interface Cell {
  readonly host: string;
  readonly resolver: string;
  readonly reason?: string;
  readonly warning?: string;
}
interface Fault {
  readonly what: string;
  readonly result: string;
}

const engines = readdirSync(folder)
  .flatMap((name) => /^(.*)\.version$/.exec(name)?.[1] ?? [])
  .toSorted();
const notes: string[] = [];

console.log(page());

function page(): string {
  return [
    '# Reliability',
    `Written by \`scripts/reliability\` on ${new Date().toISOString().slice(0, 10)}, from what its scenarios found; not to be edited.`,
    `Linux ${release()}, ${systemName()}, docker ${said('docker', '--version')}, Compose ${said('docker', 'compose', 'version', '--short')}, Node ${process.version}.`,
    `Beside the machine's own engine, those of later Debians, each in a network of its own, with the machine's containerd and runc: ${engines.map(engineWords).join('; ')}.`,
    '## Hosts',
    'Each host is made within a mount namespace and a network of its own, its daemons really run (`test/scenarios/hosts.ts`), and what it says of the container’s names is wrong or nothing: that is checked first. ' +
      'Then every kind of resolver asks, through netexec, for two services on two networks, for a name that the engine asks outside for, and for one that does not exist. ✓: the four answers are the container’s own.',
    ...engines.flatMap((engine) => [
      `### Engine ${engine}`,
      matrix(readLines(`${engine}.matrix.jsonl`) as readonly Cell[]),
    ]),
    notes.map((text, index) => `${index + 1}. ${text}`).join('\n'),
    `Laid over the hosts, from Debian's packages: ${packages()}.`,
    '## Engines',
    'The scenarios that look at what engines do differently, on each engine: passed, of all.',
    scenarioTable(),
    '## Faults',
    'After the runs and the kills, the mounts, processes, files, containers, images and the container’s own processes and files are what they were before (`test/scenarios/faults.test.ts`).',
    faultTable(),
  ].join('\n\n');
}

function matrix(cells: readonly Cell[]): string {
  const [hosts, resolvers] = [
    [...new Set(cells.map(({ host }) => host))],
    [...new Set(cells.map((cell) => cell.resolver))],
  ];
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

function scenarioTable(): string {
  const files = readdirSync(folder).flatMap((name) => /^[\d.]+\.([a-z-]+)\.tap$/.exec(name)?.[1] ?? []);
  const rows = [...new Set(files)]
    .toSorted()
    .map((file) => [file, ...engines.map((engine) => counts(`${engine}.${file}.tap`))]);
  return table(['scenarios', ...engines], rows);
}

function counts(name: string): string {
  if (!existsSync(join(folder, name))) return 'not run';
  const text = readFileSync(join(folder, name), 'utf8');
  const [good, bad] = [/^ *ok /gm, /^ *not ok /gm].map((line) => text.match(line)?.length ?? 0);
  return `${good} of ${(good ?? 0) + (bad ?? 0)}`;
}

function faultTable(): string {
  return table(
    ['what', 'result'],
    (readLines('faults.jsonl') as readonly Fault[]).map(({ what, result }) => [what, result]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function readLines(name: string): readonly unknown[] {
  const file = join(folder, name);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

function engineWords(engine: string): string {
  const [version, api] = readFileSync(join(folder, `${engine}.version`), 'utf8')
    .trim()
    .split(' ');
  return `${version} (API ${api})`;
}

function packages(): string {
  const layers = join(tmpdir(), 'docker-netexec-test-hosts');
  const files = readdirSync(layers).flatMap((layer) => {
    const list = join(layers, layer, 'packages');
    return existsSync(list) && !layer.startsWith('engine-') ? readFileSync(list, 'utf8').trim().split('\n') : [];
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

function said(...[program = '', ...args]: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8' })
    .trim()
    .replace(/^Docker version /, '')
    .replace(/,.*$/s, '');
}
