// --dry-run: observes and decides as a run does, and prints the plan instead of carrying it out.
import type { Call } from '../call.ts';
import type { DockerOptions, RunRequest } from '../core/arguments/argv.ts';
import { describePlan } from '../core/entry/describe-plan.ts';
import { describeListener } from '../core/relay/listener-text.ts';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { print } from '../shell/terminal/print.ts';
import { prepare } from './run.ts';

export async function dryRun(request: RunRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const { listeners, command, service } = request;
  // Without COMMAND what runs is the inner end of a relay.
  const isRelay = listeners.length > 0 && command.length === 0;
  const run = isRelay ? (await import('./forward.ts')).relayRun(request, call) : request;
  const plan = await prepare(run, docker, call);
  if (!plan.ok) return plan;
  const ports = listeners.map((each) => {
    const text = describeListener({ ...each, listening: each.local }, service);
    return { kind: each.kind, text };
  });
  // HOSTALIASES files are COMMAND's.
  const shown = isRelay ? { ...plan.value, aliases: undefined } : plan.value;
  print(describePlan(shown, request.noTrunc, ports));
  return success(0);
}
