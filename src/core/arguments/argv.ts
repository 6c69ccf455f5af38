// The command line → a Request: docker's own options, then netexec's, then SERVICE and COMMAND, as docker's parser reads them.
import type { Typed } from '../compose/compose-line.ts';
import { fail, success } from '../failure/failure.ts';
import type { Failure, Result } from '../failure/failure.ts';
import { listenTogether } from '../relay/local-ports.ts';
import type { LocalPort } from '../relay/local-ports.ts';
import { findCircle } from '../relay/reverses.ts';
import { dockerOptions } from './docker-options.ts';
import { drawings, oneOf, variableFormats } from './option-values.ts';
import type { VariableFormat } from './option-values.ts';
import { takeOptions } from './option-words.ts';
import type { Given, Taken } from './option-words.ts';
import type { Followed, Preset } from './preset.ts';
import { takenOptions } from './options.ts';
import type { ReportKind } from './options.ts';
import { actionOf, findClash, projectGiven, readOptions, takeLine, withPreset } from './read-options.ts';
import type { OptionsOf } from './read-options.ts';

export type Request =
  | { readonly action: 'help' }
  | { readonly action: 'version' }
  | { readonly action: 'man' }
  | { readonly action: 'nothing' }
  | { readonly action: 'complete'; readonly docker: DockerOptions; readonly complete: CompleteRequest }
  | { readonly action: 'no-service'; readonly docker: DockerOptions; readonly missing: MissingService }
  | { readonly action: 'run'; readonly docker: DockerOptions; readonly run: RunRequest }
  | { readonly action: 'report'; readonly docker: DockerOptions; readonly report: ReportRequest }
  | { readonly action: 'check'; readonly docker: DockerOptions; readonly check: CheckRequest }
  | { readonly action: 'print-env'; readonly docker: DockerOptions; readonly print: PrintEnvRequest }
  | { readonly action: 'check-project'; readonly docker: DockerOptions; readonly check: CheckProjectRequest }
  | { readonly action: 'doctor'; readonly docker: DockerOptions; readonly doctor: DoctorRequest }
  | { readonly action: 'uninstall'; readonly docker: DockerOptions };

export interface CompleteRequest {
  /** Those behind `netexec`, the last one being at the cursor. */
  readonly words: readonly string[];
  readonly described: boolean;
}

/** docker's global options, as far as they lead to an engine. */
export type DockerOptions = Readonly<
  Record<'config' | 'context' | 'host' | 'tlsCaCert' | 'tlsCert' | 'tlsKey', string | undefined> &
    Record<'tls' | 'tlsVerify', boolean | undefined>
>;

/** What leads to a Compose project. */
export type ProjectRequest = Pick<OptionsOf<'run'>, 'projectName' | 'files' | 'projectDirectory'>;

/** SERVICE was left out: where it would have been looked for. Of a run a preset may name it. */
export interface MissingService extends Typed {
  readonly container: boolean;
  readonly usage: 'run' | 'check' | 'print-env';
}

/** What leads to a container. */
export interface TargetRequest extends Typed, Pick<OptionsOf<'run'>, 'container' | 'index'> {
  readonly service: string;
  /** Whether the variables that it is configured with are wanted, too. */
  readonly serviceEnv?: boolean;
}

export interface RunRequest extends OptionsOf<'run'>, Typed {
  /** Undefined with --on. */
  readonly service: string | undefined;
  /** Empty: the caller's shell, or none where something listens. */
  readonly command: readonly string[];
  /** Of --forward and --proxy. */
  readonly localPorts: readonly LocalPort[];
  /** A `--` stands before SERVICE: where a preset names that, all of it is COMMAND. */
  readonly unnamed?: true;
  /** Where what was not typed is from. */
  readonly preset?: Followed;
}

/** One without --on. */
export type ServiceRun = RunRequest & { readonly service: string };

/** Whether COMMAND runs in a container of netexec's own: of --on, or of --stand-in. */
export const hasOwnContainer = (run: RunRequest): boolean => !run.hostNetwork && (run.on.length > 0 || run.standIn);

/** What is to be reached from outside needs no COMMAND. What leads here is for one, if it is a shell. */
export const isAlone = ({ localPorts, command }: RunRequest): boolean => localPorts.length > 0 && command.length === 0;

/** Whether something has a session of its own, and so no terminal: one of many, or what leads the ports beside COMMAND. */
export const isApart = (run: RunRequest): boolean =>
  run.all || (run.localPorts.length + run.reverses.length > 0 && !isAlone(run));

/** Whose network it is that COMMAND runs in, as the caller calls it. */
export const inside = ({ service, on }: RunRequest): string => service ?? on.join(',');

