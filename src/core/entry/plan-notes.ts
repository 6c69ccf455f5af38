// What is said before COMMAND starts: what its names, or its view of processes, will not be.
import { notCarried } from '../names/dns-names.ts';
import type { Environment } from '../engine/engine-address.ts';
import type { EntryPlan, HostFacts } from './plan.ts';
import { tracingNotes } from './processes.ts';

export function aliasNotes(host: HostFacts): readonly string[] {
  const { caller, other } = host;
  const reads = other === undefined || other.uid === caller.uid || other.uid === 0;
  return [...host.aliasLimits, ...(reads ? [] : ["the user of --user cannot read the caller's HOSTALIASES file"])];
}

/** What keeps --network from having its way. Engines up to 20.10 take any text for a network's name. */
export function pinNotes(pinned: string | undefined, environment: Environment): readonly string[] {
  if (pinned === undefined) return [];
  const why = notCarried(pinned);
  if (why !== undefined) return [`--network cannot pin names: ${JSON.stringify(pinned)} ${why}`];
  return environment['LOCALDOMAIN'] === undefined
    ? []
    : ['LOCALDOMAIN is set, and takes the place of what --network has glibc search'];
}

export function processNotes(
  host: HostFacts,
  { become, mapped }: EntryPlan['identity'],
  capabilities: readonly string[],
): readonly string[] {
  if (host.processes === undefined) return [];
  return tracingNotes(host.processes, host.command.file, become ?? host.caller, mapped, capabilities);
}
