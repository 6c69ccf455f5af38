// Whatever kind of container is entered and whatever way its project was started: it resolves the names it should.
import assert from 'node:assert/strict';
import { mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainContainer, report } from './reports.ts';
import type { NameRow } from './reports.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

const project = 'kinds';
const service = 'image: netexec/busybox:1, pull_policy: never, dns: 127.0.0.1, dns_search: .';

/** The IPv4 addresses that each name has in the target's network. */
async function resolved(
  s: Scenario,
  target: readonly string[],
  names: readonly string[],
  given?: RunOptions,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const script = 'for name in "$@"; do echo "$name" $(getent ahostsv4 "$name" | cut -d" " -f1 | sort -u); done';
  const run = await s.netexec([...target, '--', 'sh', '-c', script, 'sh', ...names], given);
  const said = given?.cwd === s.folder ? `netexec: warning: no project here; using container ${target.join(' ')}` : '';
  assert.deepEqual([run.stderr, run.status], [said, 0]);
  const lines = run.stdout.split('\n').map((line) => line.split(' '));
  return Object.fromEntries(lines.map(([name = '', ...addresses]) => [name, addresses.toSorted()]));
}

const nth = (s: Scenario, name: string, number = 1): string => `${s.projectName}-${name}-${number}`;

async function replicas(s: Scenario, network: string): Promise<readonly string[]> {
  return [await s.address(nth(s, 'web', 1), network), await s.address(nth(s, 'web', 2), network)].toSorted();
}

/** A project made from a folder of the scenario's, gone with the scenario. */
async function bringUp(
  s: Scenario,
  name: string,
  folder: string,
  lines: readonly string[],
  args: readonly string[] = [],
) {
  const cwd = join(s.folder, folder);
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'compose.yaml'), `${lines.join('\n')}\n`);
  // By its name, from where no file is: its folder is gone before its containers are.
  const down = () => s.docker(['compose', '-p', name, 'down', '-v', '-t', '0'], { cwd: '/' });
  await down();
  s.t.after(down);
  // Compose itself stumbles where it stands in a folder whose name is no URL; of one that it is told it makes nothing.
  const place = ['--project-directory', cwd, '-f', join(cwd, 'compose.yaml')];
  await must(s.docker(['compose', ...place, ...args, 'up', '-d', '--wait'], { cwd: '/' }));
  return cwd;
}

scenario('a service in a chain of shared networks must know the names of the first', { project }, async (s) => {
  const network = `${s.projectName}_default`;
  const expected = { web: await replicas(s, network), database: [await s.address('database', network)] };
  const list = await report<NameRow>(s, ['--list-names', 'database']);
  for (const target of ['first', 'second']) {
    await s.subtest(target, async () => {
      const mode = await must(s.docker(['inspect', '--format', '{{.HostConfig.NetworkMode}}', nth(s, target)]));
      assert.match(mode.stdout, /^container:/);
      assert.deepEqual(await resolved(s, [target], ['web', 'database']), expected);
      assert.deepEqual(await report<NameRow>(s, ['--list-names', target]), list);
      const variables = ['NETEXEC_SERVICE', 'NETEXEC_CONTAINER', 'NETEXEC_NETWORKS'];
      const told = await must(s.netexec([target, '--', 'printenv', ...variables]));
      assert.deepEqual(told.stdout.split('\n'), [target, nth(s, target), network]);
    });
  }
});

scenario('plain containers in a chain of shared networks must know the names of the first', { project }, async (s) => {
  const [one, two] = [`${s.projectName}-link-1`, `${s.projectName}-link-2`];
  s.t.after(() => s.docker(['rm', '-f', two, one]));
  for (const [name, owner] of [
    [one, nth(s, 'database')],
    [two, one],
  ] as const) {
    await must(s.docker(['run', '-d', '--name', name, '--network', `container:${owner}`, 'netexec/busybox:1']));
  }
  const database = await s.inspect('database');
  const { stdout: network } = await must(s.netexec([two, '--', 'readlink', '/proc/self/ns/net'], { cwd: s.folder }));
  assert.equal(network, readlinkSync(`/proc/${database.State.Pid}/ns/net`));
  const web = await replicas(s, `${s.projectName}_default`);
  assert.deepEqual(await resolved(s, [two], ['web'], { cwd: s.folder }), { web });
});