export interface ReportRequest extends OptionsOf<ReportKind>, Typed {
  readonly kind: ReportKind;
  /** The SERVICE of --list-names, the NETWORK of --hostaliases. */
  readonly subject: string | undefined;
}

export interface CheckRequest extends Omit<OptionsOf<'check'>, 'format' | 'timeout'>, Typed {
  readonly service: string;
  /** Empty: all that SERVICE could reach. */
  readonly endpoints: readonly string[];
  readonly format: Format;
  /** Of each step, in seconds. */
  readonly timeout: number;
}

export interface PrintEnvRequest extends Omit<OptionsOf<'print-env'>, 'format'>, Typed {
  readonly service: string;
  readonly format: VariableFormat;
}
/** Of every service of the project. */
export type CheckProjectRequest = Omit<CheckRequest, 'service' | 'endpoints'>;

export interface DoctorRequest extends Omit<OptionsOf<'doctor'>, 'format'> {
  readonly format: Format;
}

const formats = ['table', 'json'] as const;
type Format = (typeof formats)[number];

/**
 * @param words the arguments after the program's own name
 * @param calledByDocker whether docker started the plugin; then the word `netexec` stands before netexec's options
 * @param preset of a run without SERVICE
 */
export function parseArgv(words: readonly string[], calledByDocker: boolean, preset?: Preset): Result<Request> {
  const [first, ...others] = words;
  // docker.io's older bash completion calls the plugin's file itself, with the words alone.
  if (!calledByDocker && first?.startsWith('__complete')) return readComplete({}, first, others);
  const front = calledByDocker
    ? takeOptions(words, dockerOptions)
    : takeLine(words, [...takenOptions, ...dockerOptions]);
  if (!front.ok) return front;
  if (!calledByDocker) return readRequest(front.value, front.value, preset);

  const { options, rest } = front.value;
  if (options.help) return success({ action: 'help' });
  // docker asks plugins for their hooks in this way (cli-plugins/manager/hooks.go); there are none.
  if (rest[1] === 'docker-cli-plugin-hooks') return success({ action: 'nothing' });
  if (rest[0] === 'help') return success({ action: 'help' });
  // docker asks plugins to complete words in this way (cli-plugins, cobra), with `netexec` in front of them.
  if (rest[0]?.startsWith('__complete')) return readComplete(options, rest[0], rest.slice(2));
  if (options.version) return success({ action: 'version' });
  const own = takeLine(rest.slice(1), takenOptions);
  if (!own.ok) return own;
  return readRequest(front.value, own.value, preset);
}

function readRequest(front: Taken, own: Taken, preset?: Preset): Result<Request> {
  const action = actionOf(own.options);
  if (action === 'help' || (own === front && own.rest[0] === 'help')) return success({ action: 'help' });
  if (action === 'version') return success({ action: 'version' });
  const docker = readDockerOptions(front.options);
  if (!docker.ok) return docker;
  switch (action) {
    case 'run':
      return readRun(docker.value, own, preset);
    case 'check':
      return readCheck(docker.value, own);
    case 'print-env':
      return readPrintEnv(docker.value, own);
    case 'doctor':
      return readDoctor(docker.value, own);
    case 'man':
    case 'uninstall': {
      const alone = readOptions(action, own);
      return alone.ok ? success({ action, docker: docker.value }) : alone;
    }
    case 'list-networks':
    case 'list-names':
    case 'hostaliases':
      return readReport(action, docker.value, own);
  }
}

function readComplete(front: Given, word: string, words: readonly string[]): Result<Request> {
  const docker = readDockerOptions(front);
  if (!docker.ok) return success({ action: 'nothing' });
  const complete = { words, described: !word.endsWith('NoDesc') };
  return success({ action: 'complete', docker: docker.value, complete });
}

export function readDockerOptions(given: Given): Result<DockerOptions> {
  const { config, context, host = [], tls, tlscacert, tlscert, tlskey, tlsverify } = given;
  if (host.length > 1) return fail({ kind: 'flags-exclude-each-other', flags: ['--host', '--host'] });
  const clash = findClash(given, dockerOptions);
  if (clash !== undefined) return fail(clash);
  return success({
    config: config?.at(-1),
    context: context?.at(-1),
    host: host[0],
    tls,
    tlsVerify: tlsverify,
    tlsCaCert: tlscacert?.at(-1),
    tlsCert: tlscert?.at(-1),
    tlsKey: tlskey?.at(-1),
  });
}

