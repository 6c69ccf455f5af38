// --on: COMMAND runs on networks of the project, in a place that is nobody's, and of which nothing stays.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { everyCaller, useCallers } from './callers.ts';
import type { Caller } from './callers.ts';
import { descendantsOf, isAlive, isNetexec, processNumbered, processesOfGroup, startAlone } from './command-process.ts';
import { openTerminal } from './command-terminal.ts';
import { begin } from './forwarded.ts';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

const project = 'ways';
const callers = useCallers(project);

/** The containers that netexec has had made, on these networks. */
async function places(s: Scenario, network: string, options?: RunOptions): Promise<string> {
  const filters = ['--filter', `network=${network}`, '--filter', 'label=docker-netexec.supervisor'];
  return (await must(s.run(['docker', 'ps', '-aq', '--no-trunc', ...filters], options))).stdout;
}

const ofCaller = (s: Scenario, caller: Caller): Promise<string> =>
  places(s, `${s.projectName}_backend`, callers.step(s, caller));

everyCaller('COMMAND must find the services of a network, and nothing stay', { project }, async (s, caller) => {
  const options = callers.step(s, caller);
  const script = 'getent hosts web; id -u; pwd; exit 7';
  const run = await s.netexec(['--on', 'backend', '--', 'sh', '-c', script], options);
  assert.equal(run.stderr, '');
  const [web = '', ...own] = run.stdout.split('\n');
  assert.match(web, /^[\d.]+\s+web\b/);
  const alone = await must(s.run(['sh', '-c', 'id -u; pwd'], options));
  assert.deepEqual([own.join('\n'), run.status], [alone.stdout, 7]);
  assert.equal(await ofCaller(s, caller), '');
});

everyCaller('others must reach what listens there, and by kill -9 all of it go', { project }, async (s, caller) => {
  const options = callers.step(s, caller);
  writeFileSync(join(s.folder, 'page'), 'from here');
  const serve = ['/usr/bin/python3', '-u', '-m', 'http.server', '--directory', s.folder, '8321'];
  const line = `echo $$; ip -4 -o address show eth0; exec ${serve.join(' ')}`;
  const started = await startAlone(s, ['docker', 'netexec', '--on', 'all', '--', 'sh', '-c', line], options);
  await started.says('Serving');
  const address = /inet ([\d.]+)/.exec(started.stdout())?.[1];
  const get = ['exec', '-T', 'web', 'wget', '-qO-', `http://${address}:8321/page`];
  assert.equal((await must(s.compose(get, options))).stdout, 'from here');
  assert.notEqual(await ofCaller(s, caller), '');
  const command = processNumbered(Number.parseInt(started.stdout(), 10));
  const netexec = descendantsOf(started.pid).find(isNetexec);
  process.kill(netexec?.pid ?? 0, 'SIGKILL');
  await s.eventually(async () => assert.equal(await ofCaller(s, caller), ''));
  await s.eventually(() => assert.deepEqual([processesOfGroup(started.pid), isAlive(command)], [[], false]));
});

const own = `services:
  web:
    image: netexec/busybox:1
    pull_policy: never
    dns: 127.0.0.1
    stop_grace_period: 0s
    networks:
      backend: { aliases: [www] }
      named:
  db:
    image: netexec/servers:1
    pull_policy: never
    dns: 127.0.0.1
    command: [serve-http, '5432']
    stop_grace_period: 0s
    networks: [backend]
networks:
  backend: { internal: true }
  named: { name: netexec-test-on-shared }
  unused:
`;
const name = 'netexec-test-on';

scenario(
  'on each of the networks that are named, names must be as a container there has them',
  { project },
  async (s) => {
    const options = await bringUp(s, name, own);
    const lookUp = 'for each; do getent hosts $each >/dev/null && echo $each; done';
    const all = ['db', 'www', 'web', 'netexec-test-on-web-1'];
    for (const [networks, names, at] of [
      ['backend', all, `${name}_backend`],
      [`${name}_backend`, all, `${name}_backend`],
      ['named', ['web', 'netexec-test-on-web-1'], `${name}-shared`],
      [`named,${name}_backend`, all, `${name}-shared,${name}_backend`],
      ['all', all, `${name}-shared,${name}_backend`],
    ] as const) {
      await s.subtest(networks, async () => {
        const script = `${lookUp}; echo "$NETEXEC_PROJECT $NETEXEC_NETWORKS $NETEXEC_SERVICE$NETEXEC_CONTAINER"`;
        const run = await must(s.netexec(['--on', networks, '--', 'sh', '-c', script, 'sh', ...names], options));
        const [told = '', ...resolved] = run.stdout.split('\n').toReversed();
        const [of = '', joined = ''] = told.split(' ');
        const sorted = joined.split(',').toSorted().join(',');
        assert.deepEqual([resolved.toReversed(), of, sorted, told.trim()], [names, name, at, `${of} ${joined}`]);
      });
    }
    await s.subtest('and be gone when the project goes right after', async () => {
      await must(s.netexec(['--on', 'all', '--', 'true'], options));
      const down = await must(s.compose(['down', '-t', '0'], options));
      assert.doesNotMatch(down.stderr, /in use|active endpoints/);
    });
  },
);

