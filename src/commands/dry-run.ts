// --dry-run: observes and decides as a run does, and prints the plan instead of carrying it out.
import type { Call } from '../call.ts';
import type { DockerOptions, RunRequest } from '../core/arguments/argv.ts';
import { describePlan } from '../core/entry/describe-plan.ts';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { print } from '../shell/terminal/print.ts';
import { prepare } from './run.ts';

export async function dryRun(request: RunRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const plan = await prepare(request, docker, call);
  if (!plan.ok) return plan;
  print(describePlan(plan.value, request.noTrunc));
  return success(0);
}
