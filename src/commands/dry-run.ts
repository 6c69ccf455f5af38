// --dry-run: observes and decides as a run does, and prints the plan instead of carrying it out.
import type { Call } from '../call.ts';
import type { DockerOptions, RunRequest } from '../core/arguments/argv.ts';
import { oneOf } from '../core/arguments/option-values.ts';
import { describePlan, describePlanJson } from '../core/entry/describe-plan.ts';
import { describeForward } from '../core/relay/forward-text.ts';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { print } from '../shell/terminal/print.ts';
import { prepare } from './run.ts';

export async function dryRun(request: RunRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const format = oneOf('--format', request.format || undefined, ['table', 'json'] as const, 'table');
  if (!format.ok) return format;
  const { forwards, command, service } = request;
  // Without COMMAND what runs is the inner end of a relay.
  const isRelay = forwards.length > 0 && command.length === 0;
  const run = isRelay ? (await import('./forward.ts')).relayRun(request, call) : request;
  const plan = await prepare(run, docker, call);
  if (!plan.ok) return plan;
  const ports = forwards.map((forward) => describeForward({ ...forward, listening: forward.local }, service));
  // HOSTALIASES files are COMMAND's.
  const shown = isRelay ? { ...plan.value, aliases: undefined } : plan.value;
  const describe = format.value === 'json' ? describePlanJson : describePlan;
  print(describe(shown, { values: request.noTrunc, forwards: ports, isRelay }));
  return success(0);
}
