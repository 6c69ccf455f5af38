// HOSTALIASES files: where they are, what is in them, and that glibc programs resolve through them what they resolve without.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOutside } from './outside-dns.ts';
import { plainContainer, report } from './reports.ts';
import type { FileRow, NameRow } from './reports.ts';
import { must, scenario } from './scenario.ts';
import type { Run, Scenario } from './scenario.ts';

const project = 'pin';
const rightName = 'netexec-test-pinned-by-name';
const dotted = 'netexec: warning: glibc does not accept the alias "dotted.peer": leaving it out of the files';

type Env = Readonly<Record<string, string>>;

/** A runtime folder of the scenario's own, and the environment that names it. */
function runtime(s: Scenario): { readonly folder: string; readonly env: Env } {
  const XDG_RUNTIME_DIR = join(s.folder, 'runtime');
  mkdirSync(XDG_RUNTIME_DIR, { mode: 0o700 });
  return { folder: join(XDG_RUNTIME_DIR, 'docker-netexec'), env: { XDG_RUNTIME_DIR } };
}

const mode = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

/** The lines that are no comments, each as its two words. */
const aliases = (text: string): readonly string[][] =>
  text.split('\n').flatMap((line) => (line === '' || line.startsWith('#') ? [] : [line.split(' ')]));

/** The address that getent printed, and the name under which it was found. */
const found = (run: Run): readonly (string | undefined)[] => {
  const [address, , name] = run.stdout.split('\n', 1)[0]?.split(/\s+/) ?? [];
  return [address, name];
};

const getent = (name: string): readonly string[] => ['getent', 'ahostsv4', name];

