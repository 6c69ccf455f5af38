// --dry-run: observes and decides as a run does, and prints the plan instead of carrying it out.
import type { Call } from '../call.ts';
import { inside, isPlace } from '../core/arguments/argv.ts';
import type { DockerOptions, RunRequest } from '../core/arguments/argv.ts';
import { describePlan } from '../core/entry/describe-plan.ts';
import { describeForward } from '../core/relay/forward-text.ts';
import type { Target } from '../core/entry/plan.ts';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { warn } from '../shell/terminal/say.ts';
import { print } from '../shell/terminal/print.ts';
import { prepare } from './run.ts';

export async function dryRun(request: RunRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const { forwards, command } = request;
  // Without COMMAND what runs is the inner end of a relay.
  const isRelay = forwards.length > 0 && command.length === 0;
  const run = isRelay ? (await import('./forward.ts')).relayRun(request, call) : request;
  const place = await planPlace(request, docker, call);
  if (!place.ok) return place;
  const plan = await prepare(run, docker, call, { place: place.value });
  if (!plan.ok) return plan;
  const ports = forwards.map((forward) => describeForward({ ...forward, listening: forward.local }, inside(request)));
  // HOSTALIASES files are COMMAND's.
  const shown = isRelay ? { ...plan.value, aliases: undefined } : plan.value;
  print(describePlan(shown, request.noTrunc, ports));
  return success(0);
}

async function planPlace(request: RunRequest, docker: DockerOptions, call: Call): Promise<Result<Target | undefined>> {
  if (!isPlace(request)) return success(undefined);
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const { plannedPlace } = await import('../shell/place/open-place.ts');
  return plannedPlace(request, call, engine.value);
}
