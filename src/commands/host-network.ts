// --host-network: COMMAND stays in this machine's network, and has a hosts file of its own, which follows the containers.
import type { Call } from '../call.ts';
import type { DockerOptions, RunRequest } from '../core/arguments/argv.ts';
import type { EntryPlan } from '../core/entry/plan.ts';
import { success } from '../core/failure/failure.ts';
import type { Result } from '../core/failure/failure.ts';
import { hostNames } from '../core/names/host-view.ts';
import { openNamesFile } from '../shell/enter/names-file.ts';
import type { NamesFile } from '../shell/enter/names-file.ts';
import { carryOut, leave } from './run.ts';

/** @returns COMMAND's exit status */
export async function runOnHost(
  plan: EntryPlan,
  request: RunRequest,
  docker: DockerOptions,
  call: Call,
): Promise<Result<number>> {
  const { view } = plan;
  if (view?.of !== 'host') throw new Error('the plan is not one of --host-network');
  const opened = openNamesFile(view.names);
  if (!opened.ok) return opened;
  const { file, forget, close } = opened.value;
  const own = { ...plan, view: { ...view, file } };
  const again = (): never => {
    throw new Error('--host-network does not go with --restart');
  };
  const watch = (stopping: AbortSignal): Promise<void> => keep(opened.value, plan, request, docker, call, stopping);
  const status = await carryOut(success(own), request, call, again, { started: forget, watch });
  close();
  return leave(status, undefined);
}

async function keep(
  file: NamesFile,
  { endpoint, target }: EntryPlan,
  request: RunRequest,
  docker: DockerOptions,
  call: Call,
  stopping: AbortSignal,
): Promise<void> {
  const [{ keepNames }, { observeHostNetwork }] = await Promise.all([
    import('../shell/enter/keep-names.ts'),
    import('../shell/observe/observe-host-network.ts'),
  ]);
  let last = target;
  const look = async (): Promise<void> => {
    const engine = await call.engine(docker, () => {});
    const seen = engine.ok ? await observeHostNetwork(request, call, engine.value, last) : engine;
    if (!seen.ok) return;
    last = seen.value;
    file.renew(hostNames(last.visible ?? []));
  };
  await keepNames(endpoint, look, stopping);
}
