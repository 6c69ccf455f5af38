// --list-names SERVICE against what the engine's DNS really answers there: name by name, in both directions.
import assert from 'node:assert/strict';
import { asObject, candidates, engineAnswers, promised } from './engine-dns.ts';
import { startOutside } from './outside-dns.ts';
import { neighbour, plainContainer, project, report, shared, useNeighbour } from './reports.ts';
import type { NameRow, NetworkRow } from './reports.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

await useNeighbour();

/** Every name of the project and its neighbour, as it stands and with each network behind it. */
async function everyName(s: Scenario): Promise<readonly string[]> {
  const [rows, networks] = await Promise.all([
    report<NameRow>(s, ['--list-names']),
    report<NetworkRow>(s, ['--list-networks']),
  ]);
  return candidates(
    rows,
    networks.map(({ Network: network }) => network),
  );
}

/**
 * What is listed for the target, once that is what the engine answers there.
 * @param target the words that name it to docker netexec, the service or container last
 * @param names what else may resolve there, or must not
 */
async function compared(s: Scenario, target: readonly string[], names: readonly string[]): Promise<readonly NameRow[]> {
  const rows = await report<NameRow>(s, [...target.slice(0, -1), '--list-names', ...target.slice(-1)]);
  const networks = [...new Set(rows.map(({ Network: network }) => network))].filter(Boolean);
  const answers = await engineAnswers(s, target, [...candidates(rows, networks), ...names]);
  assert.ok(answers.size > 0);
  assert.deepEqual(asObject(promised(rows)), asObject(answers));
  return rows;
}

const find = (rows: readonly NameRow[], name: string): NameRow | undefined => rows.find(({ Name }) => Name === name);
const addresses = (rows: readonly NameRow[], name: string): readonly string[] | undefined => find(rows, name)?.Address;

scenario('what is listed for a service must be what the engine answers there', { project }, async (s) => {
  const names = await everyName(s);
  for (const service of ['web', 'api', 'database', 'search', 'queue', 'lonely']) {
    await s.subtest(service, async () => {
      await startOutside(s, `${s.projectName}-${service}-1`);
      await compared(s, [service], names);
    });
  }
  // It has web's network, and the server outside with it.
  await s.subtest('sidecar', async () => void (await compared(s, ['sidecar'], names)));
  await s.subtest('a service of the other project', async () => {
    await startOutside(s, `${neighbour}-billing-1`);
    const rows = await compared(s, ['-p', neighbour, 'billing'], names);
    // Seen from there, it is this project's service that is another's.
    assert.deepEqual(find(rows, 'web')?.Service, ['web', `${s.projectName}/web`]);
  });
});

scenario('what is listed for a container of no project must be what the engine answers', { project }, async (s) => {
  const plain = `${s.projectName}-plain`;
  const front = `${s.projectName}_front`;
  const link = ['--link', `${s.projectName}-search-1:Seeker`];
  await plainContainer(s, plain, ['--network', front, '--network-alias', 'guest', ...link]);
  const address = [await s.address(plain, front)];
  await startOutside(s, plain);
  const rows = await compared(s, [plain], await everyName(s));
  assert.deepEqual(addresses(rows, 'Seeker'), [await s.address('search', 'front')]);
  const guest = { Name: 'guest', Network: front, Address: address, Service: [], Container: [plain] };
  assert.deepEqual(find(rows, 'guest'), guest);
  assert.deepEqual(find(await report<NameRow>(s, ['--list-names']), 'guest'), guest);
  assert.deepEqual(find(await report<NameRow>(s, ['--container', '--list-names', plain]), 'guest'), guest);
});

scenario('each name must be listed with whoever answers to it', { project }, async (s) => {
  const rows = await report<NameRow>(s, ['--list-names', 'web']);
  const [front, back] = [`${s.projectName}_front`, `${s.projectName}_back`];
  const container = (service: string, number = 1): string => `${s.projectName}-${service}-${number}`;
  const at = async (service: string, ...networks: readonly string[]): Promise<string[]> =>
    (await Promise.all(networks.map((network) => s.address(service, network)))).toSorted();
  const expected: readonly NameRow[] = [
    {
      Name: 'api',
      Network: front,
      Address: await Promise.all([1, 2].map((number) => s.address(container('api', number), front))),
      Service: ['api'],
      Container: [container('api', 1), container('api', 2)],
    },
    {
      Name: 'store-room',
      Network: back,
      Address: [await s.address('cache', 'back'), await s.address('database', 'back')],
      Service: ['cache', 'database'],
      Container: [container('cache'), container('database')],
    },
    // The same alias on two networks, of two services: the internal network is asked last.
    {
      Name: 'index',
      Network: front,
      Address: await at('search', 'front'),
      Service: ['search'],
      Container: [container('search')],
    },
    {
      Name: `index.${back}`,
      Network: back,
      Address: await at('queue', 'back'),
      Service: ['queue'],
      Container: [container('queue')],
    },
    {
      Name: 'store',
      Network: back,
      Address: await at('cache', 'back'),
      Service: ['cache'],
      Container: [container('cache')],
    },
    {
      Name: `web.${shared}`,
      Network: shared,
      Address: [await s.address(`${neighbour}-web-1`, shared), await s.address('web', shared)],
      Service: [`${neighbour}/web`, 'web'],
      Container: [`${neighbour}-web-1`, container('web')],
    },
    {
      Name: 'shop',
      Network: shared,
      Address: [await s.address(`${neighbour}-web-1`, shared)],
      Service: [`${neighbour}/web`],
      Container: [`${neighbour}-web-1`],
    },
  ];
  for (const row of expected) await s.subtest(row.Name, () => assert.deepEqual(find(rows, row.Name), row));
  // A link is a name in front of all others: the alias of api, on every network of web.
  await s.subtest('rest', async () => {
    const queue = [await s.address('queue', 'back'), await s.address('queue', 'dual')];
    const rest = rows.filter(({ Name: name }) => name === 'rest' || name.startsWith('rest.'));
    assert.deepEqual(
      rest.map(({ Address: of }) => of[0] ?? '').toSorted(),
      queue.toSorted(),
      'api, whose alias it is for others, cannot be reached by it',
    );
  });
});

