// --host-network: COMMAND stays in this machine's network, and the names of containers lead there, for as long as it runs.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before } from 'node:test';
import { resolvers } from '../programs/resolvers.ts';
import { builtPrograms } from './grounds.ts';
import { addressOf, name, own } from './outside.ts';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';

const project = 'article';
// psql and curl are among them.
before(() => builtPrograms());

/** What `getent ahosts` says of each, in the words of the first addresses of a name: `db 10.0.0.2`. */
const lookUp = 'for each; do echo $each $(getent ahosts $each | sed -n "s/ *STREAM.*//p" | sort -u); done';
const asked = (names: readonly string[]): readonly string[] => ['sh', '-c', lookUp, 'sh', ...names];

scenario(
  'every resolver that reads hosts files must know every name, and be on this machine',
  { project },
  async (s) => {
    const folder = await builtPrograms();
    const [database, cache] = [await s.address('postgres', 'backend'), await s.address('redis', 'cache')];
    const { Name: container, Config: config } = await s.inspect('postgres');
    const names = [
      ...['postgres', 'db', container.slice(1), config.Hostname, `db.${s.projectName}_backend`].map(
        (each) => [each, database] as const,
      ),
      ['redis', cache] as const,
    ];
    for (const resolver of resolvers.filter(({ hostsFile }) => hostsFile))
      await s.subtest(resolver.name, async () => {
        for (const [each, address] of names) {
          const run = await s.netexec(['--host-network', 'web', '--', ...resolver.command(folder, each)]);
          assert.deepEqual(resolver.addresses(run.stdout), [address], `${each}: ${run.stderr}`);
        }
      });
    const query = ['/usr/bin/psql', '-U', 'app', '-h', 'db', '-tAc', 'select host(inet_server_addr())'];
    assert.equal((await must(s.netexec(['--host-network', 'web', '--', ...query]))).stdout.trim(), database);
    await must(s.netexec(['--host-network', '--on', 'all', '--', 'curl', '-sSf', 'http://web:8080/']));
  },
);

scenario(
  "this machine's network must be COMMAND's: its localhost, its ports, its own names",
  { project },
  async (s) => {
    writeFileSync(join(s.folder, 'page'), 'from here');
    const serve = ['/usr/bin/python3', '-u', '-m', 'http.server', '--bind', '127.0.0.1', '--directory', s.folder, '0'];
    const server = await s.start(serve);
    await server.says('Serving');
    const port = /port (\d+)/.exec(server.stdout())?.[1];
    const get = ['curl', '-sSf', '--noproxy', '*', `http://localhost:${port}/page`];
    assert.equal((await must(s.netexec(['--host-network', 'web', '--', ...get]))).stdout, 'from here');
    const words = [
      'sh',
      '-c',
      'readlink /proc/self/ns/net; cat /etc/resolv.conf; getent ahostsv4 $(hostname); umask; pwd',
    ];
    const [outside, inside] = [
      await must(s.run(words)),
      await must(s.netexec(['--host-network', 'web', '--', ...words])),
    ];
    assert.equal(inside.stdout, outside.stdout);
    assert.equal(inside.stderr, '');
  },
);

