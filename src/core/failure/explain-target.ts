// Sentences for a project, a service or a container that is not there, or cannot be entered.
import { after, correctedLine, lineInProject, meant, meantNearest, typed as typedWords } from './corrected-line.ts';
import { list, nearestOf, own, quoted } from './explanation.ts';
import type { Called, Explanation } from './explanation.ts';
import { explainStoppedContainer, explainStoppedService } from './explain-stopped.ts';
import { usageLine } from '../arguments/help-text.ts';
import { composeByFiles, dockerLine, netexecLine } from '../compose/compose-line.ts';
import type { Typed } from '../compose/compose-line.ts';
import { netexecOptions } from '../arguments/options.ts';
import { unreachable } from './failure.ts';
import type { ContainerFailure, ProjectFailure } from './failure.ts';
import { shellWord } from '../text/printable.ts';
import { ways } from '../ways/ways.ts';

export function explainProject(failure: ProjectFailure, called: Called): Explanation {
  switch (failure.kind) {
    case 'compose-file-missing':
      return own(`no such Compose file: ${failure.file} (from ${failure.source})`, undefined);
    case 'compose-file-invalid':
      return own(
        `cannot read the Compose file ${failure.file}: ${failure.reason}`,
        `see what is wrong: ${composeByFiles(called, ['config'])}`,
      );
    case 'env-file-invalid':
      return own(
        `cannot read Compose's variables from ${failure.file}: ${failure.reason}`,
        'fix the file, or specify the project: docker netexec -p NAME …',
      );
    case 'variables-unreadable':
      return failure.reason === undefined
        ? own(
            `--env-file ${failure.file}: no such file`,
            `create it from a service's variables: docker netexec --print-env SERVICE >${shellWord(failure.file)}`,
          )
        : own(
            `--env-file ${failure.file}: ${failure.reason}`,
            failure.reason === 'it is a directory'
              ? `name a file in it: --env-file ${shellWord(`${failure.file.replace(/\/$/, '')}/.env`)}`
              : "write each line as NAME=VALUE; single quotes keep a value unchanged: NAME='VALUE'",
          );
    case 'pipe-silent':
      return own(
        failure.fault === 'no writer'
          ? `no program is writing to the pipe ${failure.file}`
          : `the program that writes to the pipe ${failure.file} did not finish within 10 seconds`,
        'replace the pipe with a file, or specify the project: docker netexec -p NAME …',
      );
    case 'folder-missing':
      return own(
        `${failure.flag} ${failure.folder}: ${failure.reason}`,
        failure.flag === '--workdir' ? '--workdir takes a directory on this machine, not in the container' : undefined,
      );
    case 'project-name-invalid':
      return own(
        `invalid project name ${quoted(failure.name)} (from ${failure.source})`,
        /^[\w.[\]:]*:\d+(\/\w+)?$/.test(failure.name)
          ? `-p takes a project name; to reach a port inside from this machine, use --forward${
              after(correctedLine(called, ['-p', failure.name], ['--forward', failure.name])) ??
              ` ${shellWord(failure.name)}`
            }`
          : 'use lowercase letters, digits, hyphens and underscores, and begin with a letter or digit',
      );
    case 'project-ambiguous':
      return own(
        `more than one project was started from ${failure.folder}: ${list(failure.projects)}`,
        `choose one: ${lineInProject(called, 'NAME', [failure.service])}`,
      );
    case 'no-project':
      return own(
        `no Compose project in ${failure.folder} or above${alsoNoContainer(failure.name)}`,
        failure.running.length === 0
          ? `no project is running; start one in its directory: ${composeByFiles(called, ['up', '-d'])}`
          : (meantHint(failure.name, failure.alsoIn, called) ??
              `running projects: ${list(failure.running)}; choose one: ${lineInProject(called, only(failure.running))}`),
      );
    case 'project-empty':
      return own(
        `project ${quoted(failure.project)} (${failure.source}) has no ${failure.stopped === true ? 'running ' : ''}containers${alsoNoContainer(failure.service)}`,
        mistypedProject(failure, called) ?? startEmpty(failure, called),
      );
    case 'service-unknown':
      return own(
        `no service ${quoted(failure.service)} in project ${quoted(failure.project)}${alsoNoContainer(failure.service)}; services: ${list(failure.services)}`,
        // `env` is an option's name, too.
        (failure.alsoIn.length === 0 && optionOf(failure.service)?.value !== undefined
          ? forgottenService(failure, called)
          : undefined) ??
          meantHint(failure.service, failure.alsoIn, called) ??
          meantReplica(failure.service, failure.services, called) ??
          meantNearest(called, failure.service, failure.services) ??
          forgottenService(failure, called),
      );
    case 'service-not-running':
      return explainStoppedService(failure, called);
    case 'service-behind-profile': {
      const { project, service, profiles } = failure;
      return own(
        `service ${quoted(service)} of project ${quoted(project)} has no container: it belongs to profile ${profiles.join(', ')}`,
        `start it: ${composeByFiles(called, ['--profile', profiles[0] ?? 'NAME', 'up', '-d', service])}`,
      );
    }
    case 'replica-unknown':
      return own(
        `service ${quoted(failure.service)} of project ${quoted(failure.project)} has no running container number ${failure.index}; running: ${failure.running.join(', ')}`,
        undefined,
      );
    default:
      return unreachable(failure);
  }
}

