// A run: observes the container and this machine, decides on a plan, and carries it out, as often as --restart has it.
import { isatty } from 'node:tty';
import type { Call } from '../call.ts';
import type { DockerOptions, RunRequest } from '../core/arguments/argv.ts';
import { describeWhereabouts, mayNameProxy } from '../core/environment.ts';
import { fail, success } from '../core/failure.ts';
import type { Result } from '../core/failure.ts';
import { makePlan } from '../core/plan.ts';
import type { EntryPlan, Target } from '../core/plan.ts';
import { printable } from '../core/printable.ts';
import { withSettings } from '../core/settings.ts';
import type { Engine } from '../shell/engine.ts';
import { observeRun } from '../shell/observe-run.ts';
import { observeTarget } from '../shell/observe.ts';
import { writeAliasFiles } from '../shell/runtime-folder.ts';
import { warn } from '../shell/say.ts';
import { begin } from '../shell/trace.ts';

/** @returns COMMAND's exit status */
export async function run(request: RunRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  if (request.restart) return runAgain(request, docker, call);
  const plan = await prepare(request, docker, call, () => void loadSupervision());
  return plan.ok ? carryOut(plan.value, request, supervise) : plan;
}

/** --restart. */
async function runAgain(request: RunRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const prepareAgain = (): Promise<Result<EntryPlan>> => prepare(request, docker, call);
  const plan = await prepareAgain();
  const { awaitStart, superviseAgain } = await import('../shell/restart.ts');
  const start = (made: EntryPlan): Promise<Result<number>> =>
    carryOut(made, request, (first) => superviseAgain(first, async () => updated(await prepareAgain())));
  return plan.ok ? start(plan.value) : awaitStart(plan.failure, call.ignoredSignals, prepareAgain, start);
}

/** What was said the first time is not said again. */
function updated(plan: Result<EntryPlan>): Result<EntryPlan> {
  if (plan.ok && plan.value.aliases !== undefined) writeAliasFiles(plan.value.aliases);
  return plan;
}

/** @param meanwhile is called while the engine thinks */
export async function prepare(
  given: RunRequest,
  docker: DockerOptions,
  call: Call,
  meanwhile?: () => void,
): Promise<Result<EntryPlan>> {
  if (process.platform !== 'linux') return fail({ kind: 'platform-unsupported', platform: process.platform });
  const request = withSettings(given, call.env);
  if (!request.ok) return request;
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const target = observeTarget(request.value, call, engine.value);
  return planFor(request.value, target, call, engine.value, meanwhile);
}

/**
 * Observes, then decides.
 * @param target the container, which the engine has been asked for, or which is known
 */
export async function planFor(
  request: RunRequest,
  target: Promise<Result<Target>>,
  call: Call,
  engine: Engine,
  meanwhile?: () => void,
): Promise<Result<EntryPlan>> {
  const seen = await observeRun(request, target, call, engine, meanwhile);
  if (!seen.ok) return seen;
  const planned = begin('the plan is made');
  const plan = makePlan(request, seen.value);
  planned();
  if (!plan.ok || !mayNameProxy(plan.value.environment)) return plan;
  const { withProxyNote } = await import('../shell/proxy-note.ts');
  return success(withProxyNote(plan.value));
}

async function carryOut(
  plan: EntryPlan,
  { resolver, command }: RunRequest,
  enter: (plan: EntryPlan) => Promise<Result<number>>,
): Promise<Result<number>> {
  for (const note of plan.notes) warn(note);
  const written = begin('HOSTALIASES files are written');
  const failure = plan.aliases === undefined ? undefined : writeAliasFiles(plan.aliases);
  written();
  if (failure !== undefined) {
    // A full or read-only disk takes nothing away from the private view; a folder that is not the caller's is no accident.
    if (resolver === 'hostaliases' || failure.kind !== 'runtime-folder-full') return fail(failure);
    warn(`HOSTALIASES is not up to date: ${failure.folder}: ${failure.reason}`);
  }
  if (command.length === 0 && isatty(0) && isatty(2))
    process.stderr.write(`${printable(describeWhereabouts(plan.whereabouts))}\n`);
  const status = await enter(plan);
  // Before it ends the runtime tidies up, which the kernel does faster. What netexec has written is written: warnings, on stderr.
  if (status.ok) process.exit(status.value);
  return status;
}

async function supervise(plan: EntryPlan): Promise<Result<number>> {
  const supervision = await import('../shell/supervise.ts');
  return (await supervision.supervise(plan, false)).status;
}

async function loadSupervision(): Promise<void> {
  const loaded = begin('the entry is loaded');
  await import('../shell/supervise.ts');
  loaded();
}
