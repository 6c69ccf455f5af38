// Reports, and the two projects that they are about: "networks", and the neighbour that made a network of it.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { lockProject } from './grounds.ts';
import { must, useProject } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';
import { runStep } from './steps.ts';

export const project = 'networks';
export const neighbour = 'netexec-test-neighbour';
export const shared = 'netexec-test-shared';

/** Both projects, up before the first scenario of the file and gone after the last: the neighbour comes first. */
export function useNetworks(): void {
  let unlock: (() => void) | undefined;
  before(async () => {
    unlock = await lockProject('networks-and-neighbour');
  });
  useProject('neighbour');
  useProject(project);
  after(async () => {
    // The neighbour could not take it along while the other project was on it.
    if (process.env['NETEXEC_KEEP'] !== '1') await must(runStep(['docker', 'network', 'rm', shared], {}));
    unlock?.();
  });
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
