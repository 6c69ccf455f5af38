// What is said before COMMAND starts: what its names, or its view of processes, will not be.
import type { EntryPlan, HostFacts } from './plan.ts';
import { tracingNotes } from './processes.ts';

export function aliasNotes(host: HostFacts): readonly string[] {
  const { caller, other } = host;
  const reads = other === undefined || other.uid === caller.uid || other.uid === 0;
  return [...host.aliasLimits, ...(reads ? [] : ['the user of --user cannot read your HOSTALIASES file'])];
}

export function processNotes(
  host: HostFacts,
  { become, mapped }: EntryPlan['identity'],
  capabilities: readonly string[],
): readonly string[] {
  if (host.processes === undefined) return [];
  return tracingNotes(host.processes, host.command.file, become ?? host.caller, mapped, capabilities);
}