scenario(
  'names must be those that the service knows, or the networks have, and clashes as there',
  { project },
  async (s) => {
    const options = await bringUp(s, name, own);
    const at = (service: string, network: string): Promise<string> => addressOf(s, service, network, options);
    const [web, webBeta, webSix] = [await at('web', 'alpha'), await at('web', 'beta'), await at('web', 'six')];
    const [db, api] = [await at('db', 'beta'), '10.97.1.10'];
    const six = (
      await must(
        s.docker(
          ['inspect', '-f', `{{(index .NetworkSettings.Networks "${name}_six").GlobalIPv6Address}}`, `${name}-web-1`],
          options,
        ),
      )
    ).stdout.trim();
    const onSix = [webSix, six].toSorted().join(' ');
    const rows: readonly (readonly [words: readonly string[], expected: Readonly<Record<string, string>>])[] = [
      [
        ['web'],
        {
          api,
          db,
          www: web,
          store: db,
          [`store.${name}_alpha`]: [api, web].toSorted().join(' '),
          legacy: '192.0.2.10',
          own: '',
          web: onSix,
          nobody: '',
        },
      ],
      [
        ['--network', 'alpha', 'web'],
        { store: [api, web].toSorted().join(' '), [`store.${name}_beta`]: db, web, legacy: '192.0.2.10' },
      ],
      [['db'], { web: webBeta, store: db, api: '', legacy: '' }],
      [['sidecar'], { api, db, web: onSix }],
      [['--container', `${name}-db-1`], { web: webBeta, api: '' }],
      [['--on', 'alpha', '--'], { web, api, db: '', legacy: '' }],
      [['--on', 'alpha,beta', '--'], { api, db, store: db, web: webBeta }],
      [['--on', 'alpha,beta', '--network', 'alpha', '--'], { store: [api, web].toSorted().join(' '), db }],
    ];
    for (const [words, expected] of rows)
      await s.subtest(words.join(' '), async () => {
        const command = words.at(-1) === '--' ? words : [...words, '--'];
        const run = await s.netexec(['--host-network', ...command, ...asked(Object.keys(expected))], options);
        const lines = Object.entries(expected).map(([each, addresses]) => `${each} ${addresses}`.trim());
        assert.deepEqual([run.stdout.split('\n'), run.stderr], [lines, '']);
      });
  },
);

scenario('where no name leads anywhere that must be said, with a line that works', { project }, async (s) => {
  const options = await bringUp(s, name, own);
  const instead = 'run COMMAND in that network, without --host-network: docker netexec';
  for (const [words, what, hint] of [
    [
      ['hermit', '--', 'true'],
      'hermit is not on any network with service names',
      'docker netexec --host-network --on all -- true',
    ],
    [
      ['hosty', '--', 'true'],
      'hosty is not on any network with service names',
      'docker netexec --host-network --on all -- true',
    ],
    [['far', '--', 'true'], `this machine cannot reach addresses on "${name}_far"`, `${instead} far -- true`],
    [
      ['--on', 'far', '--', 'true'],
      `this machine cannot reach addresses on "${name}_far"`,
      `${instead} --on far -- true`,
    ],
    [['--pid', 'web', '--', 'true'], '--host-network and --pid cannot be used together', 'enters no container'],
    [['--on', 'alpha', '--network', 'beta', '--', 'true'], '--on alpha has no network "beta"; networks: alpha', ''],
    [['--stand-in', 'web', '--', 'true'], '--host-network and --stand-in cannot be used together', ''],
    [['web', '--', './no-such-program'], './no-such-program: command not found', ''],
  ] as const)
    await s.subtest(words.join(' '), async () => {
      const run = await s.netexec(['--host-network', ...words], options);
      assert.ok(run.status === 125 || run.status === 127, String(run.status));
      assert.equal(run.stdout, '');
      assert.ok(run.stderr.startsWith(`netexec: ${what}`) && run.stderr.includes(hint), run.stderr);
    });
  await s.subtest('the line must work', async () => {
    await must(s.netexec(['far', '--', 'true'], options));
    await must(s.netexec(['--host-network', '--on', 'all', '--', 'true'], options));
  });
  await s.subtest('what is reached of several must do', async () => {
    const run = await must(s.netexec(['--host-network', '--on', 'far,beta', '--', 'getent', 'hosts', 'db'], options));
    assert.match(
      run.stderr,
      new RegExp(`^netexec: warning: this machine cannot reach addresses on ${name}_far \\(bridge\\)`),
    );
  });
  await s.subtest('within a container the bridges are not this network', async () => {
    const nested = await s.netexec(['web', '--', 'docker', 'netexec', '--host-network', 'db', '--', 'true'], options);
    assert.match(nested.stderr, /^netexec: this machine cannot reach addresses on "netexec-test-outside_beta"/);
    assert.equal(nested.status, 125);
  });
});
