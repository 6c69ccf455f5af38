// The host matrix: on each kind of host, every kind of resolver gives the container's addresses, whoever calls.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { resolvers } from '../programs/resolvers.ts';
import type { Resolver } from '../programs/resolvers.ts';
import { builtPrograms } from './grounds.ts';
import { hosts, makeHost } from './hosts.ts';
import type { Host } from './hosts.ts';
import type { Machine } from './machine.ts';
import { outside, startOutside } from './outside-dns.ts';
import { scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

export const project = 'article';

/** Who calls, and on which engine the project is. */
export interface MatrixCaller {
  /** For the table that scripts/reliability makes. */
  readonly name: string;
  /** A machine of the scenario's own, with a network of its own. */
  machine(s: Scenario): Promise<Machine>;
  /** What root there puts in front, to be the caller. */
  readonly lead: readonly string[];
  /** The options of a step on the caller's engine. */
  options(s: Scenario): RunOptions;
}

export function hostMatrix(caller: MatrixCaller): void {
  for (const host of hosts) {
    const intent = `every resolver must give the container's addresses on a host with: ${host.name}`;
    scenario(intent, { project }, (s) => tryHost(s, host, caller));
  }
}

async function tryHost(s: Scenario, host: Host, caller: MatrixCaller): Promise<void> {
  const options = caller.options(s);
  await startOutside(s, 'web', options);
  const folder = await builtPrograms();
  const expected = new Map([
    ['postgres', [await s.address('postgres', 'backend', options)]],
    ['redis', [await s.address('redis', 'cache', options)]],
    [outside.name, [outside.address]],
    ['nobody-has-this-name', []],
  ]);
  const machine = await caller.machine(s);
  const daemons = await makeHost(s, machine, host);
  for (const resolver of resolvers) {
    let reason: string | undefined = 'the scenario failed';
    await s.subtest(resolver.name, async () => {
      const commands = [...expected.keys()].map((name) => resolver.command(folder, name));
      const netexec = [...caller.lead, 'docker', 'netexec', '-p', s.projectName, 'web', '--'];
      const found = await ask(s, host, (argv) => machine.inside([...netexec, ...argv]), commands, options);
      if (host.refusal === undefined) {
        assert.deepEqual(
          found.map((stdout) => resolver.addresses(stdout)),
          [...expected.values()],
        );
      }
      reason = host.refusal;
    });
    tell(caller, host, resolver, reason);
  }
  // In the order in which what needs them goes first.
  for (const daemon of daemons) daemon.kill('SIGTERM');
  await Promise.all(daemons.map(({ ended }) => ended));
}

// One netexec, in which the names are asked for one after the other.
const mark = '--- next ---';
const askAll = `while [ $# -gt 0 ]; do sh -c "$1"; echo '${mark}'; shift; done`;

async function ask(
  s: Scenario,
  host: Host,
  through: (argv: readonly string[]) => readonly string[],
  commands: readonly (readonly string[])[],
  { env = {} }: RunOptions,
): Promise<readonly string[]> {
  const lines = commands.map((words) => words.map((word) => `'${word}'`).join(' '));
  const run = await s.run(through(['sh', '-c', `${askAll} 2>/dev/null`, 'sh', ...lines]), { env });
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
function tell(caller: MatrixCaller, host: Host, resolver: Resolver, reason: string | undefined): void {
  const file = process.env['NETEXEC_MATRIX'];
  const cell = { caller: caller.name, host: host.name, resolver: resolver.name, reason, warning: host.warning };
  if (file) appendFileSync(file, `${JSON.stringify(cell)}\n`);
}
