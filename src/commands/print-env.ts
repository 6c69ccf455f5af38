// --print-env: the variables that a service is configured with, as --service-env takes them, on stdout. Nothing is entered.
import { isatty } from 'node:tty';
import type { Call } from '../call.ts';
import type { DockerOptions, PrintEnvRequest } from '../core/arguments/argv.ts';
import { serviceVariables } from '../core/entry/environment.ts';
import { success } from '../core/failure/failure.ts';
import type { Failure, Result } from '../core/failure/failure.ts';
import type { Container } from '../core/engine/containers.ts';
import { printedVariables } from '../core/report/printed-variables.ts';
import { printable } from '../core/text/printable.ts';
import type { Engine } from '../shell/engine/engine.ts';
import { findTarget, inspect } from '../shell/observe/observe-target.ts';
import { print } from '../shell/terminal/print.ts';
import { warn } from '../shell/terminal/say.ts';

/** @returns the exit status */
export async function printEnv(request: PrintEnvRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const container = await findConfigured(request, call, engine.value);
  if (!container.ok) return container;
  const { text, left } = printedVariables(serviceVariables(container.value.environment ?? []), request.format);
  if (left.length > 0)
    warn(`omitting variables whose names --format ${request.format} cannot express: ${left.join(', ')}`);
  print(isatty(1) ? text.split('\n').map(printable).join('\n') : text);
  return success(0);
}

/** It need not run: what it is configured with is known all the same. */
async function findConfigured(request: PrintEnvRequest, call: Call, engine: Engine): Promise<Result<Container>> {
  const target = await findTarget({ ...request, serviceEnv: true }, call, engine);
  if (target.ok) {
    for (const note of target.value.notes ?? []) warn(note);
    return success(target.value.container);
  }
  const stopped = stoppedContainer(target.failure);
  const container = stopped === undefined ? success(undefined) : await inspect(stopped, engine, true);
  if (!container.ok) return container;
  return container.value === undefined ? target : success(container.value);
}

function stoppedContainer(failure: Failure): string | undefined {
  if (failure.kind === 'container-not-running') return failure.container;
  return failure.kind === 'service-not-running' ? failure.containers[0]?.name : undefined;
}
