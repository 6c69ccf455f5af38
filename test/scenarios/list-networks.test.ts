// --list-networks: every network of the project and who is on it, in each of the forms that docker's lists have.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectNetwork, neighbour, plainContainer, project, report, shared, useNeighbour } from './reports.ts';
import type { NetworkRow } from './reports.ts';
import { scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

await useNeighbour();

const columns = ['Network', 'Key', 'Driver', 'Subnet', 'Internal', 'Services'];
const onShared = [`${neighbour}/billing`, `${neighbour}/web`, 'web'];

/** What the engine itself says of the project's networks, and the Compose file of who is on them. */
async function expected(s: Scenario): Promise<readonly NetworkRow[]> {
  const made = async (Network: string, Key: string, Services: readonly string[]): Promise<NetworkRow> => {
    const { Driver, Internal, IPAM: ipam } = await inspectNetwork(s, Network);
    return { Network, Key, Driver, Subnet: ipam.Config.map(({ Subnet }) => Subnet), Internal, Services };
  };
  const own = (key: string): string => `${s.projectName}_${key}`;
  return [
    await made('netexec-test-by-name', 'named', ['search']),
    await made(own('back'), 'back', ['api', 'cache', 'database', 'queue', 'web']),
    await made(own('default'), 'default', ['lonely']),
    await made(own('dual'), 'dual', ['queue', 'web']),
    await made(own('front'), 'front', ['api', 'search', 'web']),
    { Network: own('unused'), Key: 'unused', Driver: '', Subnet: [], Internal: false, Services: [] },
    await made(shared, 'shared', onShared),
  ];
}

scenario('every network of the project must be listed, as the engine knows it', { project }, async (s) => {
  const rows = await expected(s);
  assert.deepEqual(
    rows.filter(({ Internal: internal }) => internal).map(({ Key: key }) => key),
    ['back'],
  );
  assert.equal(rows.find(({ Key: key }) => key === 'dual')?.Subnet.length, 2);
  const listed = await report<NetworkRow>(s, ['--list-networks']);
  assert.deepEqual(listed, rows);
  for (const row of listed) assert.deepEqual(Object.keys(row), columns);
});

scenario('a container that Compose did not make must be listed by its own name', { project }, async (s) => {
  const plain = `${s.projectName}-plain`;
  await plainContainer(s, plain, ['--network', `${s.projectName}_front`]);
  const rows = await report<NetworkRow>(s, ['--list-networks']);
  const front = rows.find(({ Key: key }) => key === 'front');
  assert.deepEqual(front?.Services, ['api', plain, 'search', 'web'].toSorted());
});

scenario('a paused service must stay on its networks, and a stopped one must leave them', { project }, async (s) => {
  const services = async (): Promise<readonly string[] | undefined> =>
    (await report<NetworkRow>(s, ['--list-networks'])).find(({ Key: key }) => key === 'default')?.Services;
  s.t.after(() => s.compose(['up', '-d', '--wait', 'lonely']));
  await s.compose(['pause', 'lonely']);
  assert.equal((await s.inspect('lonely')).State.Status, 'paused');
  assert.deepEqual(await services(), ['lonely']);
  await s.compose(['unpause', 'lonely']);
  await s.compose(['stop', '-t', '0', 'lonely']);
  assert.equal((await s.inspect('lonely')).State.Status, 'exited');
  assert.deepEqual(await services(), []);
});

scenario('the table must have a column each, and be whole where there is no terminal', { project }, async (s) => {
  const rows = await expected(s);
  const cells = (lines: string): string[][] => lines.split('\n').map((line) => line.split(/ {3,}/));
  const table = ({ Network: network, Key: key, Driver: driver, Subnet: subnet, Internal: internal }: NetworkRow) => [
    network,
    key,
    ...(driver === '' ? [] : [driver, subnet.join(', ')]),
    String(internal),
  ];
  const headings = columns.map((column) => column.toUpperCase());
  const short = await s.netexec(['--list-networks']);
  const long = await s.netexec(['--list-networks', '--no-trunc', '--format', 'table']);
  assert.deepEqual([short.stderr, short.status, long.stderr, long.status], ['', 0, '', 0]);
  const [head, ...body] = cells(long.stdout);
  assert.deepEqual(head, headings);
  assert.deepEqual(
    body,
    rows.map((row) => [...table(row), row.Services.join(', ')]),
  );
  assert.equal(short.stdout, long.stdout);
  const starts = long.stdout.split('\n').map((line) => /\bKEY\b|(?<= {3})\S/.exec(line)?.index);
  assert.equal(new Set(starts).size, 1, 'the second column must begin at one place');
});

for (const [title, options, line] of [
  ['-q must print the names alone', ['-q'], (row: NetworkRow) => row.Network],
  ['-q must win over --format', ['--quiet', '--format', 'json'], (row: NetworkRow) => row.Network],
  [
    'a template must make a line a network',
    ['--format', '{{.Key}}\\t{{join .Services "+"}}{{if .Internal}} closed{{end}}'],
    (row: NetworkRow) => `${row.Key}\t${row.Services.join('+')}${row.Internal ? ' closed' : ''}`,
  ],
  ['a template must see the JSON', ['--format', '{{json .}}'], (row: NetworkRow) => JSON.stringify(row)],
] as const) {
  scenario(title, { project }, async (s) => {
    const run = await s.netexec(['--list-networks', ...options]);
    assert.deepEqual([run.stdout.split('\n'), run.stderr, run.status], [(await expected(s)).map(line), '', 0]);
  });
}

scenario('a table of a template must have the headings of its columns', { project }, async (s) => {
  const run = await s.netexec(['--list-networks', '--format', 'table {{.Driver}}\\t{{.Key}}']);
  const rows = (await expected(s)).map(({ Driver: driver, Key: key }) => `${driver.padEnd(10)}${key}`);
  assert.deepEqual([run.stdout.split('\n'), run.stderr, run.status], [['DRIVER    KEY', ...rows], '', 0]);
});

scenario('a bad template must be refused with the place and the reason', { project }, async (s) => {
  for (const [format, problem] of [
    ['{{.Nme}}', /^netexec: invalid --format "\{\{\.Nme\}\}": character 3: .*Nme/],
    ['table {{.Key}}\\t{{.Key', /^netexec: invalid --format "table .*": character \d+: \S/],
    ['{{upper .Services}}', /^netexec: invalid --format "\{\{upper \.Services\}\}": character \d+: \S/],
  ] as const) {
    await s.subtest(format, async () => {
      const run = await s.netexec(['--list-networks', '--format', format]);
      assert.match(run.stderr, problem);
      assert.deepEqual([run.stdout, run.status], ['', 125]);
    });
  }
});

scenario('the project must be found from anywhere by its name, its file or its folder', { project }, async (s) => {
  const rows = await expected(s);
  const cwd = s.folder;
  // Without the files nobody knows what they declare, nor what they call a network that another project made.
  const made = rows
    .filter(({ Driver: driver }) => driver !== '')
    .map((row) => (row.Network === shared ? { ...row, Key: '' } : row));
  assert.deepEqual(await report<NetworkRow>(s, ['-p', s.projectName, '--list-networks'], { cwd }), made);
  const file = join(s.projectFolder, 'compose.yaml');
  assert.deepEqual(await report<NetworkRow>(s, ['-f', file, '--list-networks'], { cwd }), rows);
  const folder = ['--project-directory', s.projectFolder];
  assert.deepEqual(await report<NetworkRow>(s, [...folder, '--list-networks'], { cwd }), rows);
  assert.deepEqual(await report<NetworkRow>(s, ['--list-networks'], { cwd, env: { COMPOSE_FILE: file } }), rows);
});

scenario('networks of a project that was never started must be listed as declared', { project }, async (s) => {
  const cwd = join(s.folder, 'Never Started');
  mkdirSync(cwd);
  const networks = `networks:\n  plain:\n  other: {name: netexec-test-never-made}\n  far: {external: true, name: $FAR}\n`;
  writeFileSync(join(cwd, 'compose.yaml'), `services:\n  one: {image: none, networks: [plain, far]}\n${networks}`);
  const rows = await report<NetworkRow>(s, ['--list-networks'], { cwd, env: { FAR: 'netexec-test-far' } });
  const nothing = { Driver: '', Subnet: [], Internal: false, Services: [] };
  assert.deepEqual(rows, [
    { Network: 'netexec-test-far', Key: 'far', ...nothing },
    { Network: 'netexec-test-never-made', Key: 'other', ...nothing },
    { Network: 'neverstarted_plain', Key: 'plain', ...nothing },
  ]);
});

scenario('where there is no project, that must be said, with those that run', { project }, async (s) => {
  const run = await s.netexec(['--list-networks'], { cwd: s.folder });
  assert.match(
    run.stderr,
    new RegExp(`^netexec: no Compose project in ${s.folder} or above\nhint: .*${s.projectName}`),
  );
  assert.deepEqual([run.stdout, run.status], ['', 125]);
  const other = await s.netexec(['-p', 'netexec-test-nobody', '--list-networks'], { cwd: s.folder });
  assert.match(other.stderr, /^netexec: project "netexec-test-nobody" \(--project-name\) has no containers\nhint: /);
  assert.deepEqual([other.stdout, other.status], ['', 125]);
});