function readRun(docker: DockerOptions, typed: Taken, preset?: Preset): Result<Request> {
  const own = preset === undefined ? typed : withPreset(typed, preset);
  const options = readOptions('run', own);
  if (!options.ok) return options;
  const [service, ...command] = own.rest;
  const localPorts = listenTogether([...options.value.forwards, ...options.value.proxies]);
  if (!localPorts.ok) return localPorts;
  const onNetworks = options.value.on.length > 0;
  // Without `--` it would be SERVICE, which has no place here.
  if (onNetworks && service !== undefined && !own.dashes)
    return fail({ kind: 'service-beside-networks', word: service });
  if (!service && !onNetworks) return missingService('run', docker, own);
  const whose = onNetworks ? { service: undefined, command: own.rest } : { service, command: withoutDashes(command) };
  const unnamed = own.dashes && !onNetworks ? { unnamed: true as const } : {};
  const from = preset === undefined ? unnamed : { preset: preset.followedBy(typed) };
  const run = { ...options.value, ...whose, ...from, docker, localPorts: localPorts.value };
  const failure = refuseWait(run) ?? refusePorts(run, own.options);
  return failure === undefined ? success({ action: 'run', docker, run }) : fail(failure);
}

/** It looks from a container. Where COMMAND only has the names of networks there is none, and none is made. */
const refuseWait = ({ hostNetwork, on, waits }: RunRequest): Failure | undefined =>
  hostNetwork && on.length > 0 && waits.length > 0
    ? { kind: 'flags-exclude-each-other', flags: ['--host-network --on', '--wait'] }
    : undefined;

/** What ports do not stand beside. */
function refusePorts(run: RunRequest, given: Given): Failure | undefined {
  const { forwards, reverses, on } = run;
  const circle = findCircle(forwards, reverses);
  if (circle !== undefined) return { kind: 'ports-in-circle', ...circle };
  if (!isAlone(run)) return undefined;
  const own = on.length === 0 ? -1 : forwards.findIndex(({ host }) => host === undefined);
  const value = given.forward?.[own];
  if (value !== undefined) return { kind: 'port-invalid', flag: '--forward', value, fault: 'no-host' };
  const idle = forCommand.find((name) => given[name]);
  return idle === undefined ? undefined : { kind: 'flag-for-command', flag: `--${idle}` };
}

/** Without COMMAND they would change nothing about ports. */
const forCommand = [
  'env',
  'env-file',
  'service-env',
  'service-files',
  'user',
  'workdir',
  'cap-add',
  'pid',
  'intercept',
] as const;

function readCheck(docker: DockerOptions, own: Taken): Result<Request> {
  const options = readOptions('check', own);
  if (!options.ok) return options;
  const format = oneOf('--format', options.value.format || undefined, formats, 'table');
  if (!format.ok) return format;
  const [service, ...endpoints] = own.rest;
  if (!service && options.value.container) return missingService('check', docker, own);
  const check = { ...options.value, docker, format: format.value, timeout: options.value.timeout ?? 3 };
  return service
    ? success({ action: 'check', docker, check: { ...check, service, endpoints: withoutDashes(endpoints) } })
    : success({ action: 'check-project', docker, check });
}

function readPrintEnv(docker: DockerOptions, own: Taken): Result<Request> {
  const options = readOptions('print-env', own);
  if (!options.ok) return options;
  const format = oneOf('--format', options.value.format || undefined, variableFormats, 'dotenv');
  if (!format.ok) return format;
  const [service] = own.rest;
  if (!service) return missingService('print-env', docker, own);
  return success({ action: 'print-env', docker, print: { ...options.value, docker, service, format: format.value } });
}

function readDoctor(docker: DockerOptions, own: Taken): Result<Request> {
  const options = readOptions('doctor', own);
  if (!options.ok) return options;
  const format = oneOf('--format', options.value.format || undefined, formats, 'table');
  if (!format.ok) return format;
  return success({ action: 'doctor', docker, doctor: { ...options.value, format: format.value } });
}

function readReport(kind: ReportKind, docker: DockerOptions, own: Taken): Result<Request> {
  const options = readOptions(kind, own);
  if (!options.ok) return options;
  const drawing = drawings.find((each) => each === options.value.format);
  if (drawing !== undefined && kind !== 'list-networks') return fail({ kind: 'not-drawn', flag: `--${kind}`, drawing });
  return success({
    action: 'report',
    docker,
    report: { ...options.value, docker, kind, subject: own.rest[0] || undefined },
  });
}

function missingService(usage: MissingService['usage'], docker: DockerOptions, own: Taken): Result<Request> {
  const missing = { ...projectGiven(own.options), docker, container: own.options.container === true, usage };
  return success({ action: 'no-service', docker, missing });
}

const withoutDashes = (words: readonly string[]): readonly string[] => (words[0] === '--' ? words.slice(1) : words);