scenario('names that a service cannot resolve must not be listed for it', { project }, async (s) => {
  const rows = await report<NameRow>(s, ['--list-names', 'database']);
  const all = await report<NameRow>(s, ['--list-names']);
  for (const name of ['search', 'site', 'lonely', 'billing', 'Finder']) {
    assert.ok(find(all, name), name);
    assert.equal(find(rows, name), undefined, name);
  }
  // A link is for the service that has it.
  assert.equal(find(rows, 'store'), undefined);
  assert.equal(find(all, 'store'), undefined);
  assert.deepEqual(addresses(rows, 'index'), [await s.address('queue', 'back')]);
});

scenario('names of the hosts file must be listed as programs resolve them', { project }, async (s) => {
  const rows = (await report<NameRow>(s, ['--list-names', 'web'])).filter(({ Network: network }) => network === '');
  assert.deepEqual(rows.map(({ Name: name }) => name).toSorted(), ['legacy', 'machine']);
  for (const { Name: name, Address: listed } of rows) {
    await s.subtest(name, async () => {
      const { stdout } = await must(s.netexec(['web', '--', 'getent', 'ahosts', name]));
      const resolved = stdout.split('\n').map((line) => line.split(' ', 1)[0] ?? '');
      assert.deepEqual(listed.toSorted(), [...new Set(resolved)].toSorted());
    });
  }
});

scenario('every name on every network must be what the engine answers to those on it', { project }, async (s) => {
  const rows = await report<NameRow>(s, ['--list-names']);
  const members = { back: 'database', default: 'lonely', dual: 'queue', front: 'search' };
  const targets = new Map(Object.entries(members).map(([key, service]) => [`${s.projectName}_${key}`, [service]]));
  targets.set('netexec-test-by-name', ['search']);
  targets.set(shared, ['-p', neighbour, 'billing']);
  assert.deepEqual(
    [...new Set(rows.map(({ Network: network }) => network))].toSorted(),
    [...targets.keys()].toSorted(),
  );
  for (const service of ['database', 'lonely', 'queue', 'search', `${neighbour}-billing-1`])
    await startOutside(s, service);
  for (const [network, target] of targets) {
    await s.subtest(network, async () => {
      const here = rows.filter((each) => each.Network === network);
      const answers = await engineAnswers(s, target, candidates(rows, [network]).slice(-rows.length * 2));
      const long = new Map([...promised(here)].filter(([name]) => name.endsWith(`.${network}`)));
      const answered = new Map([...answers].filter(([name]) => name.endsWith(`.${network}`)));
      assert.deepEqual(asObject(long), asObject(answered));
    });
  }
});

scenario('a paused service must stay listed, and a stopped one must not', { project }, async (s) => {
  await startOutside(s, 'queue');
  s.t.after(() => s.compose(['up', '-d', '--wait', 'cache', 'database']));
  await must(s.compose(['pause', 'cache']));
  await must(s.compose(['stop', '-t', '0', 'database']));
  const cache = await s.address('cache', 'back');
  const rows = await compared(s, ['queue'], await everyName(s));
  await s.compose(['unpause', 'cache']);
  assert.deepEqual(addresses(rows, 'store-room'), [cache]);
  assert.equal(find(rows, 'database'), undefined);
});

scenario('names must be printed as a list, a template or a table', { project }, async (s) => {
  const rows = await report<NameRow>(s, ['--list-names', 'lonely']);
  const { Config: config } = await s.inspect('lonely');
  const [name, network] = [`${s.projectName}-lonely-1`, `${s.projectName}_default`];
  const address = await s.address('lonely', 'default');
  const names = ['lonely', name, config.Hostname];
  assert.deepEqual(
    rows,
    names.map((each) => ({ Name: each, Network: network, Address: [address], Service: ['lonely'], Container: [name] })),
  );
  const template = '{{.Name}} {{join .Address ","}}';
  for (const [options, lines] of [
    [['-q'], names],
    [['--format', template], names.map((each) => `${each} ${address}`)],
    [
      ['--format', 'table {{.Name}}\\t{{.Service}}'],
      [`${'NAME'.padEnd(name.length + 3)}SERVICE`, ...names.map((each) => `${each.padEnd(name.length + 3)}lonely`)],
    ],
    [['--format', '{{json .}}'], rows.map((each) => JSON.stringify(each))],
  ] as const) {
    await s.subtest(options.join(' '), async () => {
      const run = await s.netexec([...options, '--list-names', 'lonely']);
      assert.deepEqual([run.stdout.split('\n'), run.stderr, run.status], [lines, '', 0]);
    });
  }
  const table = await must(s.netexec(['--list-names', 'lonely']));
  assert.match(table.stdout, /^NAMES +NETWORK +ADDRESS +SERVICE\nlonely, \S+-lonely-1 +\S+_default +[\d.]+ +lonely$/);
});

scenario('a service that is not there must be refused with those that are', { project }, async (s) => {
  const run = await s.netexec(['--list-names', 'databse']);
  assert.match(
    run.stderr,
    /^netexec: no service "databse" in project "\S+", and no container .*; services: api, .*\nhint: .*database/,
  );
  assert.deepEqual([run.stdout, run.status], ['', 125]);
});
