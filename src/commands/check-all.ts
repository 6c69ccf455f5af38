// --check without endpoints: looks at everybody on the service's networks and at those it depends on. Nothing is entered.
import type { Call } from '../call.ts';
import type { CheckRequest } from '../core/arguments/argv-checks.ts';
import type { DockerOptions } from '../core/arguments/argv.ts';
import { checkTable, tableColumns } from '../core/check/check-table.ts';
import type { Need, TableFacts } from '../core/check/check-table.ts';
import { isUp } from '../core/engine-state.ts';
import type { ListedContainer } from '../core/engine-state.ts';
import { success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { candidateOf, inspectWhole, observeSurroundings } from '../shell/check/check-surroundings.ts';
import type { Surroundings, WholeContainer } from '../shell/check/check-surroundings.ts';
import { observeTarget } from '../shell/observe.ts';
import { print } from '../shell/print.ts';
import { reportText } from '../shell/report-text.ts';
import { warn } from '../shell/say.ts';

/** @returns the exit status, the table being printed: 1 where something that is needed cannot be reached */
export async function checkAll(request: CheckRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const found = await call.engine(docker, warn);
  if (!found.ok) return found;
  const engine = found.value;
  const target = await observeTarget(request, call, engine);
  if (!target.ok) return target;
  const { lost, notes = [] } = target.value;
  for (const note of notes) warn(note);
  if (lost !== undefined) warn(`${lost.said} (${lost.cure})`);
  const around = await observeSurroundings(request.service, target.value, engine);
  if (!around.ok) return around;
  const self = await inspectWhole(target.value.container.id, engine);
  if (!self.ok) return self;
  const needs = self.value === undefined ? [] : needsOf(self.value, around.value);
  const others = await observeOthers(needs, around.value);
  if (!others.ok) return others;
  const table = checkTable({ asker: around.value.asker, needs, others: others.value });
  const text = await reportText(tableColumns, table.rows, { format: request.format, quiet: false, noTrunc: true });
  if (!text.ok) return text;
  print(text.value);
  return success(table.fails ? 1 : 0);
}

/** One in another's network depends on that one: it is itself, seen from the networks. */
function needsOf({ details, endpoints }: WholeContainer, { listed, owner }: Surroundings): readonly Need[] {
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

async function observeOthers(needs: readonly Need[], around: Surroundings): Promise<Result<TableFacts['others']>> {
  const { owner, listed, engine } = around;
  const networks = owner.endpoints.map(({ networkId }) => networkId);
  const isNeeded = ({ compose, name }: ListedContainer): boolean =>
    needs.some(({ called }) => called === name) ||
    (compose !== undefined &&
      compose.project === owner.compose?.project &&
      !compose.oneOff &&
      needs.some(({ called }) => called === compose.service));
  const wanted = listed.filter(
    (each) =>
      each.id !== owner.id &&
      (isNeeded(each) || (isUp(each.state) && each.endpoints.some(({ networkId }) => networks.includes(networkId)))),
  );
  const others: TableFacts['others'][number][] = [];
  for (const { id } of wanted) {
    const container = await inspectWhole(id, engine);
    if (!container.ok) return container;
    if (container.value !== undefined)
      others.push({ ...candidateOf(container.value, around), exitCode: container.value.exitCode });
  }
  return success(others);
}