scenario('what cannot be must be said, and no container join its networks', { project }, async (s) => {
  const options = await bringUp(s, name, own);
  // Of these networks alone: other tests have netexec make containers meanwhile.
  const joined = [`${name}_backend`, 'netexec-test-on-shared'].flatMap((each) => ['--filter', `network=${each}`]);
  const filters = ['--filter', 'type=network', '--filter', 'event=connect', ...joined];
  const since = ['docker', 'events', ...filters, '--since', String(Date.now() / 1000)];
  for (const [words, said] of [
    [['--on', 'cash', '--', 'true'], `project ${name} has no network "cash"; networks: named, backend, unused`],
    [
      ['--on', 'unused', '--', 'true'],
      `network "${name}_unused" of project "${name}" is declared but has not been created yet`,
    ],
    [['--on', 'backend', 'web', '--', 'true'], 'with --on there is no SERVICE, and COMMAND needs -- before it: "web"'],
    [['--on', '', '--', 'true'], 'invalid value "" for --on: expected NETWORK[,NETWORK...], or all'],
    [['--on', 'backend', '--pid', '--', 'true'], '--on and --pid cannot be used together'],
    [
      ['-p', 'netexec-test-none', '-f', '/dev/null', '--on', 'all', '--', 'true'],
      'project "netexec-test-none" (--project-name) has no containers',
    ],
  ] as const) {
    await s.subtest(words.join(' '), async () => {
      const run = await s.netexec(words, options);
      assert.deepEqual([run.status, run.stdout, run.stderr.split('\n')[0]], [125, '', `netexec: ${said}`]);
    });
  }
  const planned = await must(s.netexec(['--on', 'backend,named', '--dry-run', '--', 'true'], options));
  assert.match(
    planned.stdout,
    /^container +a helper container on netexec-test-on_backend, netexec-test-on-shared {2}# --on$/m,
  );
  const made = await must(s.run([...since, '--until', String(Date.now() / 1000)]));
  assert.equal(made.stdout, '');
});

scenario('a COMMAND that cannot start must leave nothing', { project }, async (s) => {
  const run = await s.netexec(['--on', 'backend', '--', './no-such-program']);
  assert.equal(run.status, 127);
  assert.equal(await places(s, `${s.projectName}_backend`), '');
});

scenario('a place that is taken away must be told of', { project }, async (s) => {
  const started = await s.start(['docker', 'netexec', '--on', 'backend', '--', 'sh', '-c', 'echo up; read -r _']);
  await started.says('up');
  // It listens to the engine by then, or is told of what was before.
  await must(s.run(['docker', 'rm', '-f', await places(s, `${s.projectName}_backend`)]));
  await s.eventually(() => assert.match(started.stderr(), /exited.*: COMMAND continues without one$/m));
  started.write('\n');
  assert.equal((await started.ended).status, 0);
});

scenario('a shell must open there, and say where', { project }, async (s) => {
  const terminal = await openTerminal(s, {});
  await terminal.type('docker netexec --on backend');
  await terminal.shows(/^netexec-test-ways · backend$/m, 60);
  await terminal.type('getent hosts web; exit 5');
  await terminal.shows(/^[\d.]+ +web\b/m);
  await terminal.atPrompt();
  assert.equal(await terminal.status(), 5);
});

scenario('a port must lead to a name there, without a service', { project }, async (s) => {
  const options = await bringUp(s, name, own);
  const { started, ports } = await begin(s, ['--on', 'backend', '--forward', '0:db:5432'], options);
  assert.match(started.stderr(), /^127\.0\.0\.1:\d+ → db:5432$/m);
  await must(s.run(['curl', '-sSf', `http://127.0.0.1:${ports[0]}/`]));
  started.kill('SIGTERM');
  assert.equal((await started.ended).status, 143);
  await s.eventually(async () => assert.equal(await places(s, `${name}_backend`), ''));
});

scenario("what is forwarded must reach COMMAND's own server", { project }, async (s) => {
  const file = join(s.folder, 'page');
  writeFileSync(file, 'from here');
  const serve = ['/usr/bin/python3', '-u', '-m', 'http.server', '--directory', s.folder, '8321'];
  const { started, ports } = await begin(s, ['--on', 'backend', '--forward', '0:8321', '--', ...serve]);
  assert.match(started.stderr(), /→ localhost:8321 in backend$/m);
  await started.says('Serving');
  assert.equal((await must(s.run(['curl', '-sSf', `http://127.0.0.1:${ports[0]}/page`]))).stdout, 'from here');
  started.kill('SIGTERM');
  await started.ended;
});

scenario('a TAB must offer the networks, and all of them', { project }, async (s) => {
  const { stdout } = await must(s.docker(['__completeNoDesc', 'netexec', '--on', '']));
  assert.match(stdout, /^backend\b.*\nall\b/m);
});
