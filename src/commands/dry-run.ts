// --dry-run: observes and decides as a run does, and prints the plan instead of carrying it out.
import type { Call } from '../call.ts';
import { inside, isAlone, hasOwnContainer } from '../core/arguments/argv.ts';
import type { DockerOptions, RunRequest } from '../core/arguments/argv.ts';
import { oneOf } from '../core/arguments/option-values.ts';
import { describeFarPlan, describePlan, describePlanJson } from '../core/entry/describe-plan.ts';
import type { PortLine } from '../core/entry/describe-plan.ts';
import { describeLocalPort } from '../core/relay/local-port-text.ts';
import { isAloneElsewhere } from '../core/relay/only-here.ts';
import { describeReverse } from '../core/relay/reverse-text.ts';
import type { Target } from '../core/entry/plan.ts';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { isLinux } from '../shell/process/system.ts';
import { warn } from '../shell/terminal/say.ts';
import { print } from '../shell/terminal/print.ts';
import { terminalWidth } from '../shell/terminal/report-width.ts';
import { prepare } from './run.ts';

export async function dryRun(request: RunRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const format = oneOf('--format', request.format || undefined, ['table', 'json'] as const, 'table');
  if (!format.ok) return format;
  const { localPorts, reverses } = request;
  // Without COMMAND what runs is the inner end of a relay.
  const isRelay = isLinux ? isAlone(request) : isAloneElsewhere(request);
  const run = isRelay ? (await import('./forward.ts')).relayRun(request, call) : request;
  const place = await planPlace(request, docker, call);
  if (!place.ok) return place;
  const plan = await prepare({ ...run, waits: [] }, docker, call, { place: place.value, anywhere: !isRelay });
  const ports: readonly PortLine[] = [
    ...localPorts.map((each): PortLine => {
      const line = describeLocalPort({ ...each, listening: each.local }, inside(request));
      return { option: each.kind, line };
    }),
    ...reverses.map((each): PortLine => ({ option: 'reverse', line: describeReverse(each, inside(request)) })),
  ];
  const terminal = terminalWidth();
  if (isRelay && (await import('./forward.ts')).takesFarEnd(plan)) {
    const planned = await (await import('./forward-remote.ts')).planRemote(request, docker, call, place.value);
    if (planned.ok) print(describeFarPlan(planned.value, { ports, terminal }, format.value));
    return planned.ok ? success(0) : planned;
  }
  if (!plan.ok) return plan;
  // HOSTALIASES files are COMMAND's.
  const shown = isRelay ? { ...plan.value, aliases: undefined } : plan.value;
  const describe = format.value === 'json' ? describePlanJson : describePlan;
  const waits = request.waits.map(({ text }) => text);
  const { on, preset, noTrunc: values } = request;
  print(describe(shown, { values, ports, waits, isRelay, on, preset: preset?.source, terminal }));
  return success(0);
}

async function planPlace(request: RunRequest, docker: DockerOptions, call: Call): Promise<Result<Target | undefined>> {
  if (!hasOwnContainer(request)) return success(undefined);
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const { plannedOwnContainer } = await import('../shell/own-container/open-own-container.ts');
  return plannedOwnContainer(request, call, engine.value);
}
