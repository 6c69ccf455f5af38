// Reports, and the two projects that they are about: "networks", and the neighbour that made a network of it.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { composeFolder, lockProject } from './grounds.ts';
import { must } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';
import { runStep } from './steps.ts';

export const project = 'networks';
export const neighbour = 'netexec-test-neighbour';
export const shared = 'netexec-test-shared';

/**
 * Brings the neighbour up, whose network the project is on, and down after the tests of this file. To be awaited before
 * the first scenario: hooks of a file all begin at once, and the neighbour must be there first and gone last.
 */
export async function useNeighbour(): Promise<void> {
  const unlock = await lockProject('neighbour');
  const compose = (name: string, args: readonly string[]) =>
    must(runStep(['docker', 'compose', ...args], { cwd: composeFolder(name), timeout: 600_000 }));
  const down = ['down', '-v', '-t', '0', '--remove-orphans'];
  after(async () => {
    if (process.env['NETEXEC_KEEP'] !== '1') {
      await compose(project, down);
      await compose('neighbour', down);
    }
    unlock();
  });
  await compose('neighbour', down);
  await compose('neighbour', ['up', '-d', '--wait']);
}

export interface NetworkRow {
  readonly Network: string;
  readonly Key: string;
  readonly Driver: string;
  readonly Subnet: readonly string[];
  readonly Internal: boolean;
  readonly Services: readonly string[];
}

export interface NameRow {
  readonly Name: string;
  readonly Network: string;
  readonly Address: readonly string[];
  readonly Service: readonly string[];
  readonly Container: readonly string[];
}

export interface FileRow {
  readonly Network: string;
  readonly File: string;
  readonly Names: readonly string[];
}

/**
 * @param warning what it says beside that
 * @returns the lines of a report with --format json, each read on its own
 */
export async function report<Row>(
  s: Scenario,
  args: readonly string[],
  given?: RunOptions,
  warning = '',
): Promise<readonly Row[]> {
  const run = await s.netexec(['--format', 'json', ...args], given);
  assert.deepEqual([run.stderr, run.status], [warning, 0]);
  return run.stdout.split('\n').map((line) => JSON.parse(line) as Row);
}

/** Of `docker network inspect`, what reports tell too. */
export interface InspectedNetwork {
  readonly Driver: string;
  readonly Internal: boolean;
  readonly IPAM: { readonly Config: readonly { readonly Subnet: string; readonly Gateway?: string }[] };
}

export async function inspectNetwork(s: Scenario, network: string): Promise<InspectedNetwork> {
  const { stdout } = await must(s.docker(['network', 'inspect', network]));
  const [inspected] = JSON.parse(stdout) as InspectedNetwork[];
  assert.ok(inspected);
  return inspected;
}

/** A container of nobody's project, on one network; gone with the scenario. */
export async function plainContainer(s: Scenario, name: string, options: readonly string[]): Promise<void> {
  s.t.after(() => s.docker(['rm', '-f', name]));
  await must(s.docker(['run', '-d', '--name', name, '--dns', '127.0.0.1', ...options, 'netexec/busybox:1']));
}
