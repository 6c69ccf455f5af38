// The command line → a Request: docker's own options, then netexec's, then SERVICE and COMMAND, as docker's parser reads them.
import { readAlone, readCheck, readDoctor } from './argv-checks.ts';
import type { CheckRequest, DoctorRequest } from './argv-checks.ts';
import { readCapabilities } from './capabilities.ts';
import { has, last, switched, takeOptions, values } from './option-words.ts';
import type { Taken } from './option-words.ts';
import { readReport } from './argv-reports.ts';
import { oneOf, readIndex, readProvider } from './option-values.ts';
import { dockerOptions, takenOptions } from './options.ts';
import { fail, success } from '../failure.ts';
import type { Result } from '../failure.ts';

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
  | { readonly action: 'doctor'; readonly docker: DockerOptions; readonly doctor: DoctorRequest }
  | { readonly action: 'uninstall'; readonly docker: DockerOptions };

export interface CompleteRequest {
  /** Those behind `netexec`, the last one being at the cursor. */
  readonly words: readonly string[];
  readonly described: boolean;
}

/** docker's global options, as far as they lead to an engine. */
export interface DockerOptions {
  readonly config: string | undefined;
  readonly context: string | undefined;
  readonly host: string | undefined;
  readonly tls: boolean | undefined;
  readonly tlsVerify: boolean | undefined;
  readonly tlsCaCert: string | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
}

/** What leads to a Compose project. */
export interface ProjectRequest {
  readonly projectName: string | undefined;
  readonly files: readonly string[];
  readonly projectDirectory: string | undefined;
}

/** SERVICE was left out: where it would have been looked for. */
export interface MissingService extends ProjectRequest {
  readonly container: boolean;
  readonly usage: 'run' | 'check';
}

/** What leads to a container. */
export interface TargetRequest extends ProjectRequest {
  readonly service: string;
  readonly container: boolean;
  readonly index: number | undefined;
  /** Whether the variables that it is configured with are wanted, too. */
  readonly serviceEnv?: boolean;
}

export interface RunRequest extends TargetRequest {
  /** Empty: the caller's shell. */
  readonly command: readonly string[];
  readonly network: string | undefined;
  readonly resolver: Resolver;
  readonly provider: string | undefined;
  readonly env: readonly string[];
  readonly serviceEnv: boolean;
  readonly user: string | undefined;
  readonly workdir: string | undefined;
  /** As setpriv(1) names them. */
  readonly capabilities: readonly string[];
  /** Whether to join the container's process namespace. */
  readonly pid: boolean;
  readonly elevate: Elevate | undefined;
  /** Start COMMAND again, in the new network, when the container has ended and is back. */
  readonly restart: boolean;
  readonly dryRun: boolean;
  /** Whether --dry-run shows the values of variables, too. */
  readonly noTrunc: boolean;
}

export interface ReportRequest extends ProjectRequest {
  readonly kind: ReportKind;
  /** The SERVICE of --list-names, the NETWORK of --hostaliases. */
  readonly subject: string | undefined;
  readonly container: boolean;
  readonly index: number | undefined;
  readonly resolver: Resolver;
  readonly provider: string | undefined;
  readonly format: string | undefined;
  readonly quiet: boolean;
  readonly noTrunc: boolean;
}

export const reportKinds = ['list-networks', 'list-names', 'hostaliases'] as const;
export type ReportKind = (typeof reportKinds)[number];

export const resolvers = ['private', 'hostaliases', 'host'] as const;
export type Resolver = (typeof resolvers)[number];

export const elevations = ['auto', 'none', 'sudo', 'docker'] as const;
export type Elevate = (typeof elevations)[number];

/**
 * @param words the arguments after the program's own name
 * @param calledByDocker whether docker started the plugin; then the word `netexec` stands before netexec's options
 */
export function parseArgv(words: readonly string[], calledByDocker: boolean): Result<Request> {
  const front = takeOptions(words, calledByDocker ? dockerOptions : [...dockerOptions, ...takenOptions]);
  if (!front.ok) return front;
  if (!calledByDocker) return readRequest(front.value, front.value);

  const rest = front.value.rest;
  if (has(front.value, 'help')) return success({ action: 'help' });
  // docker asks plugins for their hooks in this way (cli-plugins/manager/hooks.go); there are none.
  if (rest[1] === 'docker-cli-plugin-hooks') return success({ action: 'nothing' });
  if (rest[0] === 'help') return success({ action: 'help' });
  // docker asks plugins to complete words in this way (cli-plugins, cobra), with `netexec` in front of them.
  if (rest[0]?.startsWith('__complete')) return readComplete(front.value, rest[0], rest.slice(2));
  if (has(front.value, 'version')) return success({ action: 'version' });
  const own = takeOptions(rest.slice(1), takenOptions);
  if (!own.ok) return own;
  return readRequest(front.value, own.value);
}

