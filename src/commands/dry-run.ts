// --dry-run: observes and decides as a run does, and prints the plan instead of carrying it out.
import type { Call } from '../call.ts';
import type { DockerOptions, RunRequest } from '../core/arguments/argv.ts';
import { oneOf } from '../core/arguments/option-values.ts';
import { describePlan, describePlanJson } from '../core/entry/describe-plan.ts';
import type { PortLine } from '../core/entry/describe-plan.ts';
import { describeListener } from '../core/relay/listener-text.ts';
import { describeReverse } from '../core/relay/reverse-text.ts';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { print } from '../shell/terminal/print.ts';
import { prepare } from './run.ts';

export async function dryRun(request: RunRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const format = oneOf('--format', request.format || undefined, ['table', 'json'] as const, 'table');
  if (!format.ok) return format;
  const { listeners, reverses, command, service } = request;
  // Without COMMAND what runs is the inner end of a relay.
  const isRelay = listeners.length > 0 && command.length === 0;
  const run = isRelay ? (await import('./forward.ts')).relayRun(request, call) : request;
  const plan = await prepare({ ...run, waits: [] }, docker, call);
  if (!plan.ok) return plan;
  const ports: readonly PortLine[] = [
    ...listeners.map((each): PortLine => {
      const line = describeListener({ ...each, listening: each.local }, service);
      return { option: each.kind, line };
    }),
    ...reverses.map((each): PortLine => ({ option: 'reverse', line: describeReverse(each, service) })),
  ];
  // HOSTALIASES files are COMMAND's.
  const shown = isRelay ? { ...plan.value, aliases: undefined } : plan.value;
  const describe = format.value === 'json' ? describePlanJson : describePlan;
  const waits = request.waits.map(({ text }) => text);
  print(describe(shown, { values: request.noTrunc, ports, waits, isRelay }));
  return success(0);
}