scenario('by the engine a container must be entered whatever network it has', { project }, async (s) => {
  const kinds = {
    'of its own': `${s.projectName}_default`,
    none: 'none',
    "the machine's": 'host',
    "another's": `container:${nth(s, 'database')}`,
    "another's, which is another's": `container:${s.projectName}-by-engine-3`,
  };
  const names = Object.keys(kinds).map((_, index) => `${s.projectName}-by-engine-${index}`);
  s.t.after(() => s.docker(['rm', '-f', ...names]));
  for (const [index, [kind, network]] of Object.entries(kinds).entries()) {
    const name = names[index] ?? '';
    await must(s.docker(['run', '-d', '--name', name, '--network', network, 'netexec/busybox:1', 'sleep', '1000']));
    for (const state of ['running', 'paused']) {
      await s.subtest(`${kind}, ${state}`, async () => {
        if (state === 'paused') await must(s.docker(['pause', name]));
        const { State: found } = await s.inspect(name);
        const words = ['--elevate', 'docker', '--container', name, '--', 'readlink', '/proc/self/ns/net'];
        const run = await s.netexec(words, { cwd: s.folder });
        if (state === 'paused') await must(s.docker(['unpause', name]));
        assert.deepEqual([run.stdout, run.status], [readlinkSync(`/proc/${found.Pid}/ns/net`), 0], run.stderr);
      });
    }
  }
});

scenario('each replica must know the others by one name, and itself by its own', { project }, async (s) => {
  const network = `${s.projectName}_default`;
  for (const number of [1, 2]) {
    const own = nth(s, 'web', number);
    const expected = { web: await replicas(s, network), [own]: [await s.address(own, network)] };
    await s.subtest(own, async () => {
      assert.deepEqual(await resolved(s, ['--index', `${number}`, 'web'], ['web', own]), expected);
    });
  }
});

scenario('a service of an included file must be entered, and be known to the others', { project }, async (s) => {
  const network = `${s.projectName}_inner`;
  const included = [await s.address('included', network)];
  const web = await replicas(s, network);
  assert.deepEqual(await resolved(s, ['included'], ['web', 'within']), { web, within: included });
  const names = ['included', 'within', `within.${network}`];
  assert.deepEqual(
    Object.values(await resolved(s, ['web'], names)),
    names.map(() => included),
  );
  // The key of its network stands in the included file alone.
  assert.deepEqual(await resolved(s, ['--network', 'inner', 'web'], ['within']), { within: included });
});

scenario('a one-off must know its neighbours, and answer to its service only if asked to', { project }, async (s) => {
  const network = `${s.projectName}_default`;
  const web = await replicas(s, network);
  const name = `${s.projectName}-once`;
  s.t.after(() => s.docker(['rm', '-f', name]));
  for (const [title, options] of [
    ['without --use-aliases', []],
    ['with --use-aliases', ['--use-aliases']],
  ] as const) {
    await s.subtest(title, async () => {
      await s.docker(['rm', '-f', name]);
      await must(s.compose(['run', '-d', '--name', name, ...options, 'web']));
      const own = [await s.address(name, network)];
      const all = options.length > 0 ? [...web, ...own].toSorted() : web;
      const expected = { database: [await s.address('database', network)], web: all, [name]: own };
      assert.deepEqual(await resolved(s, [name], Object.keys(expected)), expected);
      assert.deepEqual(await resolved(s, ['database'], Object.keys(expected)), expected);
      const rows = await report<NameRow>(s, ['--list-names', 'database']);
      assert.deepEqual(rows.find((row) => row.Name === 'web')?.Address.toSorted(), all);
    });
  }
});

