// What a service depends on, and which containers tell whether it can be reached.
import type { Need } from './check-table.ts';
import type { WholeContainer } from '../engine/container-details.ts';
import { neighboursOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import type { ListedContainer } from '../engine/containers.ts';

/** One in another's network depends on that one: it is itself, seen from the networks. */
export function needsOf({ details, endpoints }: WholeContainer, { listed, owner }: Surroundings): readonly Need[] {
  const services = details.dependsOn.filter((service) => service !== owner.compose?.service).toSorted();
  const linked = endpoints.flatMap(({ links }) => links.map((link) => link.split(':', 1)[0] ?? ''));
  const called = linked.map((name) => listed.find((each) => each.name === name)?.compose?.service ?? name);
  return [
    ...services.map((service): Need => ({ called: service, by: 'depends_on' })),
    ...[...new Set(called)]
      .filter((name) => !services.includes(name))
      .map((name): Need => ({ called: name, by: 'links' })),
  ];
}

/** Those that are needed, whether they run or not, and those that run on the asker's networks. */
export function tableContainers(needs: readonly Need[], around: Surroundings): readonly ListedContainer[] {
  const { listed, owner } = around;
  const neighbours = neighboursOf(around);
  const isNeeded = ({ compose, name }: ListedContainer): boolean =>
    needs.some(({ called }) => called === name) ||
    (compose !== undefined &&
      compose.project === owner.compose?.project &&
      !compose.oneOff &&
      needs.some(({ called }) => called === compose.service));
  return listed.filter((each) => each.id !== owner.id && (isNeeded(each) || neighbours.includes(each)));
}
