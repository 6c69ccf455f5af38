// Which container is entered: by service, replica or name, found from wherever, in whatever network it is.
import assert from 'node:assert/strict';
import { readlinkSync } from 'node:fs';
import { must, scenario } from './scenario.ts';
import type { Run, RunOptions, Scenario } from './scenario.ts';

const project = 'targets';
const report = ['sh', '-c', 'echo "$NETEXEC_CONTAINER"; readlink /proc/self/ns/net'];
const ownNetwork = readlinkSync('/proc/self/ns/net');

/** Runs a program with these words in front, and checks that it was in that container's network. */
async function mustEnter(
  s: Scenario,
  words: readonly string[],
  container: string,
  options?: RunOptions,
): Promise<void> {
  const { stdout: pid } = await must(s.docker(['inspect', '--format', '{{.State.Pid}}', container]));
  const run = await s.netexec([...words, '--', ...report], options);
  const network = readlinkSync(`/proc/${pid}/ns/net`);
  // In no project it is said what the word was taken for.
  const alone = options?.cwd === s.folder && !words.includes('--container');
  const said = alone ? `netexec: warning: no project here; using container ${container}` : '';
  assert.deepEqual([run.stdout, run.stderr, run.status], [`${container}\n${network}`, said, 0]);
}

/** A run that must be refused for a reason, in which these words stand; nothing else is printed. */
function assertRefused(run: Run, ...reasons: readonly RegExp[]): void {
  assert.deepEqual([run.status, run.stdout], [125, ''], run.stderr);
  assert.match(run.stderr, /^netexec: /);
  for (const reason of reasons) assert.match(run.stderr, reason);
}

/** A container beside those of the project, gone with the scenario. */
async function beside(s: Scenario, name: string, start: readonly string[]): Promise<string> {
  await s.docker(['rm', '-f', name]);
  s.t.after(() => s.docker(['rm', '-f', name]));
  await must(s.docker(start));
  return name;
}

const nth = (s: Scenario, service: string, number = 1): string => `${s.projectName}-${service}-${number}`;

scenario('the lowest replica must be entered, or the one of --index', { project }, async (s) => {
  await mustEnter(s, ['web'], nth(s, 'web', 1));
  await mustEnter(s, ['--index', '2', 'web'], nth(s, 'web', 2));
  await mustEnter(s, ['--index=3', 'web'], nth(s, 'web', 3));
  assertRefused(await s.netexec(['--index', '4', 'web', '--', 'true']), /\b4\b/, /1, 2/);
});

scenario('the next replica must be entered when the first is stopped', { project }, async (s) => {
  s.t.after(() => s.docker(['start', nth(s, 'web', 1)]));
  await must(s.docker(['stop', '-t', '0', nth(s, 'web', 1)]));
  await mustEnter(s, ['web'], nth(s, 'web', 2));
  assertRefused(await s.netexec(['--index', '1', 'web', '--', 'true']), /\b1\b/);
  assertRefused(await s.netexec(['--container', nth(s, 'web', 1), '--', 'true']), /exited/);
});

scenario('a recreated and a restarted container must be entered anew', { project }, async (s) => {
  const before = await s.inspect('alone');
  await must(s.docker(['restart', '-t', '0', nth(s, 'alone')]));
  assert.notEqual((await s.inspect('alone')).State.Pid, before.State.Pid);
  await mustEnter(s, ['alone'], nth(s, 'alone'));
  // Those that share its network are joined to the one that is gone.
  await must(s.docker(['restart', '-t', '0', nth(s, 'sidecar'), nth(s, 'companion')]));
  await must(s.compose(['up', '-d', '--wait', '--force-recreate', '--no-deps', 'cut-off']));
  await mustEnter(s, ['cut-off'], nth(s, 'cut-off'));
});

