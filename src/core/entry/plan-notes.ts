// What is said before COMMAND starts: what its names, its files or its view of processes will not be.
import type { RunRequest } from '../arguments/argv.ts';
import type { Environment } from '../engine/engine-address.ts';
import { pinNotes } from '../names/pinned-names.ts';
import { needsProvider, resolvers } from '../names/resolvers.ts';
import type { EntryPlan, HostFacts, RunFacts } from './plan.ts';
import { tracingNotes } from './processes.ts';

/** @param pinned the network that names are resolved on, where only the engine's DNS can keep to it */
export function planNotes(
  run: RunRequest,
  { target, names, host, files = [] }: Pick<RunFacts, 'target' | 'names' | 'host' | 'files'>,
  identity: EntryPlan['identity'],
  environment: Environment,
  pinned: string | undefined,
): readonly string[] {
  return [
    ...(target.notes ?? []),
    ...(target.lost === undefined ? [] : [`${target.lost.said} (${target.lost.cure})`]),
    ...names.warnings,
    ...(run.serviceFiles && files.length === 0 ? ['--service-files: the service has no secrets or configs'] : []),
    ...(resolvers[run.resolver].view && target.visible === undefined ? pinNotes(pinned, environment) : []),
    ...(needsProvider(run.resolver) ? aliasNotes(host) : []),
    ...processNotes(host, identity, run.capabilities),
  ];
}

function aliasNotes(host: HostFacts): readonly string[] {
  const { caller, other } = host;
  const reads = other === undefined || other.uid === caller.uid || other.uid === 0;
  return [...host.aliasLimits, ...(reads ? [] : ['the user of --user cannot read your HOSTALIASES file'])];
}

function processNotes(
  host: HostFacts,
  { become, mapped }: EntryPlan['identity'],
  capabilities: readonly string[],
): readonly string[] {
  if (host.processes === undefined) return [];
  return tracingNotes(host.processes, host.command.file, become ?? host.caller, mapped, capabilities);
}
