// The calls that start nothing in a network themselves: help, completion, reports, --check, --doctor, --dry-run.
import type { Call } from './call.ts';
import type { DockerOptions, Request, RunRequest } from './core/arguments/argv.ts';
import { success } from './core/failure.ts';
import type { Result } from './core/failure.ts';
import type { EntryPlan } from './core/plan.ts';
import { print } from './shell/print.ts';
import { warn } from './shell/say.ts';

/**
 * @param prepare makes the plan of a run
 * @returns the exit status
 */
export async function answerOther(
  request: Exclude<Request, { action: 'run' | 'version' }>,
  version: string,
  call: Call,
  prepare: (docker: DockerOptions, run: RunRequest) => Promise<Result<EntryPlan>>,
): Promise<Result<number>> {
  switch (request.action) {
    case 'nothing':
      return success(0);
    case 'man': {
      const { manualPage } = await import('./shell/manual-page.ts');
      print(manualPage);
      return success(0);
    }
    case 'uninstall': {
      const { uninstall } = await import('./shell/uninstall.ts');
      return uninstall(call.env, request.docker.config);
    }
    case 'help': {
      const { helpText } = await import('./core/arguments/help.ts');
      print(helpText);
      return success(0);
    }
    case 'no-service': {
      const { whatThereIs } = await import('./shell/no-service.ts');
      return whatThereIs(request.missing, call, await call.engine(request.docker, warn));
    }
    case 'complete': {
      const { complete } = await import('./shell/complete.ts');
      return complete(request.docker, request.complete.words, request.complete.described, call);
    }
    case 'report': {
      const { report } = await import('./shell/report.ts');
      const engine = await call.engine(request.docker, warn);
      return engine.ok ? report(request.report, call, engine.value) : engine;
    }
    case 'check': {
      const { check } = await import('./shell/check/check.ts');
      const { enter } = await import('./shell/enter.ts');
      return check(request.check, call, {
        reach: () => call.engine(request.docker, warn),
        prepare: (run) => prepare(request.docker, run),
        enter,
      });
    }
    case 'doctor': {
      const { doctor } = await import('./shell/doctor/doctor.ts');
      return doctor(request.doctor, call, version, request.docker.config, () => call.engine(request.docker, warn));
    }
  }
}

export async function showPlan(plan: EntryPlan, noTrunc: boolean): Promise<Result<number>> {
  const { describePlan } = await import('./core/describe.ts');
  print(describePlan(plan, noTrunc));
  return success(0);
}