scenario('a container must be entered by its name or id', { project }, async (s) => {
  const name = nth(s, 'web', 2);
  const { Id: id } = await s.inspect(name);
  const elsewhere = { cwd: s.folder };
  for (const word of [name, id, id.slice(0, 12), id.slice(0, 20)]) {
    await s.subtest(`--container ${word}`, () => mustEnter(s, ['--container', word], name));
    await s.subtest(`${word}, in no project`, () => mustEnter(s, [word], name, elsewhere));
    await s.subtest(`${word}, no service of the project`, () => mustEnter(s, [word], name));
  }
  // The beginning of an id may be a slip of the fingers: it is taken where it cannot be one, or with --container.
  for (const word of [id.slice(0, 1), id.slice(0, 2), id.slice(0, 11)]) {
    await s.subtest(`${word}, in no project`, async () => {
      assertRefused(await s.netexec([word, '--', 'true'], elsewhere), /no Compose project/, /no container is named/);
      assertRefused(await s.netexec(['--list-names', word], elsewhere), /no Compose project/);
      assertRefused(await s.netexec(['--check', word, 'web:80'], elsewhere), /no Compose project/);
    });
    await s.subtest(`${word}, no service of the project`, async () => {
      assertRefused(await s.netexec([word, '--', 'true']), new RegExp(`no service "${word}"`));
    });
  }
  await mustEnter(s, ['--container', id.slice(0, 11)], name);
  // Sixteen letters and a project of seven containers and more: some begin alike, and the engine says so in its own way.
  const { stdout: ids } = await must(s.docker(['ps', '-aq', '--no-trunc']));
  const first = ids.split('\n').map((each) => each[0] ?? '');
  const shared = first.find((letter, index) => first.indexOf(letter) !== index);
  if (shared !== undefined)
    assertRefused(await s.netexec(['--container', shared, '--', 'true']), /more than one container id/);
  // To --container a service's name is nothing.
  assertRefused(await s.netexec(['--container', 'web', '--', 'true']), /\bweb\b/);
  assertRefused(await s.netexec(['web', '--', 'true'], elsewhere), /\bweb\b/);
});

scenario('a service must win over a container of the same name', { project }, async (s) => {
  const namesake = 'netexec-test-namesake';
  await beside(s, namesake, ['run', '-d', '--network', 'none', '--name', namesake, 'netexec/busybox:1']);
  await mustEnter(s, [namesake], nth(s, namesake));
  await mustEnter(s, [namesake], namesake, { cwd: s.folder });
  await mustEnter(s, ['--container', namesake], namesake);
});

scenario("the network must be the container's own kind", { project }, async (s) => {
  const alone = readlinkSync(`/proc/${(await s.inspect('alone')).State.Pid}/ns/net`);
  for (const [service, network] of [
    ['sidecar', alone],
    ['companion', alone],
    ['on-host', ownNetwork],
    ['cut-off', undefined],
  ] as const) {
    await s.subtest(service, async () => {
      await mustEnter(s, [service], nth(s, service));
      const { stdout } = await must(s.netexec([service, '--', 'readlink', '/proc/self/ns/net']));
      if (network === undefined) assert.ok(stdout !== ownNetwork && stdout !== alone);
      else assert.equal(stdout, network);
    });
  }
  const names = await must(s.netexec(['sidecar', '--', 'getent', 'ahostsv4', 'web']));
  assert.ok(names.stdout.includes(await s.address('web', 'default')), names.stdout);
  const devices = await must(s.netexec(['cut-off', '--', 'cat', '/proc/net/dev']));
  assert.doesNotMatch(devices.stdout, /eth0/);
});

scenario('a container of the default bridge must be entered, and know its own name', { project }, async (s) => {
  const options = ['--name', 'netexec-test-plain', '--add-host', 'legacy:192.0.2.10'];
  const name = await beside(s, 'netexec-test-plain', ['run', '-d', ...options, 'netexec/busybox:1']);
  await mustEnter(s, [name], name);
  const { Config: config } = await s.inspect(name);
  const own = await must(s.netexec([name, '--', 'getent', 'ahostsv4', config.Hostname]));
  assert.ok(own.stdout.startsWith(`${await s.address(name, 'bridge')} `), own.stdout);
  const legacy = await must(s.netexec([name, '--', 'getent', 'ahostsv4', 'legacy']));
  assert.ok(legacy.stdout.startsWith('192.0.2.10 '), legacy.stdout);
});

scenario('a paused container must be entered: its network is there', { project }, async (s) => {
  s.t.after(() => s.docker(['unpause', nth(s, 'web', 3)]));
  await must(s.docker(['pause', nth(s, 'web', 3)]));
  await mustEnter(s, ['--index', '3', 'web'], nth(s, 'web', 3));
});

scenario('a one-off must be entered when nothing else of the service runs', { project }, async (s) => {
  const once = (service: string, name: string): Promise<string> =>
    beside(s, name, ['compose', 'run', '-d', '--name', name, service]);
  const occasional = await once('occasional', 'netexec-test-occasional');
  await mustEnter(s, ['occasional'], occasional);
  const web = await once('web', 'netexec-test-once');
  await mustEnter(s, ['web'], nth(s, 'web', 1));
  await mustEnter(s, [web], web);
});

scenario('a container that has ended must be refused with its state', { project }, async (s) => {
  assertRefused(await s.netexec(['occasional', '--', 'true']), /occasional/);
  const options = ['--name', 'netexec-test-ended', '--network', 'none'];
  const ended = await beside(s, 'netexec-test-ended', ['run', ...options, 'netexec/busybox:1', 'true']);
  assertRefused(await s.netexec([ended, '--', 'true']), /exited/);
});
