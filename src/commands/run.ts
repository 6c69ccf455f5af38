// A run: observes the container and this machine, decides on a plan, and carries it out, as often as --restart has it.
import { isatty } from 'node:tty';
import type { Call } from '../call.ts';
import { hasOwnContainer } from '../core/arguments/argv.ts';
import type { DockerOptions, RunRequest } from '../core/arguments/argv.ts';
import { kindOf } from '../core/entry/command-notes.ts';
import { describeContext, mayNameProxy } from '../core/entry/environment.ts';
import { fail, success } from '../core/failure/failure.ts';
import type { Failure, Result } from '../core/failure/failure.ts';
import { staysOnHost } from '../core/entry/stays-on-host.ts';
import { makePlan } from '../core/entry/plan.ts';
import type { EntryPlan, Target } from '../core/entry/plan.ts';
import { needsProvider } from '../core/names/resolvers.ts';
import type { Reverse } from '../core/relay/reverses.ts';
import { printable } from '../core/text/printable.ts';
import { withSettings } from '../core/arguments/settings.ts';
import type { Engine } from '../shell/engine/engine.ts';
import { observeRun } from '../shell/observe/observe-run.ts';
import { observeAnywhere, observeTarget } from '../shell/observe/observe-target.ts';
import type { OwnContainer } from '../shell/own-container/open-own-container.ts';
import { writeAliasFiles } from '../shell/files/runtime-folder.ts';
import type { Run } from '../shell/enter/supervise.ts';
import { warn } from '../shell/terminal/say.ts';
import { isLinux, otherSystem } from '../shell/process/system.ts';
import { begin } from '../shell/process/trace.ts';
import type { FarWay } from '../shell/own-container/far-way.ts';
import type { Tunnels } from './through-tunnel.ts';

/** @returns COMMAND's exit status */
export async function run(request: RunRequest, docker: DockerOptions, call: Call): Promise<Result<number>> {
  const meanwhile = request.restart ? undefined : () => void loadSupervision();
  const own = await openOwnContainerOf(request, docker, call);
  if (!own.ok) return own;
  const tunnel = tunnelFor(docker, call);
  const plan = await tunnel.open(
    await prepare(request, docker, call, { meanwhile, place: own.value?.target, anywhere: true }),
  );
  if (!plan.ok && !request.restart) return leave(plan, own.value);
  if (plan.ok && request.hostNetwork)
    return (await import('./host-network.ts')).runOnHost(plan.value, request, docker, call);
  const status = await carryOut(plan, request, call, async () =>
    tunnel.open(await prepare(request, docker, call, { anywhere: true })),
  );
  await tunnel.finish();
  return leave(status, own.value);
}

/** Of one COMMAND; most have none. */
export function tunnelFor(docker: DockerOptions, call: Call) {
  let tunnels: Tunnels | undefined;
  return {
    /** @returns the plan, where it is one of a tunnel with the ends of that, which are open */
    open: async (made: Result<EntryPlan>, reverses: readonly Reverse[] = []): Promise<Result<EntryPlan>> => {
      if (!made.ok || made.value.tunnel === undefined) return made;
      tunnels ??= (await import('./through-tunnel.ts')).openTunnels(docker, call);
      return tunnels.through(made.value, reverses);
    },
    way: (): Promise<FarWay> => tunnels?.way() ?? Promise.reject(new Error('no tunnel is open')),
    finish: async (): Promise<void> => tunnels?.finish(),
  };
}

/** Of --on, or of --stand-in; undefined where the container is a service's. */
export async function openOwnContainerOf(
  request: RunRequest,
  docker: DockerOptions,
  call: Call,
): Promise<Result<OwnContainer | undefined>> {
  if (!hasOwnContainer(request)) return success(undefined);
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const { openOwnContainer, plannedOwnContainer } = await import('../shell/own-container/open-own-container.ts');
  if (request.replace) {
    // Nothing is stopped for a COMMAND that cannot start.
    const planned = await plannedOwnContainer(request, call, engine.value);
    const early = { ...request, waits: [] };
    const plan = planned.ok ? await prepare(early, docker, call, { place: planned.value, anywhere: true }) : planned;
    if (!plan.ok) return plan;
  }
  return openOwnContainer(request, call, engine.value);
}

export async function leave(status: Result<number>, own: OwnContainer | undefined): Promise<Result<number>> {
  await own?.close();
  // Before it ends the runtime tidies up, which the kernel does faster. What netexec has written is written: warnings, on stderr.
  if (status.ok) process.exit(status.value);
  return status;
}

/**
 * @param again makes the plan anew, for a COMMAND that is to start again
 */
export async function carryOut(
  plan: Result<EntryPlan>,
  request: RunRequest,
  call: Call,
  again: () => Promise<Result<EntryPlan>>,
  { before, ...further }: Further = {},
): Promise<Result<number>> {
  const { supervise } = await import('../shell/enter/supervise.ts');
  return supervise(plan, {
    onContainerEnd: request.restart ? 'restart' : request.standIn ? 'stop' : 'warn',
    ignoredSignals: call.ignoredSignals,
    beforeEntry:
      before === undefined
        ? (made, isAgain) => introduce(made, request, isAgain)
        : async (made, isAgain) => (await before(made)) ?? introduce(made, request, isAgain),
    prepare: again,
    ...further,
  });
}