scenario('a container of another project must know the names of its own', { project }, async (s) => {
  const other = 'netexec-test-kinds-other';
  // The same names as here, and its own addresses.
  const lines = [`name: ${other}`, 'services:', `  web: {${service}}`, `  database: {${service}}`];
  await bringUp(s, other, 'other', lines);
  const database = await s.address(`${other}-database-1`, `${other}_default`);
  assert.notEqual(database, await s.address('database', 'default'));
  for (const target of [[`${other}-web-1`], ['--container', `${other}-web-1`], ['-p', other, 'web']]) {
    await s.subtest(target.join(' '), async () => {
      assert.deepEqual(await resolved(s, target, ['database']), { database: [database] });
      const told = await must(s.netexec([...target, '--', 'printenv', 'NETEXEC_PROJECT', 'HOSTALIASES']));
      const [name, file] = told.stdout.split('\n');
      assert.equal(name, other);
      assert.ok(file?.endsWith(`/docker-netexec/${other}/${other}_default.hostaliases`), file);
    });
  }
});

scenario('a project must be found however its folder is called', { project }, async (s) => {
  const pinned = 'netexec-test-kinds-unusual';
  for (const [folder, args, name] of [
    ['NetExec-Test_UPPER.Case', [], 'netexec-test_uppercase'],
    ['-p, $HOME; "quoted" \'and\' ünusual *', ['-p', pinned], pinned],
    ['two\nlines', ['-p', `${pinned}-lines`], `${pinned}-lines`],
  ] as const) {
    await s.subtest(folder, async () => {
      const lines = ['services:', `  web: {${service}}`, `  database: {${service}}`];
      const cwd = await bringUp(s, name, folder, lines, args);
      const database = [await s.address(`${name}-database-1`, `${name}_default`)];
      const names = ['database', `database.${name}_default`];
      const expected = Object.fromEntries(names.map((each) => [each, database]));
      assert.deepEqual(await resolved(s, ['web'], names, { cwd }), expected);
      assert.deepEqual(await resolved(s, ['-p', name, 'web'], names, { cwd: '/' }), expected);
      const rows = await report<NameRow>(s, ['--list-names', 'web'], { cwd });
      assert.deepEqual(rows.find((row) => row.Name === 'database')?.Address, database);
      const aliases = await must(s.netexec(['web', '--', 'printenv', 'HOSTALIASES'], { cwd }));
      assert.ok(aliases.stdout.endsWith(`/docker-netexec/${name}/${name}_default.hostaliases`), aliases.stdout);
    });
  }
});

scenario('services on an external network must know everyone on it', { project }, async (s) => {
  const network = 'netexec-test-kinds-external';
  const guest = 'netexec-test-kinds-guest';
  s.t.after(async () => {
    await s.docker(['rm', '-f', guest, 'netexec-test-kinds-host-web-1']);
    await s.docker(['network', 'rm', network]);
  });
  await must(s.docker(['network', 'create', network]));
  await plainContainer(s, guest, ['--network', network, '--network-alias', 'visitor']);
  const lines = [
    'name: netexec-test-kinds-host',
    'services:',
    `  web: {${service}, networks: [outside]}`,
    `networks: {outside: {external: true, name: ${network}}}`,
  ];
  const cwd = await bringUp(s, 'netexec-test-kinds-host', 'external', lines);
  const [visitor, web] = [await s.address(guest, network), await s.address('netexec-test-kinds-host-web-1', network)];
  const expected = { visitor: [visitor], [guest]: [visitor], web: [web], [`visitor.${network}`]: [visitor] };
  assert.deepEqual(await resolved(s, ['web'], Object.keys(expected), { cwd }), expected);
  assert.deepEqual(await resolved(s, [guest], Object.keys(expected), { cwd: s.folder }), expected);
  assert.deepEqual(await resolved(s, ['--network', 'outside', 'web'], ['visitor'], { cwd }), { visitor: [visitor] });
});
