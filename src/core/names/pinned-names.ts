// What --network makes of names: which are written down for it, where the DNS server cannot be asked for one network alone.
import type { Container } from '../engine/containers.ts';
import type { Environment } from '../engine/engine-address.ts';
import type { NamesSeen } from './alias-plan.ts';
import { notCarried } from './dns-names.ts';
import type { NetworkName } from './names.ts';
import { isTaken } from './private-view.ts';

/** Of a DNS server that answers for all networks of a container at once: what --network has to write down. */
export function namesToWrite(
  { target, pinned, networks }: NamesSeen,
  container: Container,
): readonly NetworkName[] | undefined {
  if (target.kind !== 'bare' || pinned === undefined) return undefined;
  const configured = extraNames(container);
  return networks
    .filter(({ name }) => name === pinned)
    .flatMap(({ names }) => names.filter(({ name }) => !isTaken(name, configured)));
}

const extraNames = ({ extraHosts }: Container): readonly string[] =>
  extraHosts.map((entry) => entry.split(/[:=]/, 1)[0] ?? '');

/** Names that mean something in the container: those of its networks, and those that it is configured with. */
export const namesKnown = ({ networks }: NamesSeen, container: Container): readonly string[] => [
  ...networks.flatMap((network) => network.names.map(({ name }) => name)),
  ...extraNames(container),
];

/** Has a program of glibc's ask for a name on that network first, whatever its resolv.conf says. @returns `NAME=VALUE` each */
export const pinnedVariables = (pinned: string): readonly string[] => ['RES_OPTIONS=ndots:1', `LOCALDOMAIN=${pinned}`];

/** What keeps --network from having its way. Engines up to 20.10 take any text for a network's name. */
export function pinNotes(pinned: string | undefined, environment: Environment): readonly string[] {
  if (pinned === undefined) return [];
  const why = notCarried(pinned);
  if (why !== undefined) return [`--network cannot pin names: ${JSON.stringify(pinned)} ${why}`];
  return environment['LOCALDOMAIN'] === undefined
    ? []
    : ['LOCALDOMAIN is set, and overrides the search domain of --network'];
}
