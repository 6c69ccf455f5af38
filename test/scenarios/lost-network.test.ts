// A container that shares another's network is left with lo alone when the other starts anew: said before COMMAND, and by the reports.
import assert from 'node:assert/strict';
import { check, mustFind } from './checks.ts';
import { begin, end } from './forwarded.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'sharers';
const nth = (s: Scenario, service: string): string => `${s.projectName}-${service}-1`;
const interfaces = ['sh', '-c', 'echo $(ls /proc/sys/net/ipv4/conf) $NETEXEC_NETWORKS'];

/** What is said, and what is typed to have it right again. */
interface Loss {
  readonly title: string;
  readonly service: string;
  readonly lose: (s: Scenario) => Promise<unknown>;
  readonly said: RegExp;
  readonly cure: string;
}

const recreate = (s: Scenario) => s.compose(['up', '-d', '--force-recreate', '--no-deps', 'vpn']);
const compose = 'docker compose -p netexec-test-sharers';

const losses: readonly Loss[] = [
  {
    title: 'was restarted',
    service: 'app',
    lose: (s) => s.docker(['restart', nth(s, 'vpn')]),
    said: /app shares vpn's network, and vpn has restarted since: restart app/,
    cure: `${compose} restart app`,
  },
  {
    title: 'was restarted, at the end of a chain',
    service: 'tail',
    lose: (s) => s.docker(['restart', nth(s, 'vpn')]),
    said: /tail shares vpn's network, and vpn has restarted since: restart app and tail/,
    cure: `${compose} restart app tail`,
  },
  {
    title: 'was restarted, and the one in between, too',
    service: 'tail',
    lose: (s) => s.docker(['restart', nth(s, 'vpn'), nth(s, 'app')]),
    said: /tail shares vpn's network, and vpn has restarted since: restart tail/,
    cure: `${compose} restart tail`,
  },
  {
    title: 'is stopped',
    service: 'app',
    lose: (s) => s.docker(['stop', nth(s, 'vpn')]),
    said: /app shares vpn's network, and vpn has exited: start vpn, then restart app/,
    cure: `${compose} restart vpn app`,
  },
  {
    title: 'was recreated',
    service: 'app',
    lose: recreate,
    said: /app shares the network of a removed container: recreate app/,
    cure: `${compose} up -d app`,
  },
];

for (const { title, service, lose, said, cure } of losses) {
  scenario(`where the owner of a shared network ${title}, that must be said with the cure`, { project }, async (s) => {
    s.t.after(() => s.compose(['up', '-d', '--force-recreate']));
    await must(s.compose(['up', '-d', '--force-recreate']));
    const whole = await must(s.netexec([service, '--', ...interfaces]));
    assert.match(whole.stdout, /\beth0 lo netexec-test-sharers_default$/);
    assert.equal(whole.stderr, '');
    await lose(s);

    const run = await s.netexec([service, '--', ...interfaces]);
    // COMMAND runs all the same: what there is left it may want.
    assert.deepEqual([run.stdout, run.status], ['all default lo', 0]);
    assert.match(run.stderr, new RegExp(`^netexec: warning: ${said.source} \\(${cure}\\)$`));
    const names = await s.netexec(['--list-names', '-q', service]);
    assert.deepEqual([names.stdout, names.status], ['', 0]);
    assert.match(names.stderr, said);
    await mustFind(s, [service, 'db:5432'], 'network-lost', said, new RegExp(`^${cure}$`));
    await mustFind(s, [service, '192.0.2.1:80'], 'network-lost', said, new RegExp(`^${cure}$`));
    // Its own localhost was the other's, too.
    await mustFind(s, [service, 'localhost:80'], 'network-lost', said, new RegExp(`^${cure}$`));

    await must(s.run(cure.split(' ')));
    const again = await s.netexec([service, '--', ...interfaces]);
    assert.deepEqual([again.stdout, again.stderr, again.status], [whole.stdout, '', 0]);
  });
}

