// --check without endpoints: looks at everybody on the service's networks and at those it depends on. Nothing is entered.
import type { Call } from '../call.ts';
import type { CheckRequest, DockerOptions } from '../core/arguments/argv.ts';
import { checkTable, tableColumns } from '../core/check/check-table.ts';
import type { TableFacts } from '../core/check/check-table.ts';
import { needsOf, tableContainers } from '../core/check/needs.ts';
import { candidateOf } from '../core/check/surroundings.ts';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { inspectWhole, observeListeners, observeSurroundings } from '../shell/check/observe-outside.ts';
import { observeAsker, vantageOf } from '../shell/check/vantage.ts';
import type { Vantage } from '../shell/check/vantage.ts';
import { print } from '../shell/terminal/print.ts';
import { reportText } from '../shell/terminal/report-width.ts';
import { warn } from '../shell/terminal/say.ts';

/** @returns the exit status, the table being printed: 1 where something that is needed cannot be reached */
export async function checkAll(request: CheckRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const seen = await observeTable(request, call, vantageOf(engine.value, call), warn);
  if (!seen.ok) return seen;
  const table = checkTable(seen.value);
  const text = await reportText(tableColumns, table.rows, { format: request.format, quiet: false, noTrunc: false });
  if (!text.ok) return text;
  print(text.value);
  return success(table.fails ? 1 : 0);
}

/** @param say is told what is to be known besides */
export async function observeTable(
  request: Omit<CheckRequest, 'endpoints'>,
  call: Call,
  engine: Vantage,
  say: (text: string) => void,
): Promise<Result<TableFacts>> {
  const target = await observeAsker(request, call, engine);
  if (!target.ok) return target;
  const { lost, notes = [] } = target.value;
  for (const note of notes) say(note);
  if (lost !== undefined) say(`${lost.said} (${lost.cure})`);
  const around = await observeSurroundings(request, target.value, engine);
  if (!around.ok) return around;
  const self = await inspectWhole(target.value.container.id, engine);
  if (!self.ok) return self;
  const needs = self.value === undefined ? [] : needsOf(self.value, around.value);
  const seen = await observeListeners(tableContainers(needs, around.value), around.value, engine);
  if (!seen.ok) return seen;
  const others = seen.value.map(({ container, listeners }) => ({
    ...candidateOf(container, around.value, listeners),
    exitCode: container.exitCode,
  }));
  return success({ asker: around.value.asker, needs, others });
}
