// netexec itself: reads the words, has the command that they ask for carried out, and says what went wrong.
import { calledWith, openCall } from './call.ts';
import type { Call } from './call.ts';
import { run } from './commands/run.ts';
import { parseArgv } from './core/arguments/argv.ts';
import type { Request, RunRequest } from './core/arguments/argv.ts';
import { nothingTyped } from './core/compose/compose-line.ts';
import type { Typed } from './core/compose/compose-line.ts';
import { fail, success } from './core/failure/failure.ts';
import type { Called } from './core/failure/explanation.ts';
import type { Failure, Result } from './core/failure/failure.ts';
import { seesOtherNumbers } from './shell/observe/prove-process.ts';
import { calledByDocker } from './shell/observe/caller-environment.ts';
import type { Caller } from './shell/observe/caller-environment.ts';
import { isLinux, otherSystem } from './shell/process/system.ts';
import { begin } from './shell/process/trace.ts';
import { errorWidth, say } from './shell/terminal/say.ts';

export interface Launch extends Pick<Caller, 'openFiles' | 'ignoredSignals'> {
  readonly words: readonly string[];
  /** When netexec's first line ran, in milliseconds since netexec was started. */
  readonly started: number;
}

/** @returns the exit status */
export async function main(launch: Launch): Promise<number> {
  const call = openCall(launch);
  const trace = call.env['NETEXEC_TRACE'];
  if (trace) (await import('./shell/process/waterfall.ts')).drawWaterfall(trace, launch.started);
  const read = begin('read the command line');
  const request = parseArgv(launch.words, calledByDocker());
  read();
  const meant = request.ok ? await withPreset(request.value, launch, call) : request;
  const status = meant.ok ? await answer(meant.value, call) : meant;
  if (status.ok) return status.value;
  const typed = request.ok ? typedIn(request.value) : nothingTyped;
  return complain(status.failure, calledWith(typed, call), call);
}

/** A run without SERVICE is that of x-netexec in the Compose file, where there is one; its files are read for nothing else. */
async function withPreset(request: Request, { words }: Launch, call: Call): Promise<Result<Request>> {
  const typed =
    request.action === 'run' && request.run.unnamed
      ? request.run
      : request.action === 'no-service' && request.missing.usage === 'run'
        ? request.missing
        : undefined;
  if (typed === undefined || typed.container) return success(request);
  const { observePreset } = await import('./shell/compose/observe-preset.ts');
  const preset = observePreset(typed, call);
  if (!preset.ok) return preset;
  if (preset.value === undefined) return success(request);
  const meant = parseArgv(words, calledByDocker(), preset.value);
  if (!meant.ok) return fail((await import('./core/arguments/preset.ts')).presetClash(meant.failure, preset.value));
  // Nothing was typed to run, and nothing is named: no shell, which nobody has asked for.
  const isNothing = request.action === 'no-service' && meant.value.action === 'run' && asksNothing(meant.value.run);
  if (isNothing) return success(request);
  if (meant.value.action === 'run') announce(meant.value.run);
  return meant;
}

/** What a file has had done is told with or without a terminal, as Compose tells what it does: a log must have it, too. */
function announce({ preset, dryRun }: RunRequest): void {
  if (preset !== undefined && !dryRun) say(`${preset.source}: ${preset.gives}`);
}

const asksNothing = ({ command, localPorts }: RunRequest): boolean => command.length === 0 && localPorts.length === 0;

/** What a run does not need is loaded when it is asked for. */
async function answer(request: Request, call: Call): Promise<Result<number>> {
  if (!isLinux) {
    const what = (await import('./core/relay/only-here.ts')).needsNamespaces(request);
    if (what !== undefined) return fail({ kind: 'platform-unsupported', what, platform: otherSystem });
  }
  if (seesOtherNumbers() && (await import('./core/relay/only-here.ts')).needsOwnNumbers(request))
    return fail({ kind: 'own-process-namespace' });
  switch (request.action) {
    case 'run':
      if (request.run.all) return (await import('./commands/all.ts')).runInAll(request.run, request.docker, call);
      if (request.run.dryRun) return (await import('./commands/dry-run.ts')).dryRun(request.run, request.docker, call);
      return request.run.localPorts.length + request.run.reverses.length > 0
        ? (await import('./commands/forward.ts')).forward(request.run, request.docker, call)
        : run(request.run, request.docker, call);
    case 'check':
      return request.check.endpoints.length > 0
        ? (await import('./commands/check.ts')).check(request.check, request.docker, call)
        : (await import('./commands/check-all.ts')).checkAll(request.check, request.docker, call);
    case 'check-project':
      return (await import('./commands/check-project.ts')).checkProject(request.check, request.docker, call);
    case 'report':
      return (await import('./commands/report.ts')).report(request.report, request.docker, call);
    case 'print-env':
      return (await import('./commands/print-env.ts')).printEnv(request.print, request.docker, call);
    case 'doctor':
      return (await import('./commands/doctor.ts')).doctor(request.doctor, request.docker, call);
    case 'complete':
      return (await import('./commands/complete.ts')).complete(request.complete, request.docker, call);
    case 'no-service':
      return (await import('./commands/no-service.ts')).noService(request.missing, request.docker, call);
    case 'uninstall':
      return (await import('./commands/uninstall.ts')).uninstall(request.docker, call);
    case 'help':
      return (await import('./commands/help.ts')).help();
    case 'man':
      return (await import('./commands/man.ts')).man();
    case 'version':
      return (await import('./commands/show-version.ts')).showVersion();
    case 'nothing':
      return success(0);
  }
}

/** For the lines that are to be typed next. */
const typedIn = (request: Request): Typed =>
  'run' in request
    ? request.run
    : 'report' in request
      ? request.report
      : 'check' in request
        ? request.check
        : 'print' in request
          ? request.print
          : 'missing' in request
            ? request.missing
            : nothingTyped;

/** Where a word may be a program's name, mistyped or in SERVICE's place: the PATH that has it. */
const searched = (failure: Failure, { env }: Call): string | undefined =>
  failure.kind === 'command-not-found' ? failure.path : failure.kind === 'service-unknown' ? env['PATH'] : undefined;

async function complain(failure: Failure, called: Called, call: Call): Promise<number> {
  const { renderFailure } = await import('./core/failure/explain.ts');
  const path = searched(failure, call);
  const programs =
    path === undefined ? [] : (await import('./shell/complete/machine-candidates.ts')).programs('', path);
  const told = { ...called, programs: programs.map(({ value }) => value) };
  const { text, status } = renderFailure(failure, told, errorWidth());
  process.stderr.write(text);
  return status;
}