scenario('a network must not be called lost where the one in between has ended', { project }, async (s) => {
  s.t.after(() => s.compose(['up', '-d', '--force-recreate']));
  await must(s.compose(['up', '-d', '--force-recreate']));
  await must(s.docker(['rm', '-f', nth(s, 'app')]));
  const run = await s.netexec(['tail', '--', ...interfaces]);
  assert.match(run.stdout, /\beth0 lo$/);
  assert.deepEqual([run.stderr, run.status], ['', 0]);
});

scenario('plain containers that have lost their network must be told apart by their names', { project }, async (s) => {
  const [owner, sharer] = [`${s.projectName}-plain-owner`, `${s.projectName}-plain-sharer`];
  const remove = () => s.docker(['rm', '-f', owner, sharer]);
  await remove();
  s.t.after(remove);
  const start = ['run', '-d', '--stop-signal', 'KILL', '--network'];
  await must(s.docker([...start, `${s.projectName}_default`, '--name', owner, 'netexec/busybox:1']));
  await must(s.docker([...start, `container:${owner}`, '--name', sharer, 'netexec/busybox:1']));
  await must(s.docker(['restart', owner]));
  const said = `netexec: warning: ${sharer} shares ${owner}'s network, and ${owner} has restarted since: restart ${sharer} (docker restart ${sharer})`;
  const run = await s.netexec(['--container', sharer, '--', ...interfaces]);
  assert.deepEqual([run.stdout, run.stderr, run.status], ['all default lo', said, 0]);
  await must(s.docker(['restart', sharer]));
  assert.equal((await s.netexec(['--container', sharer, '--', 'true'])).stderr, '');
});

scenario('a port must lead to the localhost of a service whose network is lost', { project }, async (s) => {
  s.t.after(() => s.compose(['up', '-d', '--force-recreate']));
  await must(s.compose(['up', '-d', '--force-recreate']));
  await must(s.docker(['restart', nth(s, 'vpn')]));
  await must(s.compose(['exec', '-T', '-d', 'app', 'httpd', '-p', '127.0.0.1:8124', '-h', '/etc']));
  for (const restart of [[], ['--restart']]) {
    const forwarded = await begin(s, [...restart, '--forward', '0:8124', 'app']);
    const warning = /^netexec: warning: app shares vpn's network, and vpn has restarted since: restart app/;
    assert.match(forwarded.started.stderr(), warning);
    await s.eventually(async () => {
      await must(s.run(['curl', '-sSf', `http://127.0.0.1:${forwarded.ports[0]}/hostname`]));
    });
    assert.equal((await end(s, forwarded)).status, 143);
  }
});

scenario('--restart must wait until the sharer has its network again', { project }, async (s) => {
  s.t.after(() => s.compose(['up', '-d', '--force-recreate']));
  await must(s.compose(['up', '-d', '--force-recreate']));
  const command = ['sh', '-c', 'echo up $(ls /proc/sys/net/ipv4/conf); exec sleep 300'];
  const started = await s.start(['docker', 'netexec', '--restart', 'app', '--', ...command]);
  await started.says('up');
  // The watch begins after a second.
  await s.eventually(() => s.processes().some((line) => line.includes('sleep 300')));
  await must(s.docker(['restart', nth(s, 'vpn')]));
  await s.eventually(() => assert.match(started.stderr(), /vpn has restarted since: restart app \(.* restart app\)/));
  await must(s.docker(['restart', nth(s, 'app')]));
  await s.eventually(() => assert.match(started.stdout(), /eth0.*up.*eth0/s, started.stderr()), 60);
  assert.doesNotMatch(started.stdout(), /up all default lo\n/);
});

scenario('--check without endpoints must say why nothing is reached', { project }, async (s) => {
  s.t.after(() => s.compose(['up', '-d', '--force-recreate']));
  await must(s.docker(['restart', nth(s, 'vpn')]));
  const table = await s.netexec(['--check', 'app']);
  assert.match(table.stderr, /^netexec: warning: app shares vpn's network, and vpn has restarted since: restart app/);
  // Who asks for the sharer gets the same.
  const [verdict] = await check(s, ['db', 'app:80']);
  assert.equal(verdict?.Cause, 'network-lost', JSON.stringify(verdict));
});
