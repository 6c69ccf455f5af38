// Sentences for a project, a service or a container that is not there, or cannot be entered.
import { list, nearestHint, nearestOf, own, quoted } from './explanation.ts';
import type { Explanation } from './explanation.ts';
import { explainStoppedContainer, explainStoppedService } from './explain-stopped.ts';
import { checkUsage, usageLine } from '../arguments/help.ts';
import { netexecOptions } from '../arguments/options.ts';
import { unreachable } from '../failure.ts';
import type { ContainerFailure, ProjectFailure } from '../failure.ts';
import { shellWord } from '../printable.ts';

export function explainProject(failure: ProjectFailure): Explanation {
  switch (failure.kind) {
    case 'compose-file-missing':
      return own(`there is no Compose file ${failure.file}, named by ${failure.source}`, undefined);
    case 'compose-file-invalid':
      return own(
        `the Compose file ${failure.file} cannot be read: ${failure.reason}`,
        'docker compose config says more',
      );
    case 'folder-missing':
      return own(`${failure.flag} ${failure.folder}: ${failure.reason}`, undefined);
    case 'project-name-invalid':
      return own(
        `invalid project name ${quoted(failure.name)}, from ${failure.source}`,
        'lowercase letters, digits, hyphens and underscores, starting with a letter or digit',
      );
    case 'project-ambiguous':
      return own(
        `more than one project was started from ${failure.folder}: ${list(failure.projects)}`,
        `say which: docker netexec -p ${shellWord(failure.projects[0] ?? 'NAME')} ${shellWord(failure.service)} …`,
      );
    case 'no-project':
      return own(
        `no Compose project in ${failure.folder} or above${alsoNoContainer(failure.name)}`,
        failure.running.length === 0
          ? 'no project is running; start one: docker compose up -d'
          : (meantHint(failure.name, failure.elsewhere) ??
              `running projects: ${list(failure.running)}; choose one: docker netexec -p ${shellWord(failure.running[0] ?? 'NAME')} …`),
      );
    case 'project-empty':
      return own(
        `project ${quoted(failure.project)} (${failure.source}) has no containers${alsoNoContainer(failure.service)}`,
        mistypedProject(failure) ??
          (failure.running.length === 0
            ? 'start it: docker compose up -d'
            : `start it: docker compose up -d; running projects: ${list(failure.running)}`),
      );
    case 'service-unknown':
      return own(
        `no service ${quoted(failure.service)} in project ${quoted(failure.project)}${alsoNoContainer(failure.service)}; it has: ${list(failure.services)}`,
        meantHint(failure.service, failure.elsewhere) ?? nearestHint(failure.service, failure.services),
      );
    case 'service-not-running':
      return explainStoppedService(failure);
    case 'replica-unknown':
      return own(
        `service ${quoted(failure.service)} of project ${quoted(failure.project)} has no running container number ${failure.index}; there are: ${failure.running.join(', ')}`,
        undefined,
      );
    default:
      return unreachable(failure);
  }
}

export function explainContainer(failure: ContainerFailure): Explanation {
  switch (failure.kind) {
    case 'container-unknown':
      return own(
        `no container ${quoted(failure.container)}${failure.running.length === 0 ? '; none is running' : `; running: ${list(failure.running)}`}`,
        nearestHint(failure.container, failure.running),
      );
    case 'container-not-running':
      return explainStoppedContainer(failure);
    case 'container-not-here':
      return explainElsewhere(failure);
    case 'network-not-made':
      return own(
        `network ${quoted(failure.network)} of project ${quoted(failure.project)} is declared, but not made yet`,
        `make it: docker compose -p ${shellWord(failure.project)} up -d`,
      );
    case 'network-not-joined':
      return own(
        `${failure.of} has no network ${quoted(failure.network)}; it has: ${list(failure.networks)}`,
        nearestHint(failure.network, failure.networks),
      );
    case 'stage-failed':
      return own(
        `the network could not be entered: ${failure.reason ?? `${stageNames[failure.way] ?? 'the stage before COMMAND'} ended with status ${failure.status}`}`,
        failure.reason === undefined ? 'what it said stands above' : undefined,
      );
    default:
      return unreachable(failure);
  }
}

/** Who was to start the stage before COMMAND, where it is not netexec. */
const stageNames: Readonly<Record<string, string>> = { sudo: 'sudo', doas: 'doas', docker: "the engine's container" };

function explainElsewhere(failure: ContainerFailure & { kind: 'container-not-here' }): Explanation {
  const engine = failure.engineName === undefined ? failure.host : `${failure.host} (${failure.engineName})`;
  const seen = failure.found === 'no-process' ? 'there is no such process here' : 'here that is another process';
  return own(
    `container ${quoted(failure.container)} does not run on this machine's kernel: the engine ${engine} says it is process ${failure.pid}, but ${seen}`,
    'an engine in a virtual machine (Docker Desktop, Colima) or on another host keeps its networks there: run docker netexec there, or use an engine of this machine (docker context ls)',
  );
}

function mistypedProject({ project, source, running }: ProjectFailure & { kind: 'project-empty' }): string | undefined {
  const nearest = source === '--project-name' ? nearestOf(project, running) : undefined;
  return nearest === undefined ? undefined : `did you mean -p ${shellWord(nearest)}?`;
}

/** What was meant by a word that is no service here: one of another project, or something that is said otherwise. */
function meantHint(name: string | undefined, elsewhere: readonly string[]): string | undefined {
  if (name === undefined) return undefined;
  if (elsewhere.length > 0)
    return `${quoted(name)} runs in ${list(elsewhere)}: docker netexec -p ${shellWord(elsewhere[0] ?? '')} ${shellWord(name)} …`;
  if (name === 'exec' || name === 'run') return `leave ${quoted(name)} out: ${usageLine}`;
  if (netexecOptions.some((option) => option.name === name)) return `did you mean --${name}?`;
  if (/^[\w.-]+:\d+$/.test(name)) return `an endpoint goes after SERVICE: ${checkUsage}`;
  return undefined;
}

const alsoNoContainer = (name: string | undefined): string =>
  name === undefined ? '' : `, and no container is named ${quoted(name)}`;