function readRequest(docker: Taken, own: Taken): Result<Request> {
  if (has(own, 'help') || (own === docker && own.rest[0] === 'help')) return success({ action: 'help' });
  if (has(own, 'version')) return success({ action: 'version' });
  // docker.io's older bash completion calls the plugin's file itself, with the words alone.
  if (own === docker && own.rest[0]?.startsWith('__complete'))
    return readComplete(docker, own.rest[0], own.rest.slice(1));
  const dockerRequest = readDockerOptions(docker);
  if (!dockerRequest.ok) return dockerRequest;
  const alone = (['man', 'uninstall'] as const).find((name) => has(own, name));
  if (alone !== undefined) {
    const whole = readAlone(own, alone);
    return whole.ok ? success({ action: alone, docker: dockerRequest.value }) : whole;
  }
  const common = readCommon(own);
  if (!common.ok) return common;
  if (has(own, 'doctor')) {
    const doctor = readDoctor(own);
    return doctor.ok ? success({ action: 'doctor', docker: dockerRequest.value, doctor: doctor.value }) : doctor;
  }
  const kind = reportKinds.find((name) => has(own, name));
  const usage = has(own, 'check') ? 'check' : 'run';
  if (!own.rest[0] && (usage === 'check' || kind === undefined)) {
    const { projectName, files, projectDirectory, container } = common.value;
    const missing = { projectName, files, projectDirectory, container, usage } as const;
    return success({ action: 'no-service', docker: dockerRequest.value, missing });
  }
  if (usage === 'check') {
    const check = readCheck(own, common.value);
    return check.ok ? success({ action: 'check', docker: dockerRequest.value, check: check.value }) : check;
  }
  if (kind === undefined) {
    const run = readRun(own, common.value);
    return run.ok ? success({ action: 'run', docker: dockerRequest.value, run: run.value }) : run;
  }
  const report = readReport(kind, own, common.value);
  return report.ok ? success({ action: 'report', docker: dockerRequest.value, report: report.value }) : report;
}

function readComplete(front: Taken, word: string, words: readonly string[]): Result<Request> {
  const docker = readDockerOptions(front);
  if (!docker.ok) return success({ action: 'nothing' });
  return success({
    action: 'complete',
    docker: docker.value,
    complete: { words, described: !word.endsWith('NoDesc') },
  });
}

export function readDockerOptions(taken: Taken): Result<DockerOptions> {
  const hosts = values(taken, 'host');
  if (hosts.length > 1) return fail({ kind: 'flags-exclude-each-other', flags: ['--host', '--host'] });
  const context = last(taken, 'context');
  if (hosts.length > 0 && context !== undefined)
    return fail({ kind: 'flags-exclude-each-other', flags: ['--host', '--context'] });
  return success({
    config: last(taken, 'config'),
    context,
    host: hosts[0],
    tls: switched(taken, 'tls'),
    tlsVerify: switched(taken, 'tlsverify'),
    tlsCaCert: last(taken, 'tlscacert'),
    tlsCert: last(taken, 'tlscert'),
    tlsKey: last(taken, 'tlskey'),
  });
}

export type Common = Pick<
  RunRequest & ReportRequest,
  'container' | 'index' | 'resolver' | 'provider' | keyof ProjectRequest
>;

/** What runs and reports understand alike. */
function readCommon(taken: Taken): Result<Common> {
  const index = readIndex(last(taken, 'index'));
  if (!index.ok) return index;
  const resolver = oneOf('--resolver', last(taken, 'resolver'), resolvers);
  if (!resolver.ok) return resolver;
  const provider = readProvider('--provider', last(taken, 'provider'));
  if (!provider.ok) return provider;
  const container = switched(taken, 'container') ?? false;
  const compose = ['project-name', 'file', 'project-directory', 'index'].find((name) => has(taken, name));
  if (container && compose !== undefined) {
    return fail({ kind: 'flags-exclude-each-other', flags: ['--container', `--${compose}`] });
  }
  return success({
    projectName: last(taken, 'project-name'),
    files: values(taken, 'file'),
    projectDirectory: last(taken, 'project-directory'),
    container,
    index: index.value,
    resolver: resolver.value ?? 'private',
    provider: provider.value,
  });
}

function readRun(taken: Taken, common: Common): Result<RunRequest> {
  const [service = '', ...words] = taken.rest;
  const dryRun = switched(taken, 'dry-run') ?? false;
  const onlyReports = ['format', 'quiet', 'timeout', ...(dryRun ? [] : ['no-trunc'])].find((name) => has(taken, name));
  if (onlyReports !== undefined) return fail({ kind: 'flag-for-reports', flag: `--${onlyReports}` });
  if (common.resolver === 'host' && has(taken, 'network')) {
    return fail({ kind: 'flags-exclude-each-other', flags: ['--network', '--resolver host'] });
  }
  const elevate = oneOf('--elevate', last(taken, 'elevate'), elevations);
  if (!elevate.ok) return elevate;
  const capabilities = readCapabilities(values(taken, 'cap-add'));
  if (!capabilities.ok) return capabilities;
  const env = values(taken, 'env');
  const badEnv = env.find((entry) => entry === '' || entry.startsWith('=') || entry.includes('\0'));
  if (badEnv !== undefined) {
    return fail({ kind: 'invalid-value', flag: '--env', value: badEnv, expected: 'KEY or KEY=VALUE' });
  }
  return success({
    ...common,
    service,
    command: words[0] === '--' ? words.slice(1) : words,
    network: last(taken, 'network'),
    env,
    serviceEnv: switched(taken, 'service-env') ?? false,
    user: last(taken, 'user'),
    workdir: last(taken, 'workdir'),
    capabilities: capabilities.value,
    pid: switched(taken, 'pid') ?? false,
    elevate: elevate.value,
    restart: switched(taken, 'restart') ?? false,
    dryRun,
    noTrunc: switched(taken, 'no-trunc') ?? false,
  });
}