scenario('--hostaliases must write a private file a network, and list them', { project }, async (s) => {
  const { folder, env } = runtime(s);
  const [rows, names] = await Promise.all([
    report<FileRow>(s, ['--hostaliases'], { env }, dotted),
    report<NameRow>(s, ['--list-names']),
  ]);
  const networks = [`${s.projectName}_elsewhere`, `${s.projectName}_left`, rightName];
  const ofProject = join(folder, s.projectName);
  assert.deepEqual(
    rows.map(({ Network: network, File: file }) => [network, file]),
    networks.map((network) => [network, join(ofProject, `${network}.hostaliases`)]),
  );
  assert.deepEqual(
    readdirSync(ofProject).toSorted(),
    networks.map((network) => `${network}.hostaliases`),
  );
  for (const each of [folder, ofProject]) assert.equal(mode(each), '700', each);
  for (const { Network: network, File: file, Names: listed } of rows) {
    await s.subtest(network, () => {
      assert.equal(mode(file), '600');
      const here = names.filter((each) => each.Network === network).map(({ Name: name }) => name);
      const dotless = here.filter((name) => !name.includes('.'));
      assert.equal(here.length - dotless.length, network.endsWith('_left') ? 1 : 0, 'one alias has a dot');
      assert.deepEqual(listed, dotless);
      const text = readFileSync(file, 'utf8');
      assert.deepEqual(
        aliases(text),
        dotless.map((name) => [name, `${name}.${network}`]),
      );
      assert.match(text, /^# docker netexec/);
      assert.ok(text.includes(` ${network} `), 'it tells which network it is for');
    });
  }
});

scenario('--hostaliases NETWORK must print the file of that network', { project }, async (s) => {
  const { folder, env } = runtime(s);
  for (const [network, file] of [
    ['left', `${s.projectName}_left`],
    [`${s.projectName}_left`, `${s.projectName}_left`],
    ['right', rightName],
    [rightName, rightName],
  ] as const) {
    await s.subtest(network, async () => {
      const run = await must(s.netexec(['--hostaliases', network], { env }));
      const path = join(folder, s.projectName, `${file}.hostaliases`);
      assert.deepEqual([`${run.stdout}\n`, run.stderr], [readFileSync(path, 'utf8'), dotted]);
      assert.ok(aliases(run.stdout).some(([, target]) => target === `peer.${file}`));
    });
  }
});

scenario('what cannot be reported must leave no file', { project }, async (s) => {
  const { folder, env } = runtime(s);
  const nobody = join(s.folder, 'compose.yaml');
  writeFileSync(nobody, 'services: {one: {image: none, network_mode: none}}');
  for (const [args, problem] of [
    [['--format', '{{.File', '--hostaliases'], /^netexec: invalid --format "\{\{\.File": character \d+: /],
    [['--format', '{{.Address}}', '--hostaliases'], /^netexec: invalid --format ".*": character 3: .*Address/],
    [['--hostaliases', 'nosuch'], /^netexec: project "?\S+"? has no network "nosuch"; networks: elsewhere, left, /],
    [['--resolver', 'hostaliases', '--provider', 'no domain', '--hostaliases'], /^netexec: .*"no domain".* domain/],
    [['-p', 'netexec-test-nobody', '-f', nobody, '--hostaliases'], /^netexec: .*"netexec-test-nobody"/],
  ] as const) {
    await s.subtest(args.join(' '), async () => {
      const run = await s.netexec(args, { env });
      assert.match(run.stderr, problem);
      assert.deepEqual([run.stdout, run.status, existsSync(folder)], ['', 125, false]);
    });
  }
  await must(s.netexec(['--dry-run', 'web', '--', 'true'], { env }));
  assert.equal(existsSync(folder), false);
});

scenario('a run must write the files of its networks, and glibc must resolve by them', { project }, async (s) => {
  const { folder, env } = runtime(s);
  const left = `${s.projectName}_left`;
  const file = join(folder, s.projectName, `${left}.hostaliases`);
  const west = await s.address('west', 'left');
  const run = await s.netexec(['west', '--', 'sh', '-c', 'echo "$HOSTALIASES"; getent ahostsv4 west'], { env });
  assert.equal(run.stdout.split('\n')[0], file, run.stderr);
  assert.deepEqual(found({ ...run, stdout: run.stdout.split('\n').slice(1).join('\n') }), [west, `west.${left}`]);
  assert.deepEqual([mode(folder), mode(join(folder, s.projectName)), mode(file)], ['700', '700', '600']);
  // Without the file it is the engine's DNS that answers for the name as it stands.
  const without = await s.netexec(['-e', 'HOSTALIASES=', 'west', '--', ...getent('west')], { env });
  assert.deepEqual(found(without), [west, 'west']);
});

scenario('a run on several networks must have a file for all of them', { project }, async (s) => {
  const { folder, env } = runtime(s);
  const run = await must(s.netexec(['web', '--', 'printenv', 'HOSTALIASES'], { env }));
  assert.equal(run.stdout, join(folder, s.projectName, `${s.projectName}-web-1.joined.hostaliases`));
  assert.equal(mode(run.stdout), '600');
  assert.deepEqual(readdirSync(join(folder, s.projectName)).toSorted(), [
    `${s.projectName}-web-1.joined.hostaliases`,
    `${s.projectName}_left.hostaliases`,
    `${rightName}.hostaliases`,
  ]);
});

/** What getent says of each name; the order of a name's addresses is the engine's whim. */
async function meanings(
  s: Scenario,
  options: readonly string[],
  names: readonly string[],
  env: Env,
): Promise<string[]> {
  const script = 'for name in "$@"; do echo "$name:" $(getent ahostsv4 "$name" | cut -d" " -f1 | sort -u); done';
  const run = await must(s.netexec([...options, 'web', '--', 'sh', '-c', script, 'sh', ...names], { env }));
  return run.stdout.split('\n');
}

scenario('HOSTALIASES must not change what a name means', { project }, async (s) => {
  await startOutside(s, 'web');
  const { env } = runtime(s);
  const compare = async (title: string, names: readonly string[], options: readonly string[] = []): Promise<void> => {
    const without = await meanings(s, [...options, '-e', 'HOSTALIASES='], names, env);
    const withFile = await meanings(s, options, names, env);
    for (const [index, name] of names.entries()) {
      await s.subtest(`${title}: ${name}`, () => {
        assert.match(without[index] ?? '', /: \d/);
        assert.equal(withFile[index], without[index]);
      });
    }
  };
  const { Config: west } = await s.inspect('west');
  // Not "twin", a service on one network and an alias on the other, which the list does not tell: see docs/reference.md.
  const names = ['west', 'east', 'peer', '2peers', 'web', 'dotted.peer', west.Hostname];
  await compare('what the list tells', names);
  // Then the files have the aliases too; a container that had one of them moves to the other network.
  const mover = `${s.projectName}-mover`;
  await plainContainer(s, mover, ['--network', `${s.projectName}_left`, '--network-alias', 'nomad']);
  await must(s.netexec(['--hostaliases'], { env }));
  await compare('all that is known', [...names, 'nomad', mover]);
  await must(s.docker(['rm', '-f', mover]));
  await plainContainer(s, mover, ['--network', rightName, '--network-alias', 'nomad']);
  await compare('what was known once', [...names, 'nomad', mover]);
  await compare('what the pinned network has lost', ['nomad', mover], ['--network', 'left']);
});

scenario('an alias that a run cannot know must stay in the file that has it', { project }, async (s) => {
  const { env } = runtime(s);
  const west = await s.address('west', 'left');
  await must(s.netexec(['--hostaliases'], { env }));
  const run = await s.netexec(['west', '--', ...getent('2peers')], { env });
  assert.deepEqual(found(run), [west, `2peers.${s.projectName}_left`]);
});

scenario('without XDG_RUNTIME_DIR the files must be in the state folder', { project }, async (s) => {
  const state = join(s.folder, 'state');
  const home = join(s.folder, 'home');
  for (const [env, folder] of [
    [{}, join(home, '.local/state')],
    [{ XDG_RUNTIME_DIR: '' }, join(home, '.local/state')],
    [{ XDG_STATE_HOME: state }, state],
    // Of folders that are not absolute the specification says that they are to be ignored.
    [{ XDG_RUNTIME_DIR: 'runtime', XDG_STATE_HOME: state }, state],
  ] as const) {
    await s.subtest(JSON.stringify(env), async () => {
      const run = await must(s.netexec(['west', '--', 'printenv', 'HOSTALIASES'], { env, cwd: s.projectFolder }));
      s.t.after(() => s.run(['rm', '-rf', join(s.projectFolder, 'runtime')]));
      assert.equal(run.stdout, join(folder, `docker-netexec/${s.projectName}/${s.projectName}_left.hostaliases`));
      assert.deepEqual([mode(run.stdout), mode(join(folder, 'docker-netexec'))], ['600', '700']);
      const [row] = await report<FileRow>(s, ['--hostaliases'], { env }, dotted);
      assert.ok(row?.File.startsWith(join(folder, 'docker-netexec/')), row?.File);
    });
  }
});

scenario('where there are no names of networks, HOSTALIASES must not be set', { project }, async (s) => {
  const { folder, env } = runtime(s);
  for (const networkMode of ['host', 'none', 'bridge']) {
    await s.subtest(networkMode, async () => {
      const name = `${s.projectName}-${networkMode}`;
      s.t.after(() => s.docker(['rm', '-f', name]));
      await must(s.docker(['run', '-d', '--name', name, '--network', networkMode, 'netexec/busybox:1']));
      const run = await s.netexec([name, '--', 'printenv', 'HOSTALIASES'], { env });
      assert.deepEqual([run.stdout, run.stderr, run.status, existsSync(folder)], ['', '', 1, false]);
    });
  }
  await s.subtest('--resolver host', async () => {
    const run = await s.netexec(['--resolver', 'host', 'web', '--', 'printenv', 'HOSTALIASES'], { env });
    assert.deepEqual([run.stdout, run.stderr, run.status, existsSync(folder)], ['', '', 1, false]);
  });
  await s.subtest('a container of no project', async () => {
    const name = `${s.projectName}-plain`;
    await plainContainer(s, name, ['--network', rightName]);
    const run = await must(s.netexec([name, '--', 'printenv', 'HOSTALIASES'], { env }));
    assert.equal(run.stdout, join(folder, '-', `${rightName}.hostaliases`));
  });
});