export function explainContainer(failure: ContainerFailure, called: Called): Explanation {
  switch (failure.kind) {
    case 'container-unknown':
      return own(
        `no container ${quoted(failure.container)}${failure.running.length === 0 ? '; no container is running' : `; running: ${list(failure.running)}`}`,
        meantNearest(called, failure.container, failure.running),
      );
    case 'container-ambiguous':
      return own(
        `more than one container id begins with ${quoted(failure.container)}: ${list(failure.candidates)}`,
        'choose one by name: docker netexec --container NAME …',
      );
    case 'container-not-running':
      return explainStoppedContainer(failure, called);
    case 'container-not-here':
      return explainElsewhere(failure, called);
    case 'network-not-made':
      return own(
        `network ${quoted(failure.network)} of project ${quoted(failure.project)} is declared but has not been created yet`,
        `create it: ${composeByFiles(called, madeBy(failure), failure)}`,
      );
    case 'network-not-joined':
      return own(
        `${failure.of} has no network ${quoted(failure.network)}; networks: ${list(failure.networks)}`,
        meantNearest(called, failure.network, failure.networks),
      );
    case 'container-ended':
      return own(
        `${failure.container} exited${failure.status === undefined ? '' : ` with status ${failure.status}`} before netexec entered its network`,
        `see why: ${dockerLine(called)} logs ${shellWord(failure.container)}`,
      );
    case 'entry-held-up':
      return own(
        `${failure.container} is blocking netexec: COMMAND did not start within ${failure.seconds} seconds`,
        failure.joined
          ? 'a process in it may have stopped netexec from joining its PID namespace: run without --pid'
          : 'reading its resolv.conf or hosts does not finish: --resolver host does not read them',
      );
    case 'stage-failed':
      return own(
        `cannot enter the network: ${failure.reason ?? `${ways[failure.way].statusOf} exited with status ${failure.status}`}`,
        failure.reason === undefined ? 'see its message above' : undefined,
      );
    default:
      return unreachable(failure);
  }
}

function explainElsewhere(failure: ContainerFailure & { kind: 'container-not-here' }, called: Called): Explanation {
  const engine = failure.engineName === undefined ? failure.host : `${failure.host} (${failure.engineName})`;
  const { service, container } = failure;
  const whom = called.container ? container : (service ?? container);
  const seen = failure.found === 'no-process' ? 'there is no such process here' : 'that is a different process here';
  const works =
    failure.elevate === undefined
      ? 'COMMAND and --check work with such an engine'
      : `without --elevate ${failure.elevate}, COMMAND goes through a tunnel`;
  return own(
    `container ${quoted(failure.container)} does not run on this machine's kernel: the engine ${engine} reports it as process ${failure.pid}, but ${seen}`,
    `${works}; forward ports: ${netexecLine(called)} --forward HOST:PORT ${shellWord(whom)}; for everything else, run docker netexec on the engine's host`,
  );
}

