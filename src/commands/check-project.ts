// --check without SERVICE: the table of --check SERVICE for every service of the project that runs.
import type { Call } from '../call.ts';
import type { CheckProjectRequest, DockerOptions } from '../core/arguments/argv.ts';
import { checkTable, tableColumns } from '../core/check/check-table.ts';
import { runningServices } from '../core/compose/project.ts';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import type { Row } from '../core/report/render-report.ts';
import { vantageOf } from '../shell/check/vantage.ts';
import { observeProject } from '../shell/observe/observe-target.ts';
import { print } from '../shell/terminal/print.ts';
import { reportText } from '../shell/terminal/report-width.ts';
import { warn } from '../shell/terminal/say.ts';
import { observeTable } from './check-all.ts';

/** @returns the exit status, the table being printed: 1 where something that is needed cannot be reached */
export async function checkProject(
  request: CheckProjectRequest,
  docker: DockerOptions,
  call: Call,
): Promise<Result<number>> {
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const vantage = vantageOf(engine.value, call);
  const seen = await observeProject(request, call, vantage, '--check', { whose: 'all' });
  if (!seen.ok) return seen;
  const { project, containers } = seen.value;
  const services = project === undefined ? [] : runningServices(containers, project.name);
  if (services.length === 0) {
    const { explainIdleProject } = await import('../shell/observe/unknown-service.ts');
    return explainIdleProject(seen.value, call);
  }
  // What is said of the project is said once.
  const said = new Set<string>();
  const warnOnce = (text: string): void => {
    if (!said.has(text)) warn(text);
    said.add(text);
  };
  const rows: Row[] = [];
  let fails = false;
  for (const service of services) {
    const facts = await observeTable({ ...request, service }, call, vantage, warnOnce);
    if (!facts.ok) return facts;
    const table = checkTable(facts.value);
    rows.push(...table.rows.map((row) => ({ From: service, ...row })));
    fails ||= table.fails;
  }
  const columns = [{ key: 'From', header: 'FROM' }, ...tableColumns];
  const text = await reportText(columns, rows, { format: request.format, quiet: false, noTrunc: false });
  if (!text.ok) return text;
  print(text.value);
  return success(fails ? 1 : 0);
}