export interface Further extends Pick<Run, 'started' | 'watch'> {
  /** Is done before each start. It answers why COMMAND may not start. */
  readonly before?: (plan: EntryPlan) => Promise<Failure | undefined>;
}

/** How the container is come by, and what is done while the engine thinks. */
interface Circumstances {
  readonly meanwhile?: (() => void) | undefined;
  readonly place?: Target | undefined;
  /** Whether a container of another kernel may do, too, by a tunnel. */
  readonly anywhere?: boolean;
}

export async function prepare(
  given: RunRequest,
  docker: DockerOptions,
  call: Call,
  { meanwhile, place, anywhere = false }: Circumstances = {},
): Promise<Result<EntryPlan>> {
  if (!isLinux) return fail({ kind: 'platform-unsupported', what: 'COMMAND', platform: otherSystem });
  const request = withSettings(given, call.env);
  if (!request.ok) return request;
  const engine = await call.engine(docker, warn);
  if (!engine.ok) return engine;
  const { service = '' } = request.value;
  const plan = (): Promise<Result<EntryPlan>> => {
    const target =
      place !== undefined
        ? Promise.resolve(success(place))
        : request.value.hostNetwork
          ? import('../shell/observe/observe-host-network.ts').then(({ observeHostNetwork }) =>
              observeHostNetwork(request.value, call, engine.value),
            )
          : (anywhere ? observeAnywhere : observeTarget)({ ...request.value, service }, call, engine.value);
    return planFor(request.value, target, call, engine.value, { meanwhile, anywhere });
  };
  const first = await plan();
  if (!first.ok || given.waits.length === 0) return first;
  const looked = { ...request.value, hostNetwork: false };
  const waited = await (await import('./wait.ts')).waitForEndpoints(looked, call, engine.value, place);
  if (!waited.ok) return waited;
  // What was planned may be of another container by now.
  return waited.value ? plan() : first;
}

/**
 * Observes, then decides.
 * @param target the container, which the engine has been asked for, or which is known
 */
export async function planFor(
  request: RunRequest,
  target: Promise<Result<Target>>,
  call: Call,
  engine: Engine,
  { meanwhile, anywhere = false }: Circumstances = {},
): Promise<Result<EntryPlan>> {
  const seen = await observeRun(request, target, call, engine, meanwhile);
  if (!seen.ok) return seen;
  const planned = begin('make the plan');
  const plan = makePlan(request, seen.value);
  planned();
  // What opens the tunnel's ends is COMMAND's alone.
  if (plan.ok && plan.value.tunnel !== undefined && !anywhere)
    return fail({ kind: 'not-by-tunnel', what: 'forwarding without COMMAND', why: 'it takes a far end alone' });
  return plan.ok ? success(await withNotes(plan.value, request, engine.podman() !== undefined)) : plan;
}

/** What is looked at for a few COMMANDs, and loaded then. */
async function withNotes(plan: EntryPlan, { reverses }: RunRequest, isPodman: boolean): Promise<EntryPlan> {
  // In this machine's network localhost is what it was.
  const kind = staysOnHost(plan) ? undefined : kindOf(plan.command.file);
  const noted =
    kind === undefined
      ? plan
      : (await import('../shell/observe/command-note.ts')).withCommandNote(plan, kind, isPodman);
  if (staysOnHost(plan) || !mayNameProxy(noted.environment)) return noted;
  return (await import('../shell/observe/proxy-note.ts')).withProxyNote(noted, reverses);
}

/** What comes before COMMAND: warnings, and HOSTALIASES files. @returns why it may not start */
function introduce(plan: EntryPlan, { resolver, command }: RunRequest, again: boolean): Failure | undefined {
  if (!again) for (const note of plan.notes) warn(note);
  const written = begin('write HOSTALIASES files');
  const failure = plan.aliases === undefined ? undefined : writeAliasFiles(plan.aliases);
  written();
  // What was said the first time is not said again.
  if (again) return undefined;
  if (failure !== undefined) {
    // A full or read-only disk takes nothing away from the private view; a folder that is not the caller's is no accident.
    if (needsProvider(resolver) || failure.kind !== 'runtime-folder-full') return failure;
    warn(`HOSTALIASES is not up to date: ${failure.folder}: ${failure.reason}`);
  }
  if (command.length === 0 && isatty(0) && isatty(2))
    process.stderr.write(
      `${printable(describeContext(plan.context))}${staysOnHost(plan) ? " · in this machine's network" : ''}\n`,
    );
  return undefined;
}

async function loadSupervision(): Promise<void> {
  const loaded = begin('load the entry');
  await import('../shell/enter/supervise.ts');
  loaded();
}
