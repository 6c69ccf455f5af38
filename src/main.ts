// netexec itself: reads the words, has the command that they ask for carried out, and says what went wrong.
import { openCall } from './call.ts';
import type { Call } from './call.ts';
import { run } from './commands/run.ts';
import { parseArgv } from './core/arguments/argv.ts';
import type { Request } from './core/arguments/argv.ts';
import { success } from './core/failure/failure.ts';
import type { Failure, Result } from './core/failure/failure.ts';
import { calledByDocker } from './shell/observe/caller-environment.ts';
import type { Caller } from './shell/observe/caller-environment.ts';
import { begin } from './shell/process/trace.ts';

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
  const read = begin('the words are read');
  const request = parseArgv(launch.words, calledByDocker());
  read();
  const status = request.ok ? await answer(request.value, call) : request;
  return status.ok ? status.value : complain(status.failure);
}

/** What a run does not need is loaded when it is asked for. */
async function answer(request: Request, call: Call): Promise<Result<number>> {
  switch (request.action) {
    case 'run':
      if (request.run.all) return (await import('./commands/all.ts')).runInAll(request.run, request.docker, call);
      if (request.run.dryRun) return (await import('./commands/dry-run.ts')).dryRun(request.run, request.docker, call);
      return request.run.forwards.length > 0
        ? (await import('./commands/forward.ts')).forward(request.run, request.docker, call)
        : run(request.run, request.docker, call);
    case 'check':
      return request.check.endpoints.length > 0
        ? (await import('./commands/check.ts')).check(request.check, request.docker, call)
        : (await import('./commands/check-all.ts')).checkAll(request.check, request.docker, call);
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

async function complain(failure: Failure): Promise<number> {
  const { renderFailure } = await import('./core/failure/explain.ts');
  const { text, status } = renderFailure(failure);
  process.stderr.write(text);
  return status;
}
