// The host matrix: on each kind of host, every kind of resolver gives the container's addresses.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { resolvers } from '../programs/resolvers.ts';
import type { Resolver } from '../programs/resolvers.ts';
import { builtPrograms } from './grounds.ts';
import { hosts, makeHost } from './hosts.ts';
import type { Host } from './hosts.ts';
import { ownMachine } from './machine.ts';
import type { Machine } from './machine.ts';
import { outside, startOutside } from './outside-dns.ts';
import { scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const project = 'article';

for (const host of hosts) {
  scenario(
    `every resolver must give the container's addresses on a host with: ${host.name}`,
    { project },
    async (s) => {
      await startOutside(s, 'web');
      const folder = await builtPrograms();
      const expected = new Map([
        ['postgres', [await s.address('postgres', 'backend')]],
        ['redis', [await s.address('redis', 'cache')]],
        [outside.name, [outside.address]],
        ['nobody-has-this-name', []],
      ]);
      const machine = await ownMachine(s, { network: true });
      const daemons = await makeHost(s, machine, host);
      for (const resolver of resolvers) {
        let reason: string | undefined = 'the scenario failed';
        await s.subtest(resolver.name, async () => {
          const found = await ask(
            s,
            machine,
            host,
            [...expected.keys()].map((name) => resolver.command(folder, name)),
          );
          if (host.refusal === undefined) {
            assert.deepEqual(
              found.map((stdout) => resolver.addresses(stdout)),
              [...expected.values()],
            );
          }
          reason = host.refusal;
        });
        tell(host, resolver, reason);
      }
      // In the order in which what needs them goes first.
      for (const daemon of daemons) daemon.kill('SIGTERM');
      await Promise.all(daemons.map(({ ended }) => ended));
    },
  );
}

// One netexec, in which the names are asked for one after the other.
const mark = '--- next ---';
const askAll = `while [ $# -gt 0 ]; do sh -c "$1"; echo '${mark}'; shift; done`;

async function ask(s: Scenario, machine: Machine, host: Host, commands: readonly (readonly string[])[]) {
  const lines = commands.map((words) => words.map((word) => `'${word}'`).join(' '));
  const run = await s.run(
    machine.inside(['docker', 'netexec', 'web', '--', 'sh', '-c', `${askAll} 2>/dev/null`, 'sh', ...lines]),
  );
  if (host.refusal !== undefined) {
    assert.ok(run.stderr.startsWith(host.refusal), run.stderr);
    assert.deepEqual([run.stdout, run.status], ['', 125]);
    return [];
  }
  assert.deepEqual([run.stderr, run.status], [host.warning ?? '', 0]);
  return run.stdout
    .split(`${mark}\n`)
    .map((part) => part.replace(mark, ''))
    .slice(0, commands.length);
}

/** A cell of the table that scripts/reliability makes. */
function tell(host: Host, resolver: Resolver, reason: string | undefined): void {
  const file = process.env['NETEXEC_MATRIX'];
  const cell = { host: host.name, resolver: resolver.name, reason, warning: host.warning };
  if (file) appendFileSync(file, `${JSON.stringify(cell)}\n`);
}
