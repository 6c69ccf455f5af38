// The reports: each observes the project, decides what there is to tell of it, and is printed. Nothing is entered.
import type { Call } from '../call.ts';
import type { DockerOptions, ReportRequest } from '../core/arguments/argv.ts';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import type { Engine } from '../shell/engine/engine.ts';
import { print } from '../shell/terminal/print.ts';
import { warn } from '../shell/terminal/say.ts';
import { hostaliases } from './hostaliases.ts';
import { listNames } from './list-names.ts';
import { listNetworks } from './list-networks.ts';

/** @returns the exit status */
export async function report(request: ReportRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const text = await textOf(request, call, engine.value);
  if (!text.ok) return text;
  print(text.value);
  return success(0);
}

function textOf(request: ReportRequest, call: Call, engine: Engine): Promise<Result<string>> {
  switch (request.kind) {
    case 'list-networks':
      return listNetworks(request, call, engine);
    case 'list-names':
      return listNames(request, call, engine);
    case 'hostaliases':
      return hostaliases(request, call, engine);
  }
}
