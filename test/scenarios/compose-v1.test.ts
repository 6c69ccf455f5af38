// A project that the first Compose made, docker-compose 1.29 of Debian 12: other names of containers, fewer labels.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownMachine } from './machine.ts';
import { report } from './reports.ts';
import type { NameRow, NetworkRow } from './reports.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

const project = 'command';
const name = 'netexec-test-first';

const composeFile = `
version: '3.3'
services:
  web: {image: 'netexec/busybox:1', networks: [back, default]}
  database: {image: 'netexec/busybox:1', networks: {back: {aliases: [store]}}}
networks: {back: {internal: true}}
`;

const removeProject = `
  docker ps -aq --filter "$1" | xargs -r docker rm -f
  docker network ls -q --filter "$1" | xargs -r docker network rm
`;

/** @returns the options of a step in the project's folder; the project goes with the scenario */
async function bringUp(s: Scenario): Promise<RunOptions> {
  const cwd = join(s.folder, name);
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'docker-compose.yml'), composeFile);
  const layer = join(tmpdir(), 'docker-netexec-test-hosts/compose-of-bookworm');
  const unpack = [join(import.meta.dirname, 'unpacked'), '--whole', layer, 'bookworm', 'docker-compose'];
  const { stdout: files } = await must(s.run(unpack, { timeout: 600_000 }));
  const machine = await ownMachine(s);
  await must(s.run(machine.inside(['mount', '-t', 'overlay', '-o', `lowerdir=${files}:/usr`, 'machine', '/usr'])));
  const compose = (...words: readonly string[]) =>
    s.run(
      machine.inside(['docker-compose', '--project-directory', cwd, '-f', join(cwd, 'docker-compose.yml'), ...words]),
      {
        timeout: 600_000,
      },
    );
  // By the engine: the machine is gone before what comes after the scenario.
  const down = () => s.run(['sh', '-c', removeProject, 'sh', `label=com.docker.compose.project=${name}`]);
  await down();
  s.t.after(down);
  await must(compose('up', '-d', '--scale', 'web=2'));
  assert.match((await must(compose('version', '--short'))).stdout, /^1\./);
  return { cwd };
}

scenario('a project of the first Compose must be found, and its names be known', { project }, async (s) => {
  const options = await bringUp(s);
  const [store = ''] = await addresses(s, `${name}_database_1`);
  assert.match(store, /^\d+\.\d+\.\d+\.\d+$/);
  for (const words of [['web'], ['--index', '2', 'web'], ['-p', name, 'web'], [`${name}_web_1`]]) {
    await s.subtest(words.join(' '), async () => {
      const run = await must(s.netexec([...words, '--', 'getent', 'ahostsv4', 'store'], options));
      assert.equal(run.stdout.split(' ', 1)[0], store);
    });
  }
  const { stdout: index } = await must(
    s.netexec(['--index', '2', 'web', '--', 'printenv', 'NETEXEC_CONTAINER'], options),
  );
  assert.equal(index, `${name}_web_2`);
  const networks = await report<NetworkRow>(s, ['--list-networks'], options);
  assert.deepEqual(
    networks.map(({ Key: key, Internal: internal, Services: services }) => [key, internal, services]),
    [
      ['back', true, ['database', 'web']],
      ['default', false, ['web']],
    ],
  );
  const rows = await report<NameRow>(s, ['--list-names', 'web'], options);
  assert.deepEqual(rows.find(({ Name: each }) => each === 'store')?.Address, [store]);
});

async function addresses(s: Scenario, container: string): Promise<readonly string[]> {
  const networks = Object.values((await s.inspect(container)).NetworkSettings.Networks);
  return networks.map(({ IPAddress: address }) => address);
}
