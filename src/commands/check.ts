// --check: says of each endpoint why it does not connect from inside the service's network.
import type { Call } from '../call.ts';
import type { CheckRequest, DockerOptions } from '../core/arguments/argv.ts';
import { verdictJson, verdictText } from '../core/check/check-text.ts';
import type { Verdict } from '../core/check/check-verdict.ts';
import { readEndpoints } from '../core/check/checked-endpoint.ts';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { showProgress } from '../shell/check/progress.ts';
import { paintFor } from '../shell/terminal/colours.ts';
import { print } from '../shell/terminal/print.ts';
import { terminalWidth } from '../shell/terminal/report-width.ts';
import { warn } from '../shell/terminal/say.ts';
import { judgeEndpoints } from './judge-endpoints.ts';

/** @returns the exit status, the verdicts being printed: 1 where an endpoint does not connect */
export async function check(request: CheckRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const wanted = readEndpoints(request.endpoints, '--check');
  if (!wanted.ok) return wanted;
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const progress = showProgress(process.stderr);
  let shown = 0;
  let failed = false;
  const judged = judgeEndpoints(wanted.value, request, call, engine.value, {
    note: warn,
    step: (endpoint, step) => (step === 'end' ? progress.end(endpoint) : progress.begin(endpoint, step)),
    verdict: (verdict) => {
      progress.clear();
      show(verdict, request.format, shown++);
      failed ||= verdict.cause !== undefined;
    },
  });
  const status = await judged.finally(() => progress.stop());
  return status.ok && status.value === 0 && failed ? success(1) : status;
}

function show(verdict: Verdict, format: CheckRequest['format'], index: number): void {
  const text =
    format === 'json'
      ? verdictJson(verdict)
      : `${index > 0 ? '\n' : ''}${verdictText(verdict, paintFor(process.stdout), terminalWidth())}`;
  print(text);
}
