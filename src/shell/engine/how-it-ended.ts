// Asks the engine how a container ended that was to be entered, on the way to saying that it does not run.
import type { TargetRequest } from '../../core/arguments/argv.ts';
import { decodeEnding, statusOf } from '../../core/engine/container-ending.ts';
import { decodeContainer, decodeList, isUp } from '../../core/engine/containers.ts';
import type { Failure } from '../../core/failure/failure.ts';
import { standInLabel } from '../../core/own-container/stand-in.ts';
import type { Engine } from './engine.ts';

/** @returns the same failure, with what the engine knows besides */
export async function howItEnded(failure: Failure, run: TargetRequest, engine: Engine): Promise<Failure> {
  if (failure.kind === 'service-not-running') {
    const containers = failure.containers.map(async (each) => {
      const { ending } = await ask(each.name, engine);
      return { ...each, ending: ending && { ...ending, exitCode: statusOf(each.status) ?? ending.exitCode } };
    });
    const standIn = await standInOf(failure.project, failure.service, engine);
    return { ...failure, containers: await Promise.all(containers), standIn };
  }
  if (failure.kind !== 'container-not-running') return failure;
  const { container: name, state, exitCode } = failure;
  const { compose, ending: found } = await ask(name, engine);
  const ending = found && { ...found, exitCode };
  if (run.container || compose?.service !== run.service) return { ...failure, ending };
  // It has ended since the list said that it runs: still the service is meant.
  const containers = [{ name, state, status: `exit code ${exitCode}`, ending }];
  return { kind: 'service-not-running', project: compose.project, service: run.service, containers };
}

async function standInOf(project: string, service: string, engine: Engine): Promise<string | undefined> {
  const listed = await engine.list([`${standInLabel}=${project}/${service}`]);
  if (!listed.ok) return undefined;
  const { request, json } = listed.value;
  const containers = decodeList(request, json);
  return containers.ok ? containers.value.find(({ state }) => isUp(state))?.name : undefined;
}

async function ask(name: string, engine: Engine) {
  const answer = await engine.inspect(name);
  if (!answer.ok || answer.value === undefined) return { ending: undefined, compose: undefined };
  const { request, json } = answer.value;
  const container = decodeContainer(request, json);
  return { ending: decodeEnding(json), compose: container.ok ? container.value.compose : undefined };
}
