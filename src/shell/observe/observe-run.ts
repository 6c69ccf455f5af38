// Everything that the plan of a run is made of, each looked at once: the container, the names on its networks, this machine.
import { isApart } from '../../core/arguments/argv.ts';
import type { RunRequest } from '../../core/arguments/argv.ts';
import { fail, success } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';
import type { RunFacts, Target } from '../../core/entry/plan.ts';
import { asksTunnel } from '../../core/ways/ways.ts';
import type { Caller } from './caller-environment.ts';
import { observeWays } from './elevation.ts';
import { sent } from '../engine/engine.ts';
import type { Engine } from '../engine/engine.ts';
import { observeMachine, stagingApart } from './host.ts';
import { observeNames } from './observe-names.ts';
import { trustedPath } from './program.ts';
import { begin } from '../process/trace.ts';

/**
 * @param asking the container, which the engine has been asked for, or which is known
 * @param meanwhile is called while the engine thinks
 */
export async function observeRun(
  run: RunRequest,
  asking: Promise<Result<Target>>,
  caller: Caller,
  engine: Engine,
  meanwhile: () => void = () => {},
): Promise<Result<RunFacts>> {
  await sent();
  const looked = begin('look at this machine');
  const looking = observeMachine(run, caller);
  looked();
  meanwhile();
  const [target, machine] = await Promise.all([asking, looking]);
  if (!target.ok) return target;
  if (!machine.ok && machine.failure.kind === 'command-not-found') {
    const { lookInside } = await import('./missing-command.ts');
    return fail(await lookInside(machine.failure, run.command, target.value.container, engine));
  }
  const names = await observeNames(run, target.value, caller, engine);
  if (!names.ok) return names;
  if (!machine.ok) return machine;
  const files = run.serviceFiles
    ? await (await import('./observe-service-files.ts')).observeServiceFiles(run, target.value, caller, engine)
    : success([]);
  if (!files.ok) return files;
  const staging = stagingApart(files.value.map(({ folder }) => folder));
  const { pid } = target.value.container;
  const processes = run.pid ? (await import('./container-processes.ts')).observeProcesses(pid) : undefined;
  const outside = target.value.visible !== undefined;
  const remoteEngine = target.value.remoteEngine === true;
  const wanted = { other: machine.value.other, outside, remoteEngine, keepsCapabilities: run.capabilities.length > 0 };
  const tunnels = remoteEngine || asksTunnel(run.elevate);
  const missing = tunnels ? (await import('./tunnel-device.ts')).missingTool() : undefined;
  if (missing !== undefined) return fail({ kind: 'tool-missing', tool: missing, searched: trustedPath });
  const isEntered = !outside && !tunnels;
  const ways = await observeWays(run.elevate ?? 'auto', wanted, isEntered ? pid : process.pid, isApart(run));
  return success({
    endpoint: engine.endpoint,
    target: target.value,
    names: names.value,
    host: { ...machine.value, ...ways, processes, staging },
    files: files.value,
  });
}
