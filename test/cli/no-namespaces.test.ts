// A system that is not Linux, as far as Linux can be one: with NETEXEC_NO_NAMESPACES the C library is not called, /proc tells
// nothing, and ports listen by the runtime's own means. What needs the engine alone works, and everything else is refused by name.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { fakeEngine } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import { makePlace, run, usePlugin, useSingleFile } from './place.ts';
import type { Outcome, Place } from './place.ts';
import { refusals } from './refusals.ts';

const plugin = usePlugin();
const single = useSingleFile();

async function elsewhere(place: Place): Promise<void> {
  const engine = await fakeEngine(recordingWith({ folder: place.cwd }), place.socket);
  place.cleanUp(() => engine.close());
  place.env = { ...place.env, NETEXEC_NO_NAMESPACES: '1' };
}

const asked: readonly (readonly [what: string, words: readonly string[]])[] = [
  ['COMMAND', ['-p', 'shop', 'web', 'true']],
  ['COMMAND', ['-p', 'shop', '--dry-run', 'web', 'true']],
  ['COMMAND', ['-p', 'shop', '--forward', '0:8080', 'web', 'true']],
  ['COMMAND', ['-p', 'shop', '--all', 'web', 'true']],
  ['COMMAND', ['-p', 'shop', '--host-network', 'web', 'true']],
  ['--on', ['-p', 'shop', '--on', 'backend', '--', 'true']],
  ['--stand-in', ['-p', 'shop', '--stand-in', 'web', '--', 'true']],
  ['COMMAND', ['-p', 'shop', '--reverse', '9003', 'web', '--', 'true']],
  ['COMMAND', ['-p', 'shop', '--wait', 'db:1', 'web', '--', 'true']],
  ['--doctor', ['--doctor']],
  ['--uninstall', ['--uninstall']],
];
refusals(
  plugin,
  'without namespaces',
  asked.map(([what, words]) => ({
    name: words.join(' '),
    words,
    prepare: elsewhere,
    says: [
      `netexec: ${what} needs Linux network namespaces, and this is Linux with NETEXEC_NO_NAMESPACES`,
      'hint: --forward, --proxy and --reverse without COMMAND, --check and reports work here; for everything else, run docker netexec on a Linux machine',
    ],
  })),
);

const works: readonly (readonly [words: readonly string[], says: RegExp])[] = [
  [['netexec', '--version'], /^docker-netexec version /],
  [['netexec', '--help'], /^Usage: /],
  [['netexec', '--man'], /^\.TH DOCKER-NETEXEC 1 /],
  [['netexec', '-p', 'shop', '--list-networks', '-q'], /^shop_backend$/m],
  [['netexec', '-p', 'shop', '--list-names', 'web'], /\bpostgres\b/],
  [['netexec', '-p', 'shop', '--print-env', '--format', 'json', 'web'], /^\{/],
  [['__complete', 'netexec', '-p', 'shop', 'we'], /^web\b/m],
  [
    ['netexec', '-p', 'shop', '--dry-run', '--forward', '15433:postgres:5432', 'web'],
    /^forward +127\.0\.0\.1:15433 → postgres:5432 /m,
  ],
  [
    ['netexec', '-p', 'shop', '--dry-run', '--reverse', '9003', 'web'],
    /^Ports in the network of web [^]*^reverse +localhost:9003 in web → localhost:9003 on this machine +# --reverse$/m,
  ],
];
for (const [words, says] of works)
  for (const [how, file] of [
    ['the launcher', () => plugin.file],
    ['the single file', () => single.file],
  ] as const)
    test(`${words.join(' ')} must work, through ${how}`, async (context) => {
      const { status, stdout, stderr } = await outcome(context, file(), words);
      assert.deepEqual([status, stderr], [0, '']);
      assert.match(stdout, says);
    });

test('a port that another program has must be told', async (context) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const told = await outcome(context, plugin.file, ['netexec', '-p', 'shop', '--forward', `${port}:8080`, 'web']);
  assert.equal(told.status, 125);
  assert.match(told.stderr, new RegExp(`^netexec: .*127\\.0\\.0\\.1:${port}.* already in use`));
});

async function outcome(context: TestContext, file: string, words: readonly string[]): Promise<Outcome> {
  const place = makePlace(context);
  await elsewhere(place);
  return run(place, [file, ...words]);
}
