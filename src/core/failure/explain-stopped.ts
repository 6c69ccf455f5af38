// Sentences for a service or a container that does not run: a start helps one that was stopped, not one that fails.
import { describeRestarts, describeStopped, endsAgain } from '../engine/container-ending.ts';
import type { Ending } from '../engine/container-ending.ts';
import { composeByFiles, composeByName, dockerLine, netexecLine } from '../compose/compose-line.ts';
import type { Typed } from '../compose/compose-line.ts';
import { shellWord } from '../text/printable.ts';
import type { ContainerFailure, ProjectFailure } from './failure.ts';
import { own, quoted } from './explanation.ts';
import type { Explanation } from './explanation.ts';

export function explainStoppedService(
  failure: ProjectFailure & { kind: 'service-not-running' },
  typed: Typed,
): Explanation {
  const { project, service, containers, standIn } = failure;
  if (standIn !== undefined) {
    return own(
      `service ${quoted(service)} of project ${quoted(project)} is not running: a stand-in runs in its place, in container ${standIn}`,
      `run COMMAND beside the stand-in: ${netexecLine(typed)} --container ${shellWord(standIn)} -- COMMAND`,
    );
  }
  const compose = (verb: 'logs' | 'start'): string => composeByName(typed, project, [verb, service]);
  const up = composeByFiles(typed, ['up', '-d', service], { project, made: containers[0]?.compose });
  const looping = containers.find(({ state }) => state === 'restarting');
  if (looping?.ending !== undefined) {
    return own(
      `${service} keeps restarting${describeRestarts(looping.ending)}: container ${looping.name} of project ${quoted(project)}`,
      `see why: ${compose('logs')}`,
    );
  }
  const all = containers.map(
    ({ name, state, status, ending }) => `${name}${describeStopped(state, status)}${reason(state, ending)}`,
  );
  const [first] = containers;
  return own(
    `service ${quoted(service)} of project ${quoted(project)} is not running: ${
      first === undefined ? 'it is declared but has no container' : all.join('; ')
    }`,
    first?.compose?.task !== undefined
      ? `list its tasks: ${dockerLine(typed)} service ps --no-trunc ${shellWord(first.compose.task.service)}`
      : first === undefined || first.state === 'removing'
        ? `start it: ${up}`
        : // One that is there can be started from any folder.
          cure(first.name, first.state, first.ending, compose('logs'), compose('start'), up, typed),
  );
}

export function explainStoppedContainer(
  failure: ContainerFailure & { kind: 'container-not-running' },
  typed: Typed,
): Explanation {
  const { container, state, exitCode, ending } = failure;
  const docker = dockerLine(typed);
  if (state === 'restarting' && ending !== undefined)
    return own(
      `${container} keeps restarting${describeRestarts(ending)}`,
      `see why: ${docker} logs ${shellWord(container)}`,
    );
  return own(
    `container ${quoted(container)} is not running: it${describeStopped(state, state === 'exited' ? `Exited (${exitCode})` : state)}${reason(state, ending)}`,
    cure(
      container,
      state,
      ending,
      `${docker} logs ${shellWord(container)}`,
      `${docker} start ${shellWord(container)}`,
      undefined,
      typed,
    ),
  );
}

function reason(state: string, ending: Ending | undefined): string {
  if (ending === undefined) return '';
  if (ending.error !== '') return `: ${ending.error}`;
  if (ending.outOfMemory) return ', out of memory (OOM)';
  return state === 'exited' && ending.restarts > 0
    ? `, after ${ending.restarts} ${ending.restarts === 1 ? 'restart' : 'restarts'}`
    : '';
}

function cure(
  name: string,
  state: string,
  ending: Ending | undefined,
  logs: string,
  start: string,
  make: string | undefined,
  typed: Typed,
): string | undefined {
  if (state === 'removing') return undefined;
  if (state === 'dead')
    return `remove it: ${dockerLine(typed)} rm -f ${shellWord(name)}${make === undefined ? '' : `; then start it: ${make}`}`;
  return ending !== undefined && endsAgain(ending) ? `see why: ${logs}; start it: ${start}` : `start it: ${start}`;
}