/** Where there are no Compose files there is nothing to start. */
function startEmpty(
  { running, hasFiles }: ProjectFailure & { kind: 'project-empty' },
  typed: Typed,
): string | undefined {
  const parts = [
    ...(hasFiles ? [`start it: ${composeByFiles(typed, ['up', '-d'])}`] : []),
    ...(running.length > 0 ? [`running projects: ${list(running)}`] : hasFiles ? [] : ['no project is running']),
  ];
  return parts.join('; ');
}

function mistypedProject(
  { project, source, running }: ProjectFailure & { kind: 'project-empty' },
  called: Called,
): string | undefined {
  const nearest = source === '--project-name' ? nearestOf(project, running) : undefined;
  if (nearest === undefined) return undefined;
  const line = correctedLine(called, [project], [nearest]);
  return `did you mean -p ${shellWord(nearest)}?${line === undefined ? '' : ` ${line}`}`;
}

/** What was meant by a word that is no service here: one of another project, or something that is said otherwise. */
function meantHint(word: string | undefined, alsoIn: readonly string[], called: Called): string | undefined {
  if (word === undefined) return undefined;
  if (alsoIn.length > 0)
    return `${quoted(word)} runs in ${list(alsoIn)}: ${lineInProject(called, only(alsoIn), [word])}`;
  if (word === 'exec' || word === 'run')
    return `omit ${quoted(word)}: ${correctedLine(called, [word], []) ?? usageLine}`;
  if (word === 'port-forward') return `to forward a port: ${forwardLine(called)}`;
  const option = optionOf(word);
  // What its value is to be is for the caller to say.
  if (option?.value !== undefined) return `did you mean --${word} ${option.value.word}?`;
  if (option !== undefined) return meant(called, [word], [`--${word}`]);
  if (/^[\w.-]+:\d+$/.test(word)) return `an endpoint goes after SERVICE: docker netexec --check SERVICE ${word}`;
  return undefined;
}

const optionOf = (word: string) => netexecOptions.find(({ name }) => name === word);

/** `port-forward svc/web 8080:80`, as kubectl has it. */
function forwardLine({ line = [] }: Called): string {
  const [, resource = '', ...ports] = line.slice(line.indexOf('port-forward'));
  const service = resource.replace(/^[\w.]+\//, '');
  if (service === '' || ports.length === 0 || !ports.every((port) => /^[\d:]+$/.test(port)))
    return 'docker netexec --forward PORT SERVICE';
  return `docker netexec ${typedWords([...ports.flatMap((port) => ['--forward', port]), service])}`;
}

/** `psql -h postgres`: COMMAND without SERVICE. */
function forgottenService(
  { service: word, running = [] }: ProjectFailure & { kind: 'service-unknown' },
  called: Called,
): string | undefined {
  if (called.programs?.includes(word) !== true) return undefined;
  const right = [running[0] ?? 'SERVICE', '--', word];
  const line = correctedLine(called, ['--', word], right) ?? correctedLine(called, [word], right);
  return `SERVICE goes first: ${line ?? `docker netexec ${typedWords(right)} …`}`;
}

/** `worker-2` is how Compose's own lists call the second container of worker. */
function meantReplica(word: string, services: readonly string[], called: Called): string | undefined {
  const [, service = '', number = ''] = /^(.+)[-_](\d+)$/.exec(word) ?? [];
  return services.includes(service) ? meant(called, [word], ['--index', number, service]) : undefined;
}

/** A service that is stood in for is not to be started for it: the others on it have Compose make it, else its container. */
const madeBy = ({ others }: ContainerFailure & { kind: 'network-not-made' }): readonly string[] =>
  others?.length === 0 ? ['create'] : ['up', '-d', ...(others ?? [])];

/** One of several is the user's to choose. */
const only = (names: readonly string[]): string => (names.length === 1 ? (names[0] ?? 'NAME') : 'NAME');

const alsoNoContainer = (name: string | undefined): string =>
  name === undefined ? '' : `, and no container is named ${quoted(name)}`;
