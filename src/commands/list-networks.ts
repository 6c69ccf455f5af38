// --list-networks: the networks of the project, and who is on them, as a table or a drawing.
import type { Call } from '../call.ts';
import type { ReportRequest } from '../core/arguments/argv.ts';
import { drawings } from '../core/arguments/option-values.ts';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { networkColumns, networkRows } from '../core/report/report-rows.ts';
import type { Engine } from '../shell/engine/engine.ts';
import { observeProjectNetworks } from '../shell/observe/observe-project-networks.ts';
import { reportText } from '../shell/terminal/report-width.ts';

export async function listNetworks(request: ReportRequest, call: Call, engine: Engine): Promise<Result<string>> {
  const seen = await observeProjectNetworks(request, `--${request.kind}`, call, engine);
  if (!seen.ok) return seen;
  const { project, networks, containers } = seen.value;
  const drawing = request.quiet ? undefined : drawings.find((each) => each === request.format);
  if (drawing === undefined)
    return reportText(networkColumns, networkRows(project.name, networks, containers), request);
  const { drawNetworks, networkMap } = await import('../core/report/drawing.ts');
  return success(drawNetworks(networkMap(project.name, networks, containers), drawing));
}
