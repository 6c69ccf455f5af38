// The calls that start nothing in a network themselves: help, completion, reports, --check, --doctor, --dry-run.
import type { DockerOptions, Request, RunRequest } from './core/arguments/argv.ts';
import type { Environment } from './core/endpoint.ts';
import { success } from './core/failure.ts';
import type { Result } from './core/failure.ts';
import type { EntryPlan } from './core/plan.ts';
import { callerEnvironment } from './shell/caller-environment.ts';
import type { Engine } from './shell/engine.ts';
import { print } from './shell/print.ts';

/**
 * @param reach finds the engine that is meant, as for a run
 * @param prepare makes the plan of a run
 * @returns the exit status
 */
export async function answerOther(
  request: Exclude<Request, { action: 'run' | 'version' }>,
  version: string,
  reach: (docker: DockerOptions, env: Environment) => Promise<Result<Engine>>,
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
      return uninstall(callerEnvironment(), request.docker.config);
    }
    case 'help': {
      const { helpText } = await import('./core/arguments/help.ts');
      print(helpText);
      return success(0);
    }
    case 'no-service': {
      const { whatThereIs } = await import('./shell/no-service.ts');
      return whatThereIs(request.missing, await reach(request.docker, callerEnvironment()));
    }
    case 'complete': {
      const { complete } = await import('./shell/complete.ts');
      return complete(request.docker, request.complete.words, request.complete.described);
    }
    case 'report': {
      const { report } = await import('./shell/report.ts');
      const engine = await reach(request.docker, process.env);
      return engine.ok ? report(request.report, engine.value) : engine;
    }
    case 'check': {
      const { check } = await import('./shell/check/check.ts');
      const { supervise } = await import('./shell/supervise.ts');
      return check(request.check, {
        reach: () => reach(request.docker, callerEnvironment()),
        prepare: (run) => prepare(request.docker, run),
        enter: (plan) => supervise(success(plan), { onContainerEnd: 'ignore', ignoredSignals: plan.ignoredSignals }),
      });
    }
    case 'doctor': {
      const { doctor } = await import('./shell/doctor/doctor.ts');
      return doctor(request.doctor, version, request.docker.config, () => reach(request.docker, callerEnvironment()));
    }
  }
}

export async function showPlan(plan: EntryPlan, noTrunc: boolean): Promise<Result<number>> {
  const { describePlan } = await import('./core/describe.ts');
  print(describePlan(plan, noTrunc));
  return success(0);
}
