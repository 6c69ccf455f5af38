// The whole story of one call: read the words, find the container, look at the host, make the plan, show it or carry it out.
import { isatty } from 'node:tty';
import { elevations, parseArgv } from './core/arguments/argv.ts';
import { oneOf, readProvider } from './core/arguments/option-values.ts';
import type { Request, RunRequest } from './core/arguments/argv.ts';
import type { Environment } from './core/endpoint.ts';
import { describeWhereabouts, mayNameProxy } from './core/environment.ts';
import { fail, success } from './core/failure.ts';
import type { Failure, Result } from './core/failure.ts';
import type { DockerOptions } from './core/arguments/argv.ts';
import { makePlan } from './core/plan.ts';
import type { EntryPlan } from './core/plan.ts';
import { printable } from './core/printable.ts';
import { calledByDocker, callerEnvironment } from './shell/caller-environment.ts';
import { findEndpoint } from './shell/docker-config.ts';
import { connect, sent } from './shell/engine.ts';
import type { Engine } from './shell/engine.ts';
import { observeWays } from './shell/elevation.ts';
import { callerName } from './shell/caller.ts';
import { observeHost } from './shell/host.ts';
import { observeNames } from './shell/observe-names.ts';
import { observeTarget } from './shell/observe.ts';
import { print } from './shell/print.ts';
import { runtimeFolder, writeAliasFiles } from './shell/runtime-folder.ts';
import { warn } from './shell/say.ts';
import { begin } from './shell/trace.ts';

declare const NETEXEC_VERSION: string;

/** What the launcher hands on beside the words: the soft limit of open files and the ignored signals it was called with. */
export interface Call {
  readonly words: readonly string[];
  /** When netexec's first line ran, in milliseconds since netexec was started. */
  readonly started: number;
  readonly openFiles: string | undefined;
  readonly ignoredSignals: readonly number[];
}

/** @returns the exit status */
export async function main(call: Call): Promise<number> {
  const trace = process.env['NETEXEC_TRACE'];
  if (trace) await startTrace(trace, call);
  const words = begin('the words are read');
  const request = parseArgv(call.words, calledByDocker());
  words();
  const status = request.ok ? await answer(request.value, call) : request;
  return status.ok ? status.value : complain(status.failure);
}

async function answer(request: Request, call: Call): Promise<Result<number>> {
  if (request.action === 'version') {
    print(`docker-netexec version ${NETEXEC_VERSION}\n`);
    return success(0);
  }
  if (request.action !== 'run') {
    const { answerOther } = await import('./answers.ts');
    return answerOther(request, NETEXEC_VERSION, reach, (docker, run) => prepare(docker, run, call));
  }
  const { docker, run } = request;
  const plan = await prepare(docker, run, call);
  if (run.dryRun) return plan.ok ? (await import('./answers.ts')).showPlan(plan.value, run.noTrunc) : plan;
  if (!plan.ok && !run.restart) return plan;
  const { supervise } = await import('./shell/supervise.ts');
  const status = await supervise(plan, {
    onContainerEnd: run.restart ? 'restart' : 'warn',
    ignoredSignals: call.ignoredSignals,
    beforeEntry: (made, again) => introduce(made, run, again),
    prepare: () => prepare(docker, run, call),
  });
  // Before it ends the runtime tidies up, which the kernel does faster. What netexec has written is written: warnings, on stderr.
  if (status.ok) process.exit(status.value);
  return status;
}

/** What comes before COMMAND: warnings, and HOSTALIASES files. @returns why it may not start */
function introduce(plan: EntryPlan, run: RunRequest, again: boolean): Failure | undefined {
  if (!again) for (const note of plan.notes) warn(note);
  const written = begin('HOSTALIASES files are written');
  const failure = plan.aliases === undefined ? undefined : writeAliasFiles(plan.aliases);
  written();
  // What was said the first time is not said again.
  if (again) return undefined;
  if (failure !== undefined) {
    // A full or read-only disk takes nothing away from the private view; a folder that is not the caller's is no accident.
    if (run.resolver === 'hostaliases' || failure.kind !== 'runtime-folder-full') return failure;
    warn(`HOSTALIASES is not up to date: ${failure.folder}: ${failure.reason}`);
  }
  if (run.command.length === 0 && isatty(0) && isatty(2))
    process.stderr.write(`${printable(describeWhereabouts(plan.whereabouts))}\n`);
  return undefined;
}

async function prepare(docker: DockerOptions, given: RunRequest, call: Call): Promise<Result<EntryPlan>> {
  if (process.platform !== 'linux') return fail({ kind: 'platform-unsupported', platform: process.platform });
  const env = callerEnvironment();
  const elevate = oneOf('NETEXEC_ELEVATE', env['NETEXEC_ELEVATE'] || undefined, elevations);
  if (!elevate.ok) return elevate;
  const provider = readProvider(
    'NETEXEC_PROVIDER',
    given.resolver === 'hostaliases' ? env['NETEXEC_PROVIDER'] || undefined : undefined,
  );
  if (!provider.ok) return provider;
  const run = { ...given, elevate: given.elevate ?? elevate.value, provider: given.provider ?? provider.value };

  const engine = await reach(docker, env);
  if (!engine.ok) return engine;
  const asking = observeTarget(run, env, engine.value);
  // While the engine thinks: the machine is looked at, and what comes last is loaded.
  await sent();
  const looked = begin('the machine is looked at');
  const looking = observeHost(run, env, call);
  looked();
  if (!run.dryRun && !run.restart) void loadSupervision();
  const [target, host] = await Promise.all([asking, looking]);
  if (!target.ok) return target;
  const names = await observeNames(run, target.value, runtimeFolder(env), engine.value);
  if (!names.ok) return names;
  if (!host.ok) return host;
  const processes = run.pid
    ? (await import('./shell/processes.ts')).observeProcesses(target.value.container.pid)
    : undefined;
  const planned = begin('the plan is made');
  const ways = await observeWays(run.elevate ?? 'auto', host.value.other, target.value.container.pid);
  const plan = makePlan(run, engine.value.endpoint, target.value, names.value, {
    ...host.value,
    ...ways,
    processes,
  });
  planned();
  if (!plan.ok || !mayNameProxy(plan.value.environment)) return plan;
  const { withProxyNote } = await import('./shell/proxy-note.ts');
  return success(withProxyNote(plan.value));
}

let reached: Result<Engine> | undefined;

/** Once: its connection serves all requests of a call, and --restart may ask for hours. */
async function reach(docker: DockerOptions, env: Environment): Promise<Result<Engine>> {
  if (reached !== undefined) return reached;
  const endpoint = await findEndpoint(docker, env, warn);
  reached = endpoint.ok ? await connect(endpoint.value, callerName) : endpoint;
  return reached;
}

async function loadSupervision(): Promise<void> {
  const loaded = begin('the entry is loaded');
  await import('./shell/supervise.ts');
  loaded();
}

async function startTrace(target: string, { started }: Call): Promise<void> {
  const { drawWaterfall } = await import('./shell/waterfall.ts');
  drawWaterfall(target, started);
}

async function complain(failure: Failure): Promise<number> {
  const { renderFailure } = await import('./core/explain/explain.ts');
  const { text, status } = renderFailure(failure);
  process.stderr.write(text);
  return status;
}
